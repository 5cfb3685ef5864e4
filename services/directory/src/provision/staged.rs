use base::Uuid;
use congvan_proto::directory::v1::ImportKind;
use serde::Serialize;

use super::{
    mistake::{Change, Mistake},
    outcome::{Action, Outcome},
    read_people, read_units,
    wish::{PersonWish, UnitWish, Wishes},
};
use crate::sheet::Unreadable;

/// A file that was read.
#[derive(Debug)]
pub(crate) enum File {
    Units(Wishes<UnitWish>),
    People(Wishes<PersonWish>),
}

/// A unit or person of a job, compared with the directory.
#[derive(Debug, Clone)]
pub(crate) struct Staged {
    /// Its place in the order in which they are written, from 1.
    pub(crate) place: i64,
    /// The row where it first stands.
    pub(crate) row: u32,
    /// Code or sign-in name.
    pub(crate) key: String,
    /// The unit or person, if it is there already.
    pub(crate) subject_id: Option<Uuid>,
    pub(crate) action: Action,
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) changes: Vec<Change>,
    /// What the file says, as JSON.
    pub(crate) wish: String,
}

/// Reads a file. Bound by the processor: not for the threads that serve calls.
pub(crate) fn read(kind: ImportKind, bytes: &[u8], sheet: &str) -> Result<File, Unreadable> {
    match kind {
        ImportKind::People => read_people::read(bytes, sheet).map(File::People),
        ImportKind::Units | ImportKind::Unspecified => read_units::read(bytes, sheet).map(File::Units),
    }
}

impl File {
    /// Rows below the header.
    pub(crate) fn rows(&self) -> u32 {
        match self {
            Self::Units(wishes) => wishes.rows,
            Self::People(wishes) => wishes.rows,
        }
    }
}

impl Staged {
    /// A thing of a file with what comparing it came to and what is wrong with its rows.
    pub(super) fn new(
        row: u32,
        key: &str,
        wish: &impl Serialize,
        own: Vec<Mistake>,
        outcome: Outcome,
    ) -> Self {
        let mut mistakes = [own, outcome.mistakes].concat();
        mistakes.sort_by_key(|mistake| mistake.row);
        let action = if mistakes.is_empty() { outcome.action } else { Action::Error };
        // What a faulty row would change is not what will be done.
        let changes = if action == Action::Error { Vec::new() } else { outcome.changes };
        let wish = serde_json::to_string(wish).expect("wishes are plain values with text keys");
        Self {
            place: 0,
            row,
            key: key.to_owned(),
            subject_id: outcome.subject_id,
            action,
            mistakes,
            changes,
            wish,
        }
    }

    /// The header of a file, if something is wrong with it.
    pub(super) fn header(mistakes: Vec<Mistake>) -> Option<Self> {
        let row = mistakes.first()?.row;
        let (key, wish, changes) = (String::new(), String::new(), Vec::new());
        Some(Self { place: 0, row, key, subject_id: None, action: Action::Error, mistakes, changes, wish })
    }

    /// Whether comparing it again came to the same.
    pub(super) fn still_holds(&self, outcome: &Outcome) -> bool {
        self.action == outcome.action && self.changes == outcome.changes
    }
}
