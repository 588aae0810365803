//! A district of 401 lines made by hand, on a calm and on a bad day, for the tests of what is shown.

#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::Arc;

use linewatch_core::ledger::{OpenFault, OpenOutage};
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::{BlindCause, LossCause, State};
use linewatch_core::quality::{LineHour, Quality};
use linewatch_core::record::{Attribution, FaultNo, FaultSource, OutageId};
use linewatch_core::time::{Millis, Timestamp};
use linewatch_core::view::{
    Availability, ClassLabel, Committed, CommittedLine, Histogram, JournalView, LiveLine, LiveReference, LiveView,
    Period, Reload, Site, Snapshot,
};

/// 2026-01-05 10:00:00 in Shanghai.
pub const NOW: Timestamp = Timestamp(1_767_578_400_000);

const TOWNSHIPS: [&str; 13] = [
    "浮山街道",
    "永安街道",
    "温泉街道",
    "官埠桥镇",
    "横沟桥镇",
    "贺胜桥镇",
    "双溪桥镇",
    "马桥镇",
    "桂花镇",
    "高桥镇",
    "汀泗桥镇",
    "大幕乡",
    "向阳湖镇",
];
static BOUNDS: [f64; 4] = [0.001, 0.01, 0.1, 1.0];

/// So long before now.
pub fn ago(seconds: i64) -> Timestamp {
    NOW - Millis::from_secs(seconds)
}

/// Both sides of what is shown.
pub struct District {
    pub snapshot: Snapshot,
    pub committed: Committed,
    pub live: LiveView,
}

impl District {
    /// No line at all.
    pub fn empty() -> Self {
        let class =
            |class: &str, label: &str| ClassLabel { class: class.into(), label: label.into(), target_ppm: 990_000 };
        let site = Site {
            name: "咸安区电子政务网".into(),
            zone: chrono_tz::Asia::Shanghai,
            simulated: false,
            classes: vec![
                class("township", "区直及乡镇"),
                class("village", "村社区"),
                class("surveillance", "视频监控"),
            ],
        };
        let snapshot = Snapshot {
            site: Arc::new(site),
            committed: Arc::default(),
            journal: JournalView {
                records: 412,
                head: "3fa2c81b".repeat(8),
                heartbeat: Some(ago(3)),
                append_failures: 0,
                failing: None,
            },
            reload: Reload { successful: true, succeeded_at: ago(7500) },
            availability: Vec::new(),
        };
        let live = LiveView {
            now: NOW,
            started: ago(7500),
            lateness: Histogram::new(&BOUNDS),
            references: vec![LiveReference { address: "10.0.0.1".into(), up: Some(true) }],
            ..LiveView::default()
        };
        Self { snapshot, committed: Committed { seq: 412, ..Committed::default() }, live }
    }

    /// 401 lines, all up.
    pub fn calm() -> Self {
        let mut district = Self::empty();
        for number in 1..=53_usize {
            let mut line = Line::new(&format!("T-{number:02}"), "", "township", &format!("10.1.0.{number}"));
            if let Some(township) = TOWNSHIPS.get(number - 1) {
                line.township = (*township).into();
                line.name = format!("{township}主干");
                line.carrier = "电信".into();
                line.circuit_no = format!("XA-{number:04}");
                if number == 1 {
                    (line.latitude_e6, line.longitude_e6) = (Some(29_832_500), Some(114_310_000));
                }
            } else {
                line.name = format!("区直单位{:02}", number - 13);
            }
            district.add(line);
        }
        for number in 1..=168_usize {
            let mut line = below("V", "village", number);
            line.village = format!("第{number}村");
            line.name = format!("{}村委会", line.village);
            district.add(line);
        }
        for number in 1..=180_usize {
            let mut line = below("S", "surveillance", number);
            line.name = format!("{}路口{number:03}监控", line.township);
            district.add(line);
        }
        district.committed.lines.sort_by(|one, other| one.line.id.cmp(&other.line.id));
        for class in ["township", "village", "surveillance"] {
            let mut delay = Histogram::new(&BOUNDS);
            for seconds in [0.0005, 0.004, 0.004, 0.3] {
                delay.observe(seconds);
            }
            district.live.delay.push((class.into(), delay));
            let figure = |period, ratio| Availability { class: class.into(), period, ratio };
            district.snapshot.availability.push(figure(Period::Month, Some(0.998)));
            district.snapshot.availability.push(figure(Period::Year, None));
        }
        district.live.lateness.observe(0.0002);
        district
    }

