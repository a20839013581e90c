//! The library's front door: a text in, the sets in it, their objects out.
//!
//! Whoever needs more than this walks the way himself: [`crate::expand`] decides a document,
//! [`crate::resources::objects`] makes its objects, [`crate::yaml::document`] writes one.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use anstream::adapter::strip_str;

use crate::hosts::{files, objects};
use crate::model::Set;
use crate::problem::{Problem, Problems};
use crate::report::{self, Occasion, presentable};
use crate::resources::{self, Object};
use crate::source::{Origin, Sources};

/// Everything that the sets of some texts become. What is here is complete and was checked: nothing
/// that is asked of it can fail.
#[derive(Debug)]
pub struct Bundle {
    sets: Vec<Set>,
    warnings: Report,
}

impl Bundle {
    /// Reads the `McpServerSet`s in `text`, decides everything about them and checks what they become.
    /// `name` is what problems call the text, such as its file's path.
    ///
    /// # Errors
    /// A [`Report`] with all problems at once, when there is an error among them.
    pub fn read(name: &str, text: &str) -> Result<Self, Report> {
        Self::read_all([(name, text)])
    }

    /// The same of several texts, whose sets must not collide.
    ///
    /// # Errors
    /// As [`Bundle::read`].
    pub fn read_all<'t>(
        texts: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<Self, Report> {
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let sets = files::all_sets(
            texts,
            &mut sources,
            &mut problems,
            |(name, text), sources, problems| {
                files::keep(name.into(), text.into(), Origin::Person, sources, problems)
            },
        );
        let has_errors = problems.has_errors();
        let report = Report::new(problems, sources);
        if has_errors {
            return Err(report);
        }
        Ok(Self {
            sets,
            warnings: report,
        })
    }

    /// What was decided of each set.
    #[must_use]
    pub fn sets(&self) -> &[Set] {
        &self.sets
    }

    /// What a person should know and nothing waits for.
    #[must_use]
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }

    /// The objects in the order in which they are applied, made one server at a time.
    pub fn objects(&self) -> impl Iterator<Item = Object> {
        self.sets.iter().flat_map(resources::objects)
    }

    /// Writes the objects as YAML documents, as `mcpset render` does.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        objects::documents(&self.sets, |_| true, &mut out, |_| ())
    }
}

/// Problems with the texts in which they were found. It is shown as a terminal would show it, without
/// colours.
#[derive(Debug)]
pub struct Report {
    problems: Vec<Problem>,
    sources: Sources,
}

impl Report {
    fn new(problems: Problems, sources: Sources) -> Self {
        let problems = problems.into_sorted().into_iter();
        Self {
            problems: problems
                .map(|problem| presentable(problem, &sources))
                .collect(),
            sources,
        }
    }

    /// The problems in the order of their places.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The texts, which the problems' places point into.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.problems.is_empty() {
            return Ok(());
        }
        let text = report::text(&self.problems, &self.sources, Occasion::Writing);
        write!(f, "{}", strip_str(text.trim_end()))
    }
}

impl Error for Report {}
