//! A workbook as one file to take along: the workbook itself, or an archive of it and the detail that no sheet takes.

use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{Details, Evaluation, Limits, NoWorkbook, Report, Telling, workbook};

/// A workbook as one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed {
    /// All of it is in the workbook.
    Workbook(Vec<u8>),
    /// A ZIP archive: the workbook, and CSV files beside it.
    Archive(Vec<u8>),
}

/// Puts the workbook together in memory. `name` is what its files are called, without their endings.
///
/// # Errors
/// As of [`workbook`].
pub fn packed(
    report: &Report,
    details: &Details<'_, '_>,
    evaluation: &Evaluation,
    telling: Telling<'_>,
    limits: Limits,
    name: &str,
) -> Result<Packed, NoWorkbook> {
    let mut beside: Vec<Beside> = Vec::new();
    let mut spill = |sheet: &str| -> io::Result<(String, Box<dyn Write>)> {
        let name = format!("{name}-{sheet}.csv");
        let file = Beside::new(&name)?;
        beside.push(file.clone());
        Ok((name, Box::new(file)))
    };
    let mut book = workbook(report, details, evaluation, telling, limits, &mut spill, |_| {})?;
    let book = book.save_to_buffer()?;
    if beside.is_empty() {
        return Ok(Packed::Workbook(book));
    }
    let archive = archive(&format!("{name}.xlsx"), &book, beside);
    Ok(Packed::Archive(archive.map_err(|error| NoWorkbook::Spill(error.into()))?))
}

fn archive(name: &str, book: &[u8], beside: Vec<Beside>) -> Result<Vec<u8>, ZipError> {
    let mut whole = ZipWriter::new(Cursor::new(Vec::new()));
    // A workbook is compressed already.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    whole.start_file(name, stored)?;
    whole.write_all(book)?;
    for file in beside {
        let mut one = file.finished()?;
        whole.raw_copy_file(one.by_index_raw(0)?)?;
    }
    Ok(whole.finish()?.into_inner())
}

/// A file that is compressed while it is written: a million rows would fill the memory of a small machine.
#[derive(Clone)]
struct Beside(Arc<Mutex<ZipWriter<Cursor<Vec<u8>>>>>);

impl Beside {
    fn new(name: &str) -> io::Result<Self> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(name, SimpleFileOptions::default().large_file(true))?;
        Ok(Self(Arc::new(Mutex::new(zip))))
    }

    fn held(&self) -> MutexGuard<'_, ZipWriter<Cursor<Vec<u8>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finished(self) -> Result<ZipArchive<Cursor<Vec<u8>>>, ZipError> {
        let written = std::mem::replace(&mut *self.held(), ZipWriter::new(Cursor::new(Vec::new())));
        ZipArchive::new(written.finish()?)
    }
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
