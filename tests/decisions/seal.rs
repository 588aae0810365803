//! Seals and revisions.

use rusqlite::Connection;

use crate::house::{House, number};

const JANUARY: [&str; 3] = ["seal", "--month", "2026-01"];

#[test]
fn a_period_is_sealed_once_it_is_over() {
    let house = House::new();
    house.refused(1, &["seal", "--year", "2099"], "is over at 2100-01-01 00:00:00 only");
    house.refused(2, &["seal", "--year", "99"], "is no year");
    house.refused(2, &["seal"], "required");
    let said = house.done(&[&JANUARY[..], &["--by", "WANG"]].concat());
    assert!(said.contains("revision 1  sealed by WANG") && said.contains("Keep the head outside"), "{said}");
    let seals = house.json(&["seal", "list"]);
    let head = seals[0]["head"].as_str().unwrap().to_owned();
    assert!(said.contains(&head), "{said}");
    assert_eq!(
        (&seals[0]["period"], &seals[0]["rules"], &seals[0]["by"]),
        (&"2026-01".into(), &1.into(), &"WANG".into())
    );
    // The head is the journal's own, also now that the seal stands behind it.
    house.done(&["journal", "verify", "--head", &head]);
    house.refused(1, &JANUARY, "is sealed (revision 1)");
    house.refused(1, &["seal", "--month", "2026-01", "--revise"], "there is nothing to revise");
    house.refused(1, &["seal", "--month", "2025-01"], "knows nothing of");
    // A quarter has its own seal; this one's records reach into it only so far, and it says so.
    let output = house.run(&["seal", "--quarter", "2026-Q1"]);
    let warned = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() || warned.contains("is over at 2026-04-01"), "{warned}");
    assert!(
        !output.status.success() || warned.contains("the records reach to 2026-03-01T00:00:00+08:00 only"),
        "{warned}"
    );
}

#[test]
fn later_records_make_a_revision_beside_the_sealed_figures() {
    let house = House::new();
    house.done(&JANUARY);
    let sealed = house.figures("2026-01");
    assert_eq!((&sealed["seal"]["check"], &sealed["seal"]["revisions"]), (&"same".into(), &serde_json::json!([])));
    // A correction after the seal.
    let why = ["--reason", "wrong", "--document", "9"];
    let listed = house.json(&["outage", "list", "D-01", "--from", "2026-01-01", "--to", "2026-01-31"]);
    let outage = listed[0]["number"].to_string();
    let correct = house.json(&[&["outage", "correct", &outage, "--none"], &why[..]].concat());
    assert_eq!(house.figures("2026-01")["seal"]["revisions"], serde_json::json!([]), "a proposal changes nothing");
    house.done(&["outage", "approve", &number(&correct, "decision"), "--by", "WANG"]);
    let revised = house.figures("2026-01");
    assert_eq!(revised["total"], sealed["total"], "the sealed figures stay");
    let revision = &revised["seal"]["revisions"][0];
    let down = |figures: &serde_json::Value| figures["total"]["down_ms"].as_i64().unwrap();
    assert_eq!(down(&sealed) - down(&revision["figures"]), 7_200_000);
    assert_eq!((&revision["revision"], &revision["seal"]), (&2.into(), &serde_json::Value::Null));
    let text = house.done(&["rollup", "--month", "2026-01"]);
    assert!(text.contains("Revision 2 (not sealed)"), "{text}");
    // The revision can be sealed, and both come out the same again.
    let said = house.done(&["seal", "--month", "2026-01", "--revise"]);
    assert!(said.contains("revision 2"), "{said}");
    let both = house.figures("2026-01");
    assert_eq!(both["total"], sealed["total"]);
    assert_eq!(both["seal"]["revisions"].as_array().unwrap().len(), 1);
    assert_eq!(both["seal"]["revisions"][0]["seal"]["revision"], 2);
    let verified = house.json(&["seal", "verify"]);
    assert_eq!(verified.as_array().unwrap().iter().filter(|seal| seal["check"] == "same").count(), 2);
    // As of the sealed head there was no seal, and the same figures.
    let head = sealed["journal"]["head"].as_str().unwrap();
    let arguments = ["rollup", "--month", "2026-01", "--as-of", head, "--format", "json"];
    let then: serde_json::Value = serde_json::from_str(&house.done(&arguments)).unwrap();
    assert_eq!((&then["total"], &then["seal"]), (&sealed["total"], &serde_json::Value::Null));
    assert_eq!(then["faults"], sealed["faults"]);
}

#[test]
fn a_journal_that_was_altered_does_not_come_out_the_same() {
    let house = House::new();
    house.done(&JANUARY);
    // Somebody shortens D-01's outage in the derived table, and in the record itself.
    let connection = Connection::open(house.path().join("journal.db")).unwrap();
    let (seq, bytes): (i64, String) = connection
        .query_row("SELECT seq, bytes FROM journal WHERE bytes LIKE '%\"ended\"%' ORDER BY seq LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let at = bytes.find("\"end\":").unwrap() + "\"end\":".len();
    let end: i64 = bytes[at..at + 13].parse().unwrap();
    let altered = format!("{}{}{}", &bytes[..at], end - 3_600_000, &bytes[at + 13..]);
    connection.execute_batch("DROP TRIGGER journal_is_not_rewritten").unwrap();
    connection.execute("UPDATE journal SET bytes = ? WHERE seq = ?", rusqlite::params![altered, seq]).unwrap();
    drop(connection);
    let output = house.run(&["seal", "verify"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("DIFFERENT") && said.contains("the journal fails"), "{said}");
    house.refused(1, &["seal", "--month", "2026-02"], "nothing computed: the journal fails");
}
