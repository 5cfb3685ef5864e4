use base::{Timestamp, Uuid};

use crate::Appointment;

/// A person who uses the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change; 1 when new.
    pub revision: i64,
    /// What the person signs in under.
    pub sign_in_name: String,
    /// Full name.
    pub full_name: String,
    /// Official mailbox; may be empty.
    pub email: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// Id in the software that keeps this person; empty if none does.
    pub external_id: String,
    /// Whether the person may sign in.
    pub is_active: bool,
    /// Whether the software that kept this person has withdrawn it: kept for its history.
    pub is_withdrawn: bool,
    /// Whether the person keeps the directory without holding a post: the first one, made when there were no units yet.
    pub is_administrator: bool,
    /// The posts held on the day asked for, the primary one first.
    pub appointments: Vec<Appointment>,
    /// When the person was recorded.
    pub created_at: Timestamp,
    /// When the person or a post was last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// Notes a change.
    pub fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
    }
}
