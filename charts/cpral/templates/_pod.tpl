{{/* (dict "root" $ "name" SERVICE ["job" true]): the pod of a service, in a Deployment or in a training's Job. */}}
{{- define "cpral.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $facts := index (include "cpral.services" $root | fromYaml) .name -}}
{{- $service := index $values.services .name -}}
{{- $hasGpu := include "cpral.hasGpu" . -}}
{{- $isLauncher := and (eq .name "pool-registry") (eq $values.training.mode "jobs") -}}
serviceAccountName: {{ include "cpral.fullname" $root }}-{{ .name }}
automountServiceAccountToken: {{ $isLauncher }}
enableServiceLinks: false
{{- with $values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- include "cpral.podSecurity" $root }}
terminationGracePeriodSeconds: {{ $values.pods.terminationGracePeriodSeconds }}
{{- if .job }}
# A pod that ended is the Job's to replace: only so do its failure rules hold.
restartPolicy: Never
{{- end }}
{{- with $service.priorityClassName | default $values.pods.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with and $hasGpu $values.gpu.runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- with merge (dict) $service.nodeSelector (ternary $values.gpu.nodeSelector (dict) (not (empty $hasGpu))) $values.pods.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with concat $values.pods.tolerations (ternary $values.gpu.tolerations (list) (not (empty $hasGpu))) $service.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with coalesce $service.affinity (and $hasGpu $values.gpu.affinity) $values.pods.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- if and $values.pods.topologySpread.enabled (not .job) }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: {{ $values.pods.topologySpread.topologyKey }}
    whenUnsatisfiable: {{ $values.pods.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels: {{- include "cpral.selector" $root | nindent 8 }}
        app.kubernetes.io/component: {{ .name }}
{{- end }}
{{- if and $hasGpu $values.gpu.claim.enabled }}
resourceClaims:
  - { name: gpu, resourceClaimTemplateName: {{ include "cpral.fullname" $root }}-gpu }
{{- end }}
containers:
  - name: {{ .name }}
    image: {{ include "cpral.image" (dict "root" $root "target" (include "cpral.target" .)) }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args: [services/{{ .name }}/main.ts]
    {{- include "cpral.containerSecurity" $root | nindent 4 }}
    env: {{- include "cpral.env" . | nindent 6 }}
    ports:
      - { name: {{ ternary "http" "grpc" (default false $facts.http) }}, containerPort: {{ $facts.port }} }
      - { name: health, containerPort: {{ include "cpral.healthPort" $root }} }
      {{- if $values.metrics.enabled }}
      - { name: metrics, containerPort: {{ include "cpral.metricsPort" $root }} }
      {{- end }}
    {{- include "cpral.probes" . | nindent 4 }}
    {{- if not .job }}
    # Clients hear that this pod goes before it does.
    lifecycle: { preStop: { sleep: { seconds: {{ $values.pods.preStopSeconds }} } } }
    {{- end }}
    resources: {{- include "cpral.resources" . | nindent 6 }}
    volumeMounts:
      - { name: tmp, mountPath: /tmp }
      {{- if $facts.http }}
      - { name: uploads, mountPath: /var/lib/cpral/uploads }
      {{- end }}
      {{- if $isLauncher }}
      - { name: training-job, mountPath: /etc/cpral, readOnly: true }
      {{- end }}
      {{- if $values.caBundle.configMap }}
      - { name: ca, mountPath: /etc/cpral-ca, readOnly: true }
      {{- end }}
      {{- if include "cpral.hasTls" $root }}
      {{- include "cpral.tlsMount" . | nindent 6 }}
      {{- end }}
      {{- with include "cpral.accessMount" . }}
      {{- . | nindent 6 }}
      {{- end }}
volumes:
  - name: tmp
    emptyDir: { sizeLimit: {{ $values.pods.tmpSizeLimit }} }
  {{- if $facts.http }}
  - name: uploads
    emptyDir: { sizeLimit: {{ $values.labelTool.uploadSizeLimit }} }
  {{- end }}
  {{- if $isLauncher }}
  - name: training-job
    configMap: { name: {{ include "cpral.fullname" $root }}-training-job }
  {{- end }}
  {{- with $values.caBundle.configMap }}
  - name: ca
    configMap: { name: {{ . }} }
  {{- end }}
  {{- if include "cpral.hasTls" $root }}
  {{- include "cpral.tlsVolume" . | nindent 2 }}
  {{- end }}
  {{- with include "cpral.accessVolume" . }}
  {{- . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "cpral.podSecurity" }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "cpral.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{/* Whether a pod of this service asks for a GPU. */}}
{{- define "cpral.hasGpu" -}}
{{- $facts := index (include "cpral.services" .root | fromYaml) .name -}}
{{- if and (eq .root.Values.device "gpu") $facts.tensorflow (index .root.Values.services .name).gpu }}true{{ end -}}
{{- end -}}

{{/* The target of deploy/Dockerfile. */}}
{{- define "cpral.target" -}}
{{- $facts := index (include "cpral.services" .root | fromYaml) .name -}}
{{- if not $facts.tensorflow }}control{{ else if include "cpral.hasGpu" . }}gpu{{ else }}cpu{{ end -}}
{{- end -}}

{{/* The service's own, and the GPU: a count of an extended resource, or a claim. */}}
{{- define "cpral.resources" -}}
{{- $resources := deepCopy (index .root.Values.services .name).resources -}}
{{- if include "cpral.hasGpu" . -}}
{{- $gpu := .root.Values.gpu -}}
{{- if $gpu.claim.enabled -}}
{{- $_ := set $resources "claims" (list (dict "name" "gpu")) -}}
{{- else -}}
{{- $_ := set $resources "limits" (merge (dict $gpu.resourceName (toString $gpu.count)) (default (dict) $resources.limits)) -}}
{{- end -}}
{{- end -}}
{{ toYaml $resources }}
{{- end -}}

{{/*
The health port speaks plaintext gRPC. Liveness is whether the event loop answers, nothing else: a database that is away must not
restart its clients. A start may load TensorFlow, and wait a minute for the database.
*/}}
{{- define "cpral.probes" -}}
{{- $port := include "cpral.healthPort" .root -}}
startupProbe:
  grpc: { port: {{ $port }}, service: liveness }
  periodSeconds: 2
  failureThreshold: 90
livenessProbe:
  grpc: { port: {{ $port }}, service: liveness }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- if not .job }}
readinessProbe:
  grpc: { port: {{ $port }}, service: readiness }
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 2
{{- end }}
{{- end -}}
