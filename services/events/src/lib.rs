//! Events: told after they are stored, in order, without gap, for as long as they are kept.
//!
//! ```text
//! business transaction ── append ──> event rows without sequence
//!                                        │ Sequencer (after commit)
//!                                        v
//!                            sequence 1, 2, 3 … ── Subscribe(after) ──> Consumer: effect + cursor in one transaction
//! ```
//!
//! [`append`] writes an unsequenced row in the transaction of the change. The [`Sequencer`] numbers committed rows. (A database
//! sequence would commit out of order, and a reader of `sequence > n` would lose events for good; a locked counter in
//! every transaction would be right but make all writers queue.) The [`Publisher`] serves the rows; the [`Consumer`] owns its
//! cursor. On the wire an event may come twice; its effect happens once.

mod consumer;
mod outbox;
mod publisher;
mod sequencer;

pub use consumer::{CONSUMER_MIGRATION, Consumer, Handler, cursor, lock_cursor};
pub use outbox::{NewEvent, PUBLISHER_MIGRATION, append, head};
pub use publisher::Publisher;
pub use sequencer::{Hearer, Sequencer};

/// The statements of a service that publishes, for the test that prepares each.
pub fn publisher_statements() -> impl Iterator<Item = &'static sql::Statement> {
    [outbox::STATEMENTS, sequencer::STATEMENTS, publisher::STATEMENTS].into_iter().flatten().copied()
}

/// The statements of a service that consumes, for the test that prepares each.
pub fn consumer_statements() -> impl Iterator<Item = &'static sql::Statement> {
    consumer::STATEMENTS.iter().copied()
}
