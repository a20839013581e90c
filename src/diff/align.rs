//! Which parts of two sequences are the same: items of lists that have no names, and lines of texts.

use std::ops::Range;

/// More comparisons than these take longer than they help.
const MOST: usize = 1 << 20;

/// Where two sequences differ: what stands in the old one, and what in its place in the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// In the old one.
    pub old: Range<usize>,
    /// In the new one.
    pub new: Range<usize>,
}

/// The gaps between the longest common subsequence of `old` and `new`, in their order; between what they
/// begin and end with alike, where both are very long.
#[must_use]
pub fn gaps<T: PartialEq>(old: &[T], new: &[T]) -> Vec<Gap> {
    let same = |pair: &(&T, &T)| pair.0 == pair.1;
    let begin = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (
        old.get(begin..).unwrap_or_default(),
        new.get(begin..).unwrap_or_default(),
    );
    let end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = end.take_while(same).count();
    let old = old_rest.get(..old_rest.len() - end).unwrap_or_default();
    let new = new_rest.get(..new_rest.len() - end).unwrap_or_default();
    let mut gaps = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (next_i, next_j) in common(old, new).into_iter().chain([(old.len(), new.len())]) {
        if i < next_i || j < next_j {
            gaps.push(Gap {
                old: begin + i..begin + next_i,
                new: begin + j..begin + next_j,
            });
        }
        (i, j) = (next_i + 1, next_j + 1);
    }
    gaps
}

/// The positions of the longest common subsequence.
fn common<T: PartialEq>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    if old.len().saturating_mul(new.len()) > MOST {
        return Vec::new();
    }
    // In row `i`, column `j`: how much is common to what follows `old[i]` and `new[j]`, them included.
    let mut rows: Vec<Vec<u32>> = vec![vec![0; new.len() + 1]];
    for item in old.iter().rev() {
        let below = rows.last().map(Vec::as_slice).unwrap_or_default();
        let mut row = vec![0; new.len() + 1];
        let mut right = 0;
        for ((cell, other), pair) in row.iter_mut().zip(new).zip(below.windows(2)).rev() {
            let [straight, diagonal] = pair else { continue };
            right = if item == other {
                diagonal + 1
            } else {
                right.max(*straight)
            };
            *cell = right;
        }
        rows.push(row);
    }
    rows.reverse();
    let length = |i: usize, j: usize| rows.get(i).and_then(|row| row.get(j)).copied();
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::new();
    while let (Some(left), Some(right)) = (old.get(i), new.get(j)) {
        if left == right {
            found.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length(i + 1, j) >= length(i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_put_in_or_taken_out_is_the_only_gap() {
        let gap = |old, new| vec![Gap { old, new }];
        assert_eq!(gaps(b"abcd", b"abxcd"), gap(2..2, 2..3));
        assert_eq!(gaps(b"abcd", b"acd"), gap(1..2, 1..1));
        assert_eq!(gaps(b"", b"a"), gap(0..0, 0..1));
        assert_eq!(gaps(b"abc", b"abc"), []);
        assert_eq!(gaps(b"xab", b"abx").len(), 2);
    }

    proptest! {
        #[test]
        fn outside_the_gaps_both_are_the_same(old in "[a-c]{0,12}", new in "[a-c]{0,12}") {
            let (old, new) = (old.as_bytes(), new.as_bytes());
            let mut rest_of_old = old.to_vec();
            let mut rest_of_new = new.to_vec();
            for gap in gaps(old, new).into_iter().rev() {
                rest_of_old.drain(gap.old);
                rest_of_new.drain(gap.new);
            }
            prop_assert_eq!(rest_of_old, rest_of_new);
        }
    }
}
