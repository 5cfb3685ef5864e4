//! The messages that wait to be sent. Who holds the lease of a message sends it; what the holder finds out is written only
//! while the lease is still its own.

use base::{Timestamp, Uuid};
use sql::{Queries, Result, Row, Write, params};

use crate::{mail::Mail, notice::Letter};

sql::statements! {
    ANY_DUE = "SELECT id FROM message WHERE state = 'QUEUED' AND next_attempt_at <= $1
            AND (lease_until IS NULL OR lease_until <= $1) LIMIT 1";
    LEASE = "WITH due AS MATERIALIZED (
            SELECT id FROM message WHERE state = 'QUEUED' AND next_attempt_at <= $1
                AND (lease_until IS NULL OR lease_until <= $1)
            ORDER BY next_attempt_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        UPDATE message SET lease_token = $3, lease_until = $4 FROM due WHERE message.id = due.id";
    LEASED = "SELECT message.id, message.message_id, message.full_name, message.address, message.attempts, message.created_at,
            notice.subject, notice.body_text, notice.body_html, notice.traceparent
        FROM message JOIN notice USING (event_id) WHERE message.lease_token = $1 ORDER BY message.id";
    SENT = "UPDATE message SET state = 'SENT', attempts = attempts + 1, last_error = '', sent_at = $3,
            next_attempt_at = NULL, lease_token = NULL, lease_until = NULL
        WHERE id = ANY($1) AND lease_token = $2";
    RETRY = "UPDATE message SET attempts = $3, last_error = $4, next_attempt_at = $5, lease_token = NULL, lease_until = NULL
        WHERE id = $1 AND lease_token = $2";
    GIVE_UP = "UPDATE message SET state = 'FAILED', attempts = $3, last_error = $4, next_attempt_at = NULL,
            lease_token = NULL, lease_until = NULL
        WHERE id = $1 AND lease_token = $2";
    COUNT = "SELECT count(*) AS n FROM message WHERE state = 'QUEUED'";
}

/// A message whose lease is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leased {
    pub(crate) id: Uuid,
    pub(crate) attempts: i32,
    pub(crate) created_at: Timestamp,
    pub(crate) mail: Mail,
}

/// Whether a message is due.
pub(crate) async fn any_due(db: &mut impl Queries, now: Timestamp) -> Result<bool> {
    Ok(db.optional(&ANY_DUE, params![now]).await?.is_some())
}

/// Leases up to `limit` messages that are due, longest waiting first.
pub(crate) async fn lease(
    tx: &mut Write,
    token: Uuid,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Leased>> {
    tx.execute(&LEASE, params![now, limit, token, until]).await?;
    let rows = tx.all(&LEASED, params![token]).await?;
    rows.iter().map(leased).collect()
}

/// Notes that these were sent; how many were still ours.
pub(crate) async fn sent(tx: &mut Write, token: Uuid, ids: Vec<Uuid>, now: Timestamp) -> Result<u64> {
    tx.execute(&SENT, params![ids, token, now]).await
}

/// Notes that one will be tried again `at`, after so many attempts; false if it was no longer ours.
pub(crate) async fn retry(
    tx: &mut Write,
    token: Uuid,
    id: Uuid,
    attempts: i32,
    error: &str,
    at: Timestamp,
) -> Result<bool> {
    Ok(tx.execute(&RETRY, params![id, token, attempts, error, at]).await? == 1)
}

/// Notes that one is given up, after so many attempts; false if it was no longer ours.
pub(crate) async fn give_up(
    tx: &mut Write,
    token: Uuid,
    id: Uuid,
    attempts: i32,
    error: &str,
) -> Result<bool> {
    Ok(tx.execute(&GIVE_UP, params![id, token, attempts, error]).await? == 1)
}

/// How many wait.
pub(crate) async fn count(db: &mut impl Queries) -> Result<i64> {
    db.one(&COUNT, params![]).await?.get("n")
}

fn leased(row: &Row) -> Result<Leased> {
    let created_at = row.get("created_at")?;
    let letter =
        Letter { subject: row.get("subject")?, text: row.get("body_text")?, html: row.get("body_html")? };
    let mail = Mail {
        message_id: row.get("message_id")?,
        full_name: row.get("full_name")?,
        address: row.get("address")?,
        written_at: created_at,
        traceparent: row.get("traceparent")?,
        letter,
    };
    Ok(Leased { id: row.get("id")?, attempts: row.get("attempts")?, created_at, mail })
}
