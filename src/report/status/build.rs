//! The report from the joined view.

use std::collections::{BTreeMap, HashMap};

use linewatch_core::ledger::OpenOutage;
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::{BlindCause, State, UnsentCause};
use linewatch_core::quality::LineHour;
use linewatch_core::record::Attribution;
use linewatch_core::time::Timestamp;
use linewatch_core::view::{FaultView, LineView, Shown, Site};

use super::{
    Counts, CutOff, Fault, Group, LineBrief, LineReport, Monitor, Outage, QualityReport, Reference, SCHEMA,
    StatusReport, Trouble, Unseen, UnseenCount, UnsentCount,
};
use crate::language::Language;

impl StatusReport {
    /// The report of what is shown, for a site of this language.
    pub fn of(shown: &Shown<'_>, language: Language) -> Self {
        let site = &shown.snapshot.site;
        let mut total = Counts::default();
        let mut classes = BTreeMap::new();
        let mut townships = BTreeMap::new();
        for view in &shown.lines {
            total.count_line(view);
            let class: &mut Counts = classes.entry(view.line.class.as_str()).or_default();
            class.count_line(view);
            let township: &mut Counts = townships.entry(view.line.township.as_str()).or_default();
            township.count_line(view);
        }
        for fault in &shown.faults {
            total.count_fault(fault);
            if let Some(line) = fault.line {
                classes.entry(line.class.as_str()).or_default().count_fault(fault);
                townships.entry(line.township.as_str()).or_default().count_fault(fault);
            }
        }
        Self {
            schema: SCHEMA.to_owned(),
            site: site.name.clone(),
            zone: site.zone.name().to_owned(),
            language,
            at: shown.live.now,
            ready: shown.ready(),
            total,
            unseen: unseen_counts(shown),
            troubles: troubles(shown),
            classes: class_groups(site, classes),
            townships: township_groups(townships),
            monitor: monitor(shown),
        }
    }
}

impl Counts {
    fn count_line(&mut self, view: &LineView<'_>) {
        self.lines += 1;
        match view.state {
            State::Pending => self.pending += 1,
            State::Up => self.up += 1,
            State::Suspect => self.suspect += 1,
            State::Down => self.down += 1,
            State::Recovering => self.recovering += 1,
            State::Undetermined => self.undetermined += 1,
        }
        if let Some(outage) = view.outage {
            self.outages_open += 1;
            self.cut_off += u64::from(matches!(outage.attribution, Attribution::Upstream(_)));
        }
    }

    fn count_fault(&mut self, fault: &FaultView<'_>) {
        self.faults_open += 1;
        self.faults_overdue += u64::from(fault.overdue);
    }
}

/// Configured classes first, in their order; others after them.
fn class_groups(site: &Site, mut counts: BTreeMap<&str, Counts>) -> Vec<Group> {
    let mut groups = Vec::new();
    for known in &site.classes {
        if let Some(counts) = counts.remove(known.class.as_str()) {
            groups.push(Group { key: known.class.to_string(), label: known.label.clone(), counts });
        }
    }
    groups.extend(counts.into_iter().map(|(key, counts)| Group { key: key.to_owned(), label: key.to_owned(), counts }));
    groups
}

/// By name; the lines of no township come last.
fn township_groups(mut counts: BTreeMap<&str, Counts>) -> Vec<Group> {
    let nowhere = counts.remove("").map(|counts| ("", counts));
    let group = |(key, counts): (&str, Counts)| Group { key: key.to_owned(), label: key.to_owned(), counts };
    counts.into_iter().chain(nowhere).map(group).collect()
}

fn unseen_counts(shown: &Shown<'_>) -> Vec<UnseenCount> {
    let mut counts: BTreeMap<BlindCause, u64> = BTreeMap::new();
    for view in &shown.lines {
        if matches!(view.state, State::Pending | State::Undetermined)
            && let Some((_, cause)) = view.unseen
        {
            *counts.entry(cause).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().map(|(cause, lines)| UnseenCount { cause, lines }).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.lines));
    counts
}

/// Each outage stands under the line to repair: its own, or the first ancestor up the attributions that is not itself
/// cut off.
fn troubles(shown: &Shown<'_>) -> Vec<Trouble> {
    let site = &shown.snapshot.site;
    let views: HashMap<&LineId, &LineView<'_>> = shown.lines.iter().map(|view| (&view.line.id, view)).collect();
    let mut troubles: BTreeMap<&LineId, Trouble> = BTreeMap::new();
    for view in &shown.lines {
        let Some(outage) = view.outage else { continue };
        let root = line_to_repair(view, outage, &views);
        let entry = troubles.entry(root).or_insert_with(|| trouble(site, root, views.get(root).copied()));
        if *root != view.line.id {
            entry.cut_off.push(CutOff { line: brief(site, view.line), state: view.state, start: outage.start });
        }
    }
    for fault in &shown.faults {
        let id = &fault.fault.line;
        let entry = troubles.entry(id).or_insert_with(|| trouble(site, id, views.get(id).copied()));
        entry.fault.get_or_insert_with(|| brief_fault(fault));
    }
    let mut troubles: Vec<Trouble> = troubles.into_values().collect();
    troubles.sort_by_key(|trouble| {
        let wrong = trouble.outage.is_some() || !trouble.cut_off.is_empty();
        let since = trouble.outage.as_ref().map(|outage| outage.start);
        let opened = trouble.fault.as_ref().map(|fault| fault.opened);
        (!wrong, std::cmp::Reverse(trouble.cut_off.len()), since.or(opened).unwrap_or(Timestamp::MAX))
    });
    troubles
}

