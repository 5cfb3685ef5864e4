//! What is kept in the database.

pub(crate) mod message;
pub(crate) mod notice;
pub(crate) mod office;
pub(crate) mod queue;

/// Waits to be sent.
pub(crate) const QUEUED: &str = "QUEUED";
/// Sent.
pub(crate) const SENT: &str = "SENT";
/// Given up.
pub(crate) const FAILED: &str = "FAILED";
