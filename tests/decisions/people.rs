//! Planned downtime, declarations, exclusions, corrections, and the second person.

use serde_json::Value;

use crate::house::{House, number};

const WHY: [&str; 4] = ["--reason", "cable moved", "--document", "2026-31"];

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [arguments, more].concat()
}

#[test]
fn downtime_is_added_listed_and_cancelled() {
    let house = House::new();
    let add = with(&["downtime", "add", "--trunk", "T-01", "--from", "2099-08-01 01:00", "--for", "4h"], &WHY);
    let said = house.done(&add);
    assert!(
        said.starts_with("planned downtime 23: line T-01 and all below it, 2099-08-01 01:00:00 to 05:00:00"),
        "{said}"
    );
    house.refused(1, &add, "planned downtime 23 covers that already");
    let listed = house.json(&["downtime", "list"]);
    assert_eq!(listed[0]["scope"]["trunk"], "T-01");
    assert_eq!((&listed[0]["by"], &listed[0]["standing"]), (&"clerk".into(), &"in_force".into()));
    assert_eq!((&listed[0]["reason"], &listed[0]["document"]), (&"cable moved".into(), &"2026-31".into()));
    let cancel = ["downtime", "cancel", "23", "--reason", "postponed", "--by", "LI"];
    assert!(house.done(&cancel).starts_with("planned downtime 23 is cancelled"));
    assert_eq!(house.json(&["downtime", "list"]), Value::Array(Vec::new()));
    let past = house.json(&["downtime", "list", "--past"]);
    assert_eq!((&past[0]["standing"], &past[0]["undone_by"]), (&"cancelled".into(), &"LI".into()));
    house.refused(1, &cancel, "was cancelled by LI already");
    house.refused(1, &["downtime", "cancel", "3", "--reason", "x"], "there is no planned downtime 3");
}

#[test]
fn windows_are_for_a_line_a_trunk_a_township_a_class_or_all() {
    let house = House::new();
    for (scope, key, name) in [
        (&["--line", "V-01"][..], "line", "V-01"),
        (&["--township", "汀泗桥镇"], "township", "汀泗桥镇"),
        (&["--class", "village"], "class", "village"),
        (&["--class", "区直及乡镇"], "class", "township"),
    ] {
        let add = with(&with(&["downtime", "add", "--from", "2099-01-01", "--to", "2099-01-01"], scope), &WHY);
        let records = house.json(&add);
        let added = &records[0]["fact"]["planned"]["added"];
        assert_eq!(added["scope"][key], name, "{records}");
        // A plain day as the end is included.
        let length = added["span"]["end"].as_i64().unwrap() - added["span"]["start"].as_i64().unwrap();
        assert_eq!(length, 86_400_000);
    }
    let records = house.json(&with(&["downtime", "add", "--all", "--from", "2099-01-01", "--to", "2099-01-02"], &WHY));
    assert_eq!(records[0]["fact"]["planned"]["added"]["scope"], "all");
}

#[test]
fn what_of_a_window_lies_before_its_entry_becomes_a_proposal() {
    let house = House::new();
    let add = ["downtime", "add", "--line", "D-01", "--from", "2026-01-10 12:00", "--to", "2099-01-01"];
    let records = house.json(&with(&add, &WHY));
    let (planned, proposed) = (number(&records, "planned"), number(&records, "decision"));
    let january = || house.figures("2026-01")["total"].clone();
    assert_eq!(january()["planned_ms"], 0, "a proposal counts for nothing");
    let pending = house.json(&["outage", "exclusions", "--pending"]);
    assert_eq!((pending[0]["number"].to_string(), &pending[0]["kind"]), (proposed.clone(), &"excluded".into()));
    house.done(&["outage", "approve", &proposed, "--by", "WANG"]);
    assert_eq!(january()["excluded_ms"], january()["planned_ms"]);
    assert_eq!(january()["down_own_ms"], 2 * 3_600_000, "of the trunk alone");
    assert!(house.done(&["outage", "show", &planned]).contains("planned downtime  in force"));
    // Wholly past, it is a proposal only.
    let add = ["downtime", "add", "--line", "V-02", "--from", "2026-02-01", "--to", "2026-02-01"];
    let records = house.json(&with(&add, &WHY));
    assert_eq!(records.as_array().unwrap().len(), 1);
    number(&records, "decision");
}

