use base::{Timestamp, Uuid};

use crate::Roles;

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
    /// Whether the person keeps the directory without holding a post: the first one, made when there were no units yet.
    pub is_administrator: bool,
    /// The posts, in the order in which they were written.
    pub appointments: Vec<Appointment>,
    /// When the person was recorded.
    pub created_at: Timestamp,
    /// When the person or a post was last changed.
    pub updated_at: Timestamp,
}

/// A post that a person holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// The unit of the post.
    pub unit_id: Uuid,
    /// The agency that the unit belongs to.
    pub agency_id: Uuid,
    /// Official title.
    pub position: String,
    /// What the post allows.
    pub roles: Roles,
}

impl User {
    /// Notes a change.
    pub fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
    }
}
