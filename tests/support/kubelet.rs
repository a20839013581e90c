//! What the kubelet does to the texts of a container.

/// What the kubelet makes of `text` where no variable is known, and what it looked for.
pub fn expand(text: &str) -> (String, Vec<String>) {
    expand_with(text, |_| None)
}

/// The same where `known` tells the variables (`third_party/forked/golang/expansion`).
pub fn expand_with(text: &str, known: impl Fn(&str) -> Option<String>) -> (String, Vec<String>) {
    let mut output = String::new();
    let mut looked_for = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        output.push_str(before);
        rest = if let Some(after) = after.strip_prefix('$') {
            output.push('$');
            after
        } else if let Some((name, after)) = after
            .strip_prefix('(')
            .and_then(|after| after.split_once(')'))
        {
            looked_for.push(name.to_owned());
            output.push_str(&known(name).unwrap_or_else(|| format!("$({name})")));
            after
        } else {
            output.push('$');
            after
        };
    }
    output.push_str(rest);
    (output, looked_for)
}
