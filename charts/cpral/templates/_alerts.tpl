{{/* Every replica of the registry says the same of the state, so alerts take the max. */}}
{{- define "cpral.alerts" -}}
{{- $in := printf "namespace=%q" .Release.Namespace -}}
- alert: CpralWorkParked
  expr: 'max by (kind) (cpral_work_parked{ {{- $in -}} }) > 0'
  for: 1m
  labels: { severity: warning }
  annotations:
    summary: '{{ "{{ $value }}" }} work items of kind {{ "{{ $labels.kind }}" }} were given up'
    description: 'cpral work list --state parked says why; cpral work redrive gives them another chance.'
- alert: CpralWorkWaits
  expr: 'max by (kind) (cpral_work_items{ {{- $in }},state="open"}) > 0 unless on (kind) max by (kind) (cpral_work_items{ {{- $in }},state="leased"}) > 0'
  for: 30m
  labels: { severity: warning }
  annotations:
    summary: 'work of kind {{ "{{ $labels.kind }}" }} has waited for half an hour, and nobody does it'
    description: 'No worker of this kind runs, or none is ready: look at its pods.'
- alert: CpralOutboxGrows
  expr: 'max(cpral_outbox_messages{ {{- $in -}} }) > 1000'
  for: 15m
  labels: { severity: warning }
  annotations:
    summary: 'messages wait to be published for a quarter of an hour'
    description: 'NATS is away, or its work stream is full.'
- alert: CpralBusDisconnected
  expr: 'min by (pod) (cpral_bus_connected{ {{- $in -}} }) == 0'
  for: 5m
  labels: { severity: critical }
  annotations:
    summary: '{{ "{{ $labels.pod }}" }} has had no connection to NATS for five minutes'
{{- end -}}
