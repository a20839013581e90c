//! A run that is killed, at any moment.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support;
use crate::support::kustomize::Folder;
use crate::support::run::{concat, run};

const KILLS: u32 = 100;

/// Two versions of one set, of which the second has other texts, other files and fewer of them.
fn set(servers: std::ops::Range<usize>, version: &str) -> String {
    let server = |n| format!("  - {{name: s{n}, image: mcp-s{n}:{version}}}\n");
    let servers = concat(servers.map(server));
    format!(
        "apiVersion: mcpset.dev/v1alpha1\nkind: McpServerSet\nmetadata: {{name: mcp, namespace: litellm}}\n\
         spec:\n  platform: {{registry: registry.example.com}}\n  servers:\n{servers}"
    )
}

fn render(folder: &Folder, file: &str) -> Command {
    let mut command = support::mcpset();
    command.current_dir(folder.path());
    command.args(["render", file, "-o", "out", "--kustomization"]);
    command
}

/// The files in `out`.
fn out(folder: &Folder) -> BTreeMap<String, String> {
    let files = folder.files().into_iter();
    files.filter(|(path, _)| path.starts_with("out/")).collect()
}

/// Where the folder holds `files` and nothing else.
fn put(folder: &Folder, files: &BTreeMap<String, String>) {
    fs::remove_dir_all(folder.path().join("out")).unwrap();
    for (name, text) in files {
        folder.write(name, text);
    }
}

#[test]
fn a_run_that_is_killed_leaves_whole_files_and_the_next_one_completes_them() {
    let folder = Folder::in_memory(&[
        ("old.yaml", &set(0..3, "1.0.0")),
        ("new.yaml", &set(1..4, "2.0.0")),
    ]);
    run(&mut render(&folder, "new.yaml"), b"").wrote();
    let new = out(&folder);
    fs::remove_dir_all(folder.path().join("out")).unwrap();
    run(&mut render(&folder, "old.yaml"), b"").wrote();
    let old = out(&folder);
    // As long as it takes over the old files.
    let start = Instant::now();
    run(&mut render(&folder, "new.yaml"), b"").wrote();
    let whole = start.elapsed();

    let (mut killed, mut between) = (0, 0);
    // Numbers without an order, the same in every run: Knuth's multiplier, modulo 2^32.
    let mut random = 1_u32;
    for _ in 0..KILLS {
        put(&folder, &old);
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let moment = whole.as_secs_f64() * f64::from(random) / f64::from(u32::MAX);
        let mut command = render(&folder, "new.yaml");
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_secs_f64(moment));
        child.kill().unwrap();
        killed += u32::from(child.wait().unwrap().code().is_none());

        let now = out(&folder);
        for (name, text) in &now {
            // What it was writing is hidden from kubectl, kustomize and Flux: it does not end as a manifest.
            if name.starts_with("out/.") && name.strip_suffix(".tmp").is_some() {
                continue;
            }
            let is_whole = old.get(name) == Some(text) || new.get(name) == Some(text);
            assert!(is_whole, "{name} is neither old nor new:\n{text}");
        }
        between += u32::from(now != old && now != new);

        run(&mut render(&folder, "new.yaml"), b"").wrote();
        assert!(out(&folder) == new, "the next run does not complete it");
    }
    assert!(killed > KILLS / 4, "only {killed} runs were killed");
    assert!(between > 0, "no kill came while files were written");
}
