//! `linewatch rollup --format xlsx`: written whole or not at all, with the form that was asked for.

mod rollup_story;

#[path = "office/mod.rs"]
mod office;

use std::path::Path;
use std::process::{Command, Output};

use calamine::Data;
use office::Cells;

struct House(tempfile::TempDir);

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        rollup_story::year::tell(folder.path());
        let config = "[site]\nname = \"咸安区电子政务网\"\n[store]\npath = \"journal.db\"\n";
        std::fs::write(folder.path().join("linewatch.toml"), config).expect("written");
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linewatch"));
        command.args(arguments.split_whitespace()).current_dir(self.path());
        command.args(["--config", "linewatch.toml"]).env_remove("LC_ALL").output().expect("run")
    }

    fn done(&self, arguments: &str) {
        let Output { status, stdout, stderr } = self.run(arguments);
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        assert_eq!((status.code(), stderr.as_str(), stdout.len()), (Some(0), "", 0), "{arguments}");
    }

    fn refused(&self, arguments: &str) -> (i32, String) {
        let Output { status, stdout, stderr } = self.run(arguments);
        assert!(stdout.is_empty(), "{arguments}");
        (status.code().expect("an exit code"), String::from_utf8(stderr).expect("UTF-8"))
    }

    fn form(&self, file: &str) -> Vec<String> {
        words(&office::cells(&self.path().join(file)), "自评表")
    }

    /// All files, in order.
    fn files(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

/// All texts of a sheet.
fn words(cells: &Cells, sheet: &str) -> Vec<String> {
    let text = |cell: &Data| if let Data::String(text) = cell { Some(text.clone()) } else { None };
    cells[sheet].values().filter_map(text).collect()
}

const PERIOD: &str = "rollup --year 2026 --as-of 2027-01-05";

#[test]
fn the_name_of_the_file_says_that_it_is_a_workbook() {
    let house = House::new();
    house.done(&format!("{PERIOD} --out 2026.xlsx"));
    let cells = office::cells(&house.path().join("2026.xlsx"));
    for sheet in [
        "汇总",
        "自评表",
        "分类",
        "乡镇",
        "运营商",
        "月度",
        "线路明细",
        "中断明细",
        "故障明细",
        "计划停机与剔除台账",
        "口径说明",
    ] {
        assert!(cells.contains_key(sheet), "{sheet} is missing: {:?}", cells.keys());
    }
    assert!(house.files().iter().all(|name| !name.contains("part")), "nothing half is left: {:?}", house.files());
    // The same to a pipe.
    let Output { status, stdout, .. } = house.run(&format!("{PERIOD} --format xlsx"));
    assert!(status.success() && stdout.starts_with(b"PK"));
    house.done("rollup --month 2026-04 --as-of 2027-01-05 --format xlsx --out april.xlsx --lang en");
    assert!(office::cells(&house.path().join("april.xlsx")).contains_key("self-evaluation"));
}

#[test]
fn the_form_comes_from_where_it_was_asked_for() {
    let house = House::new();
    house.done(&format!("{PERIOD} --out a.xlsx"));
    let shipped = house.form("a.xlsx");
    assert!(shipped.contains(&"电子政务网络线路租赁及运行维护".to_owned()));
    assert!(
        shipped.contains(&"未填预算数和执行数，预算执行率不评分。".to_owned())
            || shipped.iter().any(|text| text.contains("未填预算数和执行数，预算执行率不评分。"))
    );

    let form = linewatch::config::selfeval::SHIPPED;
    let named = |name: &str| form.replace("电子政务网络线路租赁及运行维护", name);
    std::fs::write(house.path().join("selfeval.toml"), named("旁边的样式")).expect("written");
    std::fs::write(house.path().join("other.toml"), named("指定的样式")).expect("written");
    house.done(&format!("{PERIOD} --out b.xlsx"));
    assert!(house.form("b.xlsx").contains(&"旁边的样式".to_owned()), "the one beside the configuration");
    house.done(&format!("{PERIOD} --selfeval other.toml --budget 86.6 --executed 43.3 --out c.xlsx"));
    assert!(house.form("c.xlsx").contains(&"指定的样式".to_owned()));
    let cells = office::cells(&house.path().join("c.xlsx"));
    let scores: Vec<f64> = cells["自评表"]
        .iter()
        .filter(|((_, column), _)| *column == 7)
        .filter_map(|(_, cell)| if let Data::Float(number) = cell { Some(*number) } else { None })
        .collect();
    assert!((scores[0] - 10.0).abs() < 1e-9, "half of the budget is half of 20 points: {scores:?}");

    // The configuration's word is worth more than what lies beside it.
    let path = house.path().join("linewatch.toml");
    let config = std::fs::read_to_string(&path).expect("read") + "[report]\nselfeval = \"other.toml\"\n";
    std::fs::write(&path, config).expect("written");
    house.done(&format!("{PERIOD} --out d.xlsx"));
    assert!(house.form("d.xlsx").contains(&"指定的样式".to_owned()));
}

#[test]
fn what_cannot_be_is_refused_with_what_to_do() {
    let house = House::new();
    let (code, said) = house.refused(&format!("{PERIOD} --selfeval none.toml --out a.xlsx"));
    assert_eq!(code, 1);
    assert!(said.contains("读自评表样式：没有 none.toml 这个文件"), "{said}");
    std::fs::write(house.path().join("bad.toml"), "[project]\nnaem = \"x\"\n").expect("written");
    let (code, said) = house.refused(&format!("{PERIOD} --selfeval bad.toml --out a.xlsx"));
    assert_eq!(code, 1);
    assert!(said.contains("没有 project.naem 这个设置") && said.contains("一个指标也没有"), "all at once: {said}");
    let (code, said) = house.refused(&format!("{PERIOD} --out nowhere/a.xlsx"));
    assert_eq!(code, 1);
    assert!(said.contains("无法写入 nowhere/a.xlsx"), "{said}");
    for wrong in ["--budget 5", "--executed 5", "--budget -1 --executed 5", "--budget 1e3 --executed 5"] {
        let (code, said) = house.refused(&format!("{PERIOD} --out a.xlsx {wrong}"));
        assert_eq!(code, 2, "{wrong}: {said}");
    }
    let (code, _) = house.refused("rollup --month 2026-04 --budget 5 --executed 5 --out a.xlsx");
    assert_eq!(code, 2, "a budget is a year's");
    assert!(house.files().iter().all(|name| !name.starts_with('a') && !name.contains("part")), "{:?}", house.files());
}
