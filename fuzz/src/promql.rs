//! The reader of other people's PromQL takes any text, and a literal of ours back for what it says.

use std::str;

use mcpset::promql::{Operator, read, string};

/// Whatever stands in somebody's rule.
pub fn promql(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    if let Some(reading) = read(text) {
        for matcher in reading
            .selectors
            .iter()
            .flat_map(|selected| &selected.matchers)
        {
            let _ = matcher.values();
        }
        assert_eq!(read(text), Some(reading));
    }
    let literal = format!("sum by (a) (rate(m{{l={}}}[5m]))", string(text));
    let reading = read(&literal).expect("an expression of ours");
    let [selected] = reading.selectors.as_slice() else {
        panic!("one selector: {reading:?}");
    };
    let [matcher] = selected.matchers.as_slice() else {
        panic!("one matcher: {reading:?}");
    };
    assert_eq!(
        (matcher.operator, matcher.value.as_str()),
        (Operator::Is, text)
    );
}
