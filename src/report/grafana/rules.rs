//! Prometheus' alert rules, read as far as Grafana needs them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::language::Language;

/// A group of alert rules.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How often it is evaluated, such as `15s`.
    #[serde(default = "one_minute")]
    pub interval: String,
    /// Its rules in order.
    pub rules: Vec<Rule>,
}

/// One alert rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, the label `alertname`.
    pub alert: String,
    /// `PromQL`; the alert fires for each series it returns.
    pub expr: String,
    /// How long it has to hold before the alert fires.
    #[serde(rename = "for", default = "at_once")]
    pub hold: String,
    /// How long it goes on firing afterwards.
    #[serde(default = "at_once")]
    pub keep_firing_for: String,
    /// Labels it adds.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What people are told.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

fn one_minute() -> String {
    "1m".to_owned()
}

fn at_once() -> String {
    "0s".to_owned()
}

/// Rules that Grafana cannot take over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// Not the form of a rule file.
    #[error("cannot read the alert rules: {0}")]
    Form(String),
    /// Not the form of Grafana's file.
    #[error("cannot read Grafana's former rules: {0}; move that file away if nothing has to be deleted")]
    Former(String),
    /// Two rules of one name.
    #[error("two alerts are called {0}: Grafana tells rules apart by their name")]
    Twice(String),
    /// Nothing Grafana can take for an id.
    #[error("the name of alert {0:?} is no id for Grafana: use at most 40 letters, digits, - and _")]
    Name(String),
    /// A dollar sign, of which Grafana's versions make different things.
    #[error("alert {0} contains a dollar sign, which Grafana's versions read differently: write .Labels.x and .Value")]
    Dollar(String),
    /// No duration.
    #[error("alert {alert}: {text:?} is no duration such as 90s, 5m or 1h")]
    Duration {
        /// The alert, or the group.
        alert: String,
        /// What stands there.
        text: String,
    },
}

impl Mistake {
    /// The mistake as a sentence.
    pub fn sentence(&self, language: Language) -> String {
        let chinese = match self {
            Self::Form(error) => format!("读不懂告警规则：{error}"),
            Self::Former(error) => {
                format!("读不懂以前写的 Grafana 规则：{error}；如果没有要删除的规则，把那个文件移走即可")
            }
            Self::Twice(name) => format!("有两条告警都叫 {name}，Grafana 按名字区分规则，请改名"),
            Self::Name(name) => {
                format!("告警名 {name:?} 不能作 Grafana 的编号：只用英文字母、数字、- 和 _，不超过 40 个")
            }
            Self::Dollar(name) => {
                format!("告警 {name} 里有 $，Grafana 各版本对它的处理不同：请写成 .Labels.x 和 .Value")
            }
            Self::Duration { alert, text } => format!("{alert} 里的 {text:?} 不是时长，应像 90s、5m、1h 这样写"),
        };
        language.pick(chinese, self.to_string())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    groups: Vec<Group>,
}

/// Reads a file of alert rules.
///
/// # Errors
/// When it is no such file, or has rules that Grafana cannot take over.
pub fn read(text: &str) -> Result<Vec<Group>, Mistake> {
    let file: RuleFile = serde_saphyr::from_str(text).map_err(|error| Mistake::Form(error.to_string()))?;
    let mut names = BTreeSet::new();
    for group in &file.groups {
        seconds(&group.name, &group.interval)?;
        for rule in &group.rules {
            if !names.insert(&rule.alert) {
                return Err(Mistake::Twice(rule.alert.clone()));
            }
            check(rule)?;
        }
    }
    Ok(file.groups)
}

fn check(rule: &Rule) -> Result<(), Mistake> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if rule.alert.is_empty() || rule.alert.len() > 40 || !rule.alert.chars().all(fits) {
        return Err(Mistake::Name(rule.alert.clone()));
    }
    let texts = rule.labels.values().chain(rule.annotations.values());
    if texts.chain([&rule.expr]).any(|text| text.contains('$')) {
        return Err(Mistake::Dollar(rule.alert.clone()));
    }
    seconds(&rule.alert, &rule.hold)?;
    seconds(&rule.alert, &rule.keep_firing_for)?;
    Ok(())
}

