//! Bad days of a store: each ends with a sentence that says what to do, and with nothing lost.

mod store_support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use linewatch::language::Language;
use linewatch::store::{Append, Cause, Journal, SCHEMA_VERSION, Store, StoreError, StoreKind, verify};
use rusqlite::Connection;
use store_support::{EIGHT, entry, folded, golden, record};

struct House {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

/// A folder without a store.
fn empty() -> House {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    House { _folder: folder, path }
}

/// A closed store with the golden story.
fn filled() -> House {
    let house = empty();
    let mut store = Store::open_daemon(&house.path, StoreKind::Real).unwrap();
    store.append(0, &folded(golden())).unwrap();
    house
}

/// All three ways of opening.
fn openings(path: &Path) -> [Result<(), StoreError>; 3] {
    [
        Store::open_daemon(path, StoreKind::Real).map(drop),
        Store::open(path, StoreKind::Real).map(drop),
        Store::open_read_only(path).map(drop),
    ]
}

/// Both languages name the file; the English sentence contains the hint.
fn assert_says(error: &StoreError, hint: &str) {
    let path = error.path.display().to_string();
    let (chinese, english) = (error.sentence(Language::Chinese), error.sentence(Language::English));
    assert!(english.contains(hint) && english.contains(&path), "{english}");
    assert!(chinese.contains(&path) && !chinese.is_ascii(), "{chinese}");
    assert_eq!(error.to_string(), english);
}

#[test]
fn a_missing_folder_is_to_be_created() {
    let house = empty();
    let far = house.path.with_file_name("mnt").join("data").join("journal.db");
    for opened in openings(&far) {
        assert_says(&opened.unwrap_err(), "mkdir -p");
    }
    assert!(!far.parent().unwrap().exists());
}

#[test]
fn the_daemon_makes_the_last_folder_itself_and_commands_make_nothing() {
    let house = empty();
    let path = house.path.with_file_name("data").join("journal.db");
    assert!(matches!(Store::open(&path, StoreKind::Real).unwrap_err().cause, Cause::MissingStore));
    drop(Store::open_daemon(&path, StoreKind::Real).unwrap());
    let other = path.with_file_name("other.db");
    assert_says(&Store::open(&other, StoreKind::Real).unwrap_err(), "there is no journal");
    assert_says(&Store::open_read_only(&other).unwrap_err(), "there is no journal");
    assert!(!other.exists());
}

#[test]
fn an_interrupted_creation_is_taken_up() {
    let house = empty();
    fs::write(&house.path, b"").unwrap();
    assert_says(&Store::open(&house.path, StoreKind::Real).unwrap_err(), "there is no journal");
    let store = Store::open_daemon(&house.path, StoreKind::Real).unwrap();
    assert_eq!(store.head().unwrap().seq, 0);
}

#[test]
fn a_foreign_file_is_left_as_it_is() {
    let text = |path: &Path| fs::write(path, "线路编号,线路名称\nV-001,彭碑村\n").unwrap();
    let table = |path: &Path| Connection::open(path).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    let marked = |path: &Path| {
        Connection::open(path).unwrap().execute_batch("PRAGMA application_id = 7; CREATE TABLE notes (text)").unwrap();
    };
    let makers: [&dyn Fn(&Path); 3] = [&text, &table, &marked];
    for make in makers {
        let house = empty();
        make(&house.path);
        let before = fs::read(&house.path).unwrap();
        for opened in openings(&house.path) {
            let error = opened.unwrap_err();
            assert!(matches!(error.cause, Cause::Foreign), "{error}");
            assert_says(&error, "not a journal of linewatch");
        }
        assert_eq!(fs::read(&house.path).unwrap(), before);
    }
    let house = empty();
    fs::create_dir(&house.path).unwrap();
    for opened in openings(&house.path) {
        assert_says(&opened.unwrap_err(), "not a journal of linewatch");
    }
}

#[test]
fn a_newer_schema_asks_for_a_newer_program() {
    let house = filled();
    Connection::open(&house.path).unwrap().pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    for opened in openings(&house.path) {
        let error = opened.unwrap_err();
        assert!(matches!(error.cause, Cause::NewerSchema { found } if found == SCHEMA_VERSION + 1), "{error}");
        assert_says(&error, "written by a newer linewatch");
    }
}

#[test]
fn a_database_cut_short_is_damaged() {
    let house = filled();
    let bytes = fs::read(&house.path).unwrap();
    fs::write(&house.path, &bytes[..bytes.len() / 2]).unwrap();
    for opened in openings(&house.path) {
        let error = opened.unwrap_err();
        assert!(matches!(error.cause, Cause::Corrupt(_)), "{error}");
        assert_says(&error, "damaged");
    }
}

#[test]
fn real_and_simulated_stores_are_not_taken_for_each_other() {
    let house = filled();
    for error in [
        Store::open_daemon(&house.path, StoreKind::Simulated).unwrap_err(),
        Store::open(&house.path, StoreKind::Simulated).unwrap_err(),
    ] {
        assert!(matches!(error.cause, Cause::OtherKind { found: StoreKind::Real }), "{error}");
        assert_says(&error, "is real");
    }
    assert_eq!(Store::open_read_only(&house.path).unwrap().kind(), StoreKind::Real);
}

#[test]
fn a_second_daemon_is_refused_by_the_first_ones_number_and_commands_are_not() {
    let house = filled();
    let daemon = taken_up(&house.path);
    let error = Store::open_daemon(&house.path, StoreKind::Real).unwrap_err();
    assert!(matches!(error.cause, Cause::LockedByDaemon { pid: Some(pid) } if pid == std::process::id()), "{error}");
    assert_says(&error, &format!("process {}", std::process::id()));

    let mut command = Store::open(&house.path, StoreKind::Real).unwrap();
    let head = daemon.head().unwrap();
    let late = record(head.seq + 1, golden().last().unwrap().recorded_at);
    assert!(matches!(command.append(head.seq, &folded(vec![late])).unwrap(), Append::Appended(_)));
    assert_eq!(daemon.head().unwrap().seq, head.seq + 1);
    drop(daemon);
    taken_up(&house.path);
}

/// Opens a store whose lock was just let go. Another test's process holds a copy of the descriptor from its fork until
/// it has become another program; that instant is waited for.
fn taken_up(path: &Path) -> Store {
    loop {
        match Store::open_daemon(path, StoreKind::Real) {
            Err(error) if matches!(error.cause, Cause::LockedByDaemon { .. }) => std::thread::yield_now(),
            opened => return opened.unwrap(),
        }
    }
}

#[test]
fn two_daemons_that_start_at_once_make_one_store() {
    let house = empty();
    let opened: Vec<_> = std::thread::scope(|scope| {
        let starts = (0..4).map(|_| scope.spawn(|| Store::open_daemon(&house.path, StoreKind::Real)));
        let starts: Vec<_> = starts.collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert_eq!(opened.iter().filter(|opened| opened.is_ok()).count(), 1, "{opened:?}");
    for error in opened.into_iter().filter_map(Result::err) {
        assert!(matches!(error.cause, Cause::LockedByDaemon { .. }), "{error}");
    }
}

#[test]
fn a_writer_that_never_lets_go_makes_the_store_busy() {
    let house = filled();
    let mut store = Store::open(&house.path, StoreKind::Real).unwrap();
    let head = store.head().unwrap();
    let tool = Connection::open(&house.path).unwrap();
    tool.execute_batch("BEGIN IMMEDIATE").unwrap();
    let late = folded(vec![record(head.seq + 1, golden().last().unwrap().recorded_at)]);
    let error = store.append(head.seq, &late).unwrap_err();
    assert!(matches!(error.cause, Cause::Busy), "{error}");
    assert_says(&error, "held by another program");
    tool.execute_batch("ROLLBACK").unwrap();
    assert!(matches!(store.append(head.seq, &late).unwrap(), Append::Appended(_)));
}

const CHILD: &str = "LINEWATCH_TEST_ELSEWHERE";

/// A mount namespace of its own, as root or through an unprivileged user namespace.
const OWN_MOUNTS: &str = r#"if [ "$(id -u)" = 0 ]; then set -- --mount; else set -- --mount --map-root-user; fi"#;

/// Nobody in particular, also for root.
const NO_PRIVILEGES: &str = "set -- --user --map-user=65534";

/// Runs a test of this file again elsewhere, after a shell has run `script` there on `$DIR`; returns the folder when
/// this is that run. Where namespaces are not possible the test fails and says so.
fn elsewhere(test: &str, folder: &Path, namespace: &str, script: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(CHILD) {
        return Some(folder.into());
    }
    let run = Command::new("sh")
        .arg("-ec")
        .arg(format!(r#"{namespace}; exec unshare "$@" sh -ec '{script}; exec "$EXE" --exact {test} --nocapture'"#))
        .env("DIR", folder)
        .env("EXE", std::env::current_exe().unwrap())
        .env(CHILD, folder)
        .output()
        .expect("a shell");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(
        run.status.success() && out.contains("1 passed"),
        "in a namespace of its own (needs unshare of util-linux, and root or unprivileged user namespaces):\n{out}\n{err}"
    );
    None
}

#[test]
fn a_file_that_may_not_be_read_says_so() {
    let house = filled();
    let outer = house.path.parent().unwrap();
    let script = r#"chmod 000 "$DIR/journal.db""#;
    let Some(folder) = elsewhere("a_file_that_may_not_be_read_says_so", outer, NO_PRIVILEGES, script) else { return };
    for opened in openings(&folder.join("journal.db")) {
        let error = opened.unwrap_err();
        assert!(matches!(error.cause, Cause::Unreadable), "{error:?}");
        assert_says(&error, "not permitted to read");
    }
}

#[test]
fn a_folder_that_may_not_be_written_says_so() {
    let house = filled();
    let outer = house.path.parent().unwrap();
    let script = r#"chmod 444 "$DIR/journal.db"; chmod 555 "$DIR""#;
    let test = "a_folder_that_may_not_be_written_says_so";
    let Some(folder) = elsewhere(test, outer, NO_PRIVILEGES, script) else {
        // So that the folder can be removed again by its owner.
        Command::new("chmod").arg("755").arg(outer).status().unwrap();
        return;
    };
    let path = folder.join("journal.db");
    for error in [
        Store::open_daemon(&path, StoreKind::Real).unwrap_err(),
        Store::open_daemon(&folder.join("new.db"), StoreKind::Real).unwrap_err(),
        Store::open(&path, StoreKind::Real).unwrap_err(),
    ] {
        assert!(matches!(error.cause, Cause::ReadOnly), "{error:?}");
        assert_says(&error, "cannot be written");
    }
    assert_eq!(Store::open_read_only(&path).unwrap().snapshot().unwrap().head().seq, golden().len() as u64);
}

#[test]
fn a_full_disk_loses_nothing_and_goes_on_when_there_is_room() {
    let house = empty();
    let outer = house.path.parent().unwrap();
    let mounts = r#"mount -t tmpfs -o size=2m none "$DIR""#;
    let test = "a_full_disk_loses_nothing_and_goes_on_when_there_is_room";
    let Some(folder) = elsewhere(test, outer, OWN_MOUNTS, mounts) else { return };
    let path = folder.join("journal.db");
    let mut store = Store::open_daemon(&path, StoreKind::Real).unwrap();
    store.append(0, &folded(golden())).unwrap();
    let head = store.head().unwrap();
    let filler = folder.join("filler");
    assert!(fs::write(&filler, vec![0; 4 << 20]).is_err(), "the disk holds 2 MiB");

    let late = golden().last().unwrap().recorded_at;
    let entries = folded((1..=200).map(|n| record(head.seq + n, late)).collect());
    for _ in 0..3 {
        let error = store.append(head.seq, &entries).unwrap_err();
        assert!(matches!(error.cause, Cause::DiskFull), "{error:?}");
        assert_says(&error, "disk is full");
        assert_eq!(store.head().unwrap(), head);
    }
    fs::remove_file(filler).unwrap();
    let Append::Appended(after) = store.append(head.seq, &entries).unwrap() else { panic!("moved") };
    assert_eq!(after.seq, head.seq + 200);
    let mut reader = store.reader().unwrap();
    let verification = verify(&reader.snapshot().unwrap(), Some(head), |_| {}).unwrap();
    assert_eq!((verification.head, verification.flaw), (after, None));
}

#[test]
fn a_read_only_disk_can_be_read_and_says_that_it_cannot_be_written() {
    let house = filled();
    let outer = house.path.parent().unwrap();
    let mounts = r#"mount --bind "$DIR" "$DIR"; mount -o remount,ro,bind "$DIR""#;
    let test = "a_read_only_disk_can_be_read_and_says_that_it_cannot_be_written";
    let Some(folder) = elsewhere(test, outer, OWN_MOUNTS, mounts) else { return };
    let path = folder.join("journal.db");
    for error in [
        Store::open_daemon(&path, StoreKind::Real).unwrap_err(),
        Store::open(&path, StoreKind::Real).unwrap_err(),
        Store::open_daemon(&folder.join("new.db"), StoreKind::Real).unwrap_err(),
    ] {
        assert!(matches!(error.cause, Cause::ReadOnly), "{error:?}");
        assert_says(&error, "cannot be written");
    }
    let mut reader = Store::open_read_only(&path).unwrap();
    let verification = verify(&reader.snapshot().unwrap(), None, |_| {}).unwrap();
    assert_eq!((verification.head.seq, verification.flaw), (golden().len() as u64, None));
}

#[test]
fn an_entry_that_fails_half_way_leaves_nothing_behind() {
    let house = empty();
    let mut store = Store::open_daemon(&house.path, StoreKind::Real).unwrap();
    Connection::open(&house.path).unwrap().execute_batch("DROP TABLE horizon").unwrap();
    let rows = store_support::simple_fold(&record(1, EIGHT)).0;
    let error = store.append(0, &[entry(1, vec![]), entry(2, rows)]).unwrap_err();
    assert_says(&error, "horizon");
    assert_eq!(store.head().unwrap().seq, 0);
    let left: i64 = Connection::open(&house.path)
        .unwrap()
        .query_row("SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM outages)", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
}
