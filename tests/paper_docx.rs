//! The period as DOCX: what stands on the paper is what the JSON says, strict readers can read it, `LibreOffice` prints it.

mod office;
mod paper;
mod rollup_story;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use office::Opened;
use paper::House;
use paper::cells::{Rows, of_docx, parts, pictures};
use paper::expected;
use roxmltree::{Document, Node};
use serde_json::Value;

/// Every paper with its figures, printed by one start of `LibreOffice`.
struct Shelf {
    houses: Vec<House>,
    papers: Vec<PathBuf>,
    figures: Vec<Value>,
    printed: Opened,
}

impl Shelf {
    fn shared() -> &'static Self {
        static SHELF: OnceLock<Shelf> = OnceLock::new();
        SHELF.get_or_init(|| {
            let houses = paper::years::all();
            let papers: Vec<PathBuf> = houses.iter().map(|house| house.write("docx")).collect();
            let figures = houses.iter().map(House::json).collect();
            let printed = office::opened(&papers);
            kept(&printed, &papers);
            Self { houses, papers, figures, printed }
        })
    }

    /// Name, file and figures of each.
    fn each(&self) -> impl Iterator<Item = (&'static str, &PathBuf, &Value)> {
        let files = self.papers.iter().zip(&self.figures);
        self.houses.iter().zip(files).map(|(house, (path, figures))| (house.name, path, figures))
    }

    fn pages(&self, name: &str) -> Vec<String> {
        self.printed.texts(name)
    }
}

/// Every paper and its print, kept beside the build for looking at.
fn kept(printed: &Opened, papers: &[PathBuf]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("paper");
    std::fs::create_dir_all(&folder).expect("a folder");
    for paper in papers {
        let name = paper.file_stem().expect("a name").to_string_lossy().into_owned();
        std::fs::copy(printed.pdf(&name), folder.join(format!("{name}.pdf"))).expect("copied");
        std::fs::copy(paper, folder.join(format!("{name}.docx"))).expect("copied");
    }
}

/// A text without the spaces and breaks that printing puts between.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

fn holds(rows: &Rows, wanted: &[String]) -> bool {
    rows.iter().any(|row| row == wanted)
}

#[test]
fn every_published_number_is_on_the_paper_and_in_print() {
    let shelf = Shelf::shared();
    for (name, path, figures) in shelf.each() {
        let rows = of_docx(path);
        let print = squeezed(&shelf.pages(name).concat());
        for wanted in expected::rows(figures) {
            assert!(holds(&rows, &wanted), "{name}: no row {wanted:?}");
            // Numbers are printed in one piece; words may be broken over lines, and other cells' lines stand between.
            for cell in wanted.iter().filter(|cell| cell.starts_with(|first: char| first.is_ascii_digit())) {
                assert!(print.contains(&squeezed(cell)), "{name}: {cell} is not in print");
            }
        }
        let beside: Vec<(&str, &str)> =
            rows.iter().flat_map(|row| row.windows(2)).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
        for (figure, value) in expected::pairs(figures) {
            assert!(beside.contains(&(figure, &value)), "{name}: {figure} is not {value}");
            assert!(print.contains(&squeezed(&value)), "{name}: {figure} {value} is not in print");
        }
        let head = figures["journal"]["head"].as_str().expect("a head");
        assert!(print.contains(head), "{name}: the journal's head {head} is not in print");
    }
}

#[test]
fn marks_are_on_every_page() {
    let shelf = Shelf::shared();
    for (name, _, figures) in shelf.each() {
        let pages = shelf.pages(name);
        assert!(pages.len() > 3, "{name} has {} pages", pages.len());
        let proven = figures["total"]["proven"] == true;
        for (number, page) in pages.iter().enumerate() {
            let first = page.trim_start().lines().next().unwrap_or_default();
            assert_eq!(first.contains("模拟数据"), name == "simulated", "{name}, page {}: {first}", number + 1);
            let imported = figures["journal"]["imported"] != 0;
            assert_eq!(first.contains("含导入数据"), imported, "{name}, page {}: {first}", number + 1);
            assert_eq!(first.contains("证据不足"), !proven, "{name}, page {}: {first}", number + 1);
            let footer = squeezed(page.trim_end().lines().last().unwrap_or_default());
            assert_eq!(footer, format!("—{}—", number + 1), "{name}, page {}", number + 1);
        }
    }
}

