//! The assessment as text for a terminal.

use std::fmt::Write as _;

use linewatch_core::time::Millis;

use super::{Assessment, ClassAssessment, Sockets, Warning};
use crate::config::{Config, SocketKind, duration};
use crate::language::Language;
use crate::probe::{ChosenSocket, Version};
use crate::report::plain_table::{facts, table};

/// The assessment in a language, sentences broken to fit `width` columns.
pub fn text(assessment: &Assessment, config: &Config, sockets: &Sockets, language: Language, width: u16) -> String {
    let mut text =
        language.pick("配置和线路表没有错误。\n", "Configuration and inventory are without mistakes.\n").to_owned();
    let mut section = |title: (&str, &str), body: String| {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{}\n{body}", language.pick(title.0, title.1));
    };
    section(("概况", "Overview"), overview(assessment, config, language, width));
    section(("各类线路的探测", "Probing by class"), probing(assessment, language));
    section(("各类线路能发现什么", "What it finds, by class"), findings(assessment, language));
    section(("负载与误判", "Load and false alarms"), load(assessment, language, width));
    if !assessment.townships.is_empty() {
        section(("在用线路，按乡镇", "Lines in service by township"), townships(assessment, language));
    }
    section(("本机能否探测", "Probing from this machine"), permission(sockets, config, language, width));
    if !assessment.warnings.is_empty() {
        section(("请注意", "Mind"), warnings(assessment, language, width));
    }
    text
}

fn fact(language: Language, word: (&str, &str), sentence: String) -> [String; 2] {
    [language.pick(word.0, word.1).to_owned(), sentence]
}

fn overview(assessment: &Assessment, config: &Config, language: Language, width: u16) -> String {
    let idle = assessment.lines - assessment.in_service;
    let (total, serving) = (assessment.lines, assessment.in_service);
    let lines = match (idle, language) {
        (0, Language::Chinese) => format!("{total} 条，全部在用"),
        (_, Language::Chinese) => format!("{total} 条，在用 {serving} 条，未开通或已停用 {idle} 条（不探测）"),
        (0, Language::English) => format!("{total}, all in service"),
        (_, Language::English) => format!("{total}, {serving} in service, {idle} not (and not probed)"),
    };
    let references = if config.references.is_empty() {
        language.pick("没有", "none").to_owned()
    } else {
        config.references.join(language.pick("、", ", "))
    };
    let rows = vec![
        fact(language, ("单位", "Site"), config.site.name.clone()),
        fact(language, ("配置", "Configuration"), config.path.display().to_string()),
        fact(language, ("线路表", "Inventory"), config.inventory.file.display().to_string()),
        fact(language, ("记录库", "Journal"), config.store.path.display().to_string()),
        fact(
            language,
            ("网页", "Pages"),
            format!("{}://{}/", if config.http.tls.is_some() { "https" } else { "http" }, config.http.listen),
        ),
        fact(language, ("线路", "Lines"), lines),
        fact(language, ("参照地址", "References"), references),
    ];
    facts(rows, width)
}

/// A class in the reader's language; labels are written in the site's.
fn title(class: &ClassAssessment, language: Language) -> String {
    language.pick(class.label.as_str(), class.name.as_str()).to_owned()
}

fn header(language: Language, words: &[(&str, &str)]) -> Vec<String> {
    words.iter().map(|(chinese, english)| language.pick(*chinese, *english).to_owned()).collect()
}

fn probing(assessment: &Assessment, language: Language) -> String {
    let words = [
        ("类别", "Class"),
        ("线路", "Lines"),
        ("间隔", "Every"),
        ("超时", "Timeout"),
        ("追探", "Retry"),
        ("判中断", "Down"),
        ("判恢复", "Up"),
        ("探测/秒", "Probes/s"),
        ("全可疑时", "All suspect"),
    ];
    let rows = assessment
        .classes
        .iter()
        .map(|class| {
            let p = class.probing;
            vec![
                title(class, language),
                class.lines.to_string(),
                duration::format(p.interval),
                duration::format(p.timeout),
                duration::format(p.retry_interval),
                language.pick(format!("{} 次", p.confirm_down), format!("{}×", p.confirm_down)),
                language.pick(format!("{} 次", p.confirm_up), format!("{}×", p.confirm_up)),
                format!("{:.1}", class.rate()),
                format!("{:.1}", class.suspect_rate()),
            ]
        })
        .collect();
    table(header(language, &words), rows, &[1, 2, 3, 4, 5, 6, 7, 8])
}

