{{- define "dataflux.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "dataflux.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "dataflux.labels" -}}
{{ include "dataflux.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Eight hexadecimal digits. Another number of parts is another run, because a part of three holds other events than a part of four. */}}
{{- define "dataflux.tag" -}}
{{- printf "%s/%s/%d/%s" .Release.Namespace .Release.Name (int .Values.replicaCount) (.Values.run | default (printf "revision %d" .Release.Revision)) | sha256sum | trunc 8 -}}
{{- end }}

{{- define "dataflux.endless" -}}
{{- if not .Values.config.limits }}true{{ end -}}
{{- end }}

{{- define "dataflux.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- range $key := list "streams" "limits" -}}
{{- if not (get $config $key) }}{{ $config = omit $config $key }}{{ end -}}
{{- end -}}
{{- if .Values.monitor.enabled -}}
{{- $name := include "dataflux.name" . -}}
{{- $hosts := concat (list $name (printf "%s.%s.svc" $name .Release.Namespace)) .Values.monitor.hosts -}}
{{- $config = set $config "monitor" (dict "port" (int .Values.monitor.port) "bind" "0.0.0.0" "hosts" $hosts) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end }}

{{- define "dataflux.accessMode" -}}
{{- if .Values.persistence.accessMode }}{{ .Values.persistence.accessMode }}
{{- else if and (not (include "dataflux.endless" .)) (gt (int .Values.replicaCount) 1) }}ReadWriteMany
{{- else }}ReadWriteOnce{{ end -}}
{{- end }}

{{- define "dataflux.claim" -}}
accessModes: [{{ include "dataflux.accessMode" . }}]
{{- with .Values.persistence.storageClass }}
storageClassName: {{ . }}
{{- end }}
resources:
  requests:
    storage: {{ .Values.persistence.size }}
{{- end }}

{{- define "dataflux.check" -}}
{{- if not .Values.config.sinks }}{{ fail "config.sinks: a run needs a sink; for example --set config.sinks.keep.type=mock" }}{{ end -}}
{{- if lt (int .Values.replicaCount) 1 }}{{ fail (printf "replicaCount: %v parts cannot share a run; 1 or more can" .Values.replicaCount) }}{{ end -}}
{{- if and .Values.monitor.enabled (not .Values.secrets.DATAFLUX_TOKEN) (not .Values.existingSecrets) }}{{ fail "secrets.DATAFLUX_TOKEN: the live page needs a token of 16 characters or more; 'openssl rand -hex 24' makes one. Or name a Secret that has it in existingSecrets, or set monitor.enabled=false" }}{{ end -}}
{{- if and .Values.serviceMonitor.enabled (not .Values.monitor.enabled) }}{{ fail "serviceMonitor.enabled: there are no metrics without the live page; set monitor.enabled=true" }}{{ end -}}
{{- if and .Values.serviceMonitor.enabled (not .Values.serviceMonitor.tokenSecret) (not .Values.secrets.DATAFLUX_TOKEN) }}{{ fail "serviceMonitor.tokenSecret: name the one of existingSecrets that holds DATAFLUX_TOKEN" }}{{ end -}}
{{- end }}

{{/* The pod, which differs only in where its number comes from, and whether it is started again after a success. */}}
{{- define "dataflux.pod" -}}
metadata:
  labels:
    {{- include "dataflux.labels" .root | nindent 4 }}
  annotations:
    dataflux.io/run: {{ include "dataflux.tag" .root | quote }}
    checksum/config: {{ include "dataflux.config" .root | sha256sum }}
spec:
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  restartPolicy: {{ .restart }}
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: dataflux
      image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      # a shell, because pods are counted from 0 and parts from 1; it is replaced by the program
      command: [/bin/bash, -c]
      args:
        - exec /opt/dataflux/bin/dataflux run /etc/dataflux/dataflux.yaml --tag {{ include "dataflux.tag" .root }} --part "$((ORDINAL + 1))/{{ .root.Values.replicaCount }}"{{ with .root.Values.startAt }} --start-at {{ . | squote }}{{ end }}
      workingDir: /data
      env:
        - name: ORDINAL
          valueFrom:
            fieldRef:
              fieldPath: {{ .ordinal }}
        {{- with .root.Values.javaOpts }}
        - name: DATAFLUX_JAVA_OPTS
          value: {{ . | quote }}
        {{- end }}
      {{- if or .root.Values.secrets .root.Values.existingSecrets }}
      envFrom:
        {{- if .root.Values.secrets }}
        - secretRef:
            name: {{ include "dataflux.name" .root }}
        {{- end }}
        {{- range .root.Values.existingSecrets }}
        - secretRef:
            name: {{ . }}
        {{- end }}
      {{- end }}
      {{- if .root.Values.monitor.enabled }}
      ports:
        - name: page
          containerPort: {{ .root.Values.monitor.port }}
      # the page opens once the sinks are connected
      startupProbe:
        httpGet: {path: /health/live, port: page}
        periodSeconds: 5
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /health/live, port: page}
        periodSeconds: 20
        timeoutSeconds: 5
      readinessProbe:
        httpGet: {path: /health/ready, port: page}
        periodSeconds: 10
        timeoutSeconds: 5
      {{- else }}
      startupProbe:
        exec: {command: [/opt/dataflux/bin/health]}
        periodSeconds: 5
        failureThreshold: 60
      livenessProbe:
        exec: {command: [/opt/dataflux/bin/health]}
        periodSeconds: 20
        timeoutSeconds: 5
      {{- end }}
      {{- with .root.Values.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: config
          mountPath: /etc/dataflux
          readOnly: true
        - name: work
          mountPath: /data
          {{- if .shared }}
          subPathExpr: $(ORDINAL)
          {{- end }}
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: config
      configMap:
        name: {{ include "dataflux.name" .root }}
    - name: tmp
      emptyDir: {}
    {{- if not .root.Values.persistence.enabled }}
    - name: work
      emptyDir: {}
    {{- else if .shared }}
    - name: work
      persistentVolumeClaim:
        claimName: {{ include "dataflux.name" .root }}
    {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
