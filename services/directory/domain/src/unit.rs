use base::{Timestamp, Uuid};

use crate::{Period, UnitKind};

/// An agency, or an inner unit of one, as it is on some day.
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
    /// Postal address; may be empty.
    pub address: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// The days on which the unit exists.
    pub period: Period,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
