use base::{Date, characters};

use super::limits;

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Text as it stands there; may be empty.
    Text(String),
    /// A number of a spreadsheet. Zeros that were typed before it are lost.
    Number(f64),
    /// A day of a spreadsheet; its time of day is not read.
    Date(Date),
    /// True or false of a spreadsheet.
    Flag(bool),
    /// More than a cell may hold: so many characters.
    TooLong(usize),
    /// What a spreadsheet shows instead of a result: `#REF!`.
    Failed(String),
}

/// A line of a file with something in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Line {
    /// Where it stands, counted from 1 as spreadsheets and editors do.
    pub(crate) number: u32,
    /// Its cells from the left; those missing at the right are empty.
    pub(crate) cells: Vec<Cell>,
}

impl Cell {
    /// A cell of text, if it is not too long.
    pub(super) fn text(text: &str) -> Self {
        // Bytes are never fewer than characters: most cells need no counting.
        let length = if text.len() > limits::CELL { characters(text) } else { 0 };
        if length > limits::CELL { Self::TooLong(length) } else { Self::Text(text.to_owned()) }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

impl Line {
    /// Whether nothing stands there.
    pub(super) fn is_empty(&self) -> bool {
        self.cells.iter().all(Cell::is_empty)
    }

    /// Bytes of its text.
    pub(super) fn weight(&self) -> usize {
        let weights = self.cells.iter().map(|cell| match cell {
            Cell::Text(text) | Cell::Failed(text) => text.len(),
            _ => 0,
        });
        weights.sum()
    }

    /// Puts a cell at its place; not beyond the last column that is read.
    pub(super) fn put(&mut self, column: usize, cell: Cell) {
        if column >= limits::COLUMNS {
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Text(String::new()));
        }
        self.cells[column] = cell;
    }
}
