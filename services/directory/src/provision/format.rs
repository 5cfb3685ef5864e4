use crate::sheet::{CsvWriter, XlsxWriter};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xlsx,
}

/// Writes a table in either format, piece by piece.
pub(crate) enum TableWriter {
    Csv(Box<CsvWriter>),
    Xlsx(Box<XlsxWriter>),
}

impl Format {
    /// The ending of its files.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl TableWriter {
    /// A table with this header.
    pub(crate) fn new(format: Format, header: &[&str]) -> Self {
        match format {
            Format::Csv => Self::Csv(Box::new(CsvWriter::new(header))),
            Format::Xlsx => Self::Xlsx(Box::new(XlsxWriter::new(header))),
        }
    }

    /// Adds rows.
    pub(crate) fn write(&mut self, rows: &[Vec<String>]) {
        for row in rows {
            match self {
                Self::Csv(file) => file.row(row),
                Self::Xlsx(file) => file.row(row),
            }
        }
    }

    /// The bytes written since the last call.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Csv(file) => file.take(),
            Self::Xlsx(file) => file.take(),
        }
    }

    /// The last bytes.
    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Self::Csv(mut file) => file.take(),
            Self::Xlsx(file) => file.finish(),
        }
    }
}
