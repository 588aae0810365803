//! What an office suite makes of our files: a folder of files in, PDFs and recalculated workbooks out.
//!
//! `LibreOffice` starts once for all the files of a test, with a profile of its own (so that neither another instance nor
//! anybody's settings matter), and recalculates every formula on loading: a result that was written beside a formula is
//! never believed.

#![allow(dead_code, reason = "every test file uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, Xlsx};
use tempfile::TempDir;

/// Every formula of every workbook is computed again on loading; the newest news and the first-start dialogues are not
/// asked for.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"#;

/// An office suite with a profile of its own, and a folder for what it makes.
pub struct Office {
    folder: TempDir,
}

/// The cells of a workbook after recalculation: by sheet, by row and column from 0.
pub type Cells = BTreeMap<String, BTreeMap<(u32, u32), Data>>;

impl Office {
    /// Ready to open files.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let profile = folder.path().join("profile/user");
        fs::create_dir_all(&profile).expect("a profile's folder");
        fs::write(profile.join("registrymodifications.xcu"), PROFILE).expect("a profile");
        Self { folder }
    }

    /// Opens all files of a folder in one go and prints them as PDF. The PDF of `a.xlsx` or `a.docx` is `a.pdf`.
    pub fn printed(&self, files: &[PathBuf]) -> Printed {
        Printed { folder: self.convert(files, "pdf") }
    }

    /// Opens all workbooks in one go, computes every formula again, and hands over what stands in the cells.
    pub fn recalculated(&self, files: &[PathBuf]) -> BTreeMap<String, Cells> {
        let folder = self.convert(files, "xlsx");
        files.iter().map(|file| (stem(file), cells(&folder.join(stem(file) + ".xlsx")))).collect()
    }

    fn convert(&self, files: &[PathBuf], to: &str) -> PathBuf {
        let out = self.folder.path().join(to);
        fs::create_dir_all(&out).expect("a folder");
        let profile = self.folder.path().join("profile");
        let made = run(Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}", profile.display()))
            .args(["--headless", "--norestore", "--nologo", "--convert-to", to, "--outdir"])
            .arg(&out)
            .args(files));
        for file in files {
            let wanted = out.join(format!("{}.{to}", stem(file)));
            assert!(wanted.exists(), "soffice made no {} of {}:\n{made}", wanted.display(), file.display());
        }
        out
    }
}

/// PDFs.
pub struct Printed {
    folder: PathBuf,
}

impl Printed {
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
        self.folder.join(format!("{name}.pdf"))
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
