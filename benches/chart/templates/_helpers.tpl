{{/* What says nothing else takes (dict "root" $ "server" .). */}}

{{- define "servers.fullname" -}}
{{ .root.Values.set }}-{{ .server.name }}
{{- end }}

{{- define "servers.version" -}}
{{ splitList ":" .server.image | last }}
{{- end }}

{{- define "servers.selectorLabels" -}}
app.kubernetes.io/component: mcp-server
app.kubernetes.io/name: {{ include "servers.fullname" . }}
app.kubernetes.io/part-of: {{ .root.Values.set }}
{{- end }}

{{- define "servers.labels" -}}
app.kubernetes.io/component: mcp-server
app.kubernetes.io/instance: {{ include "servers.fullname" . }}
app.kubernetes.io/managed-by: mcpset
app.kubernetes.io/name: {{ include "servers.fullname" . }}
app.kubernetes.io/part-of: {{ .root.Values.set }}
app.kubernetes.io/version: {{ include "servers.version" . }}
{{- end }}

{{- define "servers.serviceAccountName" -}}
{{ include "servers.fullname" . }}-sa
{{- end }}

{{- define "servers.secretName" -}}
{{ include "servers.fullname" . }}-secrets
{{- end }}

{{- define "servers.configName" -}}
{{ include "servers.fullname" . }}-config
{{- end }}

{{- define "servers.clusterRoleName" -}}
{{ .root.Values.namespace }}.{{ include "servers.fullname" . }}
{{- end }}

{{/* Of each file its name and its content, each behind its length in eight bytes. */}}
{{- define "servers.checksum" -}}
{{- $parts := list }}
{{- range $name, $text := .server.config }}
{{- range $part := list $name $text }}
{{- $parts = append $parts (printf "%s%c%s" "\x00\x00\x00\x00\x00\x00\x00" (len $part) $part) }}
{{- end }}
{{- end }}
{{- join "" $parts | sha256sum }}
{{- end }}

{{/* A probe, of its values. */}}
{{- define "servers.probe" -}}
failureThreshold: {{ .failures }}
httpGet:
  path: {{ .path }}
  port: http
  scheme: HTTP
periodSeconds: {{ .period }}
successThreshold: 1
timeoutSeconds: 3
{{- end }}

{{/* The key in the Secret, of a variable's name. */}}
{{- define "servers.secretKey" -}}
{{ . | lower | replace "_" "-" }}
{{- end }}

{{/* Labels of what exists once, of (dict "root" $ "name" NAME). */}}
{{- define "servers.setLabels" -}}
app.kubernetes.io/component: mcp-server
app.kubernetes.io/instance: {{ .root.Values.set }}
app.kubernetes.io/managed-by: mcpset
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/part-of: {{ .root.Values.set }}
app.kubernetes.io/version: v1alpha1
{{- end }}
