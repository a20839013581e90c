//! `results` of a ResourceList: problems as kpt and other orchestrators show them.

use serde::Serialize;

use crate::problem::{Problem, Severity};

/// One entry of `results`.
#[derive(Debug, Serialize)]
pub struct KrmResult {
    message: String,
    severity: &'static str,
}

impl From<&Problem> for KrmResult {
    fn from(problem: &Problem) -> Self {
        Self {
            message: format!("{}: {}; {}", problem.code, problem.message, problem.help),
            severity: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "info",
            },
        }
    }
}
