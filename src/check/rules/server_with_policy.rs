//! The examples of rules about networks: one server, and one policy about it.

/// A server in the namespace `mcp`, and a NetworkPolicy about it with these lines under `spec`.
macro_rules! server_with_policy {
    ($($spec:literal)+) => {
        concat!(
            "apiVersion: v1\n",
            "kind: Pod\n",
            "metadata: {name: a, namespace: mcp, labels: {app.kubernetes.io/component: mcp-server}}\n",
            "spec: {containers: [{name: a, ports: [{name: http, containerPort: 8080}]}]}\n",
            "---\n",
            "apiVersion: networking.k8s.io/v1\n",
            "kind: NetworkPolicy\n",
            "metadata: {name: a, namespace: mcp}\n",
            "spec:\n",
            $("  ", $spec, "\n",)+
        )
    };
}
