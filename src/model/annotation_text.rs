//! The value of an annotation of an object itself, not of the pods that it makes.

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::text::CleanText;

/// A [`CleanText`] that does not begin with a tab when it has several lines.
///
/// kustomize writes such an annotation as a block for itself, and then cannot read it (seen in 5.8.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnnotationText(SmolStr);
text_value!(AnnotationText.0);

impl AnnotationText {
    /// Takes text as it is.
    ///
    /// # Errors
    /// Names what kustomize does not hand on.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        CleanText::parse(text)?;
        if text.starts_with('\t') && text.contains('\n') {
            return Err(Invalid::new(
                "the text has several lines and begins with a tab",
                "leave the tab out: kustomize cannot read such an annotation",
            ));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_begins_no_text_of_several_lines() {
        for good in ["", "\t", "\ta\tb", " \ta\nb", "a\n\tb", "\n\ta"] {
            assert_eq!(AnnotationText::parse(good).unwrap().as_str(), good);
        }
        for (bad, problem) in [
            ("\ta\nb", "the text has several lines and begins with a tab"),
            ("\t\n", "the text has several lines and begins with a tab"),
            ("\0", "the text holds U+0000 at line 1, character 1"),
        ] {
            assert_eq!(AnnotationText::parse(bad).unwrap_err().problem, problem);
        }
    }
}
