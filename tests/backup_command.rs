//! `linewatch backup` and `linewatch restore`: with the daemon running, into a new place, and on every bad day.

mod daemon;
mod elsewhere;
mod store_support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use daemon::{Home, PROGRAM};
use elsewhere::Filler;
use linewatch::store::{Entry, Head, Store, StoreKind, verify};
use linewatch_core::ledger::Changes;
use linewatch_core::record::{Fact, ObservationFact};
use rusqlite::Connection;
use serde_json::Value;
use store_support::{EIGHT, record};

/// Data and complaint of a command, with its exit code.
fn outcome(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn done(output: Output) -> String {
    let (code, out, err) = outcome(output);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    out
}

fn failed(output: Output) -> String {
    let (code, out, err) = outcome(output);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
    err
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// `restore FILE --to STORE`, without a configuration.
fn restore(backup: &Path, to: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.arg("restore").arg(backup).arg("--to").arg(to).args(more);
    command.current_dir(to.ancestors().find(|folder| folder.is_dir()).expect("/")).env("LC_ALL", "zh_CN.UTF-8");
    command.output().expect("runs")
}

fn head_of(json: &Value) -> Head {
    let digest = json["head"]["digest"].as_str().expect("a digest");
    format!("{}:{digest}", json["head"]["seq"]).parse().expect("a head")
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A store with so many records that say next to nothing.
fn filled(path: &Path, records: u64) {
    let mut store = Store::open_daemon(path, StoreKind::Real).expect("a store");
    let entries: Vec<_> =
        (1..=records).map(|seq| Entry { record: record(seq, EIGHT), changes: Changes::default() }).collect();
    linewatch::store::Journal::append(&mut store, 0, &entries).expect("appended");
}

/// A home with a store and no daemon.
fn house(records: u64) -> Home {
    let home = Home::new().answering(1, 41);
    home.write();
    filled(&home.store, records);
    home
}

#[test]
fn a_backup_beside_a_running_daemon_is_a_store_that_a_daemon_takes_up() {
    const BACKUPS: usize = 20;
    let home = Home::new().answering(40, 42);
    let daemon = home.start();
    daemon.await_log("observation.sighted");
    let mut heads: Vec<Head> = Vec::new();
    for number in 0..BACKUPS {
        // Something is appended all the time: heartbeats by the daemon, checkpoints by another process.
        append_beside(&home.store);
        let to = home.path().join(format!("{number}.db"));
        let json: Value =
            serde_json::from_str(&done(home.run(&["backup", "--to", text(&to), "--json"]))).expect("JSON");
        heads.push(head_of(&json));
        assert_eq!(json["bytes"].as_u64(), Some(fs::metadata(&to).expect("the backup").len()));
        let verdict = done(home.run(&["journal", "verify", "--store", text(&to), "--json"]));
        assert_eq!(serde_json::from_str::<Value>(&verdict).expect("JSON")["intact"], true);
    }
    assert!(heads.windows(2).all(|pair| pair[0].seq < pair[1].seq), "{heads:?}");
    let last = *heads.last().expect("backups");
    assert_eq!(daemon.stop().code, Some(0));
    // Each is a prefix of what the journal became.
    for head in &heads {
        let mut reader = home.reader();
        assert_eq!(verify(&reader.snapshot().expect("a snapshot"), Some(*head), |_| {}).expect("verifies").flaw, None);
    }

    let mut other = Home::new().answering(40, 42);
    other.store = other.path().join("new").join("journal.db");
    let backup = home.path().join(format!("{}.db", BACKUPS - 1));
    other.write();
    let said = done(other.run(&["restore", text(&backup)]));
    assert!(said.contains(&last.to_string()) && said.contains("intact"), "{said}");
    let daemon = other.start();
    let resumed = daemon.await_log("observation.resumed");
    assert!(resumed.contains("observed_until"), "the heartbeat came along: {resumed}");
    daemon.await_status("all up", |status| status["total"]["up"] == 40);
    assert_eq!(daemon.stop().code, Some(0));
    let next = other.records().into_iter().nth(usize::try_from(last.seq).expect("small")).expect("one more record");
    assert!(matches!(next.fact, Fact::Observation(ObservationFact::Resumed { .. })), "{next:?}");
    other.verified();
    println!("{BACKUPS} backups beside a running daemon, each intact and a prefix; one restored and taken up");
}

/// One more record, by a process that is not the daemon.
fn append_beside(path: &Path) {
    use linewatch::store::{Append, Journal};
    let mut store = Store::open(path, StoreKind::Real).expect("a store");
    loop {
        let open = store.open_rows().expect("rows");
        let entry = Entry { record: record(open.head.seq + 1, open.recorded_at), changes: Changes::default() };
        if matches!(store.append(open.head.seq, &[entry]).expect("appends"), Append::Appended(_)) {
            return;
        }
    }
}

#[test]
fn a_backup_is_named_by_day_and_head_and_overwrites_nothing() {
    let home = house(7);
    let said = done(home.run(&["backup", "--lang", "zh"]));
    let backups = files(&home.store.with_file_name("backups"));
    let [backup] = backups.as_slice() else { panic!("{backups:?}") };
    let name = backup.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(name.starts_with("journal-20") && name.ends_with("-7.db"), "{name}");
    assert!(said.contains(&name) && said.contains("核对通过") && said.contains("链头"), "{said}");
    let before = fs::read(backup).expect("the backup");
    for arguments in [&["backup"][..], &["backup", "--to", text(backup)]] {
        let sentence = failed(home.run(arguments));
        assert!(sentence.contains("exists already") && sentence.contains(&name), "{sentence}");
    }
    assert_eq!(fs::read(backup).expect("the backup"), before);
    assert_eq!(files(&home.store.with_file_name("backups")), backups, "one file, nothing beside it");
    // A folder is a place to put it.
    fs::create_dir(home.path().join("stick")).expect("a folder");
    done(home.run(&["backup", "--to", text(&home.path().join("stick"))]));
    assert_eq!(files(&home.path().join("stick")), [home.path().join("stick").join(name)]);
}

#[test]
fn an_empty_journal_is_backed_up_and_restored_too() {
    let home = house(0);
    let to = home.path().join("empty.db");
    assert!(done(home.run(&["backup", "--to", text(&to)])).contains("no records yet"));
    assert!(done(restore(&to, &home.path().join("again.db"), &[])).contains("还没有记录"));
}

#[test]
fn a_copy_of_a_broken_chain_is_refused_by_the_first_bad_record() {
    let home = house(30);
    let backup = home.path().join("good.db");
    done(home.run(&["backup", "--to", text(&backup)]));
    let forge = |path: &Path| {
        Connection::open(path)
            .expect("opens")
            .execute_batch(
                "DROP TRIGGER journal_is_not_rewritten;
                 UPDATE journal SET bytes = replace(bytes, 'linewatch', 'somebody') WHERE seq IN (12, 20);",
            )
            .expect("forged");
    };
    forge(&backup);
    let target = home.path().join("new").join("journal.db");
    let chinese = failed(restore(&backup, &target, &[]));
    assert!(chinese.contains("第 12 条记录被改动") && chinese.contains("第 11 条及以前"), "{chinese}");
    let english = failed(restore(&backup, &target, &["--lang", "en"]));
    assert!(english.contains("record 12 was altered") && english.contains("good.db"), "{english}");
    assert!(!target.parent().expect("a folder").exists(), "checked before anything is made");

    forge(&home.store);
    let to = home.path().join("never.db");
    let sentence = failed(home.run(&["backup", "--to", text(&to)]));
    assert!(sentence.contains("record 12 was altered") && sentence.contains("journal.db"), "{sentence}");
    let left: Vec<_> = files(home.path()).into_iter().filter(|path| text(path).contains("never")).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}

#[test]
fn what_is_no_backup_is_refused() {
    let home = house(400);
    let backup = home.path().join("good.db");
    done(home.run(&["backup", "--to", text(&backup)]));
    let bytes = fs::read(&backup).expect("the backup");
    let bad = home.path().join("bad.db");
    let target = home.path().join("journal.db");
    let mut newer = bytes.clone();
    newer[63] = 9;
    let half = bytes[..bytes.len() / 2].to_vec();
    for (content, hint) in [(b"id,name\n".to_vec(), "不是 linewatch"), (newer, "更新版本"), (half, "损坏")] {
        fs::write(&bad, content).expect("written");
        let sentence = failed(restore(&bad, &target, &[]));
        assert!(sentence.contains(hint) && sentence.contains("bad.db"), "{sentence}");
    }
    assert!(failed(restore(&home.path().join("none.db"), &target, &[])).contains("不存在"));
    assert!(!target.exists());
}

#[test]
fn restore_overwrites_nothing_and_waits_for_no_daemon() {
    let home = house(5);
    let backup = home.path().join("backup.db");
    done(home.run(&["backup", "--to", text(&backup)]));
    let before = fs::read(&home.store).expect("the store");
    assert!(failed(home.run(&["restore", text(&backup)])).contains("exists already"));
    assert_eq!(fs::read(&home.store).expect("the store"), before);

    // A log that was left behind would be taken for the new store's own.
    let left = home.path().join("left.db");
    fs::write(left.with_file_name("left.db-wal"), "x").expect("written");
    let sentence = failed(restore(&backup, &left, &["--lang", "en"]));
    assert!(sentence.contains("left.db-wal exists already"), "{sentence}");
    assert!(!left.exists());

    let daemon = home.start();
    let moved = home.path().join("moved.db");
    fs::rename(&home.store, &moved).expect("moved under the daemon's feet");
    let sentence = failed(home.run(&["restore", text(&backup)]));
    assert!(sentence.contains(&format!("process {}", daemon.pid())) && !home.store.exists(), "{sentence}");
    fs::rename(&moved, &home.store).expect("moved back");
    daemon.stop();
}

#[test]
fn a_backup_put_in_place_by_hand_is_taken_up_with_a_log() {
    let home = house(5);
    let backup = home.path().join("backup.db");
    done(home.run(&["backup", "--to", text(&backup)]));
    for path in files(home.store.parent().expect("a folder")) {
        fs::remove_file(path).expect("removed");
    }
    fs::copy(&backup, &home.store).expect("copied");
    drop(Store::open_daemon(&home.store, StoreKind::Real).expect("opens"));
    let mode: String = Connection::open(&home.store)
        .expect("opens")
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .expect("a mode");
    assert_eq!(mode, "wal");
}

#[test]
fn a_full_disk_leaves_no_half_backup() {
    let Some(disk) = elsewhere::small_disk("a_full_disk_leaves_no_half_backup", "4m") else { return };
    let home = house(3000);
    let size = fs::metadata(&home.store).expect("the store").len();
    assert!(size > 200_000, "{size}");
    let filler = Filler::new(&disk);
    let (to, mut tried) = (disk.join("backup.db"), 0);
    for room in [0, 4096, size / 2, size / 3] {
        filler.leave(room);
        let sentence = failed(home.run(&["backup", "--to", text(&to)]));
        assert!(sentence.contains("disk is full") && sentence.contains("backup.db"), "{sentence}");
        assert_eq!(files(&disk), [disk.join("filler")], "{room} bytes free");
        let restored = home.run(&["restore", text(&home.store), "--to", text(&to)]);
        assert!(failed(restored).contains("disk is full"));
        assert!(!to.exists(), "{room} bytes free");
        fs::remove_file(disk.join("backup.db.lock")).ok();
        tried += 1;
        Filler::new(&disk);
    }
    filler.remove();
    done(home.run(&["backup", "--to", text(&to)]));
    println!("{tried} times a full disk, no half file; then a backup");
}