#[test]
fn a_declaration_counts_at_once_and_contradictions_are_refused() {
    let house = House::new();
    let declare = |line, from, to| with(&["outage", "declare", line, "--from", from, "--to", to], &WHY);
    let records = house.json(&declare("V-02", "2026-02-10 08:00", "2026-02-10 09:30"));
    let declared = number(&records, "decision");
    let february = house.figures("2026-02");
    assert_eq!(february["total"]["down_declared_ms"], 5_400_000);
    assert_eq!(february["ledger"][0]["counted_ms"], 5_400_000);
    house.refused(
        1,
        &declare("V-02", "2026-02-10 09:00", "2026-02-10 10:00"),
        "declares this line down in that time already",
    );
    house.refused(1, &declare("V-09", "2026-02-10 09:00", "2026-02-10 10:00"), "there is no line V-09");
    house.refused(1, &declare("V-01", "2099-02-10 09:00", "2099-02-10 10:00"), "has not come yet");
    house.refused(1, &declare("V-01", "2026-02-10 09:00", "2026-02-10 08:00"), "there is no time from");
    house.refused(1, &declare("V-01", "2026-02-10 09:00", "yesterday"), "is no time");
    // Time that is taken out of the account cannot be declared down.
    let exclude = ["outage", "exclude", "--line", "D-01", "--from", "2026-02-01", "--to", "2026-02-01"];
    house.done(&with(&exclude, &WHY));
    house.refused(1, &declare("D-01", "2026-02-01 09:00", "2026-02-01 10:00"), "excludes that time");
    house.refused(1, &with(&exclude, &WHY), "excludes that time");
    // One without an end lasts until it is said to have ended.
    let open = with(&["outage", "declare", "V-01", "--from", "2026-02-20 08:00"], &WHY);
    let open = number(&house.json(&open), "decision");
    let listed = house.json(&["outage", "list", "--open"]);
    assert_eq!((listed[0]["number"].to_string(), &listed[0]["end"]), (open.clone(), &Value::Null));
    house.refused(1, &["outage", "end", &open, "--at", "2026-02-20 07:00"], "there is no time from");
    house.done(&["outage", "end", &open, "--at", "2026-02-20 10:00"]);
    house.refused(1, &["outage", "end", &open], "was over at 2026-02-20 10:00:00");
    house.refused(1, &["outage", "approve", &open, "--by", "WANG"], "counts without approval");
    assert_eq!(house.figures("2026-02")["total"]["down_declared_ms"], 5_400_000 + 7_200_000);
    house.done(&["outage", "withdraw", &declared, "--reason", "wrong village"]);
    assert_eq!(house.figures("2026-02")["total"]["down_declared_ms"], 7_200_000);
}

#[test]
fn nobody_approves_what_he_proposed_himself() {
    let house = House::new();
    let exclude = ["outage", "exclude", "--trunk", "T-01", "--from", "2026-01-20 00:00", "--to", "2026-01-20 02:00"];
    let proposed = number(&house.json(&with(&with(&exclude, &WHY), &["--by", "Li Si"])), "decision");
    for author in ["Li Si", "li si", " LI SI "] {
        house.refused(1, &["outage", "approve", &proposed, "--by", author], "another person has to approve");
        house.refused(1, &["outage", "reject", &proposed, "--reason", "no", "--by", author], "another person");
    }
    let before = house.figures("2026-01");
    house.done(&["outage", "approve", &proposed, "--by", "Wang Wu"]);
    house.refused(1, &["outage", "approve", &proposed, "--by", "Zhao Liu"], "was approved by Wang Wu already");
    let after = house.figures("2026-01");
    assert_eq!(after["total"]["excluded_ms"], 2 * 7_200_000, "the trunk and what hangs on it");
    assert_eq!(after["total"]["availability_unexcluded"], before["total"]["availability"], "with and without");
    let [entry] = after["ledger"].as_array().unwrap().as_slice() else { panic!("{}", after["ledger"]) };
    assert_eq!((&entry["lines"], &entry["approved_by"]), (&2.into(), &"Wang Wu".into()));
    assert_eq!(entry["down_ms"], 2 * 3_600_000 - 1000);
    // Taken back, the evidence counts again, and the way there stays.
    house.done(&["outage", "withdraw", &proposed, "--reason", "the power was on", "--by", "Li Si"]);
    let again = house.figures("2026-01");
    assert_eq!(again["total"], before["total"]);
    let shown = house.done(&["outage", "show", &proposed]);
    assert!(shown.contains("approved by Wang Wu") && shown.contains("withdrawn by Li Si"), "{shown}");
    // What a second person rejects never counts.
    let exclude = ["outage", "exclude", "--all", "--from", "2026-01-20", "--to", "2026-01-21"];
    let proposed = number(&house.json(&with(&with(&exclude, &WHY), &["--by", "Li Si"])), "decision");
    house.done(&["outage", "reject", &proposed, "--reason", "no power cut", "--by", "Wang Wu"]);
    house.refused(1, &["outage", "approve", &proposed, "--by", "Zhao Liu"], "was rejected by Wang Wu");
    assert_eq!(house.figures("2026-01")["total"], before["total"]);
}

