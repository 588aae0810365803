//! `linewatch journal` as people and scripts meet it: exit codes, both languages, exact bytes.

mod store_support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use linewatch::store::{Entry, Journal, Store, StoreKind};
use linewatch_core::ledger::{Ledger, Policy};
use rusqlite::Connection;
use sm3::{Digest, Sm3};
use store_support::{GOLDEN, golden};

/// Number and digest of the last golden record, by `journal verify`'s own rule computed elsewhere: see `tests/golden.rs`.
fn head() -> String {
    let last = chain(GOLDEN.lines());
    format!("{}:{last}", records())
}

/// How many golden records there are.
fn records() -> usize {
    GOLDEN.lines().count()
}

/// SM3 over the digest before and the bytes of each record, written apart from the code under test.
fn chain<'a>(records: impl Iterator<Item = &'a str>) -> String {
    let mut digest = vec![0; 32];
    for record in records {
        digest = Sm3::new().chain_update(&digest).chain_update(record).finalize().to_vec();
    }
    digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

struct House {
    folder: tempfile::TempDir,
    store: PathBuf,
}

/// A closed store with the golden story, folded by the ledger.
fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("journal.db");
    let mut ledger = Ledger::new(Arc::new(Policy::new(chrono_tz::Asia::Shanghai)));
    let entries = golden().into_iter().map(|record| Entry { changes: ledger.apply(&record), record });
    let entries: Vec<_> = entries.collect();
    Store::open_daemon(&store, StoreKind::Real).unwrap().append(0, &entries).unwrap();
    House { folder, store }
}

fn command(store: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linewatch"));
    command.arg("journal").args(args).arg("--store").arg(store);
    // Neither a configuration nor the language of this machine plays a part.
    command.current_dir(store.parent().unwrap()).env("LC_ALL", "zh_CN.UTF-8");
    command
}

fn run(store: &Path, args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command(store, args).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Standard output of a command that must succeed and keep silent on stderr.
fn done(store: &Path, args: &[&str]) -> String {
    let (code, out, err) = run(store, args);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    out
}

/// The sentence of a command that must fail.
fn failed(store: &Path, args: &[&str]) -> String {
    let (code, _, err) = run(store, args);
    assert_eq!(code, 1, "{err}");
    err
}

#[test]
fn head_is_one_line_to_be_kept() {
    let house = house();
    let last = golden().pop().unwrap().recorded_at.to_utc();
    let shanghai = last.with_timezone(&chrono_tz::Asia::Shanghai).format("%Y-%m-%d %H:%M:%S");
    assert_eq!(done(&house.store, &["head"]), format!("{}  {shanghai} +08:00\n", head()));
    let json: serde_json::Value = serde_json::from_str(&done(&house.store, &["head", "--json"])).unwrap();
    let head = head();
    let digest = head.split_once(':').unwrap().1;
    assert_eq!(
        json,
        serde_json::json!({"seq": records(), "digest": digest, "recorded_at": last.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()})
    );
}

#[test]
fn a_range_that_ends_before_it_begins_is_wrong_use() {
    let house = house();
    let wrong = run(&house.store, &["export", "--from", "5", "--to", "1"]);
    assert_eq!(wrong, (2, String::new(), "linewatch: --from 不能大于 --to\n".to_owned()));
}

#[test]
fn an_empty_journal_has_a_head_and_is_intact() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("journal.db");
    drop(Store::open_daemon(&store, StoreKind::Simulated).unwrap());
    assert_eq!(done(&store, &["head"]), format!("0:{}\n", "0".repeat(64)));
    assert!(done(&store, &["verify"]).contains("还没有记录"));
    assert!(done(&store, &["verify", "--lang", "en"]).contains("(simulated): no records yet"));
    assert_eq!(done(&store, &["export"]), "");
}

#[test]
fn export_writes_the_canonical_bytes() {
    let house = house();
    assert_eq!(done(&house.store, &["export"]), GOLDEN);
    let lines: Vec<_> = GOLDEN.lines().collect();
    let part = done(&house.store, &["export", "--from", "3", "--to", "5"]);
    assert_eq!(part.lines().collect::<Vec<_>>(), lines[2..5]);
    let last = &records().to_string();
    assert_eq!(done(&house.store, &["export", "--from", last, "--to", "9999"]).lines().count(), 1);
    assert_eq!(done(&house.store, &["export", "--from", &(records() + 1).to_string()]), "");

    let with = done(&house.store, &["export", "--from", last, "--digests"]);
    let head = head();
    let digest = head.split_once(':').unwrap().1;
    assert_eq!(with, format!("{{\"digest\":\"{digest}\",\"record\":{}}}\n", lines[lines.len() - 1]));
}

