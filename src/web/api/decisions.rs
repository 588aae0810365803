//! Decisions about time that is past: outages declared, time excluded, outages corrected, faults exempted.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use linewatch_core::act::{Act, Deciding, RecordedOutage};
use linewatch_core::ledger::{DecisionRow, Row, Standing};
use linewatch_core::record::{Claim, DecisionId, FaultNo, OutageId};
use linewatch_core::time::Span;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::problem::Problem;
use super::super::{Shared, Viewer, read};
use super::input::{Body, Params, instant, instant_or_none, nothing, number, words, wrong};
use super::output::{Page, Recorded, SaidBy, ScopeOf, limited, moment};

/// A decision.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Decision {
    /// Its number.
    number: u64,
    /// `declared`, `excluded`, `corrected` or `exempted`.
    kind: String,
    /// The line that is declared down.
    line: Option<String>,
    /// Which lines' time is excluded.
    scope: Option<ScopeOf>,
    /// The outage that is corrected.
    outage: Option<u64>,
    /// The fault that is exempted.
    fault: Option<String>,
    /// From here; of a correction: from where the outage counts, none when it was none.
    #[schema(format = DateTime)]
    from: Option<String>,
    /// Until here; none while a declared outage lasts.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// Why.
    reason: String,
    /// The document it rests on.
    document: String,
    /// `proposed`, `in_force`, `rejected` or `withdrawn`.
    standing: String,
    /// Who decided or proposed.
    said: SaidBy,
    /// Who approved, rejected or withdrew it.
    answered: Option<SaidBy>,
}

impl From<&DecisionRow> for Decision {
    fn from(row: &DecisionRow) -> Self {
        let (kind, line, scope, outage, fault, span) = match &row.claim {
            Claim::Declared { line, from, until } => {
                ("declared", Some(line.to_string()), None, None, None, (Some(*from), *until))
            }
            Claim::Excluded { scope, span } => {
                ("excluded", None, Some(scope.into()), None, None, (Some(span.start), Some(span.end)))
            }
            Claim::Corrected { outage, counts } => {
                let span = (counts.map(|span| span.start), counts.map(|span| span.end));
                ("corrected", None, None, Some(outage.0), None, span)
            }
            Claim::Exempted { fault } => ("exempted", None, None, None, Some(fault.to_string()), (None, None)),
        };
        let (standing, answered) = match &row.standing {
            Standing::Proposed => ("proposed", None),
            Standing::InForce(said) => ("in_force", Some(said)),
            Standing::Rejected(said, _) => ("rejected", Some(said)),
            Standing::Withdrawn(said, _) => ("withdrawn", Some(said)),
        };
        Self {
            number: row.decision.0,
            kind: kind.to_owned(),
            line,
            scope,
            outage,
            fault,
            from: span.0.map(moment),
            until: span.1.map(moment),
            reason: row.reason.clone(),
            document: row.document.clone(),
            standing: standing.to_owned(),
            said: (&row.said).into(),
            answered: answered.map(Into::into),
        }
    }
}

/// Which decisions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only those that wait for a second person.
    proposed: Option<bool>,
    /// How many to leave out.
    #[param(minimum = 0, maximum = 1_000_000)]
    offset: Option<u32>,
    /// How many at most; 100 when nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// What is to be decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
pub(super) enum Proposal {
    /// A line was down although it answered. It counts at once, since it makes no number better.
    Declare {
        /// The line.
        #[schema(max_length = 64)]
        line: String,
        /// From here.
        #[schema(format = DateTime)]
        from: String,
        /// Until here; until it is ended when nobody says.
        #[schema(format = DateTime)]
        until: Option<String>,
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
        /// The document it rests on.
        #[schema(min_length = 1, max_length = 2000)]
        document: String,
    },
    /// Time is to be taken out of the account.
    Exclude {
        /// Which lines.
        scope: ScopeOf,
        /// From here.
        #[schema(format = DateTime)]
        from: String,
        /// Until here.
        #[schema(format = DateTime)]
        until: String,
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
        /// The document it rests on.
        #[schema(min_length = 1, max_length = 2000)]
        document: String,
    },
    /// An outage was not as it is recorded.
    Correct {
        /// Its number.
        #[schema(minimum = 1)]
        outage: u64,
        /// From when on the line was down; it was not when nobody says.
        #[schema(format = DateTime)]
        from: Option<String>,
        /// Until when.
        #[schema(format = DateTime)]
        until: Option<String>,
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
        /// The document it rests on.
        #[schema(min_length = 1, max_length = 2000)]
        document: String,
    },
    /// A fault is nobody's who is judged by the figures.
    Exempt {
        /// Its number.
        #[schema(max_length = 64)]
        fault: String,
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
        /// The document it rests on.
        #[schema(min_length = 1, max_length = 2000)]
        document: String,
    },
}

