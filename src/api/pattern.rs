//! What texts look like, as far as an editor can tell: the schema's regular expressions.
//!
//! Each accepts everything that mcpset does, and of the rest what needs more than a glance: lengths
//! of parts, what excludes what. Only constructs that ECMA-262, RE2 and Rust read alike.

pub const ACCOUNT_ID: &str = "^[0-9]{12}$";
pub const ARN: &str = "^(\\*$|arn:)";
pub const ARGUMENT: &str = "^-[^\\s=]*$";
pub const CIDR: &str = "^[0-9A-Fa-f.:]+/[0-9]{1,3}$";
pub const CONFIG_KEY: &str = "^[-._a-zA-Z0-9]+$";
pub const DNS_LABEL: &str = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
pub const DNS_SUBDOMAIN: &str =
    "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
pub const ENV_NAME: &str = "^[A-Za-z_][A-Za-z0-9_]*$";
pub const GO_DURATION: &str = "^(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";
pub const NAME_PREFIX: &str = "^([a-z][-a-z0-9]*)?$";
pub const PATH: &str = "^/";
pub const PROMETHEUS_DURATION: &str =
    "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";
pub const PROXY_VARIABLE: &str = "^[A-Z_][A-Z0-9_]*$";
pub const ROLE_ARN: &str = "^arn:aws[-a-z]*:iam::[0-9]{12}:role/.+$";
pub const SECONDS: &str = "^([0-9]+h)?([0-9]+m)?([0-9]+s)?$";
pub const SERVICE: &str = "^[^/]+/[^/]+$";
pub const SID: &str = "^[A-Za-z0-9]+$";
pub const URL: &str = "^https?://";
/// Something, without white space.
pub const WORD: &str = "^\\S+$";
