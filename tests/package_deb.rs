//! The Debian package, built by `cargo deb` and really installed, started, upgraded, removed and purged, in a root of
//! its own. The machine's own packages and accounts are not touched.

mod package;

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use package::{Root, build, open_to_all};

/// The unit's account and its one capability, and nothing else of root.
const AS_THE_UNIT: &str = "setpriv --reuid linewatch --regid linewatch --init-groups --no-new-privs \
                           --inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw --bounding-set=-all,+net_raw";
/// What the unit starts.
const START: &str = "linewatch run --config /etc/linewatch/linewatch.toml";

/// What is in the package.
fn contents(package: &Path) -> String {
    let output = Command::new("dpkg-deb").arg("-c").arg(package).output().expect("dpkg-deb runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What the machine itself knows of linewatch; it must stay so.
fn on_the_machine() -> (String, bool) {
    let dpkg = Command::new("dpkg-query").args(["-W", "linewatch"]).output().expect("dpkg-query runs");
    let accounts = std::fs::read_to_string("/etc/passwd").expect("readable");
    let packages = [&dpkg.stdout[..], &dpkg.stderr[..]].concat();
    (String::from_utf8(packages).expect("UTF-8"), accounts.contains("linewatch:"))
}

/// The daemon as the unit would start it.
fn started(root: &Root) -> String {
    // It may have been started before.
    let _ = std::fs::remove_file(root.shared("notify"));
    let manager = UnixDatagram::bind(root.shared("notify")).expect("binds");
    open_to_all(&root.shared("notify"));
    manager.set_read_timeout(Some(Duration::from_mins(1))).expect("a timeout");
    let run = format!("echo $$ > /run/pid; export NOTIFY_SOCKET=/mnt/notify; exec {AS_THE_UNIT} {START} 2> /run/log");
    let mut daemon = root.command(&run).stdin(Stdio::null()).spawn().expect("starts");
    let mut message = [0; 4096];
    let Ok(length) = manager.recv(&mut message) else {
        let _ = daemon.kill();
        panic!("not ready within a minute:\n{}", root.try_run("cat /run/log").1);
    };
    std::thread::spawn(move || daemon.wait());
    String::from_utf8_lossy(&message[..length]).into_owned()
}

fn scrape(root: &Root) -> String {
    let get = "exec 3<>/dev/tcp/127.0.0.1/8401 && printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";
    let output = root.command(get).output().expect("bash runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Scrapes until every line has answered.
fn scrape_until_up(root: &Root) -> String {
    for _ in 0..2000 {
        let text = scrape(root);
        let up = |line: &&str| line.starts_with("linewatch_line_up{") && line.ends_with(" 1");
        if text.lines().filter(up).count() == 401 {
            return text;
        }
    }
    panic!("the 401 lines are not up after 2000 scrapes:\n{}", root.try_run("cat /run/log").1);
}

fn stopped(root: &Root) {
    let stop = "kill -TERM $(cat /run/pid) && tail --pid=$(cat /run/pid) -f /dev/null; tail -n 1 /run/log";
    let last = root.run(stop);
    assert!(last.contains("stopped"), "{last}");
}

#[test]
fn it_installs_starts_upgrades_and_leaves_the_evidence() {
    let before = on_the_machine();
    let root = Root::new();
    let package = root.shared("linewatch.deb");
    build(&package, &[]);
    holds_what_a_package_should(&contents(&package));
    // Whoever has linewatch on this machine has it in the overlay too.
    root.run("dpkg -P linewatch 2>&1; rm -rf /var/lib/linewatch /etc/linewatch");

    installs(&root);
    runs(&root);
    let head = root.run(&format!("{AS_THE_UNIT} linewatch journal head"));
    upgrades(&root);
    leaves_the_evidence(&root);
    comes_back_to_it(&root, &head);
    assert_eq!(on_the_machine(), before);
}

fn holds_what_a_package_should(contents: &str) {
    for path in [
        "./usr/bin/linewatch",
        "./usr/lib/systemd/system/linewatch.service",
        "./usr/lib/sysusers.d/linewatch.conf",
        "./etc/linewatch/linewatch.toml",
        "./etc/linewatch/lines.csv",
        "./etc/linewatch/selfeval.toml",
        "./usr/share/man/man1/linewatch.1.gz",
        "./usr/share/man/zh_CN/man1/linewatch.1.gz",
        "./usr/share/bash-completion/completions/linewatch",
        "./usr/share/zsh/vendor-completions/_linewatch",
        "./usr/share/fish/vendor_completions.d/linewatch.fish",
        "./usr/share/doc/linewatch/copyright",
    ] {
        assert!(contents.lines().any(|line| line.ends_with(&format!(" {path}"))), "{path} is missing:\n{contents}");
    }
    assert!(!contents.contains("var/lib"), "the package owns no evidence, so it removes none:\n{contents}");
}

fn installs(root: &Root) {
    let said = root.run("dpkg -i /mnt/linewatch.deb");
    assert!(said.contains("尚未启动") && said.contains("systemctl enable --now linewatch"), "{said}");
    assert!(root.run("getent passwd linewatch").ends_with(":/var/lib/linewatch:/usr/sbin/nologin\n"));
    assert_eq!(root.run("stat -c '%U:%G %a' /var/lib/linewatch"), "linewatch:linewatch 750\n");
    let (_, enabled) = root.try_run("systemctl --root=/ is-enabled linewatch");
    assert_eq!(enabled, "disabled\n", "the example is not to become evidence by itself");
    root.run("systemctl --root=/ enable linewatch && systemctl --root=/ is-enabled linewatch");
    root.run("systemd-analyze verify --man=no /usr/lib/systemd/system/linewatch.service");
    assert_eq!(root.run("linewatch --version"), concat!("linewatch ", env!("CARGO_PKG_VERSION"), "\n"));
    let check = root.run(&format!("{AS_THE_UNIT} linewatch check"));
    assert!(check.contains("401"), "the example in /etc/linewatch is found and sound: {check}");
}

fn runs(root: &Root) {
    let message = started(root);
    assert!(message.starts_with("READY=1\n") && message.contains("401 条线路"), "{message}");
    let rights = root.run("grep -E '^(Cap(Eff|Prm|Bnd|Amb)|NoNewPrivs):' /proc/$(cat /run/pid)/status");
    for line in rights.lines() {
        let value = line.split_whitespace().nth(1).expect(line);
        assert!(["1", "0000000000002000"].contains(&value), "CAP_NET_RAW (bit 13) and nothing else: {rights}");
    }
    let metrics = scrape_until_up(root);
    println!("first scrape: {} lines", metrics.lines().count());
    let status = root.run(&format!("{AS_THE_UNIT} linewatch status --lang en"));
    assert!(status.contains("401"), "{status}");
    stopped(root);
    root.run(&format!("{AS_THE_UNIT} linewatch journal verify"));
}

fn upgrades(root: &Root) {
    root.run(
        "echo '# ours' >> /etc/linewatch/linewatch.toml && dpkg -i --force-confdef --force-confold /mnt/linewatch.deb",
    );
    root.run("tail -n 1 /etc/linewatch/linewatch.toml | grep -x '# ours' && test -s /var/lib/linewatch/journal.db");
    assert_eq!(root.run("systemctl --root=/ is-enabled linewatch"), "enabled\n", "an upgrade asks nobody again");
}

fn leaves_the_evidence(root: &Root) {
    let journal = root.run("sha256sum /var/lib/linewatch/journal.db");
    root.run("dpkg -r linewatch");
    root.run("! test -e /usr/bin/linewatch && ! test -e /usr/lib/systemd/system/linewatch.service");
    root.run("grep -x '# ours' /etc/linewatch/linewatch.toml && getent passwd linewatch");
    assert_eq!(root.run("sha256sum /var/lib/linewatch/journal.db"), journal);

    let said = root.run("dpkg -P linewatch");
    assert!(said.contains("/var/lib/linewatch"), "{said}");
    root.run("! test -e /etc/linewatch && ! getent passwd linewatch && ! getent group linewatch");
    assert_eq!(root.run("sha256sum /var/lib/linewatch/journal.db"), journal, "evidence outlives everything");
    assert_eq!(root.run("stat -c '%U:%G %a' /var/lib/linewatch"), "root:root 700\n");
    let left = root.made("linewatch");
    println!("left after the purge: {left:#?}");
    assert!(left.iter().all(|path| path.starts_with("/var/lib/linewatch")), "{left:#?}");
}

fn comes_back_to_it(root: &Root, head: &str) {
    root.run("dpkg -i /mnt/linewatch.deb");
    assert_eq!(root.run(&format!("{AS_THE_UNIT} linewatch journal head")), head, "the journal of before, readable");
    let message = started(root);
    assert!(message.starts_with("READY=1\n"), "{message}");
    stopped(root);
    root.run(&format!("{AS_THE_UNIT} linewatch journal verify"));
}
