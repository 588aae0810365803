//! What a ledger tells of itself.

use linewatch_core::command::Command;
use linewatch_core::ledger::{Blind, decide};
use linewatch_core::outcome::BlindCause;
use linewatch_core::time::Millis;

use crate::text::{Journal, at, policy};

#[test]
fn the_monitor_is_blind_from_the_record_that_says_so_until_it_sees_again() {
    let mut journal = Journal::with("A");
    assert_eq!(journal.ledger.blind(), None);
    journal.tell("blind 400");
    assert_eq!(journal.ledger.blind(), Some(Blind { from: at(400), cause: BlindCause::Silent }));
    journal.tell("sight 500");
    assert_eq!(journal.ledger.blind(), None);
}

#[test]
fn links_are_those_of_the_inventory() {
    let mut journal = Journal::with("R T<R V<T");
    let above = |journal: &Journal| {
        journal.ledger.upstream().ancestors(&"V".into()).map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(above(&journal), ["T", "R"]);
    journal.tell("lines 100 R T V<R");
    assert_eq!(above(&journal), ["R"]);
}

#[test]
fn another_policy_decides_what_is_not_decided_yet() {
    let mut journal = Journal::with("A");
    journal.tell("down A 100 | due 130");
    assert_eq!(journal.ledger.next_due(), Some(at(160)));
    let mut policy = policy().as_ref().clone();
    policy.open_after = Millis::from_secs(20);
    journal.ledger.follow(policy.clone().into());
    assert_eq!(*journal.ledger.policy(), policy);
    assert_eq!(journal.ledger.next_due(), Some(at(120)));
    assert_eq!(decide(&journal.ledger, &Command::Due { at: at(130) }, at(130)).map(|facts| facts.len()), Ok(1));
}
