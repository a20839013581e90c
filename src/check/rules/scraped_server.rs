//! The examples of rules about what Prometheus is asked: a server that is scraped, and one alert.

/// A server in the namespace `mcp` with its Service, a ServiceMonitor with this line under `spec`, and
/// this rule of Prometheus.
macro_rules! scraped_server {
    ($monitor:literal $rule:literal) => {
        concat!(
            "apiVersion: apps/v1\n",
            "kind: Deployment\n",
            "metadata: {name: mcp-a, namespace: mcp}\n",
            "spec:\n",
            "  replicas: 2\n",
            "  template:\n",
            "    metadata: {labels: {app.kubernetes.io/name: a, app.kubernetes.io/component: mcp-server}}\n",
            "    spec:\n",
            "      containers:\n",
            "      - {name: a, ports: [{name: http, containerPort: 8080}]}\n",
            "---\n",
            "apiVersion: v1\n",
            "kind: Service\n",
            "metadata: {name: mcp-a, namespace: mcp, labels: {app.kubernetes.io/name: a}}\n",
            "spec:\n",
            "  selector: {app.kubernetes.io/name: a}\n",
            "  ports:\n",
            "  - {name: http, port: 8080, targetPort: http}\n",
            "---\n",
            "apiVersion: monitoring.coreos.com/v1\n",
            "kind: ServiceMonitor\n",
            "metadata: {name: a, namespace: mcp}\n",
            "spec:\n",
            "  selector: {matchLabels: {app.kubernetes.io/name: a}}\n",
            "  ",
            $monitor,
            "\n",
            "  endpoints:\n",
            "  - {port: http}\n",
            "---\n",
            "apiVersion: monitoring.coreos.com/v1\n",
            "kind: PrometheusRule\n",
            "metadata: {name: a, namespace: mcp}\n",
            "spec:\n",
            "  groups:\n",
            "  - name: a\n",
            "    rules:\n",
            "    - ",
            $rule,
            "\n",
        )
    };
}
