//! The objects of a set in their order, all in a row or in parts.
//!
//! They come in install order: namespace and policies first, then what pods refer to, then the pods,
//! then what calls and watches them; within a kind in the order of the config.

use super::horizontal_pod_autoscaler::horizontal_pod_autoscaler;
use super::{
    Object, allowed_repos, application_network_policy, config_map, dashboard_object, deployment,
    external_secret, litellm_object, namespace, network_policy, patch, pod_disruption_budget,
    prometheus_rule, role, service, service_account, service_monitor,
};
use crate::model::{Scale, Server, Set};

/// The objects of one kind of a server.
type OfServer = fn(&Set, &Server) -> Vec<Object>;
/// Objects that exist once a set.
type OfSet = fn(&Set) -> Vec<Object>;

/// What comes before the servers' objects.
const BEFORE: [OfSet; 3] = [
    |set| {
        let namespace = || Object::Namespace(namespace::namespace(set));
        one(set.platform.create_namespace.then(namespace))
    },
    |set| {
        let repos = || Object::AllowedRepos(allowed_repos::allowed_repos(set));
        one(set.platform.constrain_repos.then(repos))
    },
    |set| {
        let network = set.platform.network.as_ref();
        one(network.map(|_| Object::NetworkPolicy(network_policy::default_deny(set))))
    },
];

/// The servers' objects, kind by kind.
const OF_SERVERS: [OfServer; 13] = [
    |set, server| {
        let network = set.platform.network.as_ref();
        let policy = |network| network_policy::network_policy(set, network, server);
        one(network.map(policy).map(Object::NetworkPolicy))
    },
    |_, server| {
        let policy = application_network_policy::application_network_policy(server);
        one(policy.map(Object::ApplicationNetworkPolicy))
    },
    |_, server| {
        let budget = || pod_disruption_budget::pod_disruption_budget(server);
        one((server.scale.least() > 1).then(|| Object::PodDisruptionBudget(budget())))
    },
    |_, server| {
        let account = service_account::service_account(server);
        vec![Object::ServiceAccount(account)]
    },
    |_, server| one(role::cluster_role(server).map(Object::ClusterRole)),
    |_, server| one(role::cluster_role_binding(server).map(Object::ClusterRoleBinding)),
    |_, server| role::roles(server).map(Object::Role).collect(),
    |_, server| {
        let bindings = role::role_bindings(server);
        bindings.map(Object::RoleBinding).collect()
    },
    |set, server| {
        let secret = || external_secret::external_secret(&set.platform.store, server);
        one((!server.secrets.is_empty()).then(|| Object::ExternalSecret(secret())))
    },
    |_, server| {
        let config = server.config.as_ref();
        let map = config.map(|config| config_map::config_map(server, config));
        one(map.map(Object::ConfigMap))
    },
    |_, server| vec![Object::Service(Box::new(service::service(server)))],
    |set, server| {
        let deployment = deployment::deployment(&set.platform.store, server);
        vec![Object::Deployment(Box::new(deployment))]
    },
    |_, server| match &server.scale {
        Scale::Auto(scaling) => {
            let scaler = horizontal_pod_autoscaler(server, scaling);
            vec![Object::HorizontalPodAutoscaler(Box::new(scaler))]
        }
        Scale::Fixed(_) => Vec::new(),
    },
];

/// What comes behind the servers' objects.
const BEHIND: [OfSet; 4] = [
    |set| one(litellm_object(set)),
    |set| one(service_monitor::service_monitor(set).map(Object::ServiceMonitor)),
    |set| {
        let alerts = set.platform.monitoring.alerts.iter();
        let rules = alerts.flat_map(|alerts| prometheus_rule::prometheus_rules(set, alerts));
        rules.map(Object::PrometheusRule).collect()
    },
    |set| one(dashboard_object(set)),
];

fn one(object: Option<Object>) -> Vec<Object> {
    object.into_iter().collect()
}

/// The objects of `set`, one at a time.
pub fn objects(set: &Set) -> impl Iterator<Item = Object> {
    owned(set).map(with_patches)
}

/// The same before any patch, each with the server that it was made for; `None` for what exists once
/// a set.
pub fn owned(set: &Set) -> impl Iterator<Item = (Option<&Server>, Object)> {
    let of_servers = OF_SERVERS.iter();
    let of_servers = of_servers.flat_map(|make| made(*make, set, &set.servers));
    of_set(&BEFORE, set)
        .chain(of_servers)
        .chain(of_set(&BEHIND, set))
}

/// The objects of `set` in parts, each of no more than `servers` servers. One behind the other they are
/// all [`objects`].
#[must_use]
pub fn parts(set: &Set, servers: usize) -> Vec<Part<'_>> {
    let of_set = |makers: &'static [OfSet]| {
        let whats = makers.iter().map(|make| What::OfSet(*make));
        whats.map(|what| Part { set, what })
    };
    let of_servers = OF_SERVERS.iter().flat_map(|make| {
        let some = set.servers.chunks(servers.max(1));
        some.map(|some| Part {
            set,
            what: What::OfServers(*make, some),
        })
    });
    of_set(&BEFORE)
        .chain(of_servers)
        .chain(of_set(&BEHIND))
        .collect()
}

/// Some of the objects of a set, which follow each other.
#[derive(Debug, Clone, Copy)]
pub struct Part<'s> {
    set: &'s Set,
    what: What<'s>,
}

#[derive(Debug, Clone, Copy)]
enum What<'s> {
    OfSet(OfSet),
    OfServers(OfServer, &'s [Server]),
}

impl<'s> Part<'s> {
    /// Its objects, one at a time.
    pub fn objects(&self) -> impl Iterator<Item = Object> + use<'s> {
        let (of_set, of_servers) = match self.what {
            What::OfSet(make) => (make(self.set), None),
            What::OfServers(make, servers) => (Vec::new(), Some((make, servers))),
        };
        let set = self.set;
        let of_servers = of_servers.into_iter();
        let of_servers = of_servers.flat_map(move |(make, servers)| made(make, set, servers));
        of_set.into_iter().chain(of_servers.map(with_patches))
    }
}

fn of_set<'s>(
    makers: &'static [OfSet],
    set: &'s Set,
) -> impl Iterator<Item = (Option<&'s Server>, Object)> {
    let objects = makers.iter().flat_map(|make| make(set));
    objects.map(|object| (None, object))
}

/// What `make` makes of each of `servers`, with the server.
fn made<'s>(
    make: OfServer,
    set: &'s Set,
    servers: &'s [Server],
) -> impl Iterator<Item = (Option<&'s Server>, Object)> + use<'s> {
    servers.iter().flat_map(move |server| {
        let objects = make(set, server).into_iter();
        objects.map(move |object| (Some(server), object))
    })
}

fn with_patches((server, object): (Option<&Server>, Object)) -> Object {
    match server {
        Some(server) => patch::patched(server, object),
        None => object,
    }
}