fn line_to_repair<'a>(
    view: &'a LineView<'_>,
    outage: &'a OpenOutage,
    views: &HashMap<&LineId, &'a LineView<'_>>,
) -> &'a LineId {
    let mut id = &view.line.id;
    let mut attribution = &outage.attribution;
    // The inventory has no loops, but a record from before a change may name what is now a descendant.
    for _ in 0..views.len() {
        let Attribution::Upstream(ancestor) = attribution else { return id };
        id = ancestor;
        match views.get(ancestor).and_then(|view| view.outage) {
            Some(above) => attribution = &above.attribution,
            None => return id,
        }
    }
    id
}

fn trouble(site: &Site, id: &LineId, view: Option<&LineView<'_>>) -> Trouble {
    Trouble {
        line: view.map_or_else(|| unknown(id), |view| brief(site, view.line)),
        state: view.map(|view| view.state),
        outage: view.and_then(|view| view.outage).map(brief_outage),
        fault: None,
        cut_off: Vec::new(),
    }
}

fn brief(site: &Site, line: &Line) -> LineBrief {
    LineBrief {
        id: line.id.clone(),
        name: line.name.clone(),
        class: site.label(&line.class).to_owned(),
        township: line.township.to_string(),
        village: line.village.clone(),
    }
}

fn unknown(id: &LineId) -> LineBrief {
    let empty = String::new;
    LineBrief { id: id.clone(), name: id.to_string(), class: empty(), township: empty(), village: empty() }
}

fn brief_outage(outage: &OpenOutage) -> Outage {
    Outage { start: outage.start, cause: outage.cause, attribution: outage.attribution.clone() }
}

fn brief_fault(view: &FaultView<'_>) -> Fault {
    Fault {
        number: view.fault.fault.clone(),
        source: view.fault.source,
        opened: view.fault.opened,
        deadline: view.fault.deadline,
        overdue: view.overdue,
        relapses: view.fault.relapses,
    }
}

fn monitor(shown: &Shown<'_>) -> Monitor {
    let (snapshot, live) = (shown.snapshot, shown.live);
    let unsent = UnsentCause::ALL.into_iter().zip(live.unsent).filter(|(_, probes)| *probes > 0);
    Monitor {
        started: live.started,
        blind: snapshot.committed.blind.map(|blind| Unseen { from: blind.from, cause: blind.cause }),
        muted_until: live.muted_until,
        clock_steps: live.clock_steps,
        references: live
            .references
            .iter()
            .map(|known| Reference { address: known.address.clone(), up: known.up })
            .collect(),
        unsent: unsent.map(|(cause, probes)| UnsentCount { cause, probes }).collect(),
        records: snapshot.journal.records,
        head_seq: snapshot.committed.seq,
        head: snapshot.journal.head.clone(),
        heartbeat: snapshot.journal.heartbeat,
        append_failures: snapshot.journal.append_failures,
        journal_failing: snapshot.journal.failing.clone(),
        reload_successful: snapshot.reload.successful,
        reloaded_at: snapshot.reload.succeeded_at,
    }
}

impl LineReport {
    /// Everything shown of one line; `None`: no such line in service.
    pub fn of(shown: &Shown<'_>, language: Language, id: &str, quality: Option<&[LineHour]>) -> Option<Self> {
        let site = &shown.snapshot.site;
        let view = shown.lines.iter().find(|view| view.line.id.as_str() == id)?;
        let line = view.line;
        let above = line.upstream.as_ref().and_then(|upstream| shown.lines.iter().find(|it| it.line.id == *upstream));
        let fault = shown.faults.iter().find(|fault| fault.fault.line == line.id);
        Some(Self {
            at: shown.live.now,
            zone: site.zone.name().to_owned(),
            language,
            line: brief(site, line),
            carrier: line.carrier.clone(),
            circuit_no: line.circuit_no.clone(),
            address: line.address.clone(),
            probe: line.probe.to_string(),
            upstream: above.map(|above| brief(site, above.line)),
            behind: behind(shown, &line.id),
            state: view.state,
            since: view.since,
            unseen: view.unseen.map(|(from, cause)| Unseen { from, cause }),
            outage: view.outage.map(brief_outage),
            fault: fault.map(brief_fault),
            flapping: view.live.is_some_and(|live| live.flapping),
            delay_us: view.live.and_then(|live| live.delay_us),
            sent: view.live.map_or(0, |live| live.sent),
            lost: view.live.map_or(0, |live| live.lost),
            outages: view.outages,
            quality: quality.map(|hours| QualityReport::of(hours, shown.live.now, site.zone)),
        })
    }
}

/// Lines reached through a line, directly or not: a walk down the tree, level by level.
fn behind(shown: &Shown<'_>, id: &LineId) -> u64 {
    let mut children: HashMap<&LineId, Vec<&LineId>> = HashMap::new();
    for view in &shown.lines {
        if let Some(upstream) = &view.line.upstream {
            children.entry(upstream).or_default().push(&view.line.id);
        }
    }
    let mut waiting = vec![id];
    let mut found = 0;
    while let Some(next) = waiting.pop() {
        // Removed as it is visited, so that even a loop would end.
        for child in children.remove(next).unwrap_or_default() {
            found += 1;
            waiting.push(child);
        }
    }
    found
}
