{{/* (dict "root" $ "name" SERVICE): a service's environment. Secrets come by reference alone. */}}
{{- define "cpral.env" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $facts := index (include "cpral.services" $root | fromYaml) .name -}}
{{- if $facts.http -}}
- { name: CPRAL_LABEL_TOOL_LISTEN, value: "0.0.0.0:{{ $facts.port }}" }
- { name: CPRAL_LABEL_TOOL_HOSTS, value: {{ join "," $values.labelTool.hosts | quote }} }
- { name: CPRAL_LABEL_TOOL_UPLOADS, value: /var/lib/cpral/uploads }
# Towards browsers encryption ends in front of it.
- { name: CPRAL_LABEL_TOOL_ALLOW_PLAINTEXT, value: "1" }
{{- else -}}
- { name: CPRAL_LISTEN, value: "0.0.0.0:{{ $facts.port }}" }
{{- end }}
- { name: CPRAL_HEALTH_LISTEN, value: "0.0.0.0:{{ include "cpral.healthPort" $root }}" }
{{ include "cpral.tlsEnv" $root }}
- { name: CPRAL_LOG_LEVEL, value: {{ $values.logLevel | quote }} }
{{- if $values.metrics.enabled }}
- { name: CPRAL_METRICS_LISTEN, value: "0.0.0.0:{{ include "cpral.metricsPort" $root }}" }
{{- end }}
{{- if not $facts.http }}
{{ include "cpral.objectsEnv" $root }}
{{- end }}
{{- if eq .name "pool-registry" }}
{{ include "cpral.natsEnv" $root }}
- name: CPRAL_DATABASE_URL
  valueFrom: { secretKeyRef: {{ include "cpral.databaseRef" $root }} }
- { name: CPRAL_LEASE_SECONDS, value: {{ $values.leaseSeconds | quote }} }
{{- if eq $values.training.mode "jobs" }}
- { name: CPRAL_TRAINING_LAUNCHER, value: kubernetes }
- { name: CPRAL_TRAINING_JOB_TEMPLATE, value: /etc/cpral/training-job.json }
- { name: CPRAL_TRAINING_MAX_JOBS, value: {{ $values.training.maxJobs | quote }} }
{{- end }}
{{- else }}
- { name: CPRAL_REGISTRY, value: {{ include "cpral.registryAddress" $root | quote }} }
{{- /* A Job has its one item from the registry, and no business with the queue. */}}
{{- if not (or .job $facts.http) }}
{{ include "cpral.natsEnv" $root }}
{{- end }}
{{- end }}
{{- if include "cpral.hasGpu" . }}
# Whoever asked for a GPU must not compute on the CPU unseen.
- { name: CPRAL_REQUIRE_GPU, value: "1" }
- { name: TF_FORCE_GPU_ALLOW_GROWTH, value: "true" }
- { name: CUDA_CACHE_PATH, value: /tmp/cuda }
{{- end }}
{{- include "cpral.accessEnv" . }}
{{- with $values.caBundle.configMap }}
- { name: NODE_EXTRA_CA_CERTS, value: /etc/cpral-ca/{{ $values.caBundle.key }} }
{{- end }}
{{- with $values.tracing.endpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
- { name: OTEL_TRACES_SAMPLER, value: {{ $values.tracing.sampler | quote }} }
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ $values.tracing.samplerArg | quote }} }
{{- end }}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "cpral.objectsEnv" -}}
{{- $objects := .Values.objects -}}
{{- $secret := ternary (include "cpral.devSecret" .) $objects.existingSecret .Values.dev.enabled -}}
- { name: CPRAL_OBJECTS_URL, value: {{ ternary (include "cpral.devObjectsUrl" .) $objects.url .Values.dev.enabled | quote }} }
- name: AWS_ACCESS_KEY_ID
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ $objects.accessKeyIdKey }} } }
- name: AWS_SECRET_ACCESS_KEY
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ $objects.secretAccessKeyKey }} } }
{{- with $objects.sessionTokenKey }}
- name: AWS_SESSION_TOKEN
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ . }} } }
{{- end }}
{{- end -}}

{{- define "cpral.natsEnv" -}}
{{- if .Values.dev.enabled -}}
- { name: CPRAL_NATS_URL, value: "nats://{{ include "cpral.fullname" . }}-dev-nats:4222" }
{{- else if .Values.nats.existingSecret -}}
- name: CPRAL_NATS_URL
  valueFrom: { secretKeyRef: { name: {{ .Values.nats.existingSecret }}, key: {{ .Values.nats.key }} } }
{{- else -}}
- { name: CPRAL_NATS_URL, value: {{ .Values.nats.url | quote }} }
{{- end -}}
{{- end -}}

{{- define "cpral.databaseRef" -}}
{{- if .Values.dev.enabled -}}
{ name: {{ include "cpral.devSecret" . }}, key: url }
{{- else -}}
{ name: {{ .Values.database.existingSecret }}, key: {{ .Values.database.key }} }
{{- end -}}
{{- end -}}
