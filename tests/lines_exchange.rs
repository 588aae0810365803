//! `lines import`, `export` and `diff`: what they print, write and refuse.

mod daemon;

use std::fs;
use std::path::Path;
use std::process::Output;

use daemon::{Home, Row, csv};

fn home() -> Home {
    let home = Home::new().answering(40, 90);
    home.write();
    home
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A file with one line new, one gone, one changed.
fn changed(home: &Home) -> String {
    let mut rows = home.rows.clone();
    rows.remove(0);
    rows[0] = rows[0].clone().named("\"甲, 乙\"").township("汀泗桥镇");
    rows.push(Row::new("N-1", "10.0.0.1"));
    let path = home.path().join("new.csv");
    fs::write(&path, csv(&rows)).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

fn files(home: &Home) -> Vec<String> {
    let name =
        |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name().into_string().expect("UTF-8");
    let mut names: Vec<String> = fs::read_dir(home.path()).expect("the folder").map(name).collect();
    names.sort();
    names
}

#[test]
fn differences_as_text_and_json() {
    let home = home();
    let new = changed(&home);
    let (code, text, errors) = said(&home.run(&["lines", "diff", &new]));
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let (_, chinese, _) = said(&home.run(&["lines", "diff", &new, "--lang", "zh"]));
    let (_, json, _) = said(&home.run(&["lines", "diff", &new, "--json"]));
    insta::assert_snapshot!("diff", format!("{text}\n{chinese}\n{json}"));
}

#[test]
fn an_import_writes_only_when_told_and_keeps_the_file_before() {
    let home = home();
    let (new, before) = (changed(&home), fs::read(home.inventory()).expect("the inventory"));
    let (code, text, errors) = said(&home.run(&["lines", "import", &new]));
    assert_eq!((code, errors.contains("add --yes")), (Some(1), true), "{errors}");
    assert!(text.contains("1 new:\n  N-1"), "{text}");
    assert_eq!(fs::read(home.inventory()).expect("the inventory"), before);

    let (code, _, errors) = said(&home.run(&["lines", "import", &new, "--yes"]));
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(files(&home), ["lines.csv", "lines.csv.bak", "linewatch.toml", "new.csv"]);
    assert_eq!(fs::read(home.path().join("lines.csv.bak")).expect("the copy"), before);
    assert!(fs::read(home.inventory()).expect("the inventory").starts_with("\u{feff}id,name".as_bytes()));
    let (_, text, _) = said(&home.run(&["lines", "diff", &new]));
    assert_eq!(text, "no difference, 40 lines\n");
}

#[test]
fn an_import_refuses_mistakes_many_removals_and_targets_that_are_no_csv() {
    let home = home();
    let before = fs::read(home.inventory()).expect("the inventory");
    let new = home.path().join("new.csv");
    let path = new.to_str().expect("UTF-8");
    let import = |more: &[&str]| said(&home.run(&[&["lines", "import", path, "--yes"], more].concat()));

    fs::write(&new, "id,name,class,address\nA,a,vilage,10.0.0.1\n").expect("written");
    let (code, text, errors) = import(&[]);
    assert_eq!((code, text.as_str()), (Some(1), ""));
    assert!(errors.contains("row 2, class: there is no class"), "{errors}");

    fs::write(&new, csv(&home.rows[3..])).expect("written");
    let (code, _, errors) = import(&[]);
    assert!(code == Some(1) && errors.contains("3 of 40 lines would go"), "{errors}");
    let (code, _, errors) = import(&["--to", "other.xlsx"]);
    assert!(code == Some(1) && errors.contains("other.xlsx is no CSV file"), "{errors}");
    assert_eq!(fs::read(home.inventory()).expect("the inventory"), before);
    let (code, _, errors) = import(&["--reload"]);
    assert!(code == Some(1) && errors.contains("3 of 40"), "{errors}");
    assert_eq!(import(&["--allow-removal"]).0, Some(0));
    let (code, _, errors) = import(&["--reload"]);
    assert!(code == Some(1) && errors.contains("the daemon is not running"), "{errors}");
    let (code, _, errors) = said(&home.run(&["lines", "import", "none.xlsx"]));
    assert_eq!((code, errors.as_str()), (Some(1), "linewatch: there is no file none.xlsx\n"));
}

#[test]
fn an_export_comes_back_as_it_was() {
    let home = home();
    for name in ["out.csv", "out.xlsx"] {
        let out = home.path().join(name);
        let out = out.to_str().expect("UTF-8");
        assert_eq!(said(&home.run(&["lines", "export", "--out", out])), (Some(0), String::new(), String::new()));
        let (code, text, _) = said(&home.run(&["lines", "diff", out]));
        assert_eq!((code, text.as_str()), (Some(0), "no difference, 40 lines\n"), "{name}");
    }
    assert!(fs::read(home.path().join("out.xlsx")).expect("written").starts_with(b"PK"));
    let (_, csv, _) = said(&home.run(&["lines", "export", "--lang", "zh"]));
    assert!(csv.starts_with("\u{feff}线路编号,线路名称,类别,"), "{csv}");
    let (_, json, _) = said(&home.run(&["lines", "export", "--format", "json"]));
    assert_eq!(json, said(&home.run(&["lines", "--json"])).1);
    let nowhere = Path::new("no/such/folder/out.csv").to_str().expect("UTF-8");
    let (code, _, errors) = said(&home.run(&["lines", "export", "--out", nowhere]));
    assert!(code == Some(1) && errors.contains("writing no/such/folder/out.csv"), "{errors}");
}
