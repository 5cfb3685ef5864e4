/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// Nothing stands in it.
    #[error("the file is empty")]
    Empty,
    /// The text is not Unicode: a font encoding such as TCVN3 or VNI, Windows-1258, or no text at all.
    #[error("line {line} is not Unicode")]
    NotUnicode {
        /// The first line that is not.
        line: usize,
    },
    /// XLS, or XLSX with a password.
    #[error("an XLS file, or one with a password")]
    OldExcel,
    /// It begins like an XLSX file and is none that could be read.
    #[error("no readable XLSX: {0}")]
    Broken(String),
    /// It has no sheet of this name.
    #[error("no sheet {name}")]
    NoSuchSheet {
        /// The name asked for.
        name: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// More lines than [`super::limits::ROWS`].
    #[error("too many rows")]
    TooManyRows,
    /// More text than [`super::limits::TEXT`].
    #[error("too much text")]
    TooMuchText,
    /// More than [`super::limits::UNPACKED`] once unpacked.
    #[error("too large once unpacked")]
    TooLargeUnpacked,
}
