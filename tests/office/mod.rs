//! What an office suite makes of our files: a list of files in, PDFs and recalculated workbooks out.
//!
//! `LibreOffice` starts once for all the files of a test, with a profile of its own (so that neither another instance nor
//! anybody's settings matter). `--convert-to` stores a file in one format only; hence the profile holds a macro (`rig.bas`)
//! that opens each file, computes every formula of a workbook again (a result that was written beside a formula is never
//! believed), and stores it as workbook and as PDF.

#![allow(dead_code, reason = "every test file uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, Xlsx};
use tempfile::TempDir;

/// Every formula of every workbook is computed again on loading. Without the mark that the first start is over, the suite
/// would lay its own libraries of macros over ours.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"#;

/// The profile's libraries of macros: one.
const LIBRARIES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library"><library:library library:name="Standard" library:link="false"/></library:libraries>
"#;

/// Its modules: one.
const LIBRARY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="Rig"/></library:library>
"#;

/// The cells of a workbook after recalculation: by sheet, by row and column from 0.
pub type Cells = BTreeMap<String, BTreeMap<(u32, u32), Data>>;

/// Opens all files in one start of the office suite: each is printed as PDF, and a workbook is computed again and stored.
pub fn opened(files: &[PathBuf]) -> Opened {
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("list");
    let lines = files.iter().map(|file| {
        let place = |extension: &str| address(&folder.path().join(format!("{}.{extension}", stem(file))));
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("xlsx") => {
                let (workbook, print) = (place("xlsx"), place("pdf"));
                format!("{}\tCalc MS Excel 2007 XML\t{workbook}\tcalc_pdf_Export\t{print}", address(file))
            }
            _ => format!("{}\twriter_pdf_Export\t{}", address(file), place("pdf")),
        }
    });
    // A line's end at the end of the list would be taken for a part of the last name.
    fs::write(&list, lines.collect::<Vec<_>>().join("\n")).expect("a list");
    let made = run(Command::new("soffice")
        .arg(format!("-env:UserInstallation={}", address(&profile(folder.path()))))
        .args(["--headless", "--norestore", "--nologo"])
        .arg(format!("macro:///Standard.Rig.Work(\"{}\")", address(&list))));
    let told = fs::read_to_string(folder.path().join("list.told"));
    let told = told.unwrap_or_else(|error| panic!("soffice did not carry out the macro: {error}\n{made}"));
    assert_eq!(told, "", "what soffice could not do");
    Opened { folder }
}

/// A new profile with the macro in it.
fn profile(folder: &Path) -> PathBuf {
    let profile = folder.join("profile");
    let library = profile.join("user/basic/Standard");
    fs::create_dir_all(&library).expect("a profile's folder");
    let source = include_str!("rig.bas").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let module = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<script:module xmlns:script=\"http://openoffice.org/2000/script\" \
         script:name=\"Rig\" script:language=\"StarBasic\">{source}</script:module>\n"
    );
    for (path, text) in [
        (profile.join("user/registrymodifications.xcu"), PROFILE),
        (profile.join("user/basic/script.xlc"), LIBRARIES),
        (library.join("script.xlb"), LIBRARY),
        (library.join("Rig.xba"), &module),
    ] {
        fs::write(path, text).expect("a profile");
    }
    profile
}

/// A path as the office suite wants it. Names of test files are plain.
fn address(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// What became of the files.
pub struct Opened {
    folder: TempDir,
}

impl Opened {
    /// What stands in the cells of a workbook after every formula was computed again.
    pub fn cells(&self, name: &str) -> Cells {
        cells(&self.folder.path().join(format!("{name}.xlsx")))
    }

    /// How many pages a document has.
    pub fn pages(&self, name: &str) -> usize {
        let told = run(Command::new("pdfinfo").arg(self.pdf(name)));
        let pages = told.lines().find_map(|line| line.strip_prefix("Pages:"));
        pages.and_then(|pages| pages.trim().parse().ok()).unwrap_or_else(|| panic!("pdfinfo tells no pages:\n{told}"))
    }

    /// The text of each page.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let text = run(Command::new("pdftotext").arg("-layout").arg(self.pdf(name)).arg("-"));
        let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
        // Every page ends with a form feed.
        pages.pop();
        pages
    }

    /// The fonts a document names: `(name, embedded)`.
    pub fn fonts(&self, name: &str) -> String {
        run(Command::new("pdffonts").arg(self.pdf(name)))
    }

    /// The pages as pictures of so many dots to the inch, in a folder: `name-1.png`…
    pub fn pictures(&self, name: &str, folder: &Path, dots: u32) {
        fs::create_dir_all(folder).expect("a folder");
        run(Command::new("pdftoppm")
            .args(["-png", "-r", &dots.to_string()])
            .arg(self.pdf(name))
            .arg(folder.join(name)));
    }

    /// Where the PDF lies.
    pub fn pdf(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.pdf"))
    }
}

/// The cells of a workbook.
pub fn cells(path: &Path) -> Cells {
    let mut workbook: Xlsx<_> =
        calamine::open_workbook(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let names = workbook.sheet_names();
    let sheet = |name: String| {
        let range = workbook.worksheet_range(&name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (top, left) = range.start().unwrap_or_default();
        let place = |row: usize, column: usize| {
            let from = |start: u32, step: usize| start + u32::try_from(step).expect("a place in a sheet");
            (from(top, row), from(left, column))
        };
        let cells = range.used_cells().map(|(row, column, cell)| (place(row, column), cell.clone())).collect();
        (name, cells)
    };
    names.into_iter().map(sheet).collect()
}

fn stem(file: &Path) -> String {
    file.file_stem().expect("a file's name").to_string_lossy().into_owned()
}

fn run(command: &mut Command) -> String {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().unwrap_or_else(|error| {
        panic!("{name} cannot be run: {error}; tests/run installs LibreOffice, poppler-utils and a Chinese font")
    });
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} failed:\n{text}{errors}");
    text + &errors
}
