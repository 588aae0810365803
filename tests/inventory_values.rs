//! What a table without mistakes amounts to.

use linewatch::inventory::{self, Column, Rules};
use linewatch_core::line::{Line, ProbeMethod};
use linewatch_core::time::Timestamp;

fn parse(text: &str) -> Vec<Line> {
    let classes = [("township", "区直及乡镇"), ("village", "村社区"), ("surveillance", "视频监控")];
    let rules = Rules {
        zone: chrono_tz::Asia::Shanghai,
        classes: classes.map(|(name, label)| (name.into(), label.to_owned())).to_vec(),
    };
    inventory::parse(text, &rules).expect("no mistakes")
}

fn full_line() -> Line {
    Line {
        township: "汀泗桥镇".into(),
        village: "古塘村".to_owned(),
        probe: ProbeMethod::Rtsp(554),
        upstream: None,
        carrier: "中国电信".to_owned(),
        circuit_no: "DX-1".to_owned(),
        bandwidth_kbps: Some(1500),
        access: "光纤".to_owned(),
        rent_fen_month: Some(18_050),
        contact: "甲".to_owned(),
        phone: "000".to_owned(),
        install_address: "村口, 左边".to_owned(),
        // 00:00 of 5 January and 1 February 2026 in Shanghai.
        opened: Some(Timestamp(1_767_542_400_000)),
        closed: Some(Timestamp(1_769_875_200_000)),
        latitude_e6: Some(29_841_300),
        longitude_e6: Some(-114_000_001),
        note: "\"示例\"".to_owned(),
        ..Line::new("V-1", "古塘村监控", "surveillance", "fd00::1")
    }
}

const CELLS: &str = "V-1,古塘村监控,CLASS,汀泗桥镇,古塘村,FD00:0::1,RTSP:554,,中国电信,DX-1,1.5,光纤,180.5,甲,000,\
                     \"村口, 左边\",2026/1/5,2026年2月1日,29.8413,-114.000001,\"\"\"示例\"\"\"";

#[test]
fn every_column_in_both_languages() {
    let header = |name: fn(Column) -> &'static str| Column::ALL.iter().map(|c| name(*c)).collect::<Vec<_>>().join(",");
    for (header, class) in [(header(Column::english), "surveillance"), (header(Column::chinese), "视频监控")] {
        let text = format!("{header}\n{}\n", CELLS.replace("CLASS", class));
        assert_eq!(parse(&text), [full_line()]);
    }
}

#[test]
fn what_spreadsheets_do_to_a_file_does_no_harm() {
    let plain = parse("id,name,class,address\nA,甲 乙,village,10.0.0.1\n");
    for text in [
        "\u{feff}id,name,class,address\r\nA,甲 乙,village,10.0.0.1\r\n",
        "\u{feff}\"id\",\"name\",\"class\",\"address\"\n\"A\",\"甲 乙\",\"village\",\"10.0.0.1\"",
        "id,name,class,address,,\nA,甲 乙,village,10.0.0.1,,\n,,,,,\n",
        "\u{3000}线路编号 ,线路名称,类别,ip地址,村（社区）\n　A　, 甲 乙\t,　村社区,10.0.0.1　,\n",
    ] {
        assert_eq!(parse(text), plain, "{text:?}");
    }
}

#[test]
fn a_header_alone_is_an_empty_inventory() {
    assert_eq!(parse("线路编号,线路名称,类别,IP地址\n"), []);
}

#[test]
fn an_address_may_be_probed_in_two_ways_and_be_taken_over() {
    let lines = parse(
        "id,name,class,address,probe,opened,closed\nA,a,village,10.0.0.1,icmp,,2026-03-01\n\
         B,b,village,10.0.0.1,icmp,2026-03-01,\nC,c,village,10.0.0.1,tcp:80,,\nD,d,village,Host.Example.,,,\n",
    );
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[3].address, "host.example");
}

#[test]
fn upstreams_may_stand_below() {
    let lines = parse("id,name,class,address,upstream\nA,a,village,10.0.0.1,B\nB,b,township,10.0.0.2,\n");
    assert_eq!(lines[0].upstream, Some("B".into()));
}
