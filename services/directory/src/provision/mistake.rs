use kit::Text;
use serde::{Deserialize, Serialize};

/// What is wrong with a row, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mistake {
    /// The row, the header being row 1.
    pub(crate) row: u32,
    /// The column as the file calls it; empty if the whole row is meant.
    pub(crate) column: String,
    /// In Vietnamese.
    pub(crate) vi: String,
    /// In English.
    pub(crate) en: String,
}

/// A field that differs from the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// The field.
    pub(crate) field: String,
    /// What stands there; empty if nothing does.
    pub(crate) before: String,
    /// What will stand there; empty if nothing will.
    pub(crate) after: String,
}

impl Mistake {
    /// A mistake in a column of a row.
    pub(crate) fn new(row: u32, column: &str, text: Text) -> Self {
        Self { row, column: column.to_owned(), vi: text.vi, en: text.en }
    }
}

impl Change {
    /// The difference, if there is one.
    pub(crate) fn between(field: &str, before: &str, after: &str) -> Option<Self> {
        let change = Self { field: field.to_owned(), before: before.to_owned(), after: after.to_owned() };
        (before != after).then_some(change)
    }
}
