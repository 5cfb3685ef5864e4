use base::{Timestamp, Uuid};
use sql::{Result, Write, params};

sql::statements! {
    NOTE = "INSERT INTO secret_refusal (id, occurred_at, user_id, agency_id) VALUES ($1, $2, $3, $4)";
}

/// Notes that somebody tried to enter a state secret: when, who, for which agency. Nothing of what it was.
pub(crate) async fn note(
    tx: &mut Write,
    id: Uuid,
    at: Timestamp,
    user_id: Uuid,
    agency_id: Option<Uuid>,
) -> Result<()> {
    tx.execute(&NOTE, params![id, at, user_id, agency_id]).await.map(drop)
}
