use csv::{ReaderBuilder, StringRecord};

use super::{Cell, Line, Unreadable, guard::unguard};

/// What may stand between cells. Spreadsheets write a semicolon where the comma is the decimal sign, as in Vietnam.
const SEPARATORS: [u8; 3] = *b",;\t";

/// Reads the lines of a text with its cells separated by comma, semicolon or tab, quoted where needed (RFC 4180).
pub(super) fn read(
    text: &str,
    each: &mut dyn FnMut(Line) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let (separator, skipped, text) = separator(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| Unreadable::Broken(error.to_string()))? {
        let mut line = Line { number: number(&record, text) + skipped, cells: Vec::new() };
        for (column, cell) in record.iter().enumerate() {
            line.put(column, Cell::text(unguard(cell)));
        }
        each(line)?;
    }
    Ok(())
}

/// The line on which a record begins: the reader tells where it began to look, before empty lines.
fn number(record: &StringRecord, text: &str) -> u32 {
    let Some(position) = record.position() else { return 0 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n');
    let line = position.line() + u64::try_from(empty.count()).unwrap_or(0);
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// What separates cells: what a first line `sep=;` says, as Excel writes it, or what the header has most of. The lines
/// skipped, and the rest of the text.
fn separator(text: &str) -> (u8, u32, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] = first.trim_end().as_bytes()
        && SEPARATORS.contains(separator)
    {
        return (*separator, 1, rest);
    }
    let mut header = text.lines().filter(|line| !line.trim().is_empty());
    let header = header.next().unwrap_or_default();
    // Every second piece between quotation marks lies within them.
    let outside = || header.split('"').step_by(2).flat_map(str::bytes);
    let count = |separator: u8| outside().filter(|byte| *byte == separator).count();
    // Of equals the first: `max_by_key` gives the last.
    let most = SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator));
    (most.unwrap_or(b','), 0, text)
}