#[test]
fn an_outage_is_excluded_or_corrected_by_its_number() {
    let house = House::new();
    let listed = house.json(&["outage", "list", "D-01", "--from", "2026-01-01", "--to", "2026-01-31"]);
    let outage = listed[0]["number"].to_string();
    assert_eq!(listed[0]["length_ms"], 7_200_000);
    let correct = |more: &[&'static str]| [&["outage", "correct", outage.as_str()][..], more, &WHY].concat();
    let shorter = correct(&["--from", "2026-01-10 12:30", "--to", "2026-01-10 13:00"]);
    let apart = correct(&["--from", "2026-01-11 12:30", "--to", "2026-01-11 13:00"]);
    house.refused(1, &apart, "apart from the time given");
    let same = correct(&["--from", "2026-01-10 12:00", "--to", "2026-01-10 14:00"]);
    house.refused(1, &same, "is recorded exactly so");
    house.refused(1, &with(&["outage", "correct", "3", "--none"], &WHY), "there is no outage 3");
    let proposed = number(&house.json(&shorter), "decision");
    house.refused(1, &shorter, "is corrected by");
    house.done(&["outage", "approve", &proposed, "--by", "WANG"]);
    let d01 = |figures: &Value| {
        figures["lines"].as_array().unwrap().iter().find(|line| line["line"] == "D-01").cloned().unwrap()
    };
    let corrected = d01(&house.figures("2026-01"));
    assert_eq!(corrected["down_ms"], 1_800_000);
    // What was taken from the outage is unknown, never up.
    let listed = house.json(&["outage", "list", "D-01", "--from", "2026-01-01", "--to", "2026-01-31"]);
    assert_eq!(listed[0]["correction"]["standing"], "in_force");
    let exclude = with(&["outage", "exclude", "--outage", &outage], &WHY);
    let proposed = number(&house.json(&exclude), "decision");
    house.done(&["outage", "approve", &proposed, "--by", "WANG"]);
    let excluded = d01(&house.figures("2026-01"));
    assert_eq!((&excluded["down_ms"], &excluded["excluded_ms"]), (&0.into(), &7_200_000.into()));
}

#[test]
fn what_is_missing_or_unknown_is_refused() {
    let house = House::new();
    let add = ["downtime", "add", "--from", "2099-01-01", "--to", "2099-01-02"];
    house.refused(2, &with(&add, &WHY), "required");
    house.refused(2, &with(&add, &["--all", "--reason", "x"]), "--document");
    house.refused(2, &with(&add, &["--all", "--document", "x"]), "--reason");
    house.refused(2, &with(&with(&add, &["--all", "--line", "V-01"]), &WHY), "cannot be used with");
    house.refused(2, &with(&["downtime", "add", "--all", "--for", "soon"], &WHY), "is no length of time");
    house.refused(2, &with(&["downtime", "add", "--all"], &WHY), "--to");
    house.refused(1, &with(&add, &["--all", "--reason", "  ", "--document", "x"]), "the reason is missing");
    house.refused(
        1,
        &with(&add, &["--all", "--reason", "x", "--document", ""]),
        "the number of the document is missing",
    );
    house.refused(1, &with(&with(&add, &["--line", "V-99"]), &WHY), "there is no line V-99");
    house.refused(1, &with(&with(&add, &["--township", "别处"]), &WHY), "no line is in township 别处");
    house.refused(1, &with(&with(&add, &["--class", "camera"]), &WHY), "no line is of class camera");
    house.refused(
        1,
        &with(&["downtime", "add", "--all", "--from", "2099-01-02", "--to", "2099-01-01"], &WHY),
        "there is no time",
    );
    house.refused(1, &["outage", "list", "V-99"], "there is no line V-99");
    house.refused(1, &["outage", "show", "1"], "no outage, decision or window has the number 1");
    house.refused(1, &["outage", "approve", "999"], "there is no decision 999");
    house.refused(1, &with(&["outage", "exclude", "--outage", "2"], &WHY), "there is no outage 2");
    house.refused(2, &with(&["outage", "exclude", "--all"], &WHY), "--from");
    house.refused(1, &with(&add, &["--all", "--reason", "x", "--document", "y", "--by", " "]), "give a name with --by");
}
