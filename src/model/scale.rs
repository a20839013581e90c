//! How many pods a server has.

/// How many pods a server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// So many.
    Fixed(i32),
    /// As many as it takes.
    Auto(Autoscaling),
}

/// As many pods as it takes, within limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Autoscaling {
    /// The fewest.
    pub least: i32,
    /// The most.
    pub most: i32,
    /// Average use of CPU that pods are added above, in percent of the request.
    pub cpu: Option<i32>,
    /// The same of memory.
    pub memory: Option<i32>,
}

impl Scale {
    /// The fewest pods that there are.
    #[must_use]
    pub fn least(self) -> i32 {
        match self {
            Self::Fixed(number) => number,
            Self::Auto(scaling) => scaling.least,
        }
    }

    /// Whether there is ever more than one pod.
    #[must_use]
    pub fn is_several(self) -> bool {
        match self {
            Self::Fixed(number) => number > 1,
            Self::Auto(scaling) => scaling.most > 1,
        }
    }
}

/// `2`, or `2 to 6`.
impl std::fmt::Display for Scale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fixed(number) => write!(f, "{number}"),
            Self::Auto(scaling) => write!(f, "{} to {}", scaling.least, scaling.most),
        }
    }
}
