//! What was found, for people.

use linewatch_core::time::{Span, Timestamp};

use super::{Checked, Expected, Flaw, Wrong};
use crate::language::Language;

/// Flaws printed at most; the number of all is said.
const PRINTED: usize = 20;

impl Checked {
    /// The whole report.
    pub fn text(&self, zone: chrono_tz::Tz, language: Language) -> String {
        let bound = self.bound.as_secs_f64();
        let (down, dead) = (self.down.as_secs_f64(), self.dead.as_secs_f64());
        let percent =
            |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{:.6} %", share * 100.0));
        let (availability, truly) = (percent(self.availability), percent(self.true_availability));
        let Self {
            dead_spans,
            outages,
            by_chance,
            edges,
            attributions,
            ambiguous,
            unseen_spans,
            figures,
            villages_reported,
            faults,
            clouded_faults,
            doubtful_faults,
            deeds,
            ..
        } = self;
        let (resolution, resolved) = both(self.point_resolution, billionths);
        let (on_time, truly_on_time) = both(self.on_time, billionths);
        let (repair, true_repair) = both(self.mean_repair, length);
        let mut text = language.pick(
            format!(
                "应发现的中断    {dead_spans} 段\n记录的中断      {outages} 次，其中偶然丢包造成 {by_chance} 次\n\
                 核对的起止时刻  {edges} 个\n核对的归因      {attributions} 个，另有 {ambiguous} 个几乎同时发生，无法判定先后\n\
                 监测不到的时段  {unseen_spans} 段\n中断时长        记录 {down:.1} 秒，真相 {dead:.1} 秒，允许相差 {bound:.1} 秒\n\
                 核对的指标      {figures} 个；节点连通率 记录 {availability}，真相 {truly}\n\
                 报障的村        {villages_reported} 个\n\
                 核对的故障      {faults} 个；另有 {clouded_faults} 个因监测不到或先后难辨，真相不能全部判定，其中 {doubtful_faults} 个记录与之不同\n\
                 人员操作        {deeds} 次\n\
                 故障点位解决率  记录 {resolution}，真相 {resolved}\n故障修复及时率  记录 {on_time}，真相 {truly_on_time}\n\
                 平均修复时长    记录 {repair}，真相 {true_repair}\n"
            ),
            format!(
                "to be found   {dead_spans} dead spans\noutages       {outages}, {by_chance} of them by chance losses\n\
                 edges         {edges} compared\nattributions  {attributions} compared; {ambiguous} fell together too closely to be told\n\
                 unseen        {unseen_spans} spans\ndown          {down:.1} s by the records, {dead:.1} s by the truth; {bound:.1} s apart at most\n\
                 figures       {figures} compared; availability {availability} by the records, {truly} by the truth\n\
                 reported      {villages_reported} villages\n\
                 faults        {faults} compared; of {clouded_faults} more the truth is not certain, and {doubtful_faults} of these are recorded otherwise\n\
                 people        {deeds} reports and steps compared\n\
                 points        {resolution} resolved by the records, {resolved} by the truth\n\
                 on time       {on_time} by the records, {truly_on_time} by the truth\n\
                 mean repair   {repair} by the records, {true_repair} by the truth\n"
            ),
        );
        if self.flaws.is_empty() {
            text.push_str(language.pick("结果            与真相一致\n", "result        the records are borne out\n"));
            return text;
        }
        let count = self.flaws.len();
        text.push_str(&language.pick(
            format!("结果            {count} 处与真相不符：\n"),
            format!("result        {count} do not fit the truth:\n"),
        ));
        for flaw in self.flaws.iter().take(PRINTED) {
            text.push_str("  ");
            text.push_str(&flaw.sentence(zone, language));
            text.push('\n');
        }
        text
    }
}

