use std::io::{Cursor, Read};

use base::Date;
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

use super::{Cell, Line, Unreadable, limits};

/// Reads the lines of a sheet. Formulas count for the result that the spreadsheet stored with them; of merged cells only the
/// first one holds something.
pub(super) fn read(
    bytes: &[u8],
    sheet: &str,
    each: &mut dyn FnMut(Line) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    weigh(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let name = pick(book.sheet_names(), sheet)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut line = Line::default();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let number = row.saturating_add(1);
        if number != line.number {
            if number < line.number {
                return Err(Unreadable::Broken(format!("row {number} comes after row {}", line.number)));
            }
            each(std::mem::replace(&mut line, Line { number, cells: Vec::new() }))?;
        }
        line.put(usize::try_from(column).unwrap_or(usize::MAX), read_cell(cell.get_value()));
    }
    each(line)
}

/// Unpacks every part and throws it away: what the file says of its size is not believed.
fn weigh(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = limits::UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(broken)?;
        left = left.checked_sub(size).ok_or(Unreadable::TooLargeUnpacked)?;
    }
    Ok(())
}

/// The sheet wanted; the first one if none is named.
fn pick(sheets: Vec<String>, wanted: &str) -> Result<String, Unreadable> {
    let same = |sheet: &&String| wanted.is_empty() || base::clean(sheet) == base::clean(wanted);
    match sheets.iter().find(same) {
        Some(sheet) => Ok(sheet.clone()),
        None if sheets.is_empty() => Err(Unreadable::Empty),
        None => Err(Unreadable::NoSuchSheet { name: wanted.to_owned(), sheets }),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a spreadsheet keeps every number as a float")]
fn read_cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Text(String::new()),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(time) => day(time).map_or(Cell::Number(time.as_f64()), Cell::Date),
        DataRef::DateTimeIso(text) => {
            let day = text.get(..10).and_then(|day| day.parse().ok());
            day.map_or_else(|| Cell::text(text), Cell::Date)
        }
        DataRef::Error(error) => Cell::Failed(error.to_string()),
    }
}

fn day(time: &ExcelDateTime) -> Option<Date> {
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    let [month, day] = [month, day].map(|part| i8::try_from(part).unwrap_or(0));
    Date::new(i16::try_from(year).ok()?, month, day).ok().filter(|_| time.is_datetime())
}

fn broken(error: impl Into<Failure>) -> Unreadable {
    Unreadable::Broken(error.into().0)
}

/// What the libraries below say.
struct Failure(String);

macro_rules! failures {
    ($($error:ty),+) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self(error.to_string())
            }
        }
    )+};
}

failures!(XlsxError, zip::result::ZipError, std::io::Error);
