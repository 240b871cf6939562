{{/* The servers of a try-out, in the cluster: one of each, with their state on a claim. */}}
{{- define "cpral.devSecret" -}}{{ include "cpral.fullname" . }}-dev{{- end -}}

{{- define "cpral.devObjectsUrl" -}}
s3://cpral?endpoint=http://{{ include "cpral.fullname" . }}-dev-s3:7070&create=true
{{- end -}}

{{- define "cpral.natsMonitoring" -}}
{{- if .Values.dev.enabled -}}
{{ include "cpral.fullname" . }}-dev-nats.{{ .Release.Namespace }}.svc:8222
{{- else -}}
{{ .Values.keda.natsMonitoring }}
{{- end -}}
{{- end -}}

{{- define "cpral.devServers" -}}
postgres:
  port: 5432
  data: /var/lib/postgresql/data
  scratch: [/var/run/postgresql]
  user: 999
  args: []
  probe: { exec: { command: [pg_isready, -U, cpral] } }
  env:
    - { name: POSTGRES_USER, value: cpral }
    - { name: POSTGRES_DB, value: cpral }
    - { name: PGDATA, value: /var/lib/postgresql/data/cluster }
    - name: POSTGRES_PASSWORD
      valueFrom: { secretKeyRef: { name: {{ include "cpral.devSecret" . }}, key: password } }
nats:
  port: 4222
  monitoring: 8222
  data: /data
  user: 10001
  args: [--jetstream, --store_dir, /data, --http_port, "8222"]
  probe: { httpGet: { path: /healthz, port: 8222 } }
s3:
  port: 7070
  data: /data
  user: 10001
  args: [--health, /healthz, posix, /data]
  probe: { httpGet: { path: /healthz, port: 7070 } }
  env:
    - name: ROOT_ACCESS_KEY
      valueFrom: { secretKeyRef: { name: {{ include "cpral.devSecret" . }}, key: {{ .Values.objects.accessKeyIdKey }} } }
    - name: ROOT_SECRET_KEY
      valueFrom: { secretKeyRef: { name: {{ include "cpral.devSecret" . }}, key: {{ .Values.objects.secretAccessKeyKey }} } }
{{- end -}}
