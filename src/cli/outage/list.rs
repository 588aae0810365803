//! Looking at outages and decisions.

use linewatch_core::line::LineId;
use linewatch_core::time::{Millis, Span, Timestamp};

use crate::cli::decided::{self, House};
use crate::cli::period::{AsOf, OptionalPeriod};
use crate::cli::site::{Bar, Site};
use crate::cli::{Common, Failure, print};
use crate::report::outages::{self, Recorded};
use crate::report::rollup::{self, Matter, NoFigures};
use crate::report::words::Words;
use crate::store::Snapshot;

/// Options of `outage list`.
#[derive(Debug, clap::Args)]
pub struct List {
    /// Only of this line
    #[arg(value_name = "LINE")]
    line: Option<String>,
    /// From here [default: seven days ago]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// To here; a plain day is included [default: now]
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Only those that have not ended
    #[arg(long)]
    open: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Options of `outage show`.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// The number of an outage, a decision or a planned window
    #[arg(value_name = "NUMBER")]
    number: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Options of `outage exclusions`.
#[derive(Debug, clap::Args)]
pub struct Exclusions {
    #[command(flatten)]
    period: OptionalPeriod,
    /// Only what waits for a second person
    #[arg(long)]
    pending: bool,
    /// Only records written by then: a day, an instant, a record's number or a head
    #[arg(long, value_name = "TIME|RECORD", requires = "period")]
    as_of: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const A_WEEK: Millis = Millis::from_secs(7 * 86_400);

/// Lists outages.
pub fn list(args: &List, house: &House) -> Result<(), Failure> {
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let now = house.now(&snapshot)?;
    let to = args.to.as_ref().map(|to| house.end(to)).transpose()?.unwrap_or(now + Millis(1));
    let from = args.from.as_ref().map(|from| house.instant(from)).transpose()?;
    let from = from.unwrap_or(if args.open { Timestamp::MIN } else { to - A_WEEK });
    let line = args.line.as_deref().map(LineId::from);
    if let Some(line) = &line {
        known(line, &snapshot, house)?;
    }
    let mut found =
        outages::outages(&snapshot, line.as_ref(), Span::new(from, to)).map_err(|error| house.said(&error))?;
    if args.open {
        found.retain(|outage| outage.span.end == Timestamp::MAX);
    }
    tell(&found, now, args.json, house)
}

fn tell(found: &[Recorded], now: Timestamp, json: bool, house: &House) -> Result<(), Failure> {
    let zone = house.config.site.zone;
    if json {
        return print(&format!("{:#}\n", outages::json(found, zone)));
    }
    print(&outages::text(found, &Words { language: house.language, zone, now }))
}

/// A line that nobody knows is a mistake, not a line without outages.
fn known(line: &LineId, snapshot: &Snapshot<'_>, house: &House) -> Result<(), Failure> {
    let derived = snapshot.derived();
    let lines = derived.lines().map_err(|error| house.said(&error))?;
    let imported = derived.all_imported("history.line").map_err(|error| house.said(&error))?;
    let imports = imported.iter().filter_map(|row| match &row.fact {
        linewatch_core::record::HistoryFact::Line { line } => Some(&line.id),
        _ => None,
    });
    if lines.iter().map(|row| &row.line.id).chain(imports).any(|id| id == line) {
        return Ok(());
    }
    Err(Failure(house.language.pick(
        format!("没有编号为 {line} 的线路；linewatch lines 列出全部线路"),
        format!("there is no line {line}; `linewatch lines` lists them all"),
    )))
}

/// Shows an outage, a decision or a window.
pub fn show(args: &Show, house: &House) -> Result<(), Failure> {
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let entries = rollup::entries(snapshot.derived()).map_err(|error| house.said(&error))?;
    let zone = house.config.site.zone;
    let entry: Vec<_> = entries.into_iter().filter(|entry| entry.number == args.number).collect();
    if !entry.is_empty() {
        return print(&if args.json {
            format!("{:#}\n", rollup::ledger_json(&entry, zone))
        } else {
            decided::list(&entry, house)
        });
    }
    let number = linewatch_core::record::OutageId(args.number);
    let recorded = rollup::recorded(snapshot.derived(), number).map_err(|error| house.said(&error))?;
    let Some((line, span)) = recorded else {
        let number = args.number;
        return Err(Failure(house.language.pick(
            format!("没有编号为 {number} 的中断、认定、剔除或计划停机；编号见 linewatch outage list、exclusions 和 downtime list"),
            format!("no outage, decision or window has the number {number}; see `outage list`, `outage exclusions` and `downtime list`"),
        )));
    };
    let mut found = outages::outages(&snapshot, Some(&line), span).map_err(|error| house.said(&error))?;
    found.retain(|outage| outage.number == args.number);
    tell(&found, house.now(&snapshot)?, args.json, house)
}

/// Lists decisions; with a period what they change there.
pub fn exclusions(args: &Exclusions, house: &House, common: &Common) -> Result<(), Failure> {
    let site = Site::of(common)?;
    let (language, zone) = (house.language, house.config.site.zone);
    let period = args.period.read(zone, language);
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let keep = |entry: &rollup::Entry| !args.pending || entry.pending();
    let Some(period) = period else {
        let mut entries = rollup::entries(snapshot.derived()).map_err(|error| house.said(&error))?;
        entries.retain(|entry| entry.matter != Matter::Planned && keep(entry));
        return print(&if args.json {
            format!("{:#}\n", rollup::ledger_json(&entries, zone))
        } else {
            decided::list(&entries, house)
        });
    };
    let as_of = args.as_of.as_ref().map(|text| AsOf::read(text, zone, language));
    let question = site.question(period, as_of.as_ref(), &snapshot)?;
    let mut bar = Bar::new(language);
    let mut report = rollup::compute(&snapshot, &question, site.fold(), |step| bar.step(step))
        .map_err(|error: NoFigures| Failure(error.sentence(language)))?;
    drop(bar);
    report.ledger.retain(keep);
    print(&if args.json {
        format!("{:#}\n", rollup::period_ledger_json(&report))
    } else {
        rollup::period_ledger_text(&report, house.telling())
    })
}
