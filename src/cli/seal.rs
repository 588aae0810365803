//! `linewatch seal`: fixing the figures of a period (封存), and computing sealed figures again.

use linewatch_core::act::{Act, Sealing};
use linewatch_core::ledger::{Objection, Refusal, SealObjection};
use linewatch_core::rollup::RULES;
use serde_json::json;

use super::decided::House;
use super::period::CalendarArgs;
use super::person::{self, By};
use super::progress::Progress;
use super::site::{Bar, verified};
use super::{Common, Failure, print};
use crate::report::objection::{self, Medium};
use crate::report::rollup::period::Period;
use crate::report::rollup::{self, Check, NoFigures, Report, Seal};
use crate::store::{self, Digest, Snapshot};

/// Options of `seal`.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    override_usage = "linewatch seal [OPTIONS] <PERIOD>\n       linewatch seal <COMMAND>"
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    period: CalendarArgs,
    /// Seal a revision, after later records changed sealed figures
    #[arg(long)]
    revise: bool,
    #[command(flatten)]
    by: By,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// What is sealed
    List(List),
    /// Recompute the chain and all sealed figures; exit code 1 where one differs
    Verify(List),
}

/// Options of `seal list` and `seal verify`.
#[derive(Debug, clap::Args)]
struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let house = House::of(common)?;
    match &args.command {
        Some(Command::List(args)) => list(args, &house),
        Some(Command::Verify(args)) => verify(args, &house),
        None => seal(args, &house),
    }
}

fn seal(args: &Args, house: &House) -> Result<(), Failure> {
    let (language, zone) = (house.language, house.config.site.zone);
    let refused = |objection: SealObjection| {
        let refusal = Refusal::Person(Objection::Seal(objection));
        Failure(objection::sentence(&refusal, zone, language, Medium::Shell))
    };
    let (name, period) = args.period.read(zone, language);
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let now = house.now(&snapshot)?;
    if period.span().end > now {
        return Err(refused(SealObjection::NotOver { name, end: period.span().end, now }));
    }
    let seals = rollup::seals(snapshot.derived()).map_err(|error| house.said(&error))?;
    let last = seals.into_iter().rfind(|seal| seal.period == period.span());
    if let Some(seal) = last.as_ref().filter(|_| !args.revise) {
        return Err(refused(SealObjection::Sealed { name, revision: seal.revision }));
    }
    // Figures from a broken chain are not worth a seal.
    verified(&snapshot, language)?;
    let policy = rollup::policy(&house.config);
    let head = snapshot.head();
    let mut bar = Bar::new(language);
    let failed = |error: NoFigures| Failure(error.sentence(language));
    let (report, bytes) =
        rollup::canonical(&snapshot, period, policy.clone(), head, |step| bar.step(step)).map_err(failed)?;
    if let Some(seal) = &last {
        let again = seal.recompute(&snapshot, period, &mut |step| bar.step(step)).map_err(failed)?.1;
        if again.is_some_and(|again| rollup::changes(&again.figures, &report.figures).is_empty()) {
            let revision = seal.revision;
            return Err(Failure(language.pick(
                format!("{name} 的数字自第 {revision} 版封存以来没有变化，不需要修订版"),
                format!("the figures of {name} are those of revision {revision}: there is nothing to revise"),
            )));
        }
    }
    drop(bar);
    let revision = last.map_or(0, |seal| seal.revision) + 1;
    let sealing = Sealing {
        name: name.clone(),
        period: period.span(),
        revision,
        head_seq: head.seq,
        head_digest: head.digest.to_string(),
        policy: serde_json::to_string(&policy)?,
        rules: RULES,
        rollup_digest: Digest::of(&bytes).to_string(),
    };
    warn(&report, &snapshot, house)?;
    drop(snapshot);
    let records = person::carry_out(&house.config, &args.by, Act::Seal(sealing), language)?;
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let seals = rollup::seals(snapshot.derived()).map_err(|error| house.said(&error))?;
    let made = seals.into_iter().find(|seal| records.iter().any(|record| record.seq == seal.number));
    let Some(made) = made else { return Ok(()) };
    if args.json {
        return print(&format!("{:#}\n", rollup::seal_json(&made, None, zone)));
    }
    print(&told(made, &report, house))
}

