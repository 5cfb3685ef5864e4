use base::Uuid;
use sql::{Queries, Result, Write, params};

use crate::notice::Notice;

sql::statements! {
    EXISTS = "SELECT event_id FROM notice WHERE event_id = $1";
    INSERT = "INSERT INTO notice (event_id, event_type, subject_id, document_id, subject, body_text, body_html, traceparent)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
}

/// Whether there is a notice of this event already.
pub(crate) async fn exists(db: &mut impl Queries, event_id: Uuid) -> Result<bool> {
    Ok(db.optional(&EXISTS, params![event_id]).await?.is_some())
}

/// Keeps what the mails about an event say.
pub(crate) async fn insert(tx: &mut Write, notice: &Notice) -> Result<()> {
    let letter = &notice.letter;
    let values = params![
        notice.event_id,
        &notice.event_type,
        notice.subject_id,
        notice.document_id,
        &letter.subject,
        &letter.text,
        &letter.html,
        &notice.traceparent
    ];
    tx.execute(&INSERT, values).await.map(drop)
}
