{{/*
What the services are; none of it is a choice of whoever installs. The ports are the services' own defaults.
  kind        the work that it takes: its consumer on the stream CPRAL_WORK is worker-KIND
  http        it speaks HTTP to people, and gRPC on its health port alone
  tensorflow  it loads TensorFlow: it has the cpu or gpu image, and a GPU where there are some
*/}}
{{- define "cpral.services" -}}
pool-registry: { port: 4101 }
trainer: { port: 4102, kind: train, tensorflow: true }
panoptic-scorer: { port: 4103, kind: rate, tensorflow: true }
region-selector: { port: 4104, kind: find_regions, tensorflow: true }
label-extender: { port: 4105, kind: extend_labels, tensorflow: true }
oracle: { port: 4106, kind: annotate }
label-tool: { port: 8080, http: true }
{{- end -}}

{{- define "cpral.healthPort" -}}4180{{- end -}}
{{- define "cpral.metricsPort" -}}9464{{- end -}}

{{/* Whether a service has a Deployment: a trainer has none where every training is a Job. */}}
{{- define "cpral.isDeployed" -}}
{{- $service := index .root.Values.services .name -}}
{{- if and $service.enabled (not (and (eq .name "trainer") (eq .root.Values.training.mode "jobs"))) }}true{{ end -}}
{{- end -}}

{{/* How many, and who decides: none, hpa or keda. The registry is never scaled by load. */}}
{{- define "cpral.scaler" -}}
{{- $service := index .root.Values.services .name -}}
{{- dig "autoscaling" "mode" "none" $service -}}
{{- end -}}

{{- define "cpral.registryAddress" -}}
{{ include "cpral.fullname" . }}-pool-registry.{{ .Release.Namespace }}.svc:4101
{{- end -}}
