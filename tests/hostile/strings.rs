//! What breaks out of its place where somebody forgot to escape it.

/// Each in the language that it is meant for. What few fields take stands last.
pub const HOSTILE: [&str; 68] = [
    // Shells, and what expands variables.
    "'; rm -rf /; '",
    "$(id)",
    "`id`",
    "${HOME}",
    "$HOME",
    "$",
    "$$",
    "$(POD_NAME)",
    "$$(POD_NAME)",
    ";",
    "&&",
    "| tee x",
    "> x",
    "!",
    "~",
    "EOF",
    "'",
    "\"",
    "\\",
    "\\n",
    " ",
    "a  b ",
    " -x",
    " --flag=x",
    // YAML and JSON.
    ": ",
    " #",
    "- a",
    "{a: b}",
    "[a, b]",
    "\", \"b\": \"c",
    "&a *a",
    "!tag",
    "%YAML",
    // Templates: Helm, Prometheus, Grafana, IAM, GitHub.
    "{{ .Values.x }}",
    "{{ $labels.pod }}",
    "${var}",
    "$var",
    "[[var]]",
    "${__all_variables}",
    "${aws:username}",
    "*",
    "?",
    "${{ github.token }}",
    "os.environ/KEY",
    // PromQL, Mermaid, dot.
    "\"} or vector(1) or up{a=\"b",
    "\"]; click n0 href \"x",
    "%%{init: {}}%%",
    "#quot;",
    "\" URL=\"x",
    // HTML, XML, Markdown, workflow commands.
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "]]>",
    "--><!--",
    "&amp;&#10;",
    "|",
    "a | b |",
    "*a* _b_ ~~c~~",
    "[a](javascript:b) ![c](d)",
    "``` ` ```",
    "%0A::error::x",
    "::error::x",
    "e\u{301}\u{301}\u{301}🦀",
    // Lines, and what only some take for one.
    "\n",
    "\nkind: Secret\n---\n# Title\n\n| a | b |\n| - | - |\n",
    "\r\n\tx\t",
    "\u{2028}\u{2029}",
    // What hides, or turns what stands around it.
    "\u{202e}\u{2066}\u{200b}\u{feff}",
    "\0\u{85}\u{7f}\u{fffe}",
];

/// How many at their end few fields take.
pub const ODD: usize = 5;

/// For fields that do not take all: one string for each character that somebody gives a meaning.
pub const SHORT: [&str; 16] = [
    " ",
    "$",
    "*",
    "~",
    "/",
    "$HOME",
    "$$(POD_NAME)",
    "?",
    "!",
    ";",
    "'",
    "\"",
    "\\n",
    "%0A",
    "|",
    "&",
];
/// A field that takes none of so many at their beginning takes letters and digits.
pub const FIRST: usize = 5;
