//! Lines, and what happened to them.

use axum::Json;
use axum::extract::{Path, State};
use linewatch_core::ledger::OutageRow;
use linewatch_core::line::{Line, LineId};
use linewatch_core::person::Deed;
use linewatch_core::time::{Span, Timestamp};
use linewatch_core::view::{LineView, Shown};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::problem::Problem;
use super::super::{Shared, Viewer, read};
use super::input::{Params, instant_or_none, nothing};
use super::output::{Page, limited, moment};
use crate::report::status::{Figures, QualityReport};

/// A line as a list shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LineItem {
    /// 线路编号.
    id: String,
    /// 线路名称.
    name: String,
    /// 类别.
    class: String,
    /// 所属乡镇, may be empty.
    township: String,
    /// 村(社区), may be empty.
    village: String,
    /// IP地址.
    address: String,
    /// 运营商.
    carrier: String,
    /// 电路编号.
    circuit_no: String,
    /// 上联线路.
    upstream: Option<String>,
    /// `pending`, `up`, `suspect`, `down`, `recovering` or `undetermined`.
    state: String,
    /// Since when, where it is known.
    #[schema(format = DateTime)]
    since: Option<String>,
    /// Since when its open outage lasts.
    #[schema(format = DateTime)]
    down_since: Option<String>,
    /// Round-trip delay of the last probe in microseconds; none after a loss.
    delay_us: Option<u32>,
    /// The open fault that stands on it.
    fault: Option<String>,
}

/// A line with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LineDetail {
    /// As a list shows it.
    line: LineItem,
    /// 联系人; only for who may see it.
    contact: Option<String>,
    /// 联系电话; only for who may see it.
    phone: Option<String>,
    /// 安装地址; only for who may see it.
    install_address: Option<String>,
    /// 备注.
    note: String,
    /// 探测方式.
    probe: String,
    /// 接入方式.
    access: String,
    /// 带宽 in kbit/s.
    bandwidth_kbps: Option<u64>,
    /// 开通日期.
    #[schema(format = DateTime)]
    opened: Option<String>,
    /// 停用日期.
    #[schema(format = DateTime)]
    closed: Option<String>,
    /// How it answered today; none when that cannot be read.
    today: Option<Quality>,
    /// In the last seven days.
    last_7_days: Option<Quality>,
    /// In the last thirty days.
    last_30_days: Option<Quality>,
}

/// How a line answered; it stands beside the records and decides nothing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Quality {
    /// Probes sent.
    sent: u64,
    /// Of these, lost.
    lost: u64,
    /// Probes that our own side could not send.
    unsent: u64,
    /// Shortest delay, microseconds.
    min_us: Option<u32>,
    /// Mean delay.
    mean_us: Option<u32>,
    /// 95th percentile.
    p95_us: Option<u32>,
    /// Longest.
    max_us: Option<u32>,
}

impl From<&Figures> for Quality {
    fn from(figures: &Figures) -> Self {
        let Figures { sent, lost, unsent, min_us, mean_us, p95_us, max_us, .. } = *figures;
        Self { sent, lost, unsent, min_us, mean_us, p95_us, max_us }
    }
}

impl LineItem {
    fn of(view: &LineView<'_>, shown: &Shown<'_>) -> Self {
        let line: &Line = view.line;
        let fault = shown.faults.iter().find(|fault| fault.fault.line == line.id);
        Self {
            id: line.id.to_string(),
            name: line.name.clone(),
            class: line.class.to_string(),
            township: line.township.to_string(),
            village: line.village.clone(),
            address: line.address.clone(),
            carrier: line.carrier.clone(),
            circuit_no: line.circuit_no.clone(),
            upstream: line.upstream.as_ref().map(ToString::to_string),
            state: view.state.label().to_owned(),
            since: view.since.map(moment),
            down_since: view.outage.map(|outage| moment(outage.start)),
            delay_us: view.live.and_then(|live| live.delay_us),
            fault: fault.map(|fault| fault.fault.fault.to_string()),
        }
    }
}

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only of this class.
    #[param(max_length = 64)]
    class: Option<String>,
    /// Only of this township.
    #[param(max_length = 64)]
    township: Option<String>,
    /// Only in this state.
    #[param(max_length = 64)]
    state: Option<String>,
    /// Only those whose id, name, village, address or circuit number holds this.
    #[param(max_length = 64)]
    q: Option<String>,
    /// How many to leave out.
    #[param(minimum = 0, maximum = 1_000_000)]
    offset: Option<u32>,
    /// How many at most; 100 when nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

impl Which {
    fn admits(&self, view: &LineView<'_>) -> bool {
        let line = view.line;
        let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
        let holds = |wanted: &String| {
            let wanted = wanted.to_lowercase();
            [line.id.as_str(), &line.name, &line.village, &line.address, &line.circuit_no]
                .iter()
                .any(|text| text.to_lowercase().contains(&wanted))
        };
        is(&self.class, line.class.as_str())
            && is(&self.township, line.township.as_str())
            && is(&self.state, view.state.label())
            && self.q.as_ref().is_none_or(holds)
    }
}

/// Lines in service, by id.
#[utoipa::path(
    get, path = "/api/v1/lines", tag = "lines", params(Which),
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, body = Page<LineItem>)),
)]
pub(super) async fn lines(
    State(source): State<Shared>,
    viewer: Viewer,
    Params(which): Params<Which>,
) -> Result<Json<Page<LineItem>>, Problem> {
    let limit = limited(which.offset, which.limit)?;
    let look = super::look(&source, &viewer).await?;
    let shown = Shown::of(&look.snapshot, &look.live);
    let found = shown.lines.iter().filter(|view| which.admits(view)).map(|view| LineItem::of(view, &shown));
    Ok(Json(Page::of(found, which.offset, limit)))
}

