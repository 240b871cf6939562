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
{{- if include "cpral.isClosed" . -}}
{{- if not (include "cpral.hasTls" .) }}{{ fail "access: expected tls.existingSecret or tls.certManager.enabled beside it: services are known by their certificates, and keys are sent over no connection that others can read" }}{{ end -}}
{{- if and $values.access.oidc.issuer (not (include "cpral.audiences" .)) }}{{ fail "access.oidc.audiences: expected whom tokens must be for, got nothing" }}{{ end -}}
{{- if index $values.services "label-tool" "enabled" -}}
{{- if not $values.access.oidc.issuer }}{{ fail "access.oidc.issuer: expected the provider that people sign in by at the label tool, got nothing (or services.label-tool.enabled: false)" }}{{ end -}}
{{- if not $values.labelTool.signIn.clientId }}{{ fail "labelTool.signIn.clientId: expected the client that people sign in by, got nothing" }}{{ end -}}
{{- if not $values.labelTool.signIn.url }}{{ fail "labelTool.signIn.url: expected the https:// address that people use, got nothing" }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if and (eq $values.training.mode "jobs") (not $values.services.trainer.enabled) }}{{ fail "services.trainer.enabled: expected true where training.mode is jobs" }}{{ end -}}
{{- end -}}
