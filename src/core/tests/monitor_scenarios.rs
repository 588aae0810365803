//! One-line scenarios of the monitor: what the wire did, second by second, and what was found out.

mod district;

use district::{EVERY_SECOND, parse, play, text};

#[track_caller]
fn check(scenario: &str, expected: &str) {
    assert_eq!(text(&play(&parse(scenario), EVERY_SECOND)), expected, "\n{scenario}");
}

#[test]
fn an_outage_has_the_edges_of_its_probes() {
    check("V ...xxxxxxx......\nREF ...", "sight@0 V:down@2..3 V:up@9..10");
}

#[test]
fn four_losses_are_no_outage_and_five_are() {
    check("V ..xxxx..xxxx.x.x.xxxx....\nREF .", "sight@0");
    check("V ..xxxxx....\nREF .", "sight@0 V:down@1..2 V:up@6..7");
}

#[test]
fn one_reply_does_not_end_an_outage() {
    check("V .xxxxxx.xx.x..x...\nREF .", "sight@0 V:down@0..1 V:up@11..12");
}

#[test]
fn unreachable_answers_are_losses() {
    check("V ..rrrrrrr....\nREF .", "sight@0 V:down@1..2 V:up@8..9");
}

#[test]
fn unsent_probes_neither_advance_nor_break_a_run() {
    check("V ..xxuxux.....\nREF .", "sight@0");
    check("V ..xxuxuxx.....\nREF .", "sight@0 V:down@1..2 V:up@8..9");
    check("V .xxxxx.u.....\nREF .", "sight@0 V:down@0..1 V:up@5..6");
}

#[test]
fn a_line_of_unsent_probes_is_lost_from_its_last_result_and_seen_from_the_next() {
    check("V ...uuuuuuuu...\nREF .", "sight@0 V:lost@2(Unsent) V:seen@11");
    check(
        "V .xxxxx.....uuuuuuuuxxxxxxx...\nREF .",
        "sight@0 V:down@0..1 V:up@5..6 V:lost@10(Unsent) V:seen@19 V:down@10..19 V:up@25..26",
    );
}

#[test]
fn a_gap_inside_an_outage_is_bridged_only_towards_the_worse() {
    check("V .xxxxxxuuuuuuuxxxxxx...\nREF .", "sight@0 V:down@0..1 V:lost@6(Unsent) V:seen@14 V:still@14 V:up@19..20");
    check("V .xxxxxxuuuuuuu.......\nREF .", "sight@0 V:down@0..1 V:lost@6(Unsent) V:seen@14 V:up@6..14~gap");
    check("V uxxuuuuuuu...\nREF .", "sight@0 V:lost@0(Unsent) V:seen@10");
    check("V .xxxxxxuuuuuuuxx.......\nREF .", "sight@0 V:down@0..1 V:lost@6(Unsent) V:seen@16 V:up@6..16~gap");
}

#[test]
fn without_sight_nothing_is_down() {
    check("V ..xxxxxxxxxxxxx....", "sight@0 blind@1(Silent) sight@15");
    check("V ..xxxxxxxxxxxxx....\nW ..xxxxxxxxxxxxx....", "sight@0 blind@1(Silent) sight@15");
}

#[test]
fn a_suspect_of_before_the_silence_is_certain_only_up_to_its_first_loss() {
    check("V ..xxxxxxxxxxxxx....\nREF .....xxxxxxxxxx....", "sight@0 blind@4(Silent V@2) sight@15");
}

#[test]
fn a_short_silence_is_nothing() {
    check("V ..x......\nREF ..x......", "sight@0");
    check("V ..xxx......\nREF ..xxx......", "sight@0 blind@1(Silent) sight@5");
}

#[test]
fn the_monitors_own_cable_opens_no_outage() {
    check("V ..uuuuuuuuuuuu....\nREF ..uuuuuuuuuuuu....", "sight@0 blind@1(Unsent) sight@14");
}

#[test]
fn ancestors_and_descendants_are_no_sight() {
    check("T ..xxxxxxxxxxx....\nV<T ..", "sight@0 blind@1(Silent) sight@13");
    check("T ..xxxxxxx.....\nV<T ..\nW ..", "sight@0 T:down@1..2 V:down@1..2 T:up@8..9 V:up@8..9");
}

