//! Every mistake the inventory can hold: the exact message in both languages, one case a row.

use std::path::Path;

use linewatch::inventory::{self, InventoryError, Rules};
use linewatch::language::Language;

const CASES: &[(&str, &str)] = &[
    ("empty_file", ""),
    ("semicolons", "id;name;class;address\nA;a;village;10.0.0.1\n"),
    ("tabs", "id\tname\tclass\taddress\n"),
    ("unknown_column", "线路编号,线路名称,类别,IP地址,运营公司,zzz\n"),
    ("unknown_column_in_english", "id,name,class,adress\n"),
    ("column_twice", "id,name,class,address,线路编号\n"),
    ("missing_columns", "id,note\nA,x\n"),
    ("too_many_cells", "id,name,class,address\nA,a,village,10.0.0.1,甲,乙\n"),
    ("too_few_cells", "id,name,class,address\nA,a,village\n"),
    ("missing_values", "id,name,class,address\n,a,village,10.0.0.1\nB,,,\n"),
    ("invisible_character", "id,name,class,address\nA\u{200b}1,a,village,10.0.0.1\nB,b\u{7},village,10.0.0.2\n"),
    ("quote_not_closed", "id,name,class,address\nA,\"甲,village,10.0.0.1\nB,乙,village,10.0.0.2\n"),
    ("line_break_inside", "id,name,class,address\nA,\"甲\n乙\",village,10.0.0.1\n"),
    (
        "too_long",
        "id,name,class,address\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,a,village,10.0.0.1\n",
    ),
    ("id_twice", "id,name,class,address\nA,a,village,10.0.0.1\n\nA,b,village,10.0.0.2\n"),
    ("address_twice", "id,name,class,address\nA,a,village,10.0.0.1\nB,b,village,10.0.0.1\n"),
    ("address_twice_in_ipv6", "id,name,class,address\nA,a,village,fd00::1\nB,b,village,FD00:0:0::1\n"),
    (
        "address_twice_while_both_in_service",
        "id,name,class,address,opened,closed\nA,a,village,10.0.0.1,,2026-03-02\nB,b,village,10.0.0.1,2026-03-01,\n",
    ),
    ("unknown_class", "id,name,class,address\nA,a,vilage,10.0.0.1\nB,b,医院,10.0.0.2\n"),
    (
        "bad_addresses",
        "id,name,class,address\nA,a,village,127.000.000.001\nB,b,village,10.0.0.256\nC,c,village,10.0.0.1/24\n\
         D,d,village,0.0.0.0\nE,e,village,224.0.0.1\nF,f,village,村里\n",
    ),
    ("bad_probe", "id,name,class,address,probe\nA,a,village,10.0.0.1,ping\nB,b,village,10.0.0.2,tcp:0\n"),
    (
        "missing_upstream",
        "id,name,class,address,upstream\nT-01,a,township,10.0.0.1,\nB,b,village,10.0.0.2,T-1\nC,c,village,10.0.0.3,核心\n",
    ),
    ("loop_of_one", "id,name,class,address,upstream\nA,a,village,10.0.0.1,A\n"),
    (
        "loop_of_three",
        "id,name,class,address,upstream\nX,x,village,10.0.0.9,A\nA,a,village,10.0.0.1,B\nB,b,village,10.0.0.2,C\nC,c,village,10.0.0.3,A\n",
    ),
    (
        "bad_dates",
        "id,name,class,address,opened,closed\nA,a,village,10.0.0.1,2026-02-30,去年\nB,b,village,10.0.0.2,46027,\n",
    ),
    (
        "closed_before_opened",
        "id,name,class,address,opened,closed\nA,a,village,10.0.0.1,2026-03-01,2026-02-01\nB,b,village,10.0.0.2,2026-03-01,2026/3/1\n",
    ),
    (
        "bad_numbers",
        "id,name,class,address,bandwidth_mbps,rent_yuan_month\nA,a,village,10.0.0.1,100M,\"1,200\"\nB,b,village,10.0.0.2,-1,0.001\n",
    ),
    ("bad_degrees", "id,name,class,address,latitude,longitude\nA,a,village,10.0.0.1,114.3,29°\n"),
    (
        "many_at_once",
        "线路编号,线路名称,类别,IP地址,上联线路,开通日期\nA,,village,10.0.0.1,Z,2026-1-32\nA,b,town,10.0.0.1,,\n",
    ),
];

fn rules() -> Rules {
    let classes = [("township", "区直及乡镇"), ("village", "村社区"), ("surveillance", "视频监控")];
    Rules {
        zone: chrono_tz::Asia::Shanghai,
        classes: classes.map(|(name, label)| (name.into(), label.to_owned())).to_vec(),
    }
}

fn report(text: &str, language: Language) -> String {
    let mistakes = inventory::parse(text, &rules()).expect_err("the case holds a mistake");
    InventoryError::Mistakes { path: "lines.csv".into(), sheet: None, mistakes }.report(language)
}

#[test]
fn every_mistake_is_said_in_both_languages() {
    for (name, table) in CASES {
        let text = format!("{}\n\n{}", report(table, Language::Chinese), report(table, Language::English));
        insta::with_settings!({ description => *table, omit_expression => true }, {
            insta::assert_snapshot!(*name, text);
        });
    }
}

#[test]
fn of_thousands_of_mistakes_fifty_are_shown() {
    let mut rows = vec!["id,name,class,address,upstream".to_owned()];
    rows.extend((0..3000).map(|i| format!("L{i},a,village,10.0.{}.{},M{i}", i / 250, i % 250 + 1)));
    let table = rows.join("\n");
    for language in [Language::Chinese, Language::English] {
        let report = report(&table, language);
        assert_eq!(report.lines().count(), 52, "a title, fifty mistakes, how many more");
        assert!(report.lines().next().expect("a title").contains("3000"), "{report}");
        assert!(report.lines().last().expect("a count").contains("2950"), "{report}");
    }
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let gbk = folder.path().join("gbk.csv");
    // 线路编号 in GBK, as Excel writes it.
    std::fs::write(&gbk, b"id,name,class,address\nA,\xcf\xdf\xc2\xb7,village,10.0.0.1\n").expect("written");
    let mut text = String::new();
    for path in [folder.path().join("none.csv"), folder.path().to_owned(), gbk] {
        let error = inventory::read(Path::new(&path), &rules()).expect_err("cannot be read");
        for language in [Language::Chinese, Language::English] {
            text.push_str(&error.report(language).replace(folder.path().to_str().expect("UTF-8"), "FOLDER"));
            text.push('\n');
        }
    }
    insta::assert_snapshot!("unreadable", text);
}
