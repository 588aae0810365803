//! Where packages can really be installed. [`Root`]: a root file system, an overlay over the machine's own, in
//! namespaces. [`machine`]: a whole Debian, with systemd.

#![allow(dead_code, reason = "every test file uses its own part of it")]

pub mod machine;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// The root; gone, with everything that runs in it, when dropped.
pub struct Root {
    shared: tempfile::TempDir,
    holder: Child,
    /// The first process of the namespaces, as seen from outside.
    inside: u32,
}

impl Root {
    /// A fresh one. Wants root, or sudo that asks for no password.
    pub fn new() -> Self {
        let shared = tempfile::tempdir().expect("a folder");
        open_to_all(shared.path());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/package/root.sh");
        let namespaces = ["unshare", "-m", "-n", "-p", "-f", "--kill-child", "--propagation", "private", "sh"];
        let mut command = as_root(&namespaces);
        command.arg(script).arg(shared.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut said = String::new();
        let stdout = holder.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut said).expect("read");
        assert_eq!(
            said, "ready\n",
            "this test installs a package in a root of its own: run it as root (or with sudo that asks for no \
             password) where an overlay may be mounted over / (a machine with / in one file system, or a container \
             with CAP_SYS_ADMIN)"
        );
        let inside = first_inside(holder.id());
        Self { shared, holder, inside }
    }

    /// A file that is at `/mnt/NAME` inside.
    pub fn shared(&self, name: &str) -> PathBuf {
        self.shared.path().join(name)
    }

    /// Prepares a shell command inside, in `/`.
    pub fn command(&self, script: &str) -> Command {
        let inside = self.inside.to_string();
        let mut command = as_root(&["nsenter", "-t", &inside, "-m", "-n", "-p"]);
        let root = self.shared.path().join("layers/root");
        command.args(["chroot"]).arg(root).args([
            "/usr/bin/env",
            "-i",
            "-C",
            "/",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        ]);
        command.args(["LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "bash", "-c", script]);
        command
    }

    /// Runs it, whatever becomes of it.
    pub fn try_run(&self, script: &str) -> (Output, String) {
        let output = self.command(script).output().expect("nsenter (util-linux) runs");
        let text = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
        println!("# {script}\n{}", text.trim_end());
        (output, text)
    }

    /// Runs it; it must succeed. Returns what it printed.
    pub fn run(&self, script: &str) -> String {
        let (output, text) = self.try_run(script);
        assert!(output.status.success(), "{script}: {}\n{text}", output.status);
        text
    }

    /// Files whose name has `part`, of all that were made or changed since the beginning.
    pub fn made(&self, part: &str) -> Vec<String> {
        let inside = self.inside.to_string();
        let mut find = as_root(&["nsenter", "-t", &inside, "-m", "find"]);
        let upper = self.shared.path().join("layers/upper");
        // Character devices stand for what was deleted again.
        let output =
            find.arg(upper).args(["-path", &format!("*{part}*"), "!", "-type", "c", "-printf", "/%P\n"]).output();
        let mut names: Vec<String> =
            String::from_utf8(output.expect("find runs").stdout).expect("UTF-8").lines().map(str::to_owned).collect();
        names.sort();
        names
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        // The holder reads its end there; with it goes the namespaces' first process, and with that all others.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}

/// Anybody may reach what lies in a folder made for one.
pub fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777)).expect("permissions");
}

/// Builds the package from the binary that these tests were built with, with more arguments for `cargo deb`.
pub fn build(target: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(["deb", "--profile", "dev", "--no-build", "--strip", "--fast", "-o"])
        .arg(target)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo deb (tests/run installs it: cargo install --locked cargo-deb):\n{said}");
}

/// A command with the rights of root.
pub fn as_root(words: &[&str]) -> Command {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let words: Vec<&str> = if is_root { words.to_vec() } else { [&["sudo", "-n"][..], words].concat() };
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
}

/// The process that `unshare --fork` started, perhaps below sudo: the last of a chain of only children that is in
/// another process namespace is its first.
fn first_inside(holder: u32) -> u32 {
    let namespace = |process: u32| {
        let output = as_root(&["readlink", &format!("/proc/{process}/ns/pid")]).output().expect("readlink runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let own = namespace(std::process::id());
    let mut process = holder;
    loop {
        let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).expect("children");
        process = children.split_whitespace().next().expect("a child of unshare").parse().expect("a number");
        if namespace(process) != own {
            return process;
        }
    }
}
