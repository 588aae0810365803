//! A network namespace with a name of its own.

use std::path::PathBuf;
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::sys;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A network namespace; removed when dropped.
pub struct Namespace {
    name: String,
}

impl Namespace {
    /// A new one, loopback up.
    pub fn new(role: &str) -> Self {
        let name = format!("lw-{}-{}-{role}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        execute(Command::new("ip").args(["netns", "add", &name]));
        let namespace = Self { name };
        namespace.run("ip link set lo up");
        namespace
    }

    /// Its name, for `ip netns`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs a command inside (words split at blanks), returns its output, panics when it fails.
    pub fn run(&self, command: &str) -> String {
        let mut words = command.split_whitespace();
        let mut prepared = self.command(words.next().expect("a command"));
        execute(prepared.args(words))
    }

    /// Prepares a process inside.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]);
        command
    }

    /// Runs a closure in a thread inside; what it starts (runtimes, threads) is inside too.
    pub fn enter<R: Send>(&self, body: impl FnOnce() -> R + Send) -> R {
        let path = self.path();
        thread::scope(|scope| {
            let inside = scope.spawn(|| {
                sys::join_network(&path).unwrap_or_else(|error| panic!("entering {}: {error}", self.name));
                body()
            });
            inside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Where the namespace is mounted.
    pub fn path(&self) -> PathBuf {
        PathBuf::from("/run/netns").join(&self.name)
    }

    /// Lets root inside open datagram ICMP sockets; in a user namespace there is no other group to name.
    pub fn permit_datagram(&self) {
        execute(self.command("sysctl").args(["-qw", "net.ipv4.ping_group_range=0 0"]));
    }

    /// Loads nftables rules.
    pub fn nft(&self, rules: &str) {
        execute(self.command("nft").arg(rules));
    }

    /// Adds an element (an address, perhaps with ` timeout 3s`) to one of the sets of [`Pair`](super::Pair).
    pub fn nft_add(&self, set: &str, element: &str) {
        self.nft(&format!("add element inet lab {set} {{ {element} }}"));
    }

    /// Takes an element out again.
    pub fn nft_delete(&self, set: &str, element: &str) {
        self.nft(&format!("delete element inet lab {set} {{ {element} }}"));
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Panicking here would hide why the test failed.
        let _ = Command::new("ip").args(["netns", "delete", &self.name]).status();
    }
}

fn execute(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; the tests need iproute2, nftables and procps (sysctl)"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?} failed:\n{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}