/// One line in service.
#[utoipa::path(
    get, path = "/api/v1/lines/{id}", tag = "lines", params(("id" = String, Path, description = "线路编号")),
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, body = LineDetail)),
)]
pub(super) async fn line(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<LineDetail>, Problem> {
    let look = super::look(&source, &viewer).await?;
    let shown = Shown::of(&look.snapshot, &look.live);
    let view = shown.lines.iter().find(|view| view.line.id.as_str() == id).ok_or_else(|| unknown(&id))?;
    let span = QualityReport::span(look.live.now, look.snapshot.site.zone);
    let hours = source.quality(view.line.id.clone(), span).await;
    let quality = hours.map(|hours| QualityReport::of(&hours, look.live.now, look.snapshot.site.zone));
    let line = view.line;
    let people = viewer.may_in(Deed::SeeContacts, &line.township);
    let private = |text: &String| people.then(|| text.clone());
    Ok(Json(LineDetail {
        line: LineItem::of(view, &shown),
        contact: private(&line.contact),
        phone: private(&line.phone),
        install_address: private(&line.install_address),
        note: line.note.clone(),
        probe: line.probe.to_string(),
        access: line.access.clone(),
        bandwidth_kbps: line.bandwidth_kbps,
        opened: line.opened.map(moment),
        closed: line.closed.map(moment),
        today: quality.as_ref().map(|quality| (&quality.today).into()),
        last_7_days: quality.as_ref().map(|quality| (&quality.last_7_days).into()),
        last_30_days: quality.as_ref().map(|quality| (&quality.last_30_days).into()),
    }))
}

/// An outage of a line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OutageItem {
    /// Its number.
    outage: u64,
    /// First lost probe.
    #[schema(format = DateTime)]
    start: String,
    /// The true start lies after this: the last answered probe before.
    #[schema(format = DateTime)]
    start_after: Option<String>,
    /// When it was confirmed.
    #[schema(format = DateTime)]
    confirmed_at: String,
    /// Why the last confirming probe was lost.
    cause: String,
    /// Where it ends for counting; none while it lasts.
    #[schema(format = DateTime)]
    end: Option<String>,
    /// The true end lies after this: the last lost probe.
    #[schema(format = DateTime)]
    end_after: Option<String>,
    /// To whom its time is attributed, in order: `own`, `declared`, or `upstream` with the line.
    attributions: Vec<AttributedTo>,
}

/// A segment of an outage.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AttributedTo {
    /// From here to the next one's start, or the outage's end.
    #[schema(format = DateTime)]
    from: String,
    /// `own`, `declared` or `upstream`.
    to: String,
    /// The line above.
    line: Option<String>,
}

/// Of which time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct When {
    /// From this instant on.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before this instant.
    #[param(format = DateTime)]
    to: Option<String>,
    /// How many to leave out.
    #[param(minimum = 0, maximum = 1_000_000)]
    offset: Option<u32>,
    /// How many at most; 100 when nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// Outages of a line, the newest first.
#[utoipa::path(
    get, path = "/api/v1/lines/{id}/outages", tag = "lines", params(("id" = String, Path, description = "线路编号"), When),
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, body = Page<OutageItem>)),
)]
pub(super) async fn outages(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(id): Path<String>,
    Params(when): Params<When>,
) -> Result<Json<Page<OutageItem>>, Problem> {
    let limit = limited(when.offset, when.limit)?;
    let look = super::look(&source, &viewer).await?;
    let line = LineId::from(id.as_str());
    if !look.snapshot.committed.lines.iter().any(|known| known.line.id == line) {
        return Err(unknown(&id));
    }
    let from = instant_or_none(when.from.as_deref(), "from")?.unwrap_or(Timestamp::MIN);
    let to = instant_or_none(when.to.as_deref(), "to")?.unwrap_or(Timestamp::MAX);
    let offset = when.offset;
    let found = read(source.as_ref(), move |snapshot| {
        let mut rows = snapshot.outages(Some(&line), Span::new(from, to.max(from)))?;
        rows.reverse();
        let page = Page::of(rows.into_iter(), offset, limit);
        let mut items = Vec::new();
        for row in page.items {
            items.push(outage(&row, &snapshot.segments(row.outage)?));
        }
        Ok(Page { total: page.total, offset: page.offset, items })
    });
    super::read(found.await).map(Json)
}

fn outage(row: &OutageRow, segments: &[linewatch_core::ledger::SegmentRow]) -> OutageItem {
    let segment = |segment: &linewatch_core::ledger::SegmentRow| AttributedTo {
        from: moment(segment.from),
        to: segment.attribution.label().to_owned(),
        line: match &segment.attribution {
            linewatch_core::record::Attribution::Upstream(line) => Some(line.to_string()),
            linewatch_core::record::Attribution::Own | linewatch_core::record::Attribution::Declared => None,
        },
    };
    let cause = serde_json::to_value(row.cause).ok().and_then(|value| value.as_str().map(str::to_owned));
    OutageItem {
        outage: row.outage.0,
        start: moment(row.start),
        start_after: row.last_reply.map(moment),
        confirmed_at: moment(row.confirmed_at),
        cause: cause.unwrap_or_default(),
        end: row.end.map(|end| moment(end.end)),
        end_after: row.end.map(|end| moment(end.last_loss)),
        attributions: segments.iter().map(segment).collect(),
    }
}

/// No such line, or none that the viewer may see: which of these, nobody is told.
pub(super) fn unknown(id: &str) -> Problem {
    nothing(format!("没有编号为 {id} 的在用线路。"), format!("no line {id} is in service"))
}
