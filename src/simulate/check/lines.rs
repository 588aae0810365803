//! The outages of each line against its dead spans and its lost probes.

use std::collections::BTreeMap;

use linewatch_core::line::LineId;
use linewatch_core::record::{Attribution, EndReason};
use linewatch_core::time::{Millis, Span, Timestamp};

use super::{Checked, Expected, Flaw, Outage, PLAIN, Records, Run, Told};

pub(super) fn check(told: &Told<'_>, records: &Records, checked: &mut Checked) {
    let mut outages: BTreeMap<&LineId, Vec<&Outage>> = BTreeMap::new();
    for outage in &records.outages {
        outages.entry(&outage.row.line).or_default().push(outage);
    }
    for line in &records.lines {
        let mine = outages.get(&line.id).map(Vec::as_slice).unwrap_or_default();
        let one = OneLine { told, line: &line.id, dead: told.dead(&line.id), outages: mine };
        one.found(checked);
        for outage in mine {
            one.outage(outage, checked);
        }
    }
}

struct OneLine<'a, 't> {
    told: &'a Told<'t>,
    line: &'t LineId,
    dead: Vec<Span>,
    outages: &'a [&'a Outage],
}

impl OneLine<'_, '_> {
    fn runs(&self) -> &[Run] {
        self.told.runs.get(self.line).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every span that must be found is found once.
    fn found(&self, checked: &mut Checked) {
        let around: Vec<Span> = self
            .told
            .unseen
            .iter()
            .map(|span| Span::new(span.start - self.told.felt, span.end + self.told.felt))
            .collect();
        let around = super::merged(around);
        for dead in &self.dead {
            let seen = super::without(dead.clip(self.told.span), &around);
            let overlapping = self
                .outages
                .iter()
                .filter(|outage| !outage.span().clip(*dead).is_empty())
                .map(|outage| outage.row.outage);
            let overlapping: Vec<_> = overlapping.collect();
            let certain = seen.iter().any(|part| part.length() > self.told.certain(self.line));
            checked.dead_spans += usize::from(certain);
            match overlapping.len() {
                0 if certain => checked.flaws.push(Flaw::Missed(self.line.clone(), *dead)),
                0 | 1 => {}
                _ => checked.flaws.push(Flaw::Twice(self.line.clone(), *dead, overlapping)),
            }
        }
    }

    fn outage(&self, outage: &Outage, checked: &mut Checked) {
        let row = &outage.row;
        let lost_at = |at: Timestamp| move |run: &&Run| run.first_loss <= at && at <= run.last_loss;
        let Some(first) = self.runs().iter().find(lost_at(row.start)) else {
            checked.flaws.push(Flaw::Start(self.line.clone(), row.outage, row.start));
            return;
        };
        let confirm_down = self.told.probing.get(self.line).copied().unwrap_or_default().confirm_down;
        if first.lost < u64::from(confirm_down) {
            checked.flaws.push(Flaw::Invented(self.line.clone(), row.outage));
        }
        let dead: Vec<Span> = self
            .dead
            .iter()
            .copied()
            .filter(|dead| dead.start <= first.last_loss && first.first_loss < dead.end)
            .collect();
        if dead.is_empty() {
            checked.by_chance += 1;
        }
        let start = self.start_fits(outage, first, &dead);
        checked.edges += 1;
        if !start {
            checked.flaws.push(Flaw::Start(self.line.clone(), row.outage, row.start));
        }
        let Some(end) = row.end else { return };
        checked.edges += 1;
        let fits = match end.reason {
            EndReason::Answered => {
                let last = self.runs().iter().find(|run| run.first_reply == Some(end.end));
                last.is_some_and(|run| run.last_loss == end.last_loss && self.end_fits(run))
                    // The wire's session was another one, or the monitor did not look at what came before.
                    || self.told.is_disturbed(Span::new(end.last_loss, end.end))
            }
            // Where a gap begins: what was seen last is before it.
            EndReason::Gap => self.told.is_disturbed(Span::new(end.end, end.end + Millis(1))),
            EndReason::Decommissioned => true,
        };
        if !fits {
            checked.flaws.push(Flaw::End(self.line.clone(), row.outage, end.end));
        } else if end.reason == EndReason::Answered && start && !self.told.is_disturbed(outage.span()) {
            self.total(outage, end.last_loss, &dead, checked);
        }
        if let [dead] = dead[..] {
            self.attribution(outage, dead, checked);
        }
    }

    /// The start is the first loss of a run, or the first after a time that was not seen; the cut lies between it and
    /// the last reply, unless chance lost a probe just before.
    fn start_fits(&self, outage: &Outage, run: &Run, dead: &[Span]) -> bool {
        let row = &outage.row;
        let disturbed = self.told.is_disturbed(Span::new(run.last_reply.unwrap_or(run.first_loss), row.start));
        let at_edge = row.start == run.first_loss && (row.last_reply == run.last_reply || disturbed);
        let cut_within = dead.first().is_none_or(|dead| row.last_reply.is_none_or(|reply| reply < dead.start));
        (at_edge && cut_within) || disturbed
    }

    /// The line came back after the last loss and before the first reply, unless chance lost a probe just after.
    fn end_fits(&self, run: &Run) -> bool {
        let dead = self.dead.iter().rfind(|dead| dead.start <= run.last_loss && run.first_loss < dead.end);
        dead.is_none_or(|dead| run.first_reply.is_none_or(|reply| dead.end <= reply))
    }

    /// Down by the records against dead by the truth: apart by the uncertainty of the edges at most, and by what
    /// chance lost and answered within.
    fn total(&self, outage: &Outage, last_loss: Timestamp, dead: &[Span], checked: &mut Checked) {
        let span = outage.span();
        let Some(reply) = outage.row.last_reply else { return };
        let [one] = dead else { return };
        let truly = one.clip(Span::new(reply, span.end)).length();
        let bound = (span.start - reply) + (span.end - last_loss);
        // A modem that came back for a moment in between is up in the truth and down by the records; chance before
        // and after is down by the records alone: both are no error of the edges.
        let runs = self.runs().iter().filter(|run| run.first_loss >= span.start && run.first_loss < span.end).count();
        if runs != 1 || one.start > span.start || one.end <= last_loss {
            return;
        }
        checked.down += span.length();
        checked.dead += truly;
        checked.bound += bound;
        if (span.length() - truly).0.abs() > bound.0 {
            let flaw = Flaw::Total(self.line.clone(), span.length().0, truly.0, bound.0);
            checked.flaws.push(flaw);
        }
    }

    /// Whose the outage is by the cuts on the line's path.
    fn attribution(&self, outage: &Outage, dead: Span, checked: &mut Checked) {
        let within = |line: &LineId| -> Vec<Span> {
            let cuts = self.told.cuts.get(line).into_iter().flatten().copied();
            cuts.filter(|cut| cut.start < dead.end && dead.start < cut.end).collect()
        };
        let own = within(self.line);
        let above: Vec<Span> = self.told.ancestors(self.line).flat_map(within).collect();
        let first_own = own.iter().map(|cut| cut.start).min();
        let first_above = above.iter().map(|cut| cut.start).min();
        let first = outage.segments.first().map(|segment| &segment.attribution);
        let expected = match (first_own, first_above) {
            (Some(_) | None, None) => Expected::Own,
            // A short cut above may be over before anybody could confirm it.
            (None | Some(_), Some(at)) if above.iter().any(|cut| cut.start == at && cut.length() < PLAIN) => {
                checked.ambiguous += 1;
                return;
            }
            (None, Some(_)) => Expected::Upstream,
            (Some(own), Some(above)) if (own - above) > PLAIN => Expected::Upstream,
            (Some(own), Some(above)) if (above - own) > PLAIN => Expected::Own,
            (Some(_), Some(_)) => {
                checked.ambiguous += 1;
                return;
            }
        };
        if self.told.is_disturbed(Span::new(dead.start - PLAIN, dead.start + PLAIN)) {
            checked.ambiguous += 1;
            return;
        }
        checked.attributions += 1;
        let fits = match expected {
            Expected::Own => first == Some(&Attribution::Own),
            Expected::Upstream => matches!(first, Some(Attribution::Upstream(_))),
            Expected::OwnFrom(_) => false,
        };
        if !fits {
            checked.flaws.push(Flaw::Attribution(self.line.clone(), outage.row.outage, expected));
            return;
        }
        self.released(outage, dead, &above, expected == Expected::Upstream, checked);
    }

    /// Still down long after all above came back: its own from that return on.
    fn released(&self, outage: &Outage, dead: Span, above: &[Span], upstream: bool, checked: &mut Checked) {
        let Some(back) = above.iter().map(|cut| cut.end).max().filter(|_| upstream) else { return };
        let stayed = dead.end.min(outage.span().end) - back;
        let plain = self.told.policy.grace + PLAIN;
        if stayed <= plain || self.told.is_disturbed(Span::new(back - PLAIN, back + plain)) {
            return;
        }
        let own_from = outage.segments.last().filter(|last| last.attribution == Attribution::Own).map(|last| last.from);
        if own_from.is_none_or(|from| (from - back).0.abs() > PLAIN.0) {
            let flaw = Flaw::Attribution(self.line.clone(), outage.row.outage, Expected::OwnFrom(back));
            checked.flaws.push(flaw);
        }
    }
}
