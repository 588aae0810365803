//! Starts that are refused: one sentence in the reader's language that says what to do, exit code 1, nothing recorded.

mod daemon;
mod lab;

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use daemon::{Disk, Ended, Home, PROGRAM, Row};
use linewatch_core::record::Fact;
use rusqlite::Connection;

/// Starts the daemon in both languages by a command; both are refused with exit code 1 and one sentence, which
/// contains these words.
fn refused_through(home: &Home, command: &dyn Fn() -> Command, options: &[&str], chinese: &[&str], english: &[&str]) {
    for (language, words) in [("zh-CN", chinese), ("en", english)] {
        let options = [options, &["--lang", language]].concat();
        says(&home.spawn_as_written(command(), &options).ended(), words);
    }
}

fn refused(home: &Home, chinese: &[&str], english: &[&str]) {
    home.write();
    refused_through(home, &|| Command::new(PROGRAM), &[], chinese, english);
}

/// The last line is the sentence; before it there may be log lines, never a panic.
fn says(ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code, Some(1), "{}", ended.log);
    assert!(!ended.log.contains("panicked"), "{}", ended.log);
    for word in words {
        assert!(ended.log.contains(word), "{word:?} is missing:\n{}", ended.log);
    }
}

/// A command that is nobody in particular, also for root: the rights of files count.
fn without_privileges() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-user=65534", PROGRAM]);
    command
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("chmod");
}

/// A house whose store holds a run of three lines.
fn used(net: u8) -> Home {
    let home = Home::new().answering(3, net);
    let daemon = home.start();
    daemon.await_log("observation.sighted");
    assert_eq!(daemon.stop().code, Some(0));
    // A copy of the one file is the whole store.
    let files = fs::read_dir(home.store.parent().expect("a folder")).expect("lists");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8")).collect();
    files.sort();
    assert_eq!(files, ["journal.db", "journal.db.lock"]);
    home
}

#[test]
fn mistakes_of_the_configuration_come_all_at_once_with_their_places() {
    let home = Home::new().more("[faults]\nopen_afer = \"60s\"\n[metrics]\nlines = 3\n");
    refused(
        &home,
        &["open_afer", "open_after", "lines = 3", "linewatch.toml:"],
        &["open_afer", "open_after", "lines = 3", "linewatch.toml:"],
    );
    assert!(!home.store.exists());
}

#[test]
fn a_configuration_that_is_not_there_is_named() {
    let home = Home::new();
    let path = home.config().display().to_string();
    refused_through(
        &home,
        &|| Command::new(PROGRAM),
        &[],
        &[&path, "这个文件", "--config"],
        &[&path, "there is no", "--config"],
    );
}

#[test]
fn a_configuration_that_may_not_be_read_is_named() {
    let home = Home::new();
    home.write();
    mode(home.path(), 0o755);
    mode(&home.config(), 0o000);
    let path = home.config().display().to_string();
    refused_through(&home, &without_privileges, &[], &[&path, "读"], &[&path, "read"]);
}

#[test]
fn an_inventory_that_is_not_there_or_may_not_be_read_is_named() {
    let home = Home::new();
    home.write();
    let path = home.inventory().display().to_string();
    mode(home.path(), 0o755);
    mode(&home.inventory(), 0o000);
    refused_through(&home, &without_privileges, &[], &[&path, "读"], &[&path, "read"]);
    fs::remove_file(home.inventory()).expect("removes");
    refused_through(&home, &|| Command::new(PROGRAM), &[], &[&path, "这个文件"], &[&path, "there is no"]);
    assert!(!home.store.exists());
}

#[test]
fn a_foreign_file_in_the_stores_place_is_left_as_it_is() {
    let home = Home::new();
    let path = home.store.display().to_string();
    fs::create_dir(home.store.parent().expect("a folder")).expect("makes the folder");
    fs::write(&home.store, "线路编号,线路名称\n").expect("writes");
    refused(&home, &[&path, "未作任何改动"], &[&path, "left as it is"]);
    assert_eq!(fs::read_to_string(&home.store).expect("reads"), "线路编号,线路名称\n");
    fs::remove_file(&home.store).expect("removes");
    Connection::open(&home.store).expect("opens").execute_batch("CREATE TABLE notes (text)").expect("makes a table");
    let before = fs::read(&home.store).expect("reads");
    refused(&home, &[&path, "未作任何改动"], &[&path, "left as it is"]);
    assert_eq!(fs::read(&home.store).expect("reads"), before);
}

#[test]
fn a_store_of_a_newer_program_asks_for_that_program() {
    let home = used(81);
    let head = home.verified();
    let version = |version: u8| {
        let connection = Connection::open(&home.store).expect("opens");
        connection.execute_batch(&format!("PRAGMA user_version = {version}")).expect("marks");
    };
    version(99);
    refused(&home, &["更新版本的 linewatch", "99"], &["written by a newer linewatch", "schema 99"]);
    version(1);
    assert_eq!(home.verified(), head);
}

#[test]
fn a_folder_that_may_not_be_written_is_named() {
    let home = used(82);
    let folder = home.store.parent().expect("a folder").to_owned();
    mode(home.path(), 0o755);
    mode(&folder, 0o555);
    let path = folder.display().to_string();
    refused_through(&home, &without_privileges, &[], &[&path, "不可写"], &[&path, "cannot be written"]);
    mode(&folder, 0o755);
    home.verified();
    assert_eq!(home.count("observation.resumed"), 1);
}

