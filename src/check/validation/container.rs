//! The containers of a pod.

use super::Field;
use super::grammar::{
    PROTOCOLS, PULL_POLICIES, config_key, dns_label, dns_subdomain, ip_address, path_within,
    port_name, straight_path, variable_name,
};
use super::handler::{lifecycle, probes};
use super::reference::{container_resource, pod_field};
use super::resources::{claims, resources};
use super::security::security;

/// What only a container has that goes on: the pod's own, or a sidecar.
const OF_LASTING: [&str; 4] = [
    "lifecycle",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
];

/// The pod around containers.
pub struct Within<'o> {
    pod: Field<'o>,
    volumes: Vec<Field<'o>>,
}

impl<'o> Within<'o> {
    pub fn of(pod: &Field<'o>) -> Self {
        Self {
            pod: pod.clone(),
            volumes: pod.field("volumes").items(),
        }
    }

    fn volume(&self, name: &Field<'_>) -> Option<&Field<'o>> {
        let mut volumes = self.volumes.iter();
        volumes.find(|volume| volume.field("name").equals(name))
    }
}

pub fn containers(within: &Within<'_>) {
    let pod = &within.pod;
    let (containers, first) = (pod.field("containers"), pod.field("initContainers"));
    containers.require().unique(&["name"]);
    first.unique(&["name"]);
    pod.field("ephemeralContainers").forbid(
        "pods are not made with these",
        "remove it; `kubectl debug` adds them",
    );
    let grace = pod.field("terminationGracePeriodSeconds");
    for container in containers.items() {
        common(&container, within);
        lifecycle(&container.field("lifecycle"), &grace);
        probes(&container);
        let policy = container.field("restartPolicy");
        policy.forbid(
            "before Kubernetes 1.35 only init containers have one",
            "remove it",
        );
    }
    let lasting = containers.items();
    for container in first.items() {
        common(&container, within);
        // They run one by one.
        host_ports(std::slice::from_ref(&container));
        let name = container.field("name");
        if lasting
            .iter()
            .any(|other| other.field("name").equals(&name))
        {
            name.refuse("another container is called so", "write another name");
        }
        container.field("restartPolicy").one_of(&["Always"]);
        if container.field("restartPolicy").is("Always") {
            lifecycle(&container.field("lifecycle"), &grace);
            probes(&container);
        } else {
            for name in OF_LASTING {
                let help = "remove it, or write `restartPolicy: Always` for a sidecar";
                container
                    .field(name)
                    .forbid("a container that ends first has none", help);
            }
            for policy in container.field("resizePolicy").items() {
                let restart = policy.field("restartPolicy");
                if restart.is("RestartContainer") {
                    restart.refuse("a container that ends first is not restarted", "remove it");
                }
            }
        }
    }
    host_ports(&containers.items());
}

/// What containers of every sort have.
fn common(container: &Field<'_>, within: &Within<'_>) {
    container.field("name").require().parse(dns_label);
    let image = container.field("image");
    image.require();
    if image.text().is_some_and(|text| text.trim() != text) {
        image.refuse("it begins or ends with a space", "write it without");
    }
    container.field("imagePullPolicy").one_of(&PULL_POLICIES);
    let message = container.field("terminationMessagePolicy");
    message.one_of(&["File", "FallbackToLogsOnError"]);
    ports(&container.field("ports"), &within.pod);
    for variable in container.field("env").items() {
        self::variable(&variable, within);
    }
    for source in container.field("envFrom").items() {
        source.field("prefix").parse(variable_name);
        if let Some(kind) = source.exactly_one(&["configMapRef", "secretRef"]) {
            source.at(kind).field("name").require().parse(dns_subdomain);
        }
    }
    container
        .field("restartPolicyRules")
        .forbid("clusters before 1.35 do not take it", "remove it");
    mounts(container, within);
    resources(&container.field("resources"), &[]);
    claims(
        &container.at("resources.claims"),
        &within.pod.field("resourceClaims"),
    );
    let resize = container.field("resizePolicy");
    resize.unique(&["resourceName"]);
    for policy in resize.items() {
        policy
            .field("resourceName")
            .require()
            .one_of(&["cpu", "memory"]);
        let restart = policy.field("restartPolicy");
        restart
            .require()
            .one_of(&["NotRequired", "RestartContainer"]);
    }
    security(
        &container.field("securityContext"),
        &within.pod.field("hostUsers"),
    );
}

fn ports(ports: &Field<'_>, pod: &Field<'_>) {
    ports.unique(&["name"]);
    for port in ports.items() {
        port.field("name").parse(port_name);
        port.field("containerPort").require().range(1..=65_535);
        port.field("hostPort").range(0..=65_535);
        port.field("protocol").one_of(&PROTOCOLS);
        port.field("hostIP").parse(ip_address);
        let on_host = port.field("hostPort");
        let is_other = on_host.number() != Some(0) && !on_host.equals(&port.field("containerPort"));
        if pod.field("hostNetwork").is_true() && on_host.exists() && is_other {
            let help = "write the container's port, or remove it";
            on_host.refuse("with `hostNetwork` both ports are one", help);
        }
    }
}

/// Refuses two containers that want the same port of the node.
fn host_ports(containers: &[Field<'_>]) {
    let mut taken: Vec<(Option<i64>, &str, &str)> = Vec::new();
    for port in containers
        .iter()
        .flat_map(|container| container.field("ports").items())
    {
        let on_host = port.field("hostPort");
        let number = on_host.number().filter(|number| *number != 0);
        let address = port.field("hostIP").text().unwrap_or_default();
        let key = (
            number,
            address,
            port.field("protocol").text().unwrap_or("TCP"),
        );
        if number.is_some() && taken.contains(&key) {
            on_host.refuse("another port has it already", "write another one");
        }
        taken.push(key);
    }
}

fn variable(variable: &Field<'_>, within: &Within<'_>) {
    const SOURCES: [&str; 5] = [
        "configMapKeyRef",
        "fieldRef",
        "fileKeyRef",
        "resourceFieldRef",
        "secretKeyRef",
    ];
    variable.field("name").require().parse(variable_name);
    let from = variable.field("valueFrom");
    if !from.exists() {
        return;
    }
    if !variable.field("value").is_empty() {
        let help = "write one of them; `value: null` or `valueFrom: null` removes the other";
        from.refuse_beside(
            &variable.field("value"),
            "`value` and `valueFrom` exclude each other",
            help,
        );
    }
    let Some(kind) = from.exactly_one(&SOURCES) else {
        return;
    };
    let source = from.field(kind);
    match kind {
        "fieldRef" => pod_field(&source, true),
        "resourceFieldRef" => container_resource(&source, false),
        "fileKeyRef" => file_key(&source, within),
        _ => {
            source.field("name").require().parse(dns_subdomain);
            source.field("key").require().parse(config_key);
        }
    }
}

fn file_key(source: &Field<'_>, within: &Within<'_>) {
    source.field("key").require().parse(variable_name);
    source.field("path").require().parse(straight_path);
    let name = source.field("volumeName");
    name.require().parse(dns_label);
    let volume = within.volume(&name);
    if !volume.is_some_and(|volume| volume.field("emptyDir").exists()) {
        name.refuse("no `emptyDir` is called so", "name one");
    }
}

fn mounts(container: &Field<'_>, within: &Within<'_>) {
    let (mounts, devices) = (
        container.field("volumeMounts"),
        container.field("volumeDevices"),
    );
    mounts.unique(&["mountPath"]);
    for mount in mounts.items() {
        let name = mount.field("name");
        name.require();
        if name.exists() && within.volume(&name).is_none() {
            name.refuse("no volume is called so", "write it in `volumes` too");
        }
        mount.field("mountPath").require();
        let (path, expression) = (mount.field("subPath"), mount.field("subPathExpr"));
        path.parse(path_within);
        expression.parse(path_within);
        if !path.is_empty() && !expression.is_empty() {
            expression.refuse("it has a `subPath` as well", "write one of them");
        }
        propagation(&mount, container);
    }
    devices.unique(&["name"]);
    devices.unique(&["devicePath"]);
    let mounted = mounts.items();
    for device in devices.items() {
        let (name, path) = (device.field("name"), device.field("devicePath"));
        name.require();
        path.require().parse(straight_path);
        match within.volume(&name) {
            None => name.refuse("no volume is called so", "write it in `volumes` too"),
            Some(volume) => {
                let kinds = ["persistentVolumeClaim", "ephemeral"];
                if !kinds.iter().any(|kind| volume.field(kind).exists()) {
                    name.refuse("only a claim can be a device", "name a claim's volume");
                }
            }
        }
        let is_mounted = mounted.iter().any(|mount| {
            mount.field("name").equals(&name) || mount.field("mountPath").equals(&path)
        });
        if is_mounted {
            device.refuse("it is mounted as well", "write it in one of both lists");
        }
        if within.pod.field("hostUsers").is_false() {
            device.refuse(
                "with `hostUsers: false` there are none",
                "remove one of them",
            );
        }
    }
}

fn propagation(mount: &Field<'_>, container: &Field<'_>) {
    let propagation = mount.field("mountPropagation");
    propagation.one_of(&["Bidirectional", "HostToContainer", "None"]);
    let is_privileged = container.at("securityContext.privileged").is_true();
    if propagation.is("Bidirectional") && !is_privileged {
        propagation.refuse("only a privileged container may", "write another one");
    }
    let recursive = mount.field("recursiveReadOnly");
    recursive.one_of(&["Disabled", "Enabled", "IfPossible"]);
    let asks = recursive.is("Enabled") || recursive.is("IfPossible");
    let is_alone = propagation.is_empty() || propagation.is("None");
    if asks && !(mount.field("readOnly").is_true() && is_alone) {
        let help = "write `readOnly: true`, and no `mountPropagation`";
        recursive.refuse("the mount is not read-only, or is propagated", help);
    }
}