/// A duration of Prometheus, such as `1d`, `1h30m` or `15s`, in seconds.
///
/// # Errors
/// When it is none, or has fractions of a second.
pub fn seconds(alert: &str, text: &str) -> Result<u64, Mistake> {
    let wrong = || Mistake::Duration { alert: alert.to_owned(), text: text.to_owned() };
    let (mut rest, mut total) = (text, 0_u64);
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = match rest.as_bytes()[digits] {
            b's' => 1,
            b'm' if !rest[digits..].starts_with("ms") => 60,
            b'h' => 3_600,
            b'd' => 86_400,
            b'w' => 604_800,
            _ => return Err(wrong()),
        };
        total = number.checked_mul(unit).and_then(|more| total.checked_add(more)).ok_or_else(wrong)?;
        rest = &rest[digits + 1..];
    }
    if text.is_empty() { Err(wrong()) } else { Ok(total) }
}

#[derive(Deserialize)]
struct Former {
    #[serde(default)]
    groups: Vec<FormerGroup>,
    #[serde(default, rename = "deleteRules")]
    deleted: Vec<FormerRule>,
}

#[derive(Deserialize)]
struct FormerGroup {
    rules: Vec<FormerRule>,
}

#[derive(Deserialize)]
struct FormerRule {
    uid: String,
}

/// Ids of a former file's rules that are not among these any more, and of those it deleted itself: Grafana keeps a
/// provisioned rule until a file deletes it.
///
/// # Errors
/// When the former file is no such file.
pub fn gone(former: &str, groups: &[Group]) -> Result<Vec<String>, Mistake> {
    let former: Former = serde_saphyr::from_str(former).map_err(|error| Mistake::Former(error.to_string()))?;
    let kept: BTreeSet<&str> = groups.iter().flat_map(|group| &group.rules).map(|rule| rule.alert.as_str()).collect();
    let known = former.groups.into_iter().flat_map(|group| group.rules).chain(former.deleted);
    let gone: BTreeSet<String> = known.map(|rule| rule.uid).filter(|uid| !kept.contains(uid.as_str())).collect();
    Ok(gone.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_prometheus() {
        for (text, found) in [("0s", 0), ("15s", 15), ("5m", 300), ("1h30m", 5_400), ("1d", 86_400), ("2w", 1_209_600)]
        {
            assert_eq!(seconds("X", text), Ok(found));
        }
        for text in ["", "5", "m", "5 m", "500ms", "-5s", "1y", "99999999999999999999s"] {
            assert!(seconds("X", text).is_err(), "{text}");
        }
    }

    fn file(rule: &str) -> String {
        format!("groups:\n  - name: g\n    rules:\n      - {rule}\n")
    }

    #[test]
    fn what_grafana_cannot_take_over_is_refused() {
        assert!(read(&file("{alert: A, expr: up}")).is_ok());
        for (rule, mistake) in [
            ("{alert: A, expr: up, annotations: {summary: '$value'}}", Mistake::Dollar("A".into())),
            ("{alert: 'A B', expr: up}", Mistake::Name("A B".into())),
            ("{alert: A, expr: up, for: soon}", Mistake::Duration { alert: "A".into(), text: "soon".into() }),
            ("{alert: A, expr: up}\n      - {alert: A, expr: up}", Mistake::Twice("A".into())),
        ] {
            assert_eq!(read(&file(rule)), Err(mistake));
        }
        assert!(matches!(read(&file("{alert: A, expr: up, fro: 5m}")), Err(Mistake::Form(_))), "unknown keys");
    }

    #[test]
    fn rules_that_are_gone_stay_deleted() {
        let groups = read(&file("{alert: A, expr: up}")).expect("rules");
        let former = "deleteRules:\n  - {orgId: 1, uid: Z}\ngroups:\n  - rules:\n      - uid: A\n      - uid: B\n";
        assert_eq!(gone(former, &groups), Ok(vec!["B".to_owned(), "Z".to_owned()]));
        assert!(matches!(gone("groups: 5", &groups), Err(Mistake::Former(_))));
    }
}
