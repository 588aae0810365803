//! Deciding about time that is past.

use linewatch_core::act::{Act, Deciding, RecordedOutage};
use linewatch_core::line::LineId;
use linewatch_core::record::{DecisionId, OutageId, Scope};
use linewatch_core::time::Span;

use crate::cli::Failure;
use crate::cli::decided::{House, Saying, Why};
use crate::report::rollup;

/// Options of `outage declare`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "linewatch outage declare [OPTIONS] <LINE> --from <TIME>")]
pub struct Declare {
    /// The line
    #[arg(value_name = "LINE")]
    line: String,
    /// From here
    #[arg(long, value_name = "TIME")]
    from: String,
    /// To here; a plain day is included [default: until `outage end`]
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    said: Saying,
}

/// Options of `outage end`.
#[derive(Debug, clap::Args)]
pub struct End {
    /// The number of the declared outage
    #[arg(value_name = "NUMBER")]
    number: u64,
    /// When [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    said: Saying,
}

/// Options of `outage exclude`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "linewatch outage exclude [OPTIONS] <SCOPE>\n       --reason <TEXT> --document <DOCUMENT>")]
#[command(group = clap::ArgGroup::new("scope").required(true)
    .args(["line", "trunk", "township", "class", "all", "outage"]))]
pub struct Exclude {
    /// One line; of those below it only the time that it cuts them off
    #[arg(long, value_name = "LINE", requires = "from")]
    line: Option<String>,
    /// A line with all lines below it
    #[arg(long, value_name = "LINE", requires = "from")]
    trunk: Option<String>,
    /// The lines of a township
    #[arg(long, value_name = "TOWNSHIP", requires = "from")]
    township: Option<String>,
    /// The lines of a class, by name or label
    #[arg(long, value_name = "CLASS", requires = "from")]
    class: Option<String>,
    /// All lines
    #[arg(long, requires = "from")]
    all: bool,
    /// The whole of an outage, with what it cut off: its number
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["from", "to"])]
    outage: Option<u64>,
    /// From here
    #[arg(long, value_name = "TIME", requires = "to")]
    from: Option<String>,
    /// To here; a plain day is included
    #[arg(long, value_name = "TIME", requires = "from")]
    to: Option<String>,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    said: Saying,
}

/// Options of `outage correct`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "linewatch outage correct [OPTIONS] <NUMBER>\n       --from <TIME> --to <TIME>|--none")]
#[command(group = clap::ArgGroup::new("counts").required(true).args(["from", "none"]))]
pub struct Correct {
    /// The number of the outage, as `outage list` shows it
    #[arg(value_name = "NUMBER")]
    number: u64,
    /// It began here
    #[arg(long, value_name = "TIME", requires = "to")]
    from: Option<String>,
    /// And was over here
    #[arg(long, value_name = "TIME", requires = "from", conflicts_with = "none")]
    to: Option<String>,
    /// It was no outage
    #[arg(long)]
    none: bool,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    said: Saying,
}

/// Options of `outage approve`.
#[derive(Debug, clap::Args)]
pub struct Approve {
    /// The number of the decision
    #[arg(value_name = "NUMBER")]
    number: u64,
    #[command(flatten)]
    said: Saying,
}

/// Options of `outage reject` and `outage withdraw`.
#[derive(Debug, clap::Args)]
pub struct Because {
    /// The number of the decision
    #[arg(value_name = "NUMBER")]
    number: u64,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    said: Saying,
}

impl Declare {
    /// Records it.
    pub fn run(&self, house: &House) -> Result<(), Failure> {
        let deciding = Deciding::Declare {
            line: self.line.as_str().into(),
            from: house.instant(&self.from)?,
            until: self.to.as_ref().map(|to| house.end(to)).transpose()?,
            reason: self.why.reason.clone(),
            document: self.why.document.clone(),
        };
        house.record(&self.said, Act::Decide(deciding))
    }
}

impl End {
    /// Records it.
    pub fn run(&self, house: &House) -> Result<(), Failure> {
        let at = self.at.as_ref().map(|at| house.instant(at)).transpose()?;
        house.record(&self.said, Act::Decide(Deciding::End { decision: DecisionId(self.number), at }))
    }
}

impl Exclude {
    /// Records it.
    pub fn run(&self, house: &House) -> Result<(), Failure> {
        let (scope, span) = if let Some(outage) = self.outage {
            let (line, span) = recorded(OutageId(outage), house)?;
            (Scope::Line(line), span)
        } else {
            let (from, to) = (self.from.as_deref().unwrap_or_default(), self.to.as_deref().unwrap_or_default());
            (self.scope(house), Span::new(house.instant(from)?, house.end(to)?))
        };
        let (reason, document) = (self.why.reason.clone(), self.why.document.clone());
        let deciding = Deciding::Exclude { scope, span, reason, document };
        house.record(&self.said, Act::Decide(deciding))
    }

    fn scope(&self, house: &House) -> Scope {
        crate::cli::scope::of(
            [&self.line, &self.trunk, &self.township, &self.class].map(Option::as_deref),
            &house.config,
        )
    }
}

impl Correct {
    /// Records it.
    pub fn run(&self, house: &House) -> Result<(), Failure> {
        let outage = OutageId(self.number);
        let (line, span) = recorded(outage, house)?;
        let counts = match (&self.from, &self.to) {
            (Some(from), Some(to)) => Some(Span::new(house.instant(from)?, house.end(to)?)),
            (None, _) | (_, None) => None,
        };
        let deciding = Deciding::Correct {
            outage: RecordedOutage { outage, line, span },
            counts,
            reason: self.why.reason.clone(),
            document: self.why.document.clone(),
        };
        house.record(&self.said, Act::Decide(deciding))
    }
}

impl Approve {
    /// Records it.
    pub fn run(&self, house: &House) -> Result<(), Failure> {
        let deciding = Deciding::Approve { decision: DecisionId(self.number) };
        house.record(&self.said, Act::Decide(deciding))
    }
}

impl Because {
    /// Records a rejection.
    pub fn reject(&self, house: &House) -> Result<(), Failure> {
        let deciding = Deciding::Reject { decision: DecisionId(self.number), reason: self.reason.clone() };
        house.record(&self.said, Act::Decide(deciding))
    }

    /// Records a withdrawal.
    pub fn withdraw(&self, house: &House) -> Result<(), Failure> {
        let deciding = Deciding::Withdraw { decision: DecisionId(self.number), reason: self.reason.clone() };
        house.record(&self.said, Act::Decide(deciding))
    }
}

/// What is recorded of an outage.
fn recorded(outage: OutageId, house: &House) -> Result<(LineId, Span), Failure> {
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let found = rollup::recorded(snapshot.derived(), outage).map_err(|error| house.said(&error))?;
    found.ok_or_else(|| {
        Failure(house.language.pick(
            format!("没有编号为 {outage} 的中断；linewatch outage list 列出各次中断的编号"),
            format!("there is no outage {outage}; `linewatch outage list` shows their numbers"),
        ))
    })
}
