//! The service chapters of both READMEs, command by command as they are written there, on a freshly installed Debian
//! 12 that has booted: by a clerk who may use sudo and types what stands there.
//!
//! A command in the chapter that this test does not know, and one that it misses, is a failure: whoever changes the
//! chapter says here what the command is to do.

mod package;

use std::path::Path;

use package::build;
use package::machine::Machine;

/// Where the clerk has the sources.
const SOURCES: &str = "/home/clerk/linewatch";
/// Where the clerk is after logging in.
const HOME: &str = "/home/clerk";
/// What the clerk's editor does: another name for the site, one line more.
const EDITOR: &str = r#"#!/bin/sh
for file; do
    if grep -q '^\[site\]' "$file"; then sed -i 's/^name = .*/name = "试点"/' "$file"
    else echo 'D-99,新线,township,,,127.99.0.1,,,,,,,,,,,,,,,' >> "$file"
    fi
done
"#;

/// The commands of a README's service chapter, by block, without their comments.
fn chapter(readme: &str, heading: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(readme)).expect("the README");
    let chapter = text.split(&format!("\n### {heading}\n")).nth(1).expect(heading);
    let chapter = chapter.split("\n#").next().expect("the chapter");
    let blocks = chapter.split("```sh\n").skip(1).map(|block| block.split("```").next().expect("a block"));
    let command = |line: &str| line.split("  #").next().expect("a line").trim().to_owned();
    blocks.map(|block| block.lines().map(command).filter(|line| !line.is_empty()).collect()).collect()
}

/// A command of the chapter, and what is to be seen after it, given what it printed.
type Step = (&'static str, fn(&Machine, &str));

const INSTALL: [Step; 6] = [
    ("sudo apt install ./target/debian/linewatch_*.deb", |machine, said| {
        assert!(said.contains("尚未启动"), "{said}");
        let enabled = machine.run_as_root("systemctl is-enabled linewatch || systemctl is-active linewatch || true");
        assert_eq!(enabled, "disabled\ninactive\n", "the example is not to become evidence by itself");
    }),
    ("sudoedit /etc/linewatch/linewatch.toml /etc/linewatch/lines.csv", |machine, _| {
        machine.run_as_root("grep 试点 /etc/linewatch/linewatch.toml && grep D-99 /etc/linewatch/lines.csv");
    }),
    ("sudo linewatch check --config /etc/linewatch/linewatch.toml", |_, said| {
        assert!(said.contains("没有错误") && said.contains("402 条"), "{said}");
    }),
    ("sudo systemctl enable --now linewatch", |machine, _| {
        assert_eq!(machine.run_as_root("systemctl is-active linewatch"), "active\n");
        machine.run_as_root("systemctl show -p StatusText --value linewatch | grep '402 条线路'");
    }),
    ("systemctl status linewatch", |_, said| {
        assert!(said.contains("active (running)") && said.contains("Status: \"402 条线路，"), "{said}");
    }),
    ("sudo usermod -aG linewatch \"$USER\"", |machine, _| {
        machine.run_as_root("id -nG clerk | grep -w linewatch");
    }),
];

const EVERY_DAY: [Step; 6] = [
    ("linewatch status", |_, said| assert!(said.contains("试点") && said.contains("402"), "{said}")),
    ("sudo journalctl -u linewatch -p warning", |machine, said| {
        assert!(!said.contains("Hint"), "the messages of the service may be read: {said}");
        machine.run_as_root("echo 'D-98,新线,township,,,127.98.0.1,,,,,,,,,,,,,,,' >> /etc/linewatch/lines.csv");
    }),
    ("sudo systemctl reload linewatch", |machine, _| {
        let told = "journalctl -u linewatch -n all -f | grep -m 1 'inventory reloaded'";
        let told = machine.run_as_root(&format!("timeout 60 bash -c \"{told}\""));
        assert!(told.contains("lines=403 new=1"), "{told}");
    }),
    ("curl -X POST http://127.0.0.1:8401/-/reload", |_, said| {
        assert!(said.contains("已重新载入：线路没有变化，共 403 条。"), "{said}");
    }),
    ("sudo -u linewatch linewatch backup", |machine, said| {
        assert!(said.contains("核对通过"), "{said}");
        machine.run_as_root("test -s /var/lib/linewatch/backups/journal-*.db");
    }),
    ("sudo -u linewatch linewatch journal verify", |_, said| assert!(said.contains("完好"), "{said}")),
];

const AWAY: [Step; 3] = [
    ("sudo apt install ./target/debian/linewatch_*.deb", |machine, _| {
        machine.run_as_root("dpkg-query -W linewatch | grep -x 'linewatch\t9.9.9'");
        assert_eq!(machine.run_as_root("systemctl is-active linewatch"), "active\n");
        let starts = machine.run_as_root("journalctl -u linewatch -g 'pages on' -o cat | wc -l");
        assert_eq!(starts, "2\n", "the newer program runs");
        machine.run_as_root("grep 试点 /etc/linewatch/linewatch.toml && grep D-98 /etc/linewatch/lines.csv");
    }),
    ("sudo apt remove linewatch", |machine, _| {
        machine.run_as_root("! test -e /usr/bin/linewatch && ! systemctl is-active linewatch");
        machine.run_as_root("grep 试点 /etc/linewatch/linewatch.toml && test -s /var/lib/linewatch/journal.db");
    }),
    ("sudo apt purge linewatch", |machine, said| {
        assert!(said.contains("/var/lib/linewatch"), "{said}");
        machine.run_as_root("! test -e /etc/linewatch && ! getent passwd linewatch && ! getent group linewatch");
        let left = machine.run_as_root("stat -c '%U:%G %a' /var/lib/linewatch; ls /var/lib/linewatch");
        assert_eq!(left, "root:root 700\nbackups\njournal.db\njournal.db.lock\n", "the evidence stays");
    }),
];

#[test]
fn the_service_chapters_are_true() {
    let blocks = chapter("README.md", "As a service");
    assert_eq!(blocks, chapter("README.zh-CN.md", "作为系统服务"), "both READMEs give the same commands");
    let known = [&INSTALL[..], &EVERY_DAY[..], &AWAY[..]];
    let names = known.map(|block| block.iter().map(|(command, _)| (*command).to_owned()).collect::<Vec<_>>());
    assert_eq!(blocks, names, "the chapter's commands, and those that this test knows");

    let machine = Machine::boot();
    hand_over(&machine, "0.1.0");
    machine.run_as_root(&format!("echo 'export EDITOR=/usr/local/bin/edit' >> {HOME}/.profile"));
    std::fs::write(machine.path("/usr/local/bin/edit"), EDITOR).expect("written");
    machine.run_as_root("chmod 755 /usr/local/bin/edit");
    for (steps, folder) in known.into_iter().zip([SOURCES, HOME, SOURCES]) {
        for (command, look) in steps {
            look(&machine, &machine.type_in(folder, command));
        }
        hand_over(&machine, "9.9.9");
    }
    println!("{} commands of the service chapters, as written, in a fresh Debian 12", blocks.concat().len());
}

/// Puts a package of a version where `cargo deb` would.
fn hand_over(machine: &Machine, version: &str) {
    let folder = machine.run_as_root(&format!("mkdir -p {SOURCES}/target/debian && chmod 777 {SOURCES}/target/debian"));
    assert_eq!(folder, "");
    let package = machine.path(&format!("{SOURCES}/target/debian/linewatch_{version}_amd64.deb"));
    build(&package, &["--deb-version", version]);
}
