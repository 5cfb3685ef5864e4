use csv::{Terminator, Writer, WriterBuilder};

use super::guard::guard;

/// Writes a CSV file piece by piece: UTF-8 with the mark by which Excel knows it, comma, CRLF, formulas disarmed.
pub(crate) struct CsvWriter(Writer<Vec<u8>>);

impl CsvWriter {
    /// A file with this header.
    pub(crate) fn new(header: &[&str]) -> Self {
        let writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
        let mut file = Self(writer);
        file.put(header.iter().copied());
        file
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[String]) {
        self.put(cells.iter().map(String::as_str));
    }

    /// The bytes written since the last call.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.0.flush().expect("a vector takes any bytes");
        let fresh = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        let full = std::mem::replace(&mut self.0, fresh);
        full.into_inner().expect("it was flushed")
    }

    fn put<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        self.0.write_record(cells.map(guard)).expect("rows are equally long and a vector takes any bytes");
    }
}
