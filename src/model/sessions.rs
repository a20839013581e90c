//! Whether a client stays on one pod, how many pods there are, and why: what was decided is shown
//! with its reason.

use std::fmt;

/// Whether a client's requests stay on one pod, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sessions {
    /// Whether they do.
    pub sticky: bool,
    /// Why.
    pub because: SessionReason,
}

/// Why a client stays on one pod, or need not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionReason {
    /// `session` says so.
    Written,
    /// `protocol: modern`.
    Modern,
    /// There is no other pod.
    OnePod,
    /// `transport: sse` with several pods.
    Sse,
    /// Nothing says that there are no sessions.
    Unknown,
}

impl fmt::Display for SessionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Written => "`session` says so",
            Self::Modern => "the modern protocol has no sessions",
            Self::OnePod => "there is one pod",
            Self::Sse => "over `sse` a session's stream and its messages must reach the same pod",
            Self::Unknown => {
                "sessions may live in a pod's memory, as nothing says that any pod can answer"
            }
        })
    }
}

/// Why there are so many pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleReason {
    /// `replicas` or `autoscaling` says so.
    Written,
    /// Two, so that one may go.
    Available,
    /// One, as each session is a process in it.
    Processes,
}

impl fmt::Display for ScaleReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Written => "the config says so",
            Self::Available => "two pods, so that one may go",
            Self::Processes => "one pod: sessions are processes of it",
        })
    }
}