#[test]
fn export_to_a_file_is_all_or_nothing() {
    let house = house();
    let out = house.folder.path().join("out.jsonl");
    fs::write(&out, "old").unwrap();
    done(&house.store, &["export", "--out", out.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(&out).unwrap(), GOLDEN);
    let kept: Vec<_> = fs::read_dir(house.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(kept.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{kept:?}");

    let nowhere = house.folder.path().join("nowhere").join("out.jsonl");
    let sentence = failed(&house.store, &["export", "--lang", "en", "--out", nowhere.to_str().unwrap()]);
    assert!(sentence.contains("cannot write") && sentence.contains("nowhere"), "{sentence}");
}

#[test]
fn export_ends_quietly_when_nobody_reads_on() {
    let house = house();
    let mut child = command(&house.store, &["export"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn wrong_use_is_exit_code_2() {
    let house = house();
    for args in [
        &["export", "--from", "5", "--to", "3"][..],
        &["verify", "--head", "54"],
        &["verify", "--head", "54:abc"],
        &["verify", "--head", "x:0000"],
        &["frobnicate"],
    ] {
        let (code, out, err) = run(&house.store, args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(!err.is_empty());
    }
}

#[test]
fn verify_says_what_was_checked() {
    let house = house();
    let path = house.store.display().to_string();
    let chinese = done(&house.store, &["verify"]).replace(&path, "PATH");
    let english = done(&house.store, &["verify", "--lang", "en", "--head", &head()]).replace(&path, "PATH");
    let text = format!("{chinese}\n{english}")
        .replace(&head(), "SEQ:DIGEST")
        .replace(&format!("1–{}，", records()), "1–SEQ，")
        .replace(&format!("1-{},", records()), "1-SEQ,")
        .replace(&format!("record {} ", records()), "record SEQ ");
    insta::assert_snapshot!(text);
    let json: serde_json::Value = serde_json::from_str(&done(&house.store, &["verify", "--json"])).unwrap();
    assert_eq!((&json["intact"], &json["records"], &json["flaw"]), (&true.into(), &records().into(), &().into()));
}

#[test]
fn verify_names_the_first_bad_record() {
    let house = house();
    Connection::open(&house.store)
        .unwrap()
        .execute_batch(
            "DROP TRIGGER journal_is_not_rewritten;
             UPDATE journal SET bytes = replace(bytes, 'timeout', 'refused') WHERE seq = 10;",
        )
        .unwrap();
    let chinese = failed(&house.store, &["verify"]);
    assert!(chinese.contains("第 10 条记录被改动") && chinese.contains("第 9 条及以前的记录完好"), "{chinese}");
    let english = failed(&house.store, &["verify", "--lang", "en"]);
    assert!(english.contains("record 10 was altered") && english.contains("Up to record 9"), "{english}");
    let (code, out, _) = run(&house.store, &["verify", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["intact"], &json["head"]["seq"]), (1, &false.into(), &9.into()));
}

#[test]
fn verify_compares_with_a_head_kept_elsewhere() {
    let house = house();
    let other = format!("{}:{}", records(), "ab".repeat(32));
    assert!(failed(&house.store, &["verify", "--lang", "en", "--head", &other]).contains("rewritten"));
    let later = format!("{}:{}", records() + 1, "ab".repeat(32));
    assert!(
        failed(&house.store, &["verify", "--lang", "en", "--head", &later])
            .contains(&format!("now ends at {}", records()))
    );
    assert!(failed(&house.store, &["verify", "--head", &later]).contains("末尾的记录丢失"));
}

#[test]
fn rebuild_compares_and_replaces_only_when_asked() {
    let house = house();
    let agrees = done(&house.store, &["rebuild"]);
    assert!(agrees.contains(&format!("{} 条记录", records())) && agrees.contains("完全一致"), "{agrees}");

    let outside = Connection::open(&house.store).unwrap();
    outside.execute("INSERT OR REPLACE INTO horizon VALUES (1, 7, '[]')", []).unwrap();
    drop(outside);
    let (code, out, err) = run(&house.store, &["rebuild", "--lang", "en"]);
    assert_eq!(code, 1);
    assert!(out.contains("horizon one=1") && out.contains("at_ms=7"), "{out}");
    assert!(err.contains("--write"), "{err}");
    let out = done(&house.store, &["rebuild", "--write", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["differing"], &json["replaced"]), (&1.into(), &true.into()));
    assert!(done(&house.store, &["rebuild", "--lang", "en"]).contains("all as stored"));
    done(&house.store, &["verify", "--head", &head()]);
}

#[test]
fn a_missing_store_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("journal.db");
    for args in [&["verify"][..], &["head"], &["export"], &["rebuild"], &["rebuild", "--write"]] {
        let sentence = failed(&store, args);
        assert!(sentence.contains("不存在") && sentence.lines().count() == 1, "{sentence}");
        assert!(!store.exists());
    }
}
