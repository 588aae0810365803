//! What another inventory would change, as text and JSON.

use std::fmt::Write;

use linewatch_core::line::Line;
use serde_json::{Value, json};

use crate::inventory::{Column, Difference};
use crate::language::Language;

/// New, gone and changed lines, each with its fields, then how many stay the same.
pub fn text(difference: &Difference, language: Language) -> String {
    let mut text = String::new();
    block(&mut text, language.pick("新增", "new"), &difference.new, language);
    block(&mut text, language.pick("减少", "gone"), &difference.gone, language);
    title(&mut text, language.pick("修改", "changed"), difference.changed.len(), language);
    for changed in &difference.changed {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "  {}  {}", changed.id, changed.name);
        for field in &changed.fields {
            let name = language.pick(field.column.chinese(), field.column.english());
            let (old, new) = (or_empty(&field.old, language), or_empty(&field.new, language));
            let _ = writeln!(
                text,
                "{}",
                language.pick(format!("    {name}：{old} → {new}"), format!("    {name}: {old} → {new}"))
            );
        }
    }
    let same = difference.same;
    text += &if difference.is_empty() {
        language.pick(format!("没有差别，共 {same} 条。\n"), format!("no difference, {same} lines\n"))
    } else {
        language.pick(format!("不变 {same} 条。\n"), format!("{same} stay the same\n"))
    };
    text
}

fn block(text: &mut String, word: &str, lines: &[Line], language: Language) {
    title(text, word, lines.len(), language);
    for line in lines {
        let _ = writeln!(text, "  {}  {}  {}", line.id, line.name, line.address);
    }
}

fn title(text: &mut String, word: &str, count: usize, language: Language) {
    if count > 0 {
        let _ = writeln!(text, "{}", language.pick(format!("{word} {count} 条："), format!("{count} {word}:")));
    }
}

fn or_empty(text: &str, language: Language) -> &str {
    if text.is_empty() { language.pick("（空）", "(empty)") } else { text }
}

/// The same under the English names of the columns.
pub fn json(difference: &Difference) -> Value {
    let lines = |lines: &[Line]| -> Value {
        lines.iter().map(|line| json!({"id": line.id, "name": line.name, "address": line.address})).collect()
    };
    let changed: Value = difference
        .changed
        .iter()
        .map(|changed| {
            let name = |column: Column| column.english();
            let fields: Value = changed
                .fields
                .iter()
                .map(|field| json!({"column": name(field.column), "old": field.old, "new": field.new}))
                .collect();
            json!({"id": changed.id, "name": changed.name, "fields": fields})
        })
        .collect();
    json!({
        "new": lines(&difference.new), "gone": lines(&difference.gone), "changed": changed, "same": difference.same,
    })
}
