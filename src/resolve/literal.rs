//! Text that the kubelet passes on exactly as written.
//!
//! In `env[].value`, `command` and `args` the kubelet expands `$(NAME)` and turns `$$` into `$`. A
//! config's values are never meant that way, and a `$(…)` that stands there by accident (a
//! template, a regular expression) would change with the environment.

/// `text` written so that the kubelet's expansion yields `text` again.
pub fn kubelet_literal(text: &str) -> String {
    if !text.contains('$') {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        escaped.push(character);
        if character == '$' && matches!(rest.peek(), Some('$' | '(')) {
            escaped.push('$');
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The kubelet's own expansion (kubernetes/third_party/forked/golang/expansion), for a
    /// container in which every variable has the value `!`.
    fn expand(input: &str) -> String {
        let text: Vec<char> = input.chars().collect();
        let mut output = String::new();
        let mut at = 0;
        while at < text.len() {
            if text[at] != '$' || at + 1 == text.len() {
                output.push(text[at]);
                at += 1;
                continue;
            }
            match text[at + 1] {
                '$' => {
                    output.push('$');
                    at += 2;
                }
                '(' => {
                    if let Some(end) = text[at..].iter().position(|c| *c == ')') {
                        output.push('!');
                        at += end + 1;
                    } else {
                        output.push_str("$(");
                        at += 2;
                    }
                }
                other => {
                    output.push('$');
                    output.push(other);
                    at += 2;
                }
            }
        }
        output
    }

    #[test]
    fn a_reference_is_escaped_and_a_lone_dollar_is_not() {
        assert_eq!(kubelet_literal("$(HOME)/x"), "$$(HOME)/x");
        assert_eq!(kubelet_literal("costs 5$ or $x"), "costs 5$ or $x");
        assert_eq!(kubelet_literal("$$"), "$$$");
    }

    proptest! {
        #[test]
        fn the_kubelet_gives_the_text_back(text in r"[$()a\u{e9} ]{0,12}") {
            prop_assert_eq!(expand(&kubelet_literal(&text)), text);
        }
    }
}
