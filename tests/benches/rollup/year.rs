//! A year of outages in a store, made by arithmetic: the same one in every run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use linewatch::store::{Entry, Journal, Store, StoreKind};
use linewatch_core::ledger::{
    Changes, FaultRow, GapRow, HorizonRow, LineRow, OutageEnd, OutageRow, PointRow, Row, SegmentRow,
};
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::{BlindCause, LossCause};
use linewatch_core::record::{
    Attribution, EndReason, Fact, FaultNo, FaultSource, ObservationFact, Origin, OutageId, RECORD_VERSION, Record,
};
use linewatch_core::time::{Millis, Timestamp};

/// 2026-01-01 00:00 in Shanghai.
pub const FROM: i64 = 1_767_196_800_000;
/// 2027-01-01 00:00 in Shanghai.
pub const TO: i64 = FROM + 365 * 86_400_000;

const BATCH: usize = 20_000;

/// Makes a store and closes it.
pub fn make(folder: &Path, lines: usize, outages: usize) -> PathBuf {
    let path = folder.join("journal.db");
    let mut maker = Maker { store: Store::open_daemon(&path, StoreKind::Real).unwrap(), seq: 0, waiting: Vec::new() };
    let ids: Vec<LineId> = (0..lines).map(|index| format!("L-{index:05}").as_str().into()).collect();
    for (index, id) in ids.iter().enumerate() {
        maker.record(vec![Row::Line(LineRow { from: Timestamp::MIN, until: None, line: Arc::new(line(index, id)) })]);
    }
    // Once a week the daemon was stopped for ten minutes, always when no outage is on.
    for week in 0..52 {
        let from = Timestamp(FROM + week * 7 * 86_400_000 + 300_000);
        let gap = GapRow { line: None, from, until: Some(from + Millis(600_000)), cause: BlindCause::Stopped };
        maker.record(vec![Row::Gap(gap)]);
    }
    // In the order of time, as a journal has them; each line's turn comes once in a round.
    let rounds = outages / lines;
    let step = (TO - FROM) / i64::try_from(rounds).unwrap();
    for round in 0..rounds {
        for (index, id) in ids.iter().enumerate() {
            maker.outage(round, index, id, FROM + i64::try_from(round).unwrap() * step, step);
        }
    }
    maker.record(vec![Row::Horizon(HorizonRow { at: Timestamp(TO), waiting: Vec::new() })]);
    maker.write();
    path
}

struct Maker {
    store: Store,
    seq: u64,
    waiting: Vec<Entry>,
}

impl Maker {
    fn record(&mut self, rows: Vec<Row>) {
        self.seq += 1;
        let at = Timestamp(FROM - 86_400_000);
        let record = Record {
            seq: self.seq,
            v: RECORD_VERSION,
            recorded_at: at,
            origin: Origin::Live,
            author: "linewatch".to_owned(),
            fact: Fact::Observation(ObservationFact::Checkpoint { at, waiting: Vec::new() }),
        };
        self.waiting.push(Entry { record, changes: Changes(rows) });
        if self.waiting.len() == BATCH {
            self.write();
        }
    }

    fn write(&mut self) {
        let head = self.store.head().unwrap().seq;
        self.store.append(head, &std::mem::take(&mut self.waiting)).unwrap();
    }

    /// One outage of a line within its step of the year; every tenth has a fault, every third is its upstream's.
    fn outage(&mut self, round: usize, index: usize, id: &LineId, from: i64, step: i64) {
        let mixed = i64::try_from((round * 7919 + index * 104_729) % 100_003).unwrap();
        // Behind the weekly stop, and over before the step is.
        let start = Timestamp(from + 1_000_000 + mixed * 10);
        let start = if in_a_stop(start) { start + Millis(1_000_000) } else { start };
        let length = (60_000 + (mixed * 37) % 1_800_000).min(step / 4);
        let end = start + Millis(length);
        let end = if meets_a_stop(start, end) { start + Millis(1) } else { end };
        let outage = OutageId(self.seq + 1);
        let above = (!index.is_multiple_of(20)).then(|| LineId::from(format!("L-{:05}", index - index % 20).as_str()));
        let attribution = match above {
            Some(above) if mixed % 3 == 0 => Attribution::Upstream(above),
            Some(_) | None => Attribution::Own,
        };
        let mut rows = vec![
            Row::Outage(OutageRow {
                outage,
                line: id.clone(),
                start,
                last_reply: Some(start - Millis(2000)),
                confirmed_at: start + Millis(5000),
                cause: LossCause::Timeout,
                gap_from: None,
                end: Some(OutageEnd {
                    end,
                    last_loss: end - Millis(1000),
                    first_reply: end,
                    confirmed_at: end + Millis(1000),
                    reason: EndReason::Answered,
                }),
            }),
            Row::Segment(SegmentRow { outage, from: start, attribution }),
        ];
        if mixed % 10 == 0 {
            let fault = FaultNo::from_stored(format!("F2026-{:07}", outage.0));
            rows.push(Row::Point(PointRow { fault: fault.clone(), line: id.clone(), outage, from: start, left: None }));
            rows.push(Row::Fault(FaultRow {
                fault,
                source: FaultSource::Detected,
                line: id.clone(),
                opened: start,
                deadline: start + Millis(12 * 3_600_000),
                restored: Some(end),
                relapses: 0,
                merged_into: None,
                work: std::sync::Arc::default(),
            }));
        }
        self.record(rows);
    }
}

fn in_a_stop(at: Timestamp) -> bool {
    let into = (at.0 - FROM).rem_euclid(7 * 86_400_000);
    (200_000..1_000_000).contains(&into)
}

/// Whether anything between two instants of one week lies in a stop.
fn meets_a_stop(start: Timestamp, end: Timestamp) -> bool {
    let into = (start.0 - FROM).rem_euclid(7 * 86_400_000);
    let length = (end - start).0;
    into < 1_000_000 && into + length > 200_000 || into + length > 7 * 86_400_000 + 200_000
}

fn line(index: usize, id: &LineId) -> Line {
    let class = ["township", "village", "surveillance"][index % 3];
    let mut line = Line::new(
        id.as_str(),
        &format!("线路 {index}"),
        class,
        &format!("10.{}.{}.{}", index >> 16, (index >> 8) & 255, index & 255),
    );
    line.township = format!("乡镇 {:02}", index / 20 % 20).as_str().into();
    line.carrier = ["电信", "移动", "联通", "广电"][index % 4].to_owned();
    line.upstream = (!index.is_multiple_of(20)).then(|| format!("L-{:05}", index - index % 20).as_str().into());
    line.rent_fen_month = Some(280_000);
    line
}
