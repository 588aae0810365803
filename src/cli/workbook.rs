//! The figures of a period as a workbook, and beside it the detail that no sheet takes.

use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use super::lines::file::Pending;
use super::site::{self, Bar, Site};
use crate::config::selfeval::SelfEval;
use crate::language::Language;
use crate::report::rollup::{Details, NoFigures, Question, Report, Telling};
use crate::report::selfeval;
use crate::report::xlsx::{self, Limits, NoWorkbook};
use crate::store::Snapshot;

/// Writes it to a file, complete or not at all, or to standard output.
pub fn write(
    out: Option<&Path>,
    site: &Site,
    snapshot: &Snapshot<'_>,
    question: &Question,
    report: &Report,
    form: &SelfEval,
    telling: Telling<'_>,
) -> Result<(), Failure> {
    let language = site.language;
    let evaluation = selfeval::evaluate(form, report, telling);
    let mut bar = Bar::new(language);
    let details = Details::of(snapshot, question, report, site.fold(), |step| bar.step(step))
        .map_err(|error: NoFigures| Failure(error.sentence(language)))?;
    let mut beside: Vec<Pending> = Vec::new();
    let mut spill = |sheet: &str| -> io::Result<(String, Box<dyn Write>)> {
        let path = out.map(|out| beside_of(out, sheet)).ok_or_else(|| io::Error::other(no_place(language)))?;
        let pending = Pending::of(&path)?;
        let file = pending.file.try_clone()?;
        beside.push(pending);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, Box::new(BufWriter::new(file))))
    };
    let book =
        xlsx::workbook(report, &details, &evaluation, telling, Limits::default(), &mut spill, |step| bar.step(step));
    drop(bar);
    let mut book = book.map_err(|error| Failure(error.sentence(language)))?;
    let failed = |error: NoWorkbook| Failure(error.sentence(language));
    let Some(path) = out else {
        let bytes = book.save_to_buffer().map_err(|error| failed(error.into()))?;
        return site::write(None, &bytes, language);
    };
    let cannot = |error: io::Error| site::cannot_write(path, &error, language);
    let mut pending = Pending::of(path).map_err(cannot)?;
    book.save_to_writer(&mut pending.file).map_err(|error| failed(error.into()))?;
    pending.file.rewind().map_err(cannot)?;
    // The detail first: a workbook that names a file finds it.
    for file in beside {
        file.commit().map_err(cannot)?;
    }
    pending.commit().map_err(cannot)
}

/// `2026.xlsx` and 中断明细: `2026-中断明细.csv`.
fn beside_of(out: &Path, sheet: &str) -> PathBuf {
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!("{stem}-{sheet}.csv"))
}

fn no_place(language: Language) -> &'static str {
    language.pick(
        "明细太多，要另存为 CSV，请用 --out 指定文件",
        "there is so much detail that it needs files of its own: name a file with --out",
    )
}