#[test]
fn a_disk_that_is_mounted_read_only_or_full_is_named() {
    lab::run(|| {
        let home = Home::new().answering(1, 83);
        let folder = home.store.parent().expect("a folder").to_owned();
        let path = folder.display().to_string();
        let disk = Disk::mount(&folder, "400k");
        disk.fill();
        refused(&home, &[&path, "磁盘已满"], &[&path, "the disk is full"]);
        disk.free();
        let daemon = home.start();
        daemon.await_log("observation.sighted");
        assert_eq!(daemon.stop().code, Some(0), "a start that failed for want of room leaves nothing in the way");
        let head = home.verified();
        disk.read_only();
        refused(&home, &[&path, "不可写"], &[&path, "mounted read-only"]);
        assert_eq!(home.verified(), head);
    });
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("binds");
    let address = taken.local_addr().expect("an address").to_string();
    let mut home = Home::new().answering(1, 84);
    home.listen.clone_from(&address);
    refused(&home, &[&address, "已被占用", "[http] listen"], &[&address, "is taken", "[http] listen"]);
    assert!(home.records().is_empty());
    drop(taken);
    home.start();
}

#[test]
fn an_address_that_is_not_this_machines_cannot_be_served() {
    let mut home = Home::new().answering(1, 85);
    home.listen = "203.0.113.7:8401".to_owned();
    refused(
        &home,
        &["203.0.113.7:8401", "[http] listen"],
        &["cannot serve pages on 203.0.113.7:8401", "[http] listen"],
    );
    assert!(home.records().is_empty());
}

#[test]
fn no_permission_for_icmp_says_how_to_get_it() {
    lab::run(|| {
        let namespace = lab::Namespace::new("bare");
        let home = Home::new().answering(1, 86);
        home.write();
        let bare = || {
            let mut command = namespace.command("setpriv");
            command.args(["--bounding-set=-net_raw", "--inh-caps=-net_raw", PROGRAM]);
            command
        };
        let words = ["ping_group_range", "setcap cap_net_raw+ep"];
        refused_through(
            &home,
            &bare,
            &[],
            &[&["没有发送 ICMP 探测的权限"][..], &words].concat(),
            &["no permission to send ICMP probes", words[0], words[1]],
        );
        assert!(home.records().is_empty());
        // One of the two ways that the sentence names.
        namespace.permit_datagram();
        let daemon = home.start_through(bare());
        daemon.await_log("observation.sighted");
        assert_eq!(daemon.stop().code, Some(0));
    });
}

#[test]
fn a_second_daemon_is_refused_by_the_first_ones_number() {
    let mut home = Home::new().answering(3, 87);
    let daemon = home.start();
    daemon.await_status("all up", |status| status["total"]["up"] == 3);
    // The very same configuration, port and all.
    home.listen = daemon.address().to_string();
    let (chinese, english) = (format!("进程号 {}", daemon.pid()), format!("process {}", daemon.pid()));
    refused(&home, &[&chinese, "请先停止它"], &[&english, "stop it first"]);
    let sent = |daemon: &daemon::Daemon| daemon.status_of(&["L-001"]).expect("answers")["sent"].as_u64();
    let before = sent(&daemon);
    daemon.until("another probe", || if sent(&daemon) > before { Ok(()) } else { Err("none".to_owned()) });
    assert_eq!(daemon.status()["total"]["up"], 3, "the first goes on");
    assert_eq!(daemon.get("/-/ready").status, 200);
    assert_eq!(daemon.stop().code, Some(0));
    assert_eq!(home.count("observation.resumed"), 1, "the second recorded nothing");
    home.verified();
}

#[test]
fn an_inventory_that_lost_lines_is_taken_only_when_that_is_meant() {
    let mut home = used(88);
    let head = home.verified();
    home.rows.truncate(2);
    refused(&home, &["1 条线路", "3 条", "--allow-removal"], &["lacks 1 of the 3 lines", "--allow-removal"]);
    assert_eq!(home.verified(), head);
    let mut daemon = home.spawn(&["--allow-removal"]);
    daemon.await_serving();
    daemon.await_status("two up", |status| status["total"]["up"] == 2);
    assert_eq!(daemon.stop().code, Some(0));
    assert_eq!((home.count("line.commissioned"), home.count("line.decommissioned")), (3, 1));
    home.verified();
}

#[test]
fn a_line_that_is_called_otherwise_is_a_record() {
    let mut home = used(89);
    home.rows[1] = Row::new("L-002", "127.89.0.3").named("彭碑村");
    home.rows[2].address = "127.89.0.9".to_owned();
    let daemon = home.start();
    daemon.await_status("all up", |status| status["total"]["up"] == 3);
    assert_eq!(daemon.status_of(&["L-002"]).expect("answers")["line"]["name"], "彭碑村");
    assert_eq!(daemon.stop().code, Some(0));
    let changed = home.records().into_iter().filter(|record| record.fact.kind() == "line.changed");
    let changed: Vec<_> = changed
        .map(|record| match record.fact {
            Fact::Line(linewatch_core::record::LineFact::Changed { line, .. }) => {
                (line.id.to_string(), line.name.clone())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(changed, [("L-002".to_owned(), "彭碑村".to_owned()), ("L-003".to_owned(), "L-003".to_owned())]);
    assert!(home.outages().is_empty());
    home.verified();
}
