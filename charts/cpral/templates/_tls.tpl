{{/* Certificates between services: where they come from, and where pods find them. */}}

{{- define "cpral.hasTls" -}}
{{- if or .Values.tls.existingSecret .Values.tls.certManager.enabled }}true{{ end -}}
{{- end -}}

{{/* (dict "root" $ "name" SERVICE): the Secret that a pod shows; one for all, or one a service. */}}
{{- define "cpral.tlsSecret" -}}
{{- default (printf "%s-%s-tls" (include "cpral.fullname" .root) .name) .root.Values.tls.existingSecret -}}
{{- end -}}

{{- define "cpral.tlsEnv" -}}
{{- if include "cpral.hasTls" . -}}
- { name: CPRAL_TLS_CERT_FILE, value: /etc/cpral-tls/tls.crt }
- { name: CPRAL_TLS_KEY_FILE, value: /etc/cpral-tls/tls.key }
- { name: CPRAL_TLS_CA_FILE, value: /etc/cpral-tls/ca.crt }
{{- else -}}
# Network policies say who may connect.
- { name: CPRAL_ALLOW_PLAINTEXT, value: "1" }
{{- end -}}
{{- end -}}

{{/* (dict "root" $ "name" SERVICE): readable by the pod's group alone. Without subPath, so that a renewed one arrives. */}}
{{- define "cpral.tlsVolume" -}}
- name: tls
  secret: { secretName: {{ include "cpral.tlsSecret" . }}, defaultMode: 0440 }
{{- end -}}

{{- define "cpral.tlsMount" -}}
- { name: tls, mountPath: /etc/cpral-tls, readOnly: true }
{{- end -}}
