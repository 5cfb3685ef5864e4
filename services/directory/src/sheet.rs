//! Tables as files: what a CSV or XLSX file says, line by line, before anybody asks what its columns mean, and the same out
//! again. No IO and no async; nothing here knows of units or people.
//!
//! What a file is, is told by its first bytes, never by its name. Reading is bounded by [`limits`] whatever the file claims
//! of itself, holds one line at a time, and never panics on what is in the file.

mod cell;
mod csv_in;
mod csv_out;
mod decode;
mod guard;
mod unreadable;
mod xlsx_in;
mod xlsx_out;

#[cfg(test)]
mod tests;

pub(crate) use cell::{Cell, Line};
pub(crate) use csv_out::CsvWriter;
pub(crate) use unreadable::Unreadable;
pub(crate) use xlsx_out::XlsxWriter;

/// What a file may be like.
pub(crate) mod limits {
    /// Bytes of the file as it is sent: 200,000 people as CSV are some 22 MiB.
    pub(crate) const FILE: usize = 32 << 20;
    /// Bytes of an XLSX file once unpacked.
    pub(crate) const UNPACKED: u64 = 192 << 20;
    /// Bytes of text in all cells together, each as often as it stands there.
    pub(crate) const TEXT: usize = 64 << 20;
    /// Lines below the header.
    pub(crate) const ROWS: usize = 200_000;
    /// Columns; cells further to the right are not read.
    pub(crate) const COLUMNS: usize = 100;
    /// Characters of a cell.
    pub(crate) const CELL: usize = 1000;
}

/// Reads a file. `sheet` names the sheet of an XLSX file, the first one when empty; `each` gets every line that is not
/// empty, the header first.
pub(crate) fn read(bytes: &[u8], sheet: &str, each: &mut dyn FnMut(Line)) -> Result<(), Unreadable> {
    let mut meter = Meter::default();
    let mut weighed = |line: Line| {
        if line.is_empty() {
            return Ok(());
        }
        meter.weigh(&line)?;
        each(line);
        Ok(())
    };
    match bytes {
        [b'P', b'K', 3, 4, ..] => xlsx_in::read(bytes, sheet, &mut weighed)?,
        // The container of XLS, and of an XLSX with a password.
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(Unreadable::OldExcel),
        _ => csv_in::read(&decode::decode(bytes)?, &mut weighed)?,
    }
    if meter.lines == 0 { Err(Unreadable::Empty) } else { Ok(()) }
}

/// Counts what was read.
#[derive(Default)]
struct Meter {
    lines: usize,
    text: usize,
}

impl Meter {
    fn weigh(&mut self, line: &Line) -> Result<(), Unreadable> {
        self.lines += 1;
        self.text += line.weight();
        match () {
            () if self.lines > limits::ROWS + 1 => Err(Unreadable::TooManyRows),
            () if self.text > limits::TEXT => Err(Unreadable::TooMuchText),
            () => Ok(()),
        }
    }
}
