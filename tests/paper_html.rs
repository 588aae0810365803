//! The period as one HTML file: the same as the DOCX, and nothing that reaches out of it.

mod paper;
mod rollup_story;

use paper::cells::{html, of_docx, of_html};
use paper::{House, expected};

#[test]
fn the_page_says_what_the_document_says_and_reaches_for_nothing() {
    for house in paper::years::all() {
        let name = house.name;
        let text = std::fs::read_to_string(house.write("html")).expect("a page");
        let rows = of_html(&text);
        assert!(rows == of_docx(&house.write("docx")), "{name}: page and document differ");
        for wanted in expected::rows(&house.json()) {
            assert!(rows.contains(&wanted), "{name}: no row {wanted:?}");
        }
        reaches_for_nothing(name, &text);
        assert_eq!(text.contains("class=\"mark\""), name == "simulated", "{name}: the mark behind every page");
    }
}

/// No script, no address, no file of its own.
fn reaches_for_nothing(name: &str, text: &str) {
    let page = html(text);
    let mut ids = std::collections::BTreeSet::new();
    for element in page.descendants().filter(roxmltree::Node::is_element) {
        let tag = element.tag_name().name();
        assert!(!["script", "link", "iframe", "img", "object", "base", "form"].contains(&tag), "{name}: <{tag}>");
        for attribute in element.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(!key.starts_with("on") && !["src", "href", "action"].contains(&key), "{name}: {key}={value}");
            assert!(!value.contains("url(") || value.starts_with("url(#"), "{name}: {key}={value}");
            if key == "id" {
                assert!(ids.insert(value.to_owned()), "{name}: the id {value} stands twice");
            }
        }
        if tag == "style" {
            let style = element.text().unwrap_or_default();
            assert!(!style.contains("url(") && !style.contains("@import"), "{name}: {style}");
        }
    }
}

#[test]
fn english_where_it_is_asked_for() {
    let house = House::new("english", "--year 2026", "", |folder| {
        rollup_story::year::tell(folder);
    });
    let output = house.rollup(&["--format", "html", "--lang", "en"]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("<html lang=\"en\">") && text.contains("Node connectivity 99.9"), "{text}");
    html(&text);
}

#[test]
fn a_folder_that_is_not_there_keeps_nothing_and_says_so() {
    let house = House::new("nowhere", "--year 2026", "", |folder| {
        rollup_story::year::tell(folder);
    });
    for file in ["missing/2026.docx", "missing/2026.html"] {
        let path = house.path().join(file);
        let output = house.rollup(&["--out", &path.to_string_lossy()]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("无法写入"), "{output:?}");
    }
    // Written beside its place and moved: nothing else is left in the folder.
    house.write("docx");
    let left = std::fs::read_dir(house.path())
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let strangers: Vec<String> = left.filter(|name| name.contains("part") || name.contains("tmp")).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}