impl Flaw {
    /// One sentence.
    pub fn sentence(&self, zone: chrono_tz::Tz, language: Language) -> String {
        let at = |at: Timestamp| at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S%.3f").to_string();
        let span = |span: Span| format!("{} – {}", at(span.start), at(span.end));
        match self {
            Self::Missed(line, dead) => language.pick(
                format!("{line} 在 {} 断了，没有中断记录", span(*dead)),
                format!("{line} was dead {}, and no outage tells it", span(*dead)),
            ),
            Self::Twice(line, dead, outages) => {
                let numbers = outages.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                language.pick(
                    format!("{line} 在 {} 断了一次，却记了多次：{numbers}", span(*dead)),
                    format!("{line} was dead once, {}, and told by several outages: {numbers}", span(*dead)),
                )
            }
            Self::Invented(line, outage) => language.pick(
                format!("{line} 的中断 {outage}：没有丢这么多次探测"),
                format!("outage {outage} of {line}: not as many probes were lost"),
            ),
            Self::Start(line, outage, start) => language.pick(
                format!("{line} 的中断 {outage} 的开始 {} 与探测结果不符", at(*start)),
                format!("outage {outage} of {line}: its start {} does not fit what became of the probes", at(*start)),
            ),
            Self::End(line, outage, end) => language.pick(
                format!("{line} 的中断 {outage} 的结束 {} 与探测结果不符", at(*end)),
                format!("outage {outage} of {line}: its end {} does not fit what became of the probes", at(*end)),
            ),
            Self::Attribution(line, outage, expected) => {
                let whose = match expected {
                    Expected::Own => {
                        language.pick("应是本线路自身的".to_owned(), "should be the line's own".to_owned())
                    }
                    Expected::Upstream => language.pick("应归于上联".to_owned(), "should be an ancestor's".to_owned()),
                    Expected::OwnFrom(from) => language.pick(
                        format!("从 {} 起应是本线路自身的", at(*from)),
                        format!("should be the line's own from {}", at(*from)),
                    ),
                };
                language.pick(
                    format!("{line} 的中断 {outage} 归因不对：{whose}"),
                    format!("outage {outage} of {line}: wrongly attributed, it {whose}"),
                )
            }
            Self::NotUndetermined(unseen) => language.pick(
                format!("监测程序在 {} 看不见，记录里没有", span(*unseen)),
                format!("the monitor could not see {}, and the records do not say so", span(*unseen)),
            ),
            Self::Undetermined(line, gap) => {
                let whose =
                    line.as_ref().map_or(language.pick("所有线路", "all lines").to_owned(), ToString::to_string);
                language.pick(
                    format!("{whose}在 {} 记为未观测，其实看得见", span(*gap)),
                    format!("{whose}: undetermined {}, though the monitor saw", span(*gap)),
                )
            }
            Self::Figure { group, figure, records, truth, bound } => {
                let group = if group.is_empty() { language.pick("合计", "total").to_owned() } else { group.clone() };
                language.pick(
                    format!("{group} 的 {figure}：记录 {records}，真相 {truth}，允许相差 {bound}"),
                    format!(
                        "{figure} of {group}: {records} by the records, {truth} by the truth; {bound} apart at most"
                    ),
                )
            }
            Self::Fault { fault, line, wrong, records, truth } => {
                let fault = fault.as_ref().map(ToString::to_string).unwrap_or_default();
                let dash = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
                let (records, truth) = (dash(records), dash(truth));
                let wrong = wrong.label(language);
                language.pick(
                    format!("{line} 的故障 {fault}：{wrong}；记录 {records}，真相 {truth}"),
                    format!("fault {fault} of {line}: {wrong}; {records} by the records, {truth} by the truth"),
                )
            }
            Self::NoFigures(line) => language.pick(
                format!("{line} 在用，汇总里却没有"),
                format!("{line} was in service, and the rollup does not know it"),
            ),
            Self::Total(line, down, dead, bound) => language.pick(
                format!("{line}：记录中断 {down} 毫秒，真相 {dead} 毫秒，超出允许的 {bound} 毫秒"),
                format!("{line}: down {down} ms by the records, {dead} ms by the truth, more than {bound} ms apart"),
            ),
        }
    }
}

impl Wrong {
    /// What does not fit, in words.
    pub fn label(self, language: Language) -> &'static str {
        match self {
            Self::Missing => language.pick("记录里没有", "not in the records"),
            Self::Invented => language.pick("真相里没有", "not in the truth"),
            Self::Number => language.pick("操作记到了别的故障上", "steps were written onto another fault"),
            Self::Source => language.pick("来源不对", "its source"),
            Self::Deadline => language.pick("时限不对", "its deadline"),
            Self::Rounds => language.pick("开始或修复时间不对", "when it was open"),
            Self::Points => language.pick("受影响的线路不对", "its affected lines"),
            Self::Reports => language.pick("报障不对", "what was reported"),
            Self::Closed => language.pick("关闭时间不对", "when it was closed"),
            Self::Void => language.pick("误报与否不对", "whether it is void"),
            Self::Step => language.pick("人员操作不对", "a step of a person"),
        }
    }
}

/// What the records and the truth say, each in words.
fn both(figure: Option<(i64, i64)>, words: impl Fn(i64) -> String) -> (String, String) {
    figure.map_or_else(|| ("–".to_owned(), "–".to_owned()), |(records, truth)| (words(records), words(truth)))
}

/// Hours, minutes, seconds with milliseconds.
fn length(ms: i64) -> String {
    let (seconds, rest) = (ms / 1000, ms % 1000);
    format!("{}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Thousand-millionths as a percentage, truncated.
fn billionths(share: i64) -> String {
    let hundredths = share / 100_000;
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}
