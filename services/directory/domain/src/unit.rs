use base::{Timestamp, Uuid};

use crate::{Place, UnitKind};

/// An agency, or an inner unit of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change; 1 when new.
    pub revision: i64,
    /// Agency identifier (mã định danh).
    pub code: String,
    /// Whether the code was made up for sample data.
    pub synthetic_code: bool,
    /// Official name.
    pub name: String,
    /// What stands for it in the symbol of documents.
    pub abbreviation: String,
    /// What it is.
    pub kind: UnitKind,
    /// The unit directly above; none for a root.
    pub parent_id: Option<Uuid>,
    /// The agency it belongs to; itself, if it is one.
    pub agency_id: Uuid,
    /// Official mailbox; may be empty.
    pub email: String,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Unit {
    /// Where it stands in the tree.
    pub fn place(&self) -> Place {
        Place { kind: self.kind, parent_id: self.parent_id }
    }

    /// Notes a change.
    pub fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
    }
}