/// What was sealed, and what to keep.
fn told(seal: Seal, report: &Report, house: &House) -> String {
    let language = house.language;
    let availability = rollup::percent(report.figures.total.availability, language);
    let points = rollup::percent_of_faults(report.figures.faults.point_resolution_ratio, language);
    let text = rollup::seals_text(&[(seal, None)], house.config.site.zone, language);
    text + &language.pick(
        format!(
            "  节点连通有效性 {availability}，故障点位解决情况 {points}\n\
             请把链头抄到本机之外（纸质档案或另一台机器）；以后用 linewatch journal verify --head 链头 核对。\n"
        ),
        format!(
            "  node connectivity {availability}, fault points resolved {points}\n\
             Keep the head outside of this machine (on paper, or on another one); later compare it with\n\
             linewatch journal verify --head HEAD\n"
        ),
    )
}

/// What one should know before figures are fixed.
fn warn(report: &Report, snapshot: &Snapshot<'_>, house: &House) -> Result<(), Failure> {
    let (language, period) = (house.language, report.about.period);
    let horizon = snapshot.horizon().map_err(|error| house.said(&error))?;
    if let Some(horizon) = horizon.filter(|horizon| horizon.at < period.span().end) {
        let at = rollup::period::rfc3339(horizon.at, period.zone());
        eprintln!(
            "{}",
            language.pick(
                format!("注意：记录只到 {at}，其后到期末都是未观测"),
                format!("note: the records reach to {at} only; from there to the period's end nothing is observed"),
            )
        );
    }
    let pending = report.ledger.iter().filter(|entry| entry.pending()).count();
    if pending > 0 {
        eprintln!(
            "{}",
            language.pick(
                format!("注意：本期还有 {pending} 项待第二人审批，没有计入；以后批准会使数字变化"),
                format!("note: {pending} proposals of the period wait for a second person and do not count; approved later they change the figures"),
            )
        );
    }
    Ok(())
}

fn list(args: &List, house: &House) -> Result<(), Failure> {
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let seals = rollup::seals(snapshot.derived()).map_err(|error| house.said(&error))?;
    let seals: Vec<_> = seals.into_iter().map(|seal| (seal, None)).collect();
    show(&seals, args.json, house)
}

fn show(seals: &[(Seal, Option<Check>)], json: bool, house: &House) -> Result<(), Failure> {
    let zone = house.config.site.zone;
    if json {
        let seals: Vec<_> = seals.iter().map(|(seal, check)| rollup::seal_json(seal, check.as_ref(), zone)).collect();
        return print(&format!("{:#}\n", json!(seals)));
    }
    print(&rollup::seals_text(seals, zone, house.language))
}

fn verify(args: &List, house: &House) -> Result<(), Failure> {
    let language = house.language;
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let mut progress = Progress::new(snapshot.head().seq, language.pick("校验", "verifying"));
    let chain = store::verify(&snapshot, None, |done| progress.done(done)).map_err(|error| house.said(&error))?;
    drop(progress);
    let mut found = Vec::new();
    for seal in rollup::seals(snapshot.derived()).map_err(|error| house.said(&error))? {
        let mut bar = Bar::new(language);
        let period = Period::spanning(seal.period, house.config.site.zone);
        let outcome = seal.recompute(&snapshot, period, &mut |step| bar.step(step));
        let (check, _) = outcome.map_err(|error: NoFigures| Failure(error.sentence(language)))?;
        found.push((seal, Some(check)));
    }
    let bad = found.iter().filter(|(_, check)| *check != Some(Check::Same)).count();
    show(&found, args.json, house)?;
    if let Some(flaw) = chain.flaw {
        return Err(Failure(language.pick(
            format!("记录库校验不通过，{}；请用 journal verify 查看", flaw.sentence(language)),
            format!("the journal fails, {}; see journal verify", flaw.sentence(language)),
        )));
    }
    if bad > 0 {
        return Err(Failure(language.pick(
            format!("{bad} 个封存重算不一致：与本机之外保存的链头核对，查明记录库是否被改过"),
            format!("{bad} sealed figures do not come out the same: compare the heads kept elsewhere and find out whether the journal was altered"),
        )));
    }
    Ok(())
}
