//! A small district behind real cables, with accounts, served to browsers inside its namespace.

use std::io::Write;
use std::process::{Command, Stdio};

use super::Browser;
use crate::daemon::{Daemon, Home, PROGRAM, Row, Speed};
use crate::lab::Pair;

/// Everybody's password.
pub const PASSWORD: &str = "correct-horse-1";
/// The township of the office.
pub const TOWNSHIP: &str = "汀泗桥镇";

/// The district with its daemon.
pub struct Site {
    pub pair: Pair,
    pub home: Home,
    pub daemon: Daemon,
}

impl Site {
    /// A trunk with two villages, and two lines beside it; faults open after a second, and are stable after two. Accounts:
    /// `viewer`, `office` of the trunk's township, `crew`, `admin`.
    pub fn open() -> Self {
        let row = |id: &str, address: &str, name: &str| Row::new(id, address).named(name).township(TOWNSHIP);
        let mut home = Home::new()
            .speed(Speed::FIVEFOLD)
            .references(&["10.255.0.2"])
            .more("[faults]\nopen_after = \"1s\"\nstability = \"2s\"\n")
            .line(row("T-04", "10.64.1.1", "汀泗桥镇主干专线"))
            .line(row("V-01", "10.64.1.11", "古田社区政务专线").class("village").below("T-04"))
            .line(row("V-02", "10.64.1.12", "花纹社区政务专线").class("village").below("T-04"))
            .line(Row::new("T-02", "10.64.2.1").named("浮山街道主干专线").township("浮山街道"))
            .line(Row::new("D-03", "10.64.2.3").named("区政府办公室专线"));
        "127.0.0.1:8401".clone_into(&mut home.listen);
        home.language = "zh-CN";
        let pair = Pair::new();
        let daemon = home.start_through(pair.near.command(PROGRAM));
        daemon.await_status("all lines up", |status| status["total"]["up"] == 5);
        let site = Self { pair, home, daemon };
        site.account("viewer", &["--role", "viewer", "--full-name", "陈科员"]);
        site.account("office", &["--role", "office", "--township", TOWNSHIP, "--full-name", "汀泗桥镇办"]);
        site.account("crew", &["--role", "crew", "--full-name", "李师傅"]);
        site.account("admin", &["--role", "admin", "--full-name", "王工"]);
        site
    }

    /// The browser for it.
    pub fn browser(&self) -> Browser<'_> {
        Browser::new(&self.pair.near, "http://127.0.0.1:8401")
    }

    fn account(&self, name: &str, options: &[&str]) {
        let mut command = Command::new(PROGRAM);
        command
            .args(["user", "add", name, "--stdin", "--by", "root", "--config"])
            .arg(self.home.config())
            .args(options);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("runs");
        child.stdin.take().expect("piped").write_all(format!("{PASSWORD}\n").as_bytes()).expect("writes");
        assert!(child.wait().expect("ends").success(), "user add {name}");
    }

    /// Cuts a line.
    pub fn cut(&self, address: &str) {
        self.pair.far.nft_add("dead", address);
    }

    /// Mends it.
    pub fn mend(&self, address: &str) {
        self.pair.far.nft_delete("dead", address);
    }
}
