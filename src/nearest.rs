//! "Did you mean": the nearest known name.

/// The known name that `name` was probably meant to be.
#[must_use]
pub fn nearest<'f>(name: &str, known: &[&'f str]) -> Option<&'f str> {
    /// Bytes beyond which a text is no name that was mistyped, and would take long to compare.
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    known
        .iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()),
                *candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}
