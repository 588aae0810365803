//! Properties of the monitor over random wires, against oracles written apart from it.

mod district;

use std::collections::BTreeMap;

use district::{EVERY_SECOND, Scripted, parse, play, text};
use linewatch_core::command::Verdict;
use linewatch_core::line::LineId;
use linewatch_core::monitor::Prior;
use linewatch_core::time::Timestamp;
use proptest::prelude::*;

fn second(at: Timestamp) -> usize {
    usize::try_from(at.0.div_euclid(1000)).expect("not before the start")
}

/// Outages of a script by its text alone: unsent probes taken out, five losses in a row begin one, two replies end it.
fn outages_by_text(script: &str) -> Vec<(usize, Option<usize>)> {
    let sent: Vec<(usize, char)> = script.char_indices().filter(|(_, fate)| *fate != 'u').collect();
    let letters: String = sent.iter().map(|(_, fate)| *fate).collect();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = letters[from..].find("xxxxx").map(|place| from + place) {
        let end = letters[start..].find("..").map(|place| start + place);
        found.push((sent[start].0, end.map(|end| sent[end].0)));
        match end {
            Some(end) => from = end + 2,
            None => break,
        }
    }
    found
}

fn outages_by_monitor(verdicts: &[(Timestamp, Verdict)]) -> Vec<(usize, Option<usize>)> {
    let mut found: Vec<(usize, Option<usize>)> = Vec::new();
    for (_, verdict) in verdicts {
        match verdict {
            Verdict::Down { start, .. } => found.push((second(*start), None)),
            Verdict::Up { first_reply, .. } => found.last_mut().expect("an outage").1 = Some(second(*first_reply)),
            Verdict::Sighted { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    found
}

fn script(fates: &'static str, longest_run: usize) -> impl Strategy<Value = String> {
    let run = (0..fates.len(), 1..=longest_run).prop_map(move |(fate, length)| fates[fate..=fate].repeat(length));
    prop::collection::vec(run, 1..24).prop_map(|runs| runs.concat())
}

fn line(name: &str, upstream: Option<&str>, script: &str) -> Scripted {
    Scripted {
        name: name.to_owned(),
        upstream: upstream.map(str::to_owned),
        prior: Prior::Up,
        script: script.bytes().collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn with_sight_outages_are_those_of_the_text(core in script(".xu", 9)) {
        // Unsent runs are kept shorter than a gap; the ends are quiet so that everything is confirmed.
        let quiet = core.replace("uuu", "uu.");
        let whole = format!("..{quiet}{}", ".".repeat(12));
        let verdicts = play(&[line("V", None, &whole), line("REF", None, ".")], EVERY_SECOND);
        prop_assert_eq!(outages_by_monitor(&verdicts), outages_by_text(&whole), "{} -> {}", whole, text(&verdicts));
    }

    #[test]
    fn nothing_is_down_that_was_answered_and_nothing_twice(
        trunk in script(".x", 12),
        village in script(".xur", 12),
        camera in script(".xu", 12),
        other in script(".xs", 12),
        reference in script("..x", 12),
    ) {
        let lines = [
            line("T", None, &trunk),
            line("V", Some("T"), &village),
            line("C", Some("V"), &camera),
            line("W", None, &other),
            line("REF", None, &reference),
        ];
        let verdicts = play(&lines, EVERY_SECOND);
        let mut open: BTreeMap<LineId, Timestamp> = BTreeMap::new();
        let mut blind = true;
        for (now, verdict) in &verdicts {
            match verdict {
                Verdict::Down { line, start, last_reply, confirmed_at, .. } => {
                    prop_assert!(open.insert(line.clone(), *start).is_none(), "{} twice down", line);
                    prop_assert!(last_reply.is_none_or(|reply| reply < *start) && start < confirmed_at);
                    prop_assert!(!blind);
                    let script = &lines.iter().find(|scripted| scripted.name == line.as_str()).expect("known").script;
                    let own = script.get(second(*start)).copied().unwrap_or(b'.');
                    let cut = lines[..2].iter().any(|above| above.script.get(second(*start)) == Some(&b'x'));
                    prop_assert!(own != b'.' || (line.as_str() != "T" && cut), "{} starts on a reply", line);
                }
                Verdict::StillDown { line, .. } => prop_assert!(open.contains_key(line) && !blind),
                Verdict::Up { line, last_loss, first_reply, .. } => {
                    let start = open.remove(line);
                    prop_assert!(start.is_some_and(|start| start <= *last_loss && last_loss < first_reply));
                }
                Verdict::Blinded { from, waiting, .. } => {
                    prop_assert!(!blind && from <= now);
                    prop_assert!(waiting.iter().all(|waiting| waiting.until < *from));
                    blind = true;
                }
                Verdict::Sighted { at } => {
                    prop_assert!(blind && at <= now);
                    blind = false;
                }
                Verdict::ClockStepped { .. } => prop_assert!(false, "nobody set the clock"),
                Verdict::LineLost { from, .. } => prop_assert!(!blind && from < now),
                Verdict::LineSeen { at, .. } => prop_assert!(!blind && at <= now),
            }
        }
    }

    #[test]
    fn our_own_failure_opens_no_outage(cut_at in 2_usize..20, length in 1_usize..60, fate in "[xu]") {
        let whole = format!("{}{}{}", ".".repeat(cut_at), fate.repeat(length), ".".repeat(10));
        let lines: Vec<Scripted> =
            (0..20).map(|number| line(&format!("V{number}"), None, &whole)).chain([line("REF", None, &whole)]).collect();
        let verdicts = play(&lines, EVERY_SECOND);
        let told = text(&verdicts);
        prop_assert!(!told.contains("down") && !told.contains("lost"), "{}", told);
        prop_assert!(told.contains("blind") || length < 3, "{}", told);
        prop_assert!(!told.contains("blind") || length > 1, "{}", told);
    }
}

#[test]
fn a_played_wire_is_the_same_every_time() {
    let scenario = "T ..xxxxxxxx.......\nV<T ....x.xxxxxxx....\nREF .";
    assert_eq!(text(&play(&parse(scenario), EVERY_SECOND)), text(&play(&parse(scenario), EVERY_SECOND)));
}