fn findings(assessment: &Assessment, language: Language) -> String {
    let words = [
        ("类别", "Class"),
        ("必能发现", "Always found"),
        ("最快判定", "Earliest"),
        ("最迟判定", "Latest"),
        ("误判/条·年", "False/line·year"),
        ("误判/年", "False/year"),
    ];
    let seconds = |length: Millis| language.pick(format!("{} 秒", decimal(length)), format!("{} s", decimal(length)));
    let rows = assessment
        .classes
        .iter()
        .map(|class| {
            let p = class.probing;
            let longer = seconds(p.shortest_cut());
            vec![
                title(class, language),
                language.pick(format!("长于 {longer}"), format!("> {longer}")),
                seconds(p.detection_best()),
                seconds(p.detection_worst()),
                rough(p.false_confirmations_per_year(super::LOSS)),
                rough(class.false_confirmations()),
            ]
        })
        .collect();
    let mut text = table(header(language, &words), rows, &[1, 2, 3, 4, 5]);
    text.push_str(language.pick(
        " 「必能发现」= 间隔 +（判中断次数 − 1）× 追探；更短的中断碰巧才会发现。\n \
         判定从断开时起算，含最后一次探测的超时；误判按 1 % 的随机丢包估计。\n",
        " Always found = interval + (losses − 1) × retry; shorter cuts only by chance.\n \
         Earliest and latest count from the cut and include the last timeout.\n \
         False alarms: expected at 1 % random loss.\n",
    ));
    text
}

fn load(assessment: &Assessment, language: Language, width: u16) -> String {
    let zh = language == Language::Chinese;
    let (rate, worst) = (assessment.rate(), assessment.suspect_rate());
    let normal = if zh {
        format!("每秒 {rate:.1} 个探测（含参照地址）")
    } else {
        format!("{rate:.1} probes a second, references included")
    };
    let suspect = if zh {
        format!("每秒 {worst:.1} 个探测（所有线路同时可疑）")
    } else {
        format!("{worst:.1} probes a second, all lines suspect at once")
    };
    let spread = match (assessment.spacing_ms(), language) {
        (Some(ms), Language::Chinese) => format!("均匀错开，平均每 {ms:.1} 毫秒一个"),
        (Some(ms), Language::English) => format!("evenly spaced, one every {ms:.1} ms on average"),
        (None, _) => language.pick("没有线路可探测", "nothing to probe").to_owned(),
    };
    let year = rough(assessment.false_confirmations());
    let alarms = if zh {
        format!("全部线路每年约 {year} 次（各包独立丢失 1 %；真实丢包成串出现，会多一些）")
    } else {
        format!(
            "about {year} a year over all lines (each probe lost with 1 %, independently; real losses come in bursts and make more)"
        )
    };
    let mut rows = vec![
        fact(language, ("平时", "Normally"), normal),
        fact(language, ("最多", "At most"), suspect),
        fact(language, ("间距", "Spacing"), spread),
        fact(language, ("误判中断", "False alarms"), alarms),
    ];
    if let Some(silence) = assessment.blind_after {
        let silence = decimal(silence);
        let blind = if zh {
            format!("探测的地址全都 {silence} 秒无应答，即判为监测端自己失明：记作「未观测」，不记中断")
        } else {
            format!(
                "after {silence} s of silence of all that is probed the monitor takes itself for blind: \
                 the time is undetermined, no outage"
            )
        };
        rows.push(fact(language, ("失明判定", "Blind"), blind));
    }
    facts(rows, width)
}

/// Which sockets are used, or that there are none; how to get permission is said on standard error.
fn permission(sockets: &Sockets, config: &Config, language: Language, width: u16) -> String {
    let Ok(open) = sockets else {
        let no = language.pick(
            "打不开，本机还不能探测；原因和办法见最后一行",
            "none can be opened: nothing can be probed from here; the last line says why and what to do",
        );
        return facts(vec![fact(language, ("ICMP 套接字", "ICMP sockets"), no.to_owned())], width);
    };
    let said = [Version::V4, Version::V6].map(|version| match open.iter().find(|socket| socket.version == version) {
        Some(ChosenSocket { kind, .. }) => format!("{version} {kind}"),
        None => language.pick(format!("{version} 打不开"), format!("{version} none")),
    });
    let asked = match config.probe.socket {
        SocketKind::Auto => language.pick("（自动选择）", " (chosen automatically)"),
        SocketKind::Datagram | SocketKind::Raw => language.pick("（按配置）", " (as configured)"),
    };
    let hints = if open.iter().all(|socket| socket.hints) {
        language.pick("能分辨：读得到 ICMP 差错报文", "told apart: ICMP errors are read")
    } else {
        language.pick(
            "一律记作「无应答」：读 ICMP 差错报文要有 CAP_NET_RAW",
            "always `no answer`: reading ICMP errors wants CAP_NET_RAW",
        )
    };
    let rows = vec![
        fact(language, ("ICMP 套接字", "ICMP sockets"), said.join(language.pick("，", ", ")) + asked),
        fact(language, ("丢失的原因", "Causes of loss"), hints.to_owned()),
    ];
    facts(rows, width)
}