#[test]
fn a_trunk_does_not_vouch_for_what_is_behind_it_nor_that_for_its_trunk() {
    check("T ....\nV<T ..xxxxxxxxxxx....", "sight@0");
    check("T ....\nV<T ....\nS<V ..xxxxxxxxxxx....", "sight@0");
    check("T ..xxxxxxxxxxx....\nV<T ooooooooooooooo", "sight@0");
    check(
        "T ..xxxxxxxxxxx....\nV<T ..\nS<V ooooooooooooooo\nW .",
        "sight@0 T:down@1..2 V:down@1..2 T:up@12..13 V:up@12..13",
    );
}

#[test]
fn a_run_that_waits_for_sight_is_over_when_its_line_answers_and_no_other_run_with_it() {
    check("T .\nV<T .xxxxx.xxx.....\nW .....uuu......", "sight@0 W:lost@4(Unsent) W:seen@8");
    check("T .\nV<T .xxxxx.........\nS<T .xxxxxxxxxx....", "sight@0 S:down@0..1 S:up@10..11");
    check(
        "T .\nV<T .xxxxxuuuuuuuu...\nS<T .xxxxxxxxxxxxxx..\nW ....uuuuuuuu.....",
        "sight@0 W:lost@3(Unsent) V:lost@1(Unsent) W:seen@12 S:down@0..1 V:seen@14 S:up@14..15",
    );
}

#[test]
fn what_was_lost_before_a_silence_of_all_ended_is_no_outage_until_more_is_lost() {
    check("T .....xx..........\nV<T .xxxxxx...........\nW ......x...........", "sight@0");
    check("T .....xx..........\nV<T .xxxxxxxx.........\nW ......x...........", "sight@0 V:down@0..1 V:up@8..9");
}

#[test]
fn a_sibling_is_sight() {
    check("T .\nV<T ..xxxxxxx....\nW<T ..", "sight@0 V:down@1..2 V:up@8..9");
}

#[test]
fn a_child_waits_for_its_suspect_ancestor() {
    // The trunk's first loss comes two seconds after the village's: the village's verdict still comes second.
    check("T ....xxxxxxx.....\nV<T ..xx\nREF .", "sight@0 T:down@3..4 V:down@1..2 T:up@10..11 V:up@10..11");
    // A trunk that wavers and stays up holds its village back for one confirmation time at most.
    check("T ....x.xx.xx.xx.xx.xx.\nV ..xxxxxxxxxxxxxxxxxxxxx\nREF .", "sight@0 V:down@1..2");
    check("T .x.x.x.x.x.x.x.x.x.x.x\nV<T ..xxxxxxxxxxxxxxxxxxxxx\nREF .", "sight@0 V:down@0..1");
}

#[test]
fn an_open_outage_goes_on_or_ends_in_the_gap_after_a_restart() {
    check("!V xxxxxxxx....\nREF .", "sight@0 V:still@0 V:up@7..8");
    check("!V .......\nREF .", "sight@0 V:up@-5..0~gap");
    check("!V x.x..xx..\nREF .", "sight@0 V:up@-5..3~gap");
}

#[test]
fn a_new_line_is_seen_when_it_first_settles() {
    check("?V .....\nREF .", "sight@0 V:seen@0");
    check("?V xx...\nREF .", "sight@0 V:seen@2");
    check("?V xxxxxxx...\nREF .", "sight@0 V:seen@0 V:down@?..0 V:up@6..7");
}

#[test]
fn a_sleeping_machine_is_blind_not_the_lines() {
    check("V ...ssssssssssss......\nREF .", "sight@0 blind@2(Stalled) sight@15");
    check("V .xxxxxxssssssssssss......\nREF .", "sight@0 V:down@0..1 blind@6(Stalled) sight@19 V:up@5..19~gap");
    check(
        "V .xxxxxxssssssssssssxxxxxxxx......\nREF .",
        "sight@0 V:down@0..1 blind@6(Stalled) sight@19 V:still@19 V:up@26..27",
    );
}

#[test]
fn after_blindness_a_line_that_went_down_in_it_is_down_from_its_first_loss() {
    check(
        "V ..xxxxxxxxxxxxxxxxxxxxxxx..\nREF ..xxxxxxxxxx............",
        "sight@0 blind@1(Silent) sight@12 V:down@1..12 V:up@24..25",
    );
}
