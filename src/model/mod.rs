//! What is decided: values that cannot be wrong, and the set that is made of them.
//!
//! Every leaf type here has one door, `parse`, which says what is wrong and what to write
//! instead. Behind it no generator can fail: what is invalid cannot be expressed.

#[macro_use]
mod text_value;
mod wording;

mod amount;
mod annotation_text;
mod api_rule;
mod arn;
mod authority;
mod check;
mod cidr;
mod config_key;
mod duration;
mod endpoint;
mod env_name;
mod field_key;
mod http_path;
pub mod iam;
mod image;
mod invalid;
mod label;
mod litellm;
mod mount_path;
mod name;
mod network;
mod objectives;
mod page_url;
mod patch;
mod places;
mod port;
mod quantity;
mod scale;
mod server;
mod sessions;
mod set;
mod stdio;
mod text;

pub use amount::{Count, Cpu, Memory, Storage};
pub use annotation_text::AnnotationText;
pub use api_rule::{
    ApiAccess, ApiGroup, ApiResource, ApiRule, ApiTarget, ApiUrl, ApiVerb, ResourceName,
};
pub use arn::{RoleArn, RoleName};
pub use check::{CheckConfig, CheckException, External};
pub use cidr::Cidr;
pub use config_key::ConfigKey;
pub use duration::{GoDuration, PrometheusDuration, Seconds};
pub use endpoint::{HttpEndpoint, Scheme};
pub use env_name::EnvName;
pub use field_key::FieldKey;
pub use http_path::HttpPath;
pub use image::{ImageName, ImageReference, PinnedImage, RegistryPrefix};
pub use invalid::Invalid;
pub use label::{AnnotationKey, LabelKey, LabelValue, OWN_NAMES};
pub use litellm::{
    AUTHORIZATION, AccessGroup, AuthKind, HeaderName, LiteLlm, PROXY_PORT, ProxyAuth, ProxyChart,
    ProxyHeader, ProxyVariable, REFERENCE, Registration, TOKEN_AUDIENCE, ToolName,
};
pub use mount_path::MountPath;
pub use name::{NamespaceName, ObjectName, ServiceName};
pub use network::{HostName, POD_IDENTITY, ServiceRef, service_host};
pub use objectives::{Availability, LARGEST_BUCKET_SECONDS, Latency, Objectives};
pub use page_url::PageUrl;
pub use patch::{Change, Changed, Directive, Patch};
pub use places::{Places, SetPlaces};
pub use port::Port;
pub use quantity::Quantity;
pub use scale::{Autoscaling, Scale};
pub use server::{
    ANNOTATIONS_LIMIT, CONFIG_FOLDER, ConfigFiles, DOWNWARD_FIELDS, Destination, Drain, Egress,
    EnvValue, EnvVar, HostRule, KeySelector, Known, Metrics, ProbeCheck, ProbePort, Probes,
    SECRETS_FOLDER, STARTUP_PERIOD, SecretItem, SecretMount, Server, ServerNames, Toleration,
    Traffic, WRITABLE_LIMIT, Writable,
};
pub use sessions::{ScaleReason, SessionReason, Sessions};
pub use set::{
    Alerts, DashboardObject, Exception, Labels, MetricsProfile, Monitoring, Network, Peer,
    Platform, SecretStore, Set, SetNames, Tracing,
};
pub use stdio::{BRIDGE_FOLDER, BRIDGE_LIMIT_MEBIBYTES, BRIDGE_VOLUME, Bridge};
pub use text::CleanText;

pub(crate) use wording::{is_invisible, quoted};