    /// Something of everything: a cut trunk, outages of their own, a declared one, faults in and out of time, soft
    /// states, lines nobody sees.
    pub fn bad() -> Self {
        let mut district = Self::calm();
        district.cut("T-03", 7500, &Attribution::Own);
        let behind: Vec<LineId> = district
            .committed
            .lines
            .iter()
            .filter(|entry| entry.line.upstream == Some("T-03".into()))
            .map(|entry| entry.line.id.clone())
            .collect();
        for id in &behind {
            district.cut(id.as_str(), 7498, &Attribution::Upstream("T-03".into()));
        }
        district.cut("V-101", 200, &Attribution::Own);
        district.cut("S-050", 14 * 3600, &Attribution::Own);
        district.cut("S-170", 30 * 3600, &Attribution::Declared);
        district.cut("V-120", 95, &Attribution::Own);
        district.live_of("V-120").state = State::Recovering;
        district.live_of("V-120").soft_since = Some(ago(2));
        district.fault("T-03", 1, 7500, 4 * 3600, FaultSource::Detected);
        district.fault("V-101", 2, 200, 12 * 3600, FaultSource::Detected);
        district.fault("S-050", 3, 14 * 3600, 12 * 3600, FaultSource::Detected);
        district.fault("V-150", 4, 1200, 12 * 3600, FaultSource::Reported);
        for id in ["V-007", "S-009"] {
            district.live_of(id).state = State::Suspect;
            district.live_of(id).soft_since = Some(ago(3));
            district.live_of(id).delay_us = None;
        }
        district.hide("V-011", 600, BlindCause::Unresolved);
        district.hide("S-011", 600, BlindCause::Unresolved);
        district.hide("S-180", 20, BlindCause::Pending);
        // Behind the trunk and lost sight of: its outage stays.
        district.hide(behind[0].as_str(), 60, BlindCause::Unsent);
        district.live.unsent[0] = 12;
        district.live.clock_steps = 1;
        district.live_of("S-002").flapping = true;
        district.live.references.push(LiveReference { address: "10.0.0.2".into(), up: Some(false) });
        district.live.references.push(LiveReference { address: "dns.example".into(), up: None });
        district
    }

    /// Adds a line that answers.
    pub fn add(&mut self, line: Line) {
        self.live.lines.push(LiveLine {
            id: line.id.clone(),
            state: State::Up,
            soft_since: None,
            flapping: false,
            delay_us: Some(4_250),
            sent: 3_750,
            lost: 2,
            unsent: None,
            certain_until: Some(ago(1)),
            down_until: None,
            observed: Millis::from_secs(7_499),
        });
        self.committed.lines.push(CommittedLine { line: Arc::new(line), unseen: None, outages: 0, down: Millis::ZERO });
    }

    /// Opens an outage that has lasted so many seconds.
    pub fn cut(&mut self, id: &str, seconds: i64, attribution: &Attribution) {
        self.ledger_of(id).outages += 1;
        self.live_of(id).state = State::Down;
        self.live_of(id).delay_us = None;
        self.live_of(id).down_until = Some(ago(1));
        let number = self.committed.outages.len() as u64 + 1;
        self.committed.outages.push(OpenOutage {
            outage: OutageId(number),
            line: id.into(),
            start: ago(seconds),
            last_reply: Some(ago(seconds + 2)),
            confirmed_at: ago(seconds - 5),
            cause: LossCause::Timeout,
            attribution: attribution.clone(),
            attributed_from: ago(seconds),
        });
    }

    /// Opens a fault that is so many seconds old.
    pub fn fault(&mut self, id: &str, serial: u32, seconds: i64, repair: i64, source: FaultSource) {
        let day = ago(seconds).to_utc().with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
        self.committed.faults.push(OpenFault {
            fault: FaultNo::new(day, serial),
            source,
            line: id.into(),
            opened: ago(seconds),
            deadline: ago(seconds - repair),
            restored: None,
            relapses: u32::from(serial == 3),
            work: std::sync::Arc::default(),
        });
    }

    /// Lets nobody see a line since so many seconds.
    pub fn hide(&mut self, id: &str, seconds: i64, cause: BlindCause) {
        self.ledger_of(id).unseen = Some((ago(seconds), cause));
    }

    pub fn ledger_of(&mut self, id: &str) -> &mut CommittedLine {
        self.committed.lines.iter_mut().find(|entry| entry.line.id.as_str() == id).expect("a line of the district")
    }

    pub fn live_of(&mut self, id: &str) -> &mut LiveLine {
        self.live.lines.iter_mut().find(|line| line.id.as_str() == id).expect("a line of the district")
    }

    /// As the daemon publishes it.
    pub fn publish(self) -> (Arc<Snapshot>, Arc<LiveView>) {
        let snapshot = Snapshot { committed: Arc::new(self.committed), ..self.snapshot };
        (Arc::new(snapshot), Arc::new(self.live))
    }
}

fn below(prefix: &str, class: &str, number: usize) -> Line {
    let place = number % TOWNSHIPS.len();
    let octet = if class == "village" { 2 } else { 3 };
    let mut line = Line::new(&format!("{prefix}-{number:03}"), "", class, &format!("10.{octet}.0.{number}"));
    line.township = TOWNSHIPS[place].into();
    line.upstream = Some(format!("T-{:02}", place + 1).as_str().into());
    line
}

/// Eight days of hours of any line up to now: steady but for one hour of loss, one of our own failure and six that
/// nobody saw, eight and more hours ago.
pub fn quality(line: &LineId) -> Vec<LineHour> {
    const HOUR_MS: i64 = 3_600_000;
    let hour = |ago: i64| {
        let mut quality = Quality::default();
        let slow = u32::try_from(200 * (ago % 24)).expect("positive");
        for probe in 0..1782 {
            quality.delays.observe(1600 + slow + probe * 7919 % 800);
        }
        quality.delays.observe(48_000);
        match ago {
            3 => quality.lost = 18,
            5 => quality.unsent = 300,
            _ => {}
        }
        LineHour { line: line.clone(), start: NOW - Millis(ago * HOUR_MS), quality }
    };
    (1..=192).rev().filter(|ago| !(8..14).contains(ago)).map(hour).collect()
}
