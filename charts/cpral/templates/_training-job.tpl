{{/*
The Job of one training, as the registry's launcher fills it in: name, annotations and the item are its own. What ends a pod decides
whether that counts:
  exit 143, or a disruption (drain, preemption, eviction): the item was given back with its checkpoint; another pod goes on, uncounted
  exit 0: the registry knows what came of the item, failures included
  anything else: a try of backoffLimit; after the last the Job fails, stays to be looked at, and is made again when it is gone
It can be suspended at any moment, as Kueue does: its pods are then told to end, like those of a drained node.
*/}}
{{- define "cpral.trainingJob" -}}
{{- $training := .Values.training -}}
apiVersion: batch/v1
kind: Job
metadata:
  labels: {{- include "cpral.labels" . | nindent 4 }}
    app.kubernetes.io/component: trainer
    cpral/launched-by: {{ include "cpral.fullname" . }}
    {{- with $training.queueName }}
    kueue.x-k8s.io/queue-name: {{ . }}
    {{- end }}
spec:
  completions: 1
  parallelism: 1
  backoffLimit: {{ $training.backoffLimit }}
  ttlSecondsAfterFinished: {{ $training.ttlSecondsAfterFinished }}
  {{- with $training.activeDeadlineSeconds }}
  activeDeadlineSeconds: {{ . }}
  {{- end }}
  # Two pods must not train the same item: the old one has ended before the new one starts.
  podReplacementPolicy: Failed
  podFailurePolicy:
    rules:
      - action: Ignore
        onPodConditions: [{ type: DisruptionTarget, status: "True" }]
      - action: Ignore
        onExitCodes: { containerName: trainer, operator: In, values: [143] }
  template:
    metadata:
      labels: {{- include "cpral.labels" . | nindent 8 }}
        app.kubernetes.io/component: trainer
        {{- with .Values.pods.labels }}{{ toYaml . | nindent 8 }}{{ end }}
      {{- with .Values.pods.annotations }}
      annotations: {{ toYaml . | nindent 8 }}
      {{- end }}
    spec: {{- include "cpral.pod" (dict "root" . "name" "trainer" "job" true) | nindent 6 }}
{{- end -}}