/// A form that goes on overleaf is sent back.
#[test]
fn each_form_stands_on_one_page() {
    let shelf = Shelf::shared();
    for (name, ..) in shelf.each().filter(|(name, ..)| *name != "month") {
        let pages: Vec<String> = shelf.pages(name).iter().map(|page| squeezed(page)).collect();
        for (layout, end) in [("湖北省样式", "改进措施及"), ("财政部样式", "总分")] {
            let page = pages.iter().find(|page| page.contains(layout)).expect("a form");
            assert!(page.contains("总分") && page.contains(end), "{name} {layout}: {page}");
        }
    }
}

#[test]
fn what_cannot_be_said_is_not_said() {
    let shelf = Shelf::shared();
    let text = |name: &str| squeezed(&shelf.pages(name).concat());
    let quiet = text("quiet");
    for sentence in ["本期没有需要解决的故障", "本期没有观测到中断", "未填预算数和执行数，预算执行率不评分", "无故障"]
    {
        assert!(quiet.contains(sentence), "quiet: {sentence}");
    }
    let hardly = text("hardly");
    assert!(hardly.contains("数字不足以证明线路运行情况"));
    assert!(!text("ordinary").contains("未填预算数"));
    assert!(text("ordinary").contains("增配备用电源"));
    // What another system knew is marked, line by line.
    let imported = text("imported");
    assert!(imported.contains("含从其他系统导入的记录31条") && imported.contains("导入的故障（件）12"), "{imported}");
    // A month has no year's form, and keeps the paragraph and the journal's head.
    let month = text("month");
    assert!(!month.contains("绩效自评表") && month.contains("当月节点连通有效性完成"));
    let wrong = text("wrong");
    assert!(wrong.contains("未达标") && wrong.contains("故障点位解决情况0.000%"), "{wrong}");
}

#[test]
fn a_long_and_hostile_name_stays_a_name() {
    let shelf = Shelf::shared();
    let (_, path, _) = shelf.each().find(|(name, ..)| *name == "many").expect("many lines");
    let rows = of_docx(path);
    assert!(rows.iter().any(|row| row.get(1).is_some_and(|name| name == paper::years::LONG)));
    assert_eq!(rows.iter().filter(|row| row[0].starts_with("L-") && row.len() == 10).count(), 400);
    assert!(shelf.printed.pages("many") < 60, "{} pages", shelf.printed.pages("many"));
}

#[test]
fn pictures_are_there_and_the_same_paper_is_the_same_file() {
    let shelf = Shelf::shared();
    let counts: BTreeMap<&str, usize> = shelf.each().map(|(name, path, _)| (name, pictures(path))).collect();
    let wanted = [
        ("ordinary", 4),
        ("quiet", 2),
        ("wrong", 3),
        ("hardly", 4),
        ("simulated", 4),
        ("month", 4),
        ("many", 4),
        ("imported", 4),
    ];
    assert_eq!(counts, wanted.into());
    let house = &shelf.houses[1];
    let before = std::fs::read(&shelf.papers[1]).expect("a file");
    assert_eq!(std::fs::read(house.write("docx")).expect("a file"), before);
}

