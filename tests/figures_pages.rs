//! The page of a year's figures and its files, when the form of the self-evaluation has mistakes: they are shown where
//! the clerk sees them, as the check shows them, and everything else goes on.

mod asking;
mod daemon;

use asking::Asker;
use daemon::{Daemon, Home, Row};

const FILES: [&str; 8] = [
    "figures.docx",
    "figures.xlsx",
    "figures.html",
    "figures.csv",
    "figures.json",
    "figures.txt",
    "villages.xlsx",
    "villages.csv",
];
/// Files that hold the form.
const WITH_FORM: [&str; 3] = ["figures.docx", "figures.xlsx", "figures.html"];

fn year(daemon: &Daemon) -> String {
    let latest = Asker::nobody(daemon).get("/report");
    latest.header("location").expect("the year's page").to_owned()
}

#[test]
fn mistakes_in_the_form_are_explained_on_the_page_and_the_rest_works() {
    let home = Home::new().line(Row::new("T-01", "127.61.2.1").township("汀泗桥镇"));
    let daemon = home.start();
    let nobody = Asker::nobody(&daemon);
    let year = year(&daemon);
    let page = nobody.get(&year);
    assert_eq!(page.status, 200, "{}", page.body);
    for file in FILES {
        assert!(page.body.contains(&format!("{year}/{file}")), "{file}");
        let answer = nobody.get(&format!("{year}/{file}"));
        assert_eq!(answer.status, 200, "{file}: {}", answer.head);
        assert!(answer.header("content-disposition").is_some_and(|value| value.contains(file)), "{}", answer.head);
    }

    // The form is read when it is needed: no reload is.
    let form = home.path().join("selfeval.toml");
    std::fs::write(&form, "[project]\nnaem = \"<b>x\"\n").expect("written");
    for (language, sentences) in [
        ("zh-CN", ["没有 project.naem 这个设置", "一个指标也没有", "自评表样式有错误", "建议"]),
        ("en", ["no setting project.naem", "no indicator", "The form of the self-evaluation has mistakes", "help"]),
    ] {
        let page = nobody.get(&format!("{year}?lang={language}"));
        assert_eq!(page.status, 200);
        for sentence in sentences {
            assert!(page.body.contains(sentence), "{sentence}: {}", page.body);
        }
        assert!(page.body.contains("selfeval.toml:2:") && !page.body.contains("<b>x"), "{}", page.body);
        for file in FILES {
            let (path, has_form) = (format!("{year}/{file}"), WITH_FORM.contains(&file));
            assert_eq!(page.body.contains(&path), !has_form, "a link to {file}");
            let answer = nobody.get(&format!("{path}?lang={language}"));
            assert_eq!(answer.status, if has_form { 503 } else { 200 }, "{file}: {}", answer.head);
            assert_eq!(answer.body.contains(sentences[0]), has_form, "{file}");
        }
    }
    // The command says the same, and so does the check.
    for command in [&["rollup", "--year", &year[8..], "--format", "docx"][..], &["check"]] {
        let output = home.run(&[command, &["--lang", "zh-CN"]].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{command:?}: {said}");
        assert!(said.contains("没有 project.naem 这个设置") && said.contains("一个指标也没有"), "{said}");
    }
    std::fs::remove_file(&form).expect("removed");
    assert_eq!(nobody.get(&format!("{year}/figures.docx")).status, 200);
}
