//! The same commands while the daemon runs: it knows their records within a second, and so do its faults.

use crate::daemon::{Home, Speed};
use crate::house::number;

#[test]
fn people_decide_while_the_daemon_runs() {
    let home = Home::new().answering(3, 61).speed(Speed::FAST);
    let daemon = home.start();
    daemon.await_log("observation.sighted");
    let json = |arguments: &[&str]| -> serde_json::Value {
        let output = home.run(&[arguments, &["--json", "--by", "LI"]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let why = ["--reason", "cable", "--document", "7"];
    let added = json(&[&["downtime", "add", "--all", "--for", "2h"], &why[..]].concat());
    let planned = number(&added, "planned");
    let cancelled = json(&["downtime", "cancel", &planned, "--reason", "done early"]);
    let last = cancelled[0]["seq"].as_u64().unwrap();
    daemon.until("the daemon has followed", || {
        let records = daemon.metric("linewatch_journal_records_total").unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
        if records >= last as f64 { Ok(()) } else { Err(format!("{records} of {last}")) }
    });
    assert_eq!(daemon.stop().code, Some(0));
    // And with the daemon stopped.
    let listed = home.run(&["downtime", "list", "--past", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!((listed[0]["number"].to_string(), &listed[0]["standing"]), (planned, &"cancelled".into()));
    json(&[&["downtime", "add", "--all", "--for", "2h"], &why[..]].concat());
    home.verified();
    let folded = home.run(&["journal", "rebuild"]);
    assert!(folded.status.success(), "{}", String::from_utf8_lossy(&folded.stdout));
}
