{{/* Who callers are: what services are told of it, and the files with keys, which stand in no environment. */}}

{{- define "cpral.isClosed" -}}
{{- if or .Values.access.oidc.issuer .Values.access.adminKey.existingSecret }}true{{ end -}}
{{- end -}}

{{/* Whom tokens must be for. */}}
{{- define "cpral.audiences" -}}
{{- concat .Values.access.oidc.audiences (list .Values.labelTool.signIn.clientId) | compact | uniq | join "," -}}
{{- end -}}

{{/* (dict "root" $ "name" SERVICE) */}}
{{- define "cpral.accessEnv" -}}
{{- $values := .root.Values -}}
{{- if include "cpral.isClosed" .root }}
{{- $isRegistry := eq .name "pool-registry" }}
{{- $isTool := eq .name "label-tool" }}
{{- if not (or $isRegistry $isTool) }}
- { name: CPRAL_ACCESS, value: closed }
{{- end }}
{{- if and $values.access.oidc.issuer (or $isRegistry $isTool) }}
- { name: CPRAL_OIDC_ISSUER, value: {{ $values.access.oidc.issuer | quote }} }
- { name: CPRAL_OIDC_AUDIENCE, value: {{ include "cpral.audiences" .root | quote }} }
- { name: CPRAL_OIDC_ROLES_CLAIM, value: {{ $values.access.oidc.rolesClaim | quote }} }
{{- end }}
{{- if $isRegistry }}
- { name: CPRAL_CALLS_PER_SECOND, value: {{ $values.access.callsPerSecond | quote }} }
{{- if $values.access.adminKey.existingSecret }}
- { name: CPRAL_ADMIN_KEY_FILE, value: /etc/cpral-access/admin-key }
{{- end }}
{{- end }}
{{- if $isTool }}
{{- with $values.labelTool.signIn }}
- { name: CPRAL_LABEL_TOOL_OIDC_CLIENT_ID, value: {{ .clientId | quote }} }
- { name: CPRAL_LABEL_TOOL_URL, value: {{ .url | quote }} }
{{- if and .existingSecret .clientSecretKey }}
- { name: CPRAL_LABEL_TOOL_OIDC_SECRET_FILE, value: /etc/cpral-access/client-secret }
{{- end }}
{{- if and .existingSecret .sessionKeyKey }}
- { name: CPRAL_LABEL_TOOL_SESSION_KEY_FILE, value: /etc/cpral-access/session-key }
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* (dict "root" $ "name" SERVICE): the Secret with keys that this pod reads, as a volume's source; nothing where it reads none. */}}
{{- define "cpral.accessSecret" -}}
{{- $access := .root.Values.access -}}
{{- $signIn := .root.Values.labelTool.signIn -}}
{{- $items := list -}}
{{- $secret := "" -}}
{{- if has .name (list "pool-registry" "test-campaign") -}}
{{- with $access.adminKey.existingSecret }}{{ $secret = . }}{{ $items = list (dict "key" $access.adminKey.key "path" "admin-key") }}{{ end -}}
{{- else if and (eq .name "label-tool") $access.oidc.issuer -}}
{{- with $signIn.clientSecretKey }}{{ $items = append $items (dict "key" . "path" "client-secret") }}{{ end -}}
{{- with $signIn.sessionKeyKey }}{{ $items = append $items (dict "key" . "path" "session-key") }}{{ end -}}
{{- $secret = $signIn.existingSecret -}}
{{- end -}}
{{- if and $secret $items -}}
{{ dict "secretName" $secret "defaultMode" 0440 "items" $items | toYaml }}
{{- end -}}
{{- end -}}

{{- define "cpral.accessVolume" -}}
{{- with include "cpral.accessSecret" . -}}
- name: access
  secret: {{- . | nindent 4 }}
{{- end -}}
{{- end -}}

{{- define "cpral.accessMount" -}}
{{- if include "cpral.accessSecret" . -}}
- { name: access, mountPath: /etc/cpral-access, readOnly: true }
{{- end -}}
{{- end -}}
