//! Scripts as bash understands them: every command is called, and none is run.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Runs each script where no program is found, and writes down what would have been started.
/// Each call is one line and one write, since both sides of a pipe write at once.
const DRIVER: &str = r#"
command_not_found_handle() {
  local IFS=$'\x1e' words=("${@//$'\n'/$'\x1f'}")
  printf '%s\n' "${words[*]}" >>calls
}
kill() { wait; }
export LITELLM_MASTER_KEY=x CLUSTER=x AWS_REGION=x
for script; do
  printf '\n' >>calls
  (eval "$script" <<<secret; wait) >/dev/null 2>>said
done
"#;

/// What each of `scripts` would start, as the words of each command, and what bash says against it.
pub fn calls(scripts: &[String]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    for name in ["calls", "said"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let status = Command::new("/bin/bash")
        .args(["-c", DRIVER, "bash"])
        .args(scripts)
        .env_clear()
        .env("PATH", "/nonexistent")
        .current_dir(&folder)
        .stdin(Stdio::null())
        .status();
    assert!(status.unwrap().success());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let (calls, said) = (read("calls"), read("said"));
    let words = |call: &str| -> Vec<String> {
        let words = call.split('\u{1e}');
        words.map(|word| word.replace('\u{1f}', "\n")).collect()
    };
    let calls: Vec<_> = calls.split_terminator('\n').map(words).collect();
    // Each script has a blank line before its own.
    let scripts = calls.split(|call| *call == [""]).skip(1);
    let mut scripts: Vec<_> = scripts.map(<[_]>::to_vec).collect();
    for calls in &mut scripts {
        calls.sort_by_key(|call| (call.len(), call.iter().take(2).cloned().collect::<Vec<_>>()));
    }
    let mut files: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    json!({"calls": scripts, "files": files, "said": said})
}
