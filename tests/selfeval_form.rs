//! The form of the self-evaluation is read as strictly as the configuration: every mistake with its sentence, all of
//! them at once.

use linewatch::config::selfeval::{Figure, Operator, Points, SHIPPED, SelfEval};
use linewatch::language::Language;
use linewatch_core::line::ClassName;

const INDICATOR: &str = "[[indicator]]
first = \"产出指标\"
second = \"质量指标\"
third = \"节点连通有效性\"
operator = \"≥\"
target = 99
unit = \"%\"
weight = 80
figure = \"availability\"
";

fn classes() -> Vec<ClassName> {
    ["township", "village", "surveillance"].map(ClassName::from).to_vec()
}

/// The sentences and advices, one line each: `line: sentence → advice`.
fn told(source: &str, language: Language) -> String {
    let mistakes = SelfEval::parse(source, &classes()).expect_err("the case holds a mistake");
    let lines = mistakes.iter().map(|mistake| {
        let line = source[..mistake.span.start].matches('\n').count() + 1;
        let advice = mistake.problem.advice(language).map_or_else(String::new, |advice| format!(" → {advice}"));
        format!("{line}: {}{advice}", mistake.problem.sentence(language))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_mistake_has_its_sentence() {
    let with = |from: &str, to: &str| INDICATOR.replace(from, to);
    let cases = [
        ("", "1: there is no indicator at all → write a section [[indicator]] for each"),
        ("indicator = 5\n", "1: indicator wants a section, like [site], this is an integer → write [[indicator]]"),
        (
            &with("figure = \"availability\"", "figure = \"availabilty\""),
            "9: indicator 1.figure does not know \"availabilty\" → did you mean \"availability\"?",
        ),
        (&with("weight = 80\n", ""), "1: indicator 1.weight is missing"),
        (
            &with("weight = 80", "weight = 79.5"),
            "1: the weights of all indicators make 79.5, not 80 → of 100 points the other 20 belong to the budget",
        ),
        (
            &with("weight = 80", "weight = 80\nnational_weight = 80"),
            "1: the national_weights of all indicators make 80, not 90 → of 100 points the other 10 belong to the budget",
        ),
        (
            &with("target = 99", "target = 1e2"),
            "6: indicator 1.target: 1e2 will not do: 0 to 1,000,000,000 with at most 6 decimals, no exponent",
        ),
        (
            &with("target = 99", "target = -1"),
            "6: indicator 1.target: -1 will not do: 0 to 1,000,000,000 with at most 6 decimals, no exponent",
        ),
        (
            &with("target = 99", "target = \"99\""),
            "6: indicator 1.target wants a number, like 86.6, this is a string → write target = 99",
        ),
        (&with("unit = \"%\"", "unit = \"路\""), "7: the unit \"路\" does not suit availability → there are: \"%\""),
        (
            &with("operator = \"≥\"", "operator = \">\""),
            "5: indicator 1.operator does not know \">\" → did you mean \">=\"? There are: \"≥\", \">=\", \"=\", \"≤\", \"<=\"",
        ),
        (
            &with("weight", "class = \"villages\"\nweight"),
            "8: indicator 1.class does not know \"villages\" → did you mean \"village\"? There are: \"township\", \"village\", \"surveillance\"",
        ),
        (
            &with("figure = \"availability\"", "figure = \"on_time_ratio\"\nclass = \"village\""),
            "10: on_time_ratio is not counted by class → leave class out",
        ),
        (&with("weight", "prose = 1\nweight"), "8: indicator 1.prose wants true or false, this is an integer"),
        (&with("third", "thrid = \"x\"\nthird"), "4: there is no setting indicator 1.thrid → did you mean third?"),
        (&format!("{INDICATOR}[projekt]\nname = \"\"\n"), "10: there is no setting projekt → did you mean project?"),
        (&format!("{INDICATOR}[project]\nnam = \"\"\n"), "11: there is no setting project.nam → did you mean name?"),
        (&format!("{INDICATOR}[year.26]\n"), "10: [year.26] is no year → write four digits, like [year.2026]"),
        (
            &format!("{INDICATOR}[year.2026]\nbudget = 86.6\ncurrent = {{ budget = 80 }}\nother = {{ budget = 6 }}\n"),
            "10: budget of 2026 is 86.6, its parts make 86 → make them agree, or leave out the total",
        ),
        (
            &format!("{INDICATOR}[year.2026]\nstated = {{ \"满意度\" = 95 }}\n"),
            "11: there is no setting year.2026.stated.满意度",
        ),
    ];
    for (source, wanted) in cases {
        let told = told(source, Language::English);
        assert!(told.starts_with(wanted), "{source}\n  told: {told}\nwanted: {wanted}");
        assert!(!told.contains('\n'), "one mistake, one sentence: {told}");
        let chinese = self::told(source, Language::Chinese);
        assert!(!chinese.is_ascii(), "{chinese}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let source = "[project]\nname = 5\n[[indicator]]\nfirst = \"\"\ntarget = -1\n[year.x]\n[yaer]\n";
    let told = told(source, Language::English);
    assert_eq!(told.lines().count(), 11, "{told}");
    let twice = format!("{INDICATOR}{INDICATOR}").replace("weight = 80", "weight = 40");
    assert_eq!(
        self::told(&twice, Language::Chinese),
        "13: 三级指标「节点连通有效性」写了两遍",
        "an indicator is found by its name"
    );
}

#[test]
fn the_shipped_form_has_the_indicators_of_the_office() {
    let form = SelfEval::shipped();
    let rows: Vec<String> = form
        .indicators
        .iter()
        .map(|it| format!("{} {}{}{} {}", it.third, it.operator.sign(), it.target, it.unit.text, it.weight))
        .collect();
    assert_eq!(
        rows,
        [
            "区直及乡镇电子政务专网线路数 =53路 5",
            "村社区电子政务专网线路数 =168路 5",
            "视频监控专线数 =180路 5",
            "节点连通有效性 ≥99% 15",
            "节点达标率 ≥95% 10",
            "故障点位解决情况 =100% 10",
            "故障修复及时率 ≥90% 10",
            "平均修复时长 ≤12小时 5",
            "租赁费 ≤86.6万元 10",
            "单条线路年均成本 ≤2160元/条 5",
        ]
    );
    assert!(form.years.is_empty(), "no budget is invented");
    for (name, _) in Figure::ALL {
        assert!(SHIPPED.contains(name), "the shipped file explains {name}");
    }
}

#[test]
fn a_year_holds_its_budget_and_words() {
    let source = format!(
        "{}[year.2026]\nbudget = 86.60\nexecuted = 1_0.5\ncurrent = {{ initial = 80.1, budget = 86.6 }}\nother = {{ initial = 0.02 }}\nreasons = \"雷击\"\nstated = {{ \"满意度\" = 95.5 }}\n",
        INDICATOR.replace("weight = 80", "weight = 75")
            + &INDICATOR
                .replace("weight = 80", "weight = 5")
                .replace("节点连通有效性", "满意度")
                .replace("availability", "stated")
                .replace('≥', ">=")
    );
    let form = SelfEval::parse(&source, &classes()).expect("no mistake");
    let year = &form.years[&2026];
    let text = |amount: Option<linewatch::config::selfeval::Decimal>| amount.map(|amount| amount.to_string());
    assert_eq!(text(year.total.budget).as_deref(), Some("86.6"));
    assert_eq!(text(year.total.executed).as_deref(), Some("10.5"));
    assert_eq!(text(year.total.initial).as_deref(), Some("80.12"), "the parts make what the total leaves out");
    assert_eq!(text(year.stated.get("满意度").copied()).as_deref(), Some("95.5"));
    assert_eq!(year.reasons, "雷击");
    assert_eq!(form.indicators[1].operator, Operator::AtLeast);
    assert_eq!(form.indicators[1].national_weight, Points(562_500), "9/8 of 5");
}
