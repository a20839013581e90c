//! The flags of `docker run`, one at a time.
//!
//! A flag that is not known is taken to have a value, as nearly all have: a value that were taken for the
//! image would be printed, and might be a credential.

use crate::import::words::Word;

/// Flags without a value, of docker and podman.
const BARE: [&str; 25] = [
    "--detach",
    "--disable-content-trust",
    "--env-host",
    "--help",
    "--http-proxy",
    "--init",
    "--interactive",
    "--no-healthcheck",
    "--no-hostname",
    "--no-hosts",
    "--oom-kill-disable",
    "--passwd",
    "--privileged",
    "--publish-all",
    "--quiet",
    "--read-only",
    "--read-only-tmpfs",
    "--replace",
    "--rm",
    "--rmi",
    "--rootfs",
    "--sig-proxy",
    "--tls-verify",
    "--tty",
    "--use-api-socket",
];
/// Letters without a value, which may stand before another: `-ite TOKEN`.
const BARE_LETTERS: &str = "itdPq";

/// A flag, and its value where it has one.
#[derive(Debug, PartialEq, Eq)]
pub struct Flag<'w> {
    /// As it is written, without its value: `--env`, `-e`.
    pub name: String,
    /// Its value.
    pub value: Option<Word>,
    /// The words behind it.
    pub rest: &'w [Word],
}

/// The flag with which `words` begin, if they do.
pub fn flag(words: &[Word]) -> Option<Flag<'_>> {
    let (word, rest) = words.split_first()?;
    let text = word.as_str().filter(|text| text.starts_with('-'))?;
    let known = |text: &str| Some(Word::known(text, word.place));
    let bare = |name: &str| Flag {
        name: name.to_owned(),
        value: None,
        rest,
    };
    let with_next = |name: &str| Flag {
        name: name.to_owned(),
        value: rest.first().cloned(),
        rest: rest.get(1..).unwrap_or_default(),
    };
    if text.starts_with("--") {
        return Some(match text.split_once('=') {
            Some((name, value)) => Flag {
                name: name.to_owned(),
                value: known(value),
                rest,
            },
            None if text == "--" || BARE.contains(&text) => bare(text),
            None => with_next(text),
        });
    }
    let letters = text
        .trim_start_matches('-')
        .trim_start_matches(|c| BARE_LETTERS.contains(c));
    let Some(letter) = letters.chars().next() else {
        return Some(bare(text));
    };
    let name = format!("-{letter}");
    let value = letters.strip_prefix(letter).unwrap_or_default();
    let value = value.strip_prefix('=').unwrap_or(value);
    Some(if letter == '=' {
        // `-i=true`
        bare("-i")
    } else if value.is_empty() {
        with_next(&name)
    } else {
        Flag {
            name,
            value: known(value),
            rest,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Place;

    #[test]
    fn a_value_belongs_to_its_flag_however_that_is_written() {
        for (line, name, value, rest) in [
            ("--rm img", "--rm", None, 1),
            ("-it img", "-it", None, 1),
            ("-ie A=1 img", "-e", Some("A=1"), 1),
            ("-ite A=1 img", "-e", Some("A=1"), 1),
            ("-eA=1 img", "-e", Some("A=1"), 1),
            ("-e=A=1 img", "-e", Some("A=1"), 1),
            ("--env=A=1 img", "--env", Some("A=1"), 1),
            ("--log-opt S img", "--log-opt", Some("S"), 1),
            ("--unheard-of S img", "--unheard-of", Some("S"), 1),
            ("-i=true img", "-i", None, 1),
            ("-e", "-e", None, 0),
        ] {
            let words: Vec<Word> = line
                .split(' ')
                .map(|word| Word::known(word, Place::default()))
                .collect();
            let found = flag(&words).unwrap();
            let text = found.value.as_ref().and_then(Word::as_str);
            assert_eq!(
                (found.name.as_str(), text, found.rest.len()),
                (name, value, rest),
                "{line}"
            );
        }
    }
}