fn townships(assessment: &Assessment, language: Language) -> String {
    let shown: Vec<usize> = (0..assessment.classes.len()).filter(|i| assessment.classes[*i].lines > 0).collect();
    let mut head = vec![language.pick("乡镇", "Township").to_owned()];
    head.extend(shown.iter().map(|i| title(&assessment.classes[*i], language)));
    head.push(language.pick("合计", "Total").to_owned());
    let row = |name: &str, counts: &[usize]| {
        let mut cells = vec![name.to_owned()];
        cells.extend(shown.iter().map(|i| counts[*i].to_string()));
        cells.push(counts.iter().sum::<usize>().to_string());
        cells
    };
    let unnamed = language.pick("（未填乡镇）", "(none given)");
    let mut rows: Vec<_> = assessment
        .townships
        .iter()
        .map(|(name, counts)| row(if name.is_empty() { unnamed } else { name }, counts))
        .collect();
    let totals: Vec<usize> = assessment.classes.iter().map(|class| class.lines).collect();
    rows.push(row(language.pick("合计", "Total"), &totals));
    table(head, rows, &(1..shown.len() + 2).collect::<Vec<_>>())
}

fn warnings(assessment: &Assessment, language: Language, width: u16) -> String {
    let rows = assessment.warnings.iter().map(|warning| [" •".to_owned(), warning.sentence(language)]).collect();
    facts(rows, width)
}

impl Warning {
    /// What it is and what to do.
    pub fn sentence(&self, language: Language) -> String {
        let zh = language == Language::Chinese;
        match self {
            Self::NoLines if zh => "没有在用的线路，运行起来什么也不会探测；请填写线路表。".to_owned(),
            Self::NoLines => "no line is in service: nothing would be probed. Fill in the inventory.".to_owned(),
            Self::NoReferences if zh => {
                "没有配置参照地址。线路大面积不通时，分不清是线路断了还是监测端断了，只能记为「未观测」；\
                 请在 [references] addresses 里写上网关或核心交换机的地址。"
                    .to_owned()
            }
            Self::NoReferences => {
                "there are no references: when most lines fail at once nobody can tell them from the monitor's own \
                 failure, and the time is undetermined. Put gateway or core switch into [references] addresses."
                    .to_owned()
            }
            Self::NoSight { count, first } if zh => format!(
                "没有参照地址，而 {count} 条线路（如 {first}）与其余线路都是上下级：它们断了无从旁证，永远不会判为中断；\
                 请在 [references] addresses 里写上网关或核心交换机的地址。"
            ),
            Self::NoSight { count, first } => format!(
                "there are no references, and {count} of the lines ({first} for one) have only ancestors and \
                 descendants: nothing can witness their outages, which are never confirmed. \
                 Put gateway or core switch into [references] addresses."
            ),
            Self::PlainPasswords(listen) if zh => {
                format!(
                    "网页在 {listen} 对外监听而没有 TLS：密码在网上是明文。请写 [http] certificate 和 key，或只监听 127.0.0.1。"
                )
            }
            Self::PlainPasswords(listen) => format!(
                "pages listen on {listen} without TLS: passwords travel in the clear. Set [http] certificate and key, or \
                 listen on 127.0.0.1 only."
            ),
            Self::ReferenceIsLine { address, line } if zh => {
                format!("参照地址 {address} 就是线路 {line}：线路断了它也断，作不了旁证；请换一个。")
            }
            Self::ReferenceIsLine { address, line } => {
                format!("the reference {address} is the line {line}: it fails when the line fails. Take another.")
            }
        }
    }
}

/// Seconds with as many decimals as they need.
fn decimal(length: Millis) -> String {
    let text = format!("{:.3}", length.as_secs_f64());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An expectation to two digits that matter.
fn rough(value: f64) -> String {
    if value <= 0.0 {
        return "0".to_owned();
    }
    // Decimals until the second digit that matters; none from ten on, and never more than ten.
    let decimals = (0..=10).find(|decimals| value * 10_f64.powi(*decimals) >= 10.0).unwrap_or(10);
    format!("{value:.*}", usize::try_from(decimals).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_matter() {
        for (value, text) in [(0.0, "0"), (0.001_577, "0.0016"), (0.083_57, "0.084"), (0.63, "0.63"), (12.4, "12")] {
            assert_eq!(rough(value), text);
        }
    }
}
