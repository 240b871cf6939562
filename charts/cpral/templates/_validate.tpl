{{/* What values.schema.json cannot say: which values need which others. */}}
{{- define "cpral.validate" -}}
{{- $values := .Values -}}
{{- if not $values.dev.enabled -}}
{{- if not $values.database.existingSecret }}{{ fail "database.existingSecret: expected the name of a Secret that holds the URL of PostgreSQL, got nothing (values-dev.yaml brings servers for a try-out)" }}{{ end -}}
{{- if not $values.objects.url }}{{ fail "objects.url: expected s3://BUCKET/PREFIX?endpoint=..., got nothing" }}{{ end -}}
{{- if not $values.objects.existingSecret }}{{ fail "objects.existingSecret: expected the name of a Secret that holds the store's keys, got nothing" }}{{ end -}}
{{- if eq (empty $values.nats.url) (empty $values.nats.existingSecret) }}{{ fail "nats: expected either url or existingSecret" }}{{ end -}}
{{- end -}}
{{- if and $values.tls.existingSecret $values.tls.certManager.enabled }}{{ fail "tls: expected either existingSecret or certManager.enabled, got both" }}{{ end -}}
{{- if and $values.tls.certManager.enabled (not $values.tls.certManager.issuerRef.name) }}{{ fail "tls.certManager.issuerRef.name: expected the name of an issuer, got nothing" }}{{ end -}}
{{- range $name, $facts := include "cpral.services" . | fromYaml -}}
{{- if and (eq (include "cpral.scaler" (dict "root" $ "name" $name)) "keda") (not (include "cpral.natsMonitoring" $)) -}}
{{- fail (printf "keda.natsMonitoring: expected HOST:PORT of NATS's monitoring, which services.%s.autoscaling.mode: keda reads, got nothing" $name) -}}
{{- end -}}
{{- end -}}
{{- with $values.labelTool -}}
{{- if and (or .ingress.enabled .httpRoute.enabled) (not .hosts) }}{{ fail "labelTool.hosts: expected the names that people reach it by, got none" }}{{ end -}}
{{- if and .httpRoute.enabled (not .httpRoute.parentRefs) }}{{ fail "labelTool.httpRoute.parentRefs: expected a gateway, got none" }}{{ end -}}
{{- end -}}
{{- if and (eq $values.training.mode "jobs") (not $values.services.trainer.enabled) }}{{ fail "services.trainer.enabled: expected true where training.mode is jobs" }}{{ end -}}
{{- end -}}
