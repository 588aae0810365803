//! Bad days of the running program: each ends with a sentence that says what to do, with nothing lost or invented.

mod daemon;

use daemon::{Home, Row};

#[test]
fn sigterm_writes_a_last_checkpoint_and_ends_well() {
    let home = Home::new().answering(3, 71);
    let daemon = home.start();
    daemon.await_log("observation.sighted");
    daemon.await_status("all up", |status| status["total"]["up"] == 3);
    let ended = daemon.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.log);
    assert!(ended.log.trim_end().ends_with("stopped"), "{}", ended.log);
    assert_eq!(home.records().last().expect("records").fact.kind(), "observation.checkpoint");
    home.verified();
    assert!(home.outages().is_empty());
    let _ = Row::new("x", "y");
}
