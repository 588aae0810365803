//! A machine of a test's own: a fresh Debian 12 with systemd as its first process, in namespaces, with no network.

use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use super::{as_root, first_inside};

/// What a freshly installed server has besides the essential packages, and the chapter's commands use.
const PACKAGES: &str = "systemd-sysv,dbus,sudo,curl";
/// Debian's version.
const SUITE: &str = "bookworm";
/// The account of whoever reads the README; may use sudo.
const CLERK: &str = "clerk";
/// How long the first start of the machine may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// The machine; switched off and gone when dropped.
pub struct Machine {
    folder: tempfile::TempDir,
    holder: Child,
    leader: u32,
}

impl Machine {
    /// Installs and boots it. Wants root, or sudo that asks for no password, and Debian's packages.
    pub fn boot() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("root");
        let mut install = as_root(&["mmdebstrap", "--quiet", "--variant=minbase", "--dpkgopt=force-unsafe-io"]);
        install.arg(format!("--include={PACKAGES}")).arg(SUITE).arg(&root).stdin(Stdio::null());
        let output = install.output().unwrap_or_else(|error| panic!("{install:?} (tests/run installs it): {error}"));
        assert!(
            output.status.success(),
            "mmdebstrap could not make a Debian; it wants root and the packages of Debian:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );

        let socket = folder.path().join("booted");
        let booted = UnixDatagram::bind(&socket).expect("binds");
        booted.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let notify = format!("NOTIFY_SOCKET={}", socket.display());
        let mut nspawn = as_root(&["setpriv", "--pdeathsig", "KILL", "env", &notify, "systemd-nspawn", "--quiet"]);
        nspawn
            .args(["--register=no", "--keep-unit", "--private-network", "--notify-ready=yes", "--boot", "--directory"])
            .arg(&root);
        let console = std::fs::File::create(folder.path().join("console")).expect("a file");
        nspawn.stdin(Stdio::null()).stderr(console.try_clone().expect("the same file")).stdout(console);
        let holder = nspawn.spawn().unwrap_or_else(|error| panic!("{nspawn:?}: {error}"));
        let mut machine = Self { folder, holder, leader: 0 };
        machine.await_boot(&booted);
        machine.leader = first_inside(machine.holder.id());
        machine.run_as_root(&format!(
            "useradd --create-home --shell /bin/bash --groups sudo {CLERK} && \
             echo '%sudo ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/readers && \
             echo 'LANG=C.UTF-8' > /etc/default/locale && echo 127.0.0.1 $(hostname) >> /etc/hosts"
        ));
        machine
    }

    fn await_boot(&self, booted: &UnixDatagram) {
        let mut message = [0; 4096];
        loop {
            let Ok(length) = booted.recv(&mut message) else {
                let console = std::fs::read_to_string(self.folder.path().join("console")).unwrap_or_default();
                panic!(
                    "Debian did not start in systemd-nspawn (tests/run installs it: systemd-container); it wants root on \
                     a machine that may mount and make namespaces:\n{console}"
                );
            };
            if message[..length].split(|byte| *byte == b'\n').any(|line| line == b"READY=1") {
                return;
            }
        }
    }

    /// A path of the machine as it is seen from outside.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join("root").join(inside.trim_start_matches('/'))
    }

    fn enter(&self) -> Command {
        let leader = self.leader.to_string();
        as_root(&["nsenter", "-t", &leader, "-m", "-u", "-i", "-n", "-p", "-r", "-w", "env", "-i"])
    }

    /// Runs a command as root.
    pub fn run_as_root(&self, script: &str) -> String {
        let mut command = self.enter();
        command.args(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "bash", "-c", script]);
        said(script, &command.output().expect("nsenter (util-linux) runs"))
    }

    /// Logs the clerk in, who types a command in a folder and answers yes to whatever it asks.
    pub fn type_in(&self, folder: &str, command: &str) -> String {
        let mut login = self.enter();
        let script = format!("cd {folder} && {command}");
        login.args(["/usr/bin/su", "-", CLERK, "-c", &script]).stdin(Stdio::piped());
        let mut child = login.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("nsenter (util-linux) runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        // Whoever asks nothing does not read it.
        let _ = std::io::Write::write_all(&mut stdin, b"y\n");
        drop(stdin);
        said(command, &child.wait_with_output().expect("ends"))
    }
}

/// What a command printed; it must have succeeded.
fn said(command: &str, output: &Output) -> String {
    let text = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
    println!("$ {command}\n{}", text.trim_end());
    assert!(output.status.success(), "{command}: {}\n{text}", output.status);
    text
}

impl Drop for Machine {
    fn drop(&mut self) {
        // systemd-nspawn ends, and everything in its namespaces with it, when its first process does. That one, as
        // any container's, takes SIGRTMIN+4 for "power off"; it has nothing to save.
        if self.leader != 0 {
            let _ = as_root(&["kill", "-KILL", &self.leader.to_string()]).status();
        } else {
            let _ = as_root(&["kill", "-TERM", &self.holder.id().to_string()]).status();
        }
        let _ = self.holder.wait();
        // Files of root's and of accounts that exist inside only.
        let _ = as_root(&["rm", "-rf", "--one-file-system", "--"]).arg(self.folder.path().join("root")).status();
    }
}