/// The order of children, as ECMA-376 gives it, of the elements whose children have one. What is not used is left out.
const ORDER: &[(&str, &[&str])] = &[
    ("p", &["pPr", "*"]),
    (
        "pPr",
        &[
            "pStyle",
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "framePr",
            "widowControl",
            "numPr",
            "suppressLineNumbers",
            "pBdr",
            "shd",
            "tabs",
            "suppressAutoHyphens",
            "kinsoku",
            "wordWrap",
            "overflowPunct",
            "topLinePunct",
            "autoSpaceDE",
            "autoSpaceDN",
            "bidi",
            "adjustRightInd",
            "snapToGrid",
            "spacing",
            "ind",
            "contextualSpacing",
            "mirrorIndents",
            "suppressOverlap",
            "jc",
            "textDirection",
            "textAlignment",
            "textboxTightWrap",
            "outlineLvl",
            "divId",
            "cnfStyle",
            "rPr",
            "sectPr",
            "pPrChange",
        ],
    ),
    ("r", &["rPr", "*"]),
    (
        "rPr",
        &[
            "rStyle",
            "rFonts",
            "b",
            "bCs",
            "i",
            "iCs",
            "caps",
            "smallCaps",
            "strike",
            "dstrike",
            "outline",
            "shadow",
            "emboss",
            "imprint",
            "noProof",
            "snapToGrid",
            "vanish",
            "webHidden",
            "color",
            "spacing",
            "w",
            "kern",
            "position",
            "sz",
            "szCs",
            "highlight",
            "u",
            "effect",
            "bdr",
            "shd",
            "fitText",
            "vertAlign",
            "rtl",
            "cs",
            "em",
            "lang",
            "eastAsianLayout",
            "specVanish",
            "oMath",
        ],
    ),
    ("tbl", &["tblPr", "tblGrid", "tr"]),
    (
        "tblPr",
        &[
            "tblStyle",
            "tblpPr",
            "tblOverlap",
            "bidiVisual",
            "tblStyleRowBandSize",
            "tblStyleColBandSize",
            "tblW",
            "jc",
            "tblCellSpacing",
            "tblInd",
            "tblBorders",
            "shd",
            "tblLayout",
            "tblCellMar",
            "tblLook",
            "tblCaption",
            "tblDescription",
        ],
    ),
    ("tr", &["tblPrEx", "trPr", "tc"]),
    ("tc", &["tcPr", "p"]),
    (
        "tcPr",
        &[
            "cnfStyle",
            "tcW",
            "gridSpan",
            "hMerge",
            "vMerge",
            "tcBorders",
            "shd",
            "noWrap",
            "tcMar",
            "textDirection",
            "tcFitText",
            "vAlign",
            "hideMark",
        ],
    ),
    ("tblBorders", &["top", "left", "start", "bottom", "right", "end", "insideH", "insideV"]),
    ("tblCellMar", &["top", "left", "start", "bottom", "right", "end"]),
    ("pBdr", &["top", "left", "bottom", "right", "between", "bar"]),
    (
        "sectPr",
        &[
            "headerReference",
            "footerReference",
            "footnotePr",
            "endnotePr",
            "type",
            "pgSz",
            "pgMar",
            "paperSrc",
            "pgBorders",
            "lnNumType",
            "pgNumType",
            "cols",
            "formProt",
            "vAlign",
            "noEndnote",
            "titlePg",
            "textDirection",
            "bidi",
            "rtlGutter",
            "docGrid",
        ],
    ),
    ("body", &["*", "sectPr"]),
    ("styles", &["docDefaults", "latentStyles", "style"]),
    ("docDefaults", &["rPrDefault", "pPrDefault"]),
    (
        "style",
        &[
            "name",
            "aliases",
            "basedOn",
            "next",
            "link",
            "autoRedefine",
            "hidden",
            "uiPriority",
            "semiHidden",
            "unhideWhenUsed",
            "qFormat",
            "locked",
            "personal",
            "rsid",
            "pPr",
            "rPr",
            "tblPr",
            "trPr",
            "tcPr",
            "tblStylePr",
        ],
    ),
    (
        "settings",
        &["zoom", "evenAndOddHeaders", "characterSpacingControl", "compat", "themeFontLang", "clrSchemeMapping"],
    ),
    ("font", &["altName", "panose1", "charset", "family", "notTrueType", "pitch", "sig"]),
    ("inline", &["extent", "effectExtent", "docPr", "cNvGraphicFramePr", "graphic"]),
    ("pic", &["nvPicPr", "blipFill", "spPr"]),
    ("spPr", &["xfrm", "custGeom", "prstGeom"]),
];

