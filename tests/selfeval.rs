//! The self-evaluation of the small year, number by number.

mod rollup_story;

use linewatch::config::selfeval::SelfEval;
use linewatch::language::Language;
use linewatch::report::rollup::period::Period;
use linewatch::report::rollup::{self, Question, Report, Telling};
use linewatch::report::selfeval::{Evaluation, Standing, evaluate};
use linewatch::store::Store;
use linewatch_core::ledger::Changes;
use linewatch_core::record::Record;
use linewatch_core::rollup::Policy;
use linewatch_core::time::Timestamp;
use rollup_story::at;

const BUDGET: &str = "
[year.2026]
initial = 80
budget = 86.6
executed = 85.0
reasons = \"四月供电局停电\"
measures = \"增配备用电源\"
";

fn report(path: &std::path::Path, period: Period, now: Timestamp) -> Report {
    let mut reader = Store::open_read_only(path).expect("a store");
    let snapshot = reader.snapshot().expect("a snapshot");
    let question = Question { period, policy: Policy::default(), as_of: None, now };
    let apply = |_: &Record| -> Changes { unreachable!("nothing is folded again") };
    rollup::compute(&snapshot, &question, apply, |_| ()).expect("figures")
}

fn told(form: &str, report: &Report, language: Language) -> Evaluation {
    let classes = ["township", "village", "surveillance"].map(Into::into);
    let form = SelfEval::parse(form, &classes).expect("a form");
    evaluate(&form, report, Telling { site: "示例", labels: &[], language })
}

/// `三级 目标 实际 [分子÷分母] 得分/权重 得分/分值`, one line an indicator.
fn text(evaluation: &Evaluation, language: Language) -> String {
    let score = |score: linewatch::report::selfeval::Score| {
        format!("{}/{}", score.score.map_or_else(|| "–".to_owned(), |score| score.to_string()), score.weight)
    };
    let rows = evaluation.rows.iter().map(|row| {
        let parts = row.actual.parts.map_or_else(String::new, |parts| format!(" [{}]", parts.text(language)));
        let actual = row.actual.with_unit(&row.indicator.unit, language);
        let (hubei, national) = (score(row.hubei), score(row.national));
        let mark = if row.actual.unproven { " 证据不足" } else { "" };
        format!("{} {} {actual}{parts}{mark} {hubei} {national}\n", row.indicator.third, row.target())
    });
    rows.collect()
}

#[test]
fn the_small_year_is_scored() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = rollup_story::year::tell(folder.path());
    let year = Period::year("2026", chrono_tz::Asia::Shanghai).expect("a year");
    let report = report(&path, year, at("2027-01-05 00:00:00"));
    let form = linewatch::config::selfeval::SHIPPED.to_owned() + BUDGET;
    let evaluation = told(&form, &report, Language::Chinese);
    assert_eq!(evaluation.standing, Standing::Final);
    let mut all = text(&evaluation, Language::Chinese);
    for (name, total) in [("湖北", evaluation.hubei), ("全国", evaluation.national)] {
        let sum = total.score.expect("scored");
        all += &format!("{name} {sum}，未评 {}\n", total.unscored);
    }
    let rate = evaluation.budget.rate.expect("given").text();
    all += &format!("执行率 {rate} {:?}\n", evaluation.budget.hubei.score.map(|score| score.to_string()));
    all += &format!("{}\n{}\n", evaluation.prose, evaluation.deviations.join("\n"));
    insta::assert_snapshot!(all);
    let sum: i64 = evaluation.rows.iter().filter_map(|row| row.hubei.score).map(|score| score.0).sum();
    let budget = evaluation.budget.hubei.score.expect("scored").0;
    assert_eq!(evaluation.hubei.score.expect("scored").0, sum + budget, "adds up with a pencil");
}

#[test]
fn without_a_budget_nothing_is_invented() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = rollup_story::year::tell(folder.path());
    let year = Period::year("2026", chrono_tz::Asia::Shanghai).expect("a year");
    let report = report(&path, year, at("2027-01-05 00:00:00"));
    let evaluation = told(linewatch::config::selfeval::SHIPPED, &report, Language::English);
    assert_eq!(evaluation.budget.hubei.score, None);
    assert_eq!(evaluation.budget.rate, None);
    assert_eq!(evaluation.hubei.unscored.to_string(), "20");
    assert_eq!(evaluation.national.unscored.to_string(), "10");
    assert_eq!(evaluation.deviations[0], "No budget is given: its execution has no score.");
}

#[test]
fn a_month_has_values_and_no_scores_and_a_running_year_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = rollup_story::year::tell(folder.path());
    let month = Period::month("2026-04", chrono_tz::Asia::Shanghai).expect("a month");
    let evaluation = told(
        &(linewatch::config::selfeval::SHIPPED.to_owned() + BUDGET),
        &report(&path, month, at("2027-01-05 00:00:00")),
        Language::Chinese,
    );
    assert_eq!(evaluation.standing, Standing::NotAYear);
    assert_eq!((evaluation.hubei.score, evaluation.budget.rate), (None, None));
    assert!(evaluation.rows.iter().any(|row| row.actual.value.is_some()));
    assert!(evaluation.prose.contains("当月节点连通有效性完成"), "{}", evaluation.prose);

    // 2026 is sealed in this story; the year after it has begun.
    let year = Period::year("2027", chrono_tz::Asia::Shanghai).expect("a year");
    let evaluation =
        told(linewatch::config::selfeval::SHIPPED, &report(&path, year, at("2027-01-05 00:00:00")), Language::Chinese);
    assert_eq!(evaluation.standing, Standing::Running);
    assert_eq!(evaluation.deviations[0], "年度尚未结束，得分仅供参考。");
}
