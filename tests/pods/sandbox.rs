//! A pod that runs, and how the kubelet ends it. See sandbox.sh and container.sh for what it runs in.
//!
//! No pod outlives its test, however that ends: sandbox.sh ends when its standard input closes, and all of its
//! processes end with it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::pod::{ADDRESS, Deployed, script};
use crate::support::run::{run, wait};

/// How long it may take until the container that serves is started, init containers included.
const START: Duration = Duration::from_mins(1);
/// In a test, nobody is to be sent elsewhere while `preStop` sleeps.
const PRE_STOP: Duration = Duration::from_millis(200);
/// How long a process that does not heed SIGTERM is watched not to.
const UNHEARD: Duration = Duration::from_secs(2);

/// A pod that runs.
#[derive(Debug)]
pub struct Sandbox {
    folder: TempDir,
    process: Child,
    container: PathBuf,
}

/// How its container ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With this status, within the grace period.
    OnTerm(i32),
    /// Not by SIGTERM: the kubelet would kill it when the grace period is over.
    Unheard,
}

impl Sandbox {
    /// Starts the pod of `deployed` and waits until all init containers are done and the one that serves is
    /// started.
    pub fn start(deployed: &Deployed) -> Self {
        let folder = tempfile::Builder::new().prefix("pod").tempdir().unwrap();
        let path = fs::canonicalize(folder.path()).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        deployed.write(&path);
        let mut containers: Vec<PathBuf> = fs::read_dir(path.join("containers"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        containers.sort();
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--uts", "--ipc", "--net", "--pid"])
            .args(["--fork", "--kill-child"])
            .arg(script("sandbox.sh"))
            .arg(&path)
            .args([ADDRESS, &deployed.pod_name()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(fs::File::create(path.join("log")).unwrap());
        let sandbox = Self {
            process: command.spawn().unwrap(),
            container: containers.pop().unwrap(),
            folder,
        };
        let started = Instant::now();
        while sandbox.pid().is_none() {
            for init in &containers {
                let status = status(init);
                assert!(matches!(status, None | Some(0)), "{}", sandbox.log());
            }
            assert!(started.elapsed() < START, "{}", sandbox.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        sandbox
    }

    /// The process with which the container began: `None` until it has begun.
    fn pid(&self) -> Option<u32> {
        fs::read_to_string(self.container.join("pid"))
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    /// The status with which the container ended; `None` while it runs.
    pub fn ended(&self) -> Option<i32> {
        status(&self.container)
    }

    /// Everything that anybody in the pod wrote.
    pub fn log(&self) -> String {
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        let containers = fs::read_dir(self.folder.path().join("containers"));
        let containers = containers.unwrap().map(|entry| entry.unwrap().path());
        let mut outs: Vec<PathBuf> = containers.map(|path| path.join("out")).collect();
        outs.sort();
        let outs: String = outs.iter().map(|path| read(path)).collect();
        format!("{}{outs}", read(&self.folder.path().join("log")))
    }

    /// `program` in the pod's network, with this machine's file system.
    pub fn network(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        let net = format!("--net=/proc/{}/ns/net", self.process.id());
        command.args([&net, "--", program]);
        command
    }

    /// The command lines of all processes in the container.
    pub fn processes(&self) -> Vec<String> {
        self.pid()
            .and_then(namespace)
            .map_or_else(Vec::new, |own| within(&own))
    }

    /// Ends it as the kubelet does: `preStop`, SIGTERM, and what is left of the grace period. `preStop` is
    /// cut short, and so is waiting for one of which it is known that it does not heed the signal.
    pub fn end(&mut self, deployed: &Deployed, expected: End) -> End {
        let container = deployed.container();
        let hook = container
            .lifecycle
            .as_ref()
            .and_then(|hooks| hooks.pre_stop.as_ref());
        let sleep = hook.map_or(0, |hook| hook.sleep.as_ref().unwrap().seconds);
        let sleep = Duration::from_secs(u64::try_from(sleep).unwrap());
        let grace = deployed.pod.spec.termination_grace_period_seconds.unwrap();
        let grace = Duration::from_secs(u64::try_from(grace).unwrap());
        std::thread::sleep(sleep.min(PRE_STOP));
        let pid = self.pid().unwrap();
        let own = namespace(pid).unwrap();
        let mut kill = Command::new("kill");
        run(kill.args(["-s", "TERM", &pid.to_string()]), b"").done();
        let patience = match expected {
            End::OnTerm(_) => grace.checked_sub(sleep).unwrap(),
            End::Unheard => UNHEARD,
        };
        let signalled = Instant::now();
        while self.ended().is_none() && signalled.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
        let Some(status) = self.ended() else {
            return End::Unheard;
        };
        assert_eq!(within(&own), Vec::<String>::new());
        End::OnTerm(status)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        wait(&mut self.process);
    }
}

/// What tells the processes of a container from all others.
fn namespace(pid: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/ns/pid")).ok()
}

/// The command lines of all processes in `own`.
fn within(own: &Path) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap();
    let pids = entries.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let is_within = |pid: &u32| namespace(*pid).is_some_and(|found| found == own);
    let mut pids: Vec<u32> = pids.filter(is_within).collect();
    pids.sort_unstable();
    let line = |pid: &u32| {
        let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.replace('\0', " ")
    };
    pids.iter().map(line).collect()
}

fn status(container: &Path) -> Option<i32> {
    let text = fs::read_to_string(container.join("status")).ok()?;
    Some(text.trim().parse().unwrap())
}