/// What stands where the schema does not have it; `None`: nothing.
fn misplaced(node: Node<'_, '_>) -> Option<String> {
    for parent in node.descendants().filter(Node::is_element) {
        let name = parent.tag_name().name();
        let Some((_, order)) = ORDER.iter().find(|(of, _)| *of == name) else { continue };
        let place = |child: &str| {
            order.iter().position(|known| *known == child).or_else(|| order.iter().position(|known| *known == "*"))
        };
        let mut last = 0;
        for child in parent.children().filter(Node::is_element) {
            let child = child.tag_name().name();
            match place(child) {
                None => return Some(format!("{child} in {name} is not known")),
                Some(at) if at < last => return Some(format!("{child} in {name} stands behind {}", order[last])),
                Some(at) => last = at,
            }
        }
    }
    None
}

#[test]
fn every_part_has_the_order_of_the_schema() {
    for (name, path, _) in Shelf::shared().each() {
        for (part, text) in parts(path) {
            let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}, {part}: {error}"));
            assert_eq!(misplaced(document.root()), None, "{name}, {part}");
            // Every cell ends with a paragraph; without one Word calls the file damaged.
            for cell in document.descendants().filter(|node| node.tag_name().name() == "tc") {
                assert_eq!(cell.last_element_child().map(|last| last.tag_name().name()), Some("p"), "{name}, {part}");
            }
        }
    }
}

#[test]
fn the_file_says_what_it_is() {
    for (name, path, _) in Shelf::shared().each() {
        let core = &parts(path)["docProps/core.xml"];
        assert!(core.contains("<dc:title>咸安区电子政务网 2026"), "{core}");
        assert!(core.contains("<dc:creator>linewatch</dc:creator>"), "{core}");
        assert_eq!(core.contains("<dc:subject>模拟数据</dc:subject>"), name == "simulated", "{core}");
    }
}

#[test]
fn rows_fill_the_grid_of_their_table() {
    for (name, path, _) in Shelf::shared().each() {
        let parts = parts(path);
        let document = Document::parse(&parts["word/document.xml"]).expect("well-formed");
        for table in document.descendants().filter(|node| node.tag_name().name() == "tbl") {
            let columns = table.descendants().filter(|node| node.tag_name().name() == "gridCol").count();
            for row in table.children().filter(|node| node.tag_name().name() == "tr") {
                let over = |cell: Node<'_, '_>| {
                    let span = cell.descendants().find(|node| node.tag_name().name() == "gridSpan");
                    span.and_then(|span| span.attributes().next())
                        .map_or(1, |span| span.value().parse().expect("a number"))
                };
                let cells = row.children().filter(|node| node.tag_name().name() == "tc");
                assert_eq!(cells.map(over).sum::<usize>(), columns, "{name}");
            }
        }
    }
}

#[test]
fn the_order_is_looked_at() {
    let wrong = [
        ("<pPr><jc/><pStyle/></pPr>", "pStyle in pPr stands behind jc"),
        ("<tc><tcPr><shd/><tcW/></tcPr><p/></tc>", "tcW in tcPr stands behind shd"),
        ("<p><r><t/><rPr/></r></p>", "rPr in r stands behind *"),
        ("<sectPr><pgMar/><footerReference/></sectPr>", "footerReference in sectPr stands behind pgMar"),
        ("<tblPr><rows/></tblPr>", "rows in tblPr is not known"),
    ];
    for (text, found) in wrong {
        let document = Document::parse(text).expect("well-formed");
        assert_eq!(misplaced(document.root()).as_deref(), Some(found));
    }
}