/// What is said of a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, tag = "answer", rename_all = "snake_case")]
pub(super) enum Answer {
    /// A second person agrees.
    Approve {},
    /// A second person does not agree.
    Reject {
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// It is taken back.
    Withdraw {
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// A declared outage is over.
    End {
        /// At this instant; now when nobody says.
        #[schema(format = DateTime)]
        at: Option<String>,
    },
}

/// Decisions, the newest first.
#[utoipa::path(
    get, path = "/api/v1/decisions", tag = "decisions", params(Which),
    extensions(("x-linewatch-deed" = json!("see_decisions"))),
    responses((status = 200, body = Page<Decision>)),
)]
pub(super) async fn decisions(
    State(source): State<Shared>,
    Params(which): Params<Which>,
) -> Result<Json<Page<Decision>>, Problem> {
    let limit = limited(which.offset, which.limit)?;
    let proposed = which.proposed.unwrap_or(false);
    let found = read(source.as_ref(), move |snapshot| {
        let rows = snapshot.statements("decision")?;
        let rows = rows.iter().rev().filter_map(|row| match row {
            Row::Decision(row) => Some(row),
            _ => None,
        });
        let admitted = rows.filter(|row| !proposed || row.standing == Standing::Proposed);
        Ok(Page::of(admitted.map(Decision::from), which.offset, limit))
    });
    super::read(found.await).map(Json)
}

/// Decides, or proposes what a second person has to approve.
#[utoipa::path(
    post, path = "/api/v1/decisions", tag = "decisions", request_body = Proposal,
    extensions(("x-linewatch-deed" = json!("decide"))),
    responses((status = 201, body = Recorded)),
)]
pub(super) async fn propose(
    State(source): State<Shared>,
    viewer: Viewer,
    Body(told): Body<Proposal>,
) -> Result<(StatusCode, Json<Recorded>), Problem> {
    let said =
        |reason: &str, document: &str| Ok::<_, Problem>((words(reason, "reason")?, words(document, "document")?));
    let deciding = match told {
        Proposal::Declare { line, from, until, reason, document } => {
            let (reason, document) = said(&reason, &document)?;
            let (from, until) = (instant(&from, "from")?, instant_or_none(until.as_deref(), "until")?);
            Deciding::Declare { line: line.as_str().into(), from, until, reason, document }
        }
        Proposal::Exclude { scope, from, until, reason, document } => {
            let (reason, document) = said(&reason, &document)?;
            let span = Span::new(instant(&from, "from")?, instant(&until, "until")?);
            Deciding::Exclude { scope: scope.scope()?, span, reason, document }
        }
        Proposal::Correct { outage, from, until, reason, document } => {
            let (reason, document) = said(&reason, &document)?;
            let counts = match (instant_or_none(from.as_deref(), "from")?, instant_or_none(until.as_deref(), "until")?)
            {
                (Some(from), Some(until)) => Some(Span::new(from, until)),
                (None, None) => None,
                (Some(_), None) | (None, Some(_)) => {
                    return Err(wrong("from 和 until 要一起写", "`from` and `until` go together"));
                }
            };
            let outage = recorded(&source, OutageId(outage)).await?;
            Deciding::Correct { outage, counts, reason, document }
        }
        Proposal::Exempt { fault, reason, document } => {
            let (reason, document) = said(&reason, &document)?;
            Deciding::Exempt { fault: FaultNo::from_stored(fault), reason, document }
        }
    };
    let records = super::act(&source, &viewer, Act::Decide(deciding)).await?;
    Ok((StatusCode::CREATED, Json(records.as_slice().into())))
}

/// What is recorded of an outage.
async fn recorded(source: &Shared, outage: OutageId) -> Result<RecordedOutage, Problem> {
    let row = super::read(read(source.as_ref(), move |snapshot| snapshot.outage(outage)).await)?;
    let row =
        row.ok_or_else(|| nothing(format!("没有编号为 {outage} 的中断。"), format!("there is no outage {outage}")))?;
    // Of one that has not ended the ledger itself knows that it has not.
    let end = row.end.map_or(row.start, |end| end.end);
    Ok(RecordedOutage { outage, line: row.line, span: Span::new(row.start, end) })
}

/// Approves, rejects or withdraws a decision, or ends a declared outage.
#[utoipa::path(
    post, path = "/api/v1/decisions/{number}/answers", tag = "decisions",
    params(("number" = u64, Path, description = "Its number")), request_body = Answer,
    extensions(("x-linewatch-deed" = json!("decide"))),
    responses((status = 201, body = Recorded)),
)]
pub(super) async fn answer(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(text): Path<String>,
    Body(told): Body<Answer>,
) -> Result<(StatusCode, Json<Recorded>), Problem> {
    let decision = DecisionId(number(&text)?);
    let deciding = match told {
        Answer::Approve {} => Deciding::Approve { decision },
        Answer::Reject { reason } => Deciding::Reject { decision, reason: words(&reason, "reason")? },
        Answer::Withdraw { reason } => Deciding::Withdraw { decision, reason: words(&reason, "reason")? },
        Answer::End { at } => Deciding::End { decision, at: instant_or_none(at.as_deref(), "at")? },
    };
    let records = super::act(&source, &viewer, Act::Decide(deciding)).await?;
    Ok((StatusCode::CREATED, Json(records.as_slice().into())))
}
