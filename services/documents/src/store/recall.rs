use std::collections::HashMap;

use base::{Timestamp, Uuid};
use documents_domain::{Recall, RecallOrder, RecallState, notation};
use sql::{Queries, Result, Row, Write, params};

use super::{act, inconsistent};

sql::statements! {
    INSERT = "INSERT INTO recall (id, revision, document_id, agency_id, notice_document_id, reason, deadline, state,
            requester_id, requester_name, requester_position, requested_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    FIND = "SELECT * FROM recall WHERE id = $1";
    LOCK = "SELECT * FROM recall WHERE id = $1 FOR UPDATE";
    SAVE = "UPDATE recall SET revision = $2, state = $3, updated_at = $4, canceller_id = $5, canceller_name = $6,
            canceller_position = $7, cancelled_at = $8, cancel_reason = $9
        WHERE id = $1";
    STANDING = "SELECT state FROM recall WHERE document_id = $1 AND state <> 'CANCELLED' ORDER BY id DESC LIMIT 1";
    DUE = "SELECT id FROM recall WHERE state = 'UNDER_WAY' AND deadline < $1 ORDER BY deadline, id LIMIT $2";
    TELLS = "SELECT recall.id FROM recall JOIN recall_party AS party ON party.recall_id = recall.id
        WHERE recall.notice_document_id = $1 AND party.recipient_id = ANY($2) LIMIT 1";
    PAPERS = "SELECT id, number, symbol, agency_name, drafting_unit_id FROM document WHERE id = ANY($1)";
    SENT = "SELECT * FROM recall WHERE agency_id = $1 AND ($2::text IS NULL OR state = $2::text)
            AND id < $3
        ORDER BY id DESC LIMIT $4";
    RECEIVED = "SELECT * FROM recall
        WHERE id IN (SELECT recall_id FROM recall_party WHERE recipient_id = $1)
            AND ($2::text IS NULL OR state = $2::text) AND id < $3
        ORDER BY id DESC LIMIT $4";
}

/// What is shown of a recalled document, or of a notice.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    pub(crate) notation: String,
    pub(crate) agency_name: String,
    pub(crate) drafting_unit_id: Uuid,
}

/// Stores a new recall.
pub(crate) async fn insert(tx: &mut Write, recall: &Recall) -> Result<()> {
    let Recall { order, requested, .. } = recall;
    let values = params![
        recall.id,
        recall.revision,
        recall.document_id,
        recall.agency_id,
        order.notice_document_id,
        &order.reason,
        order.deadline,
        recall.state.code(),
        requested.by.user_id,
        &requested.by.full_name,
        &requested.by.position,
        requested.at,
        recall.updated_at,
    ];
    tx.execute(&INSERT, values).await.map(drop)
}

pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Recall>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// The recall, locked until the transaction ends. It is locked before the deliveries that it asks for.
pub(crate) async fn lock(tx: &mut Write, id: Uuid) -> Result<Option<Recall>> {
    tx.optional(&LOCK, params![id]).await?.as_ref().map(read).transpose()
}

/// Stores how far it has come.
pub(crate) async fn save(tx: &mut Write, recall: &Recall) -> Result<()> {
    let cancelled = recall.cancelled.as_ref();
    let values = params![
        recall.id,
        recall.revision,
        recall.state.code(),
        recall.updated_at,
        cancelled.map(|(act, _)| act.by.user_id),
        cancelled.map(|(act, _)| act.by.full_name.clone()),
        cancelled.map(|(act, _)| act.by.position.clone()),
        cancelled.map(|(act, _)| act.at),
        cancelled.map(|(_, reason)| reason.clone()),
    ];
    tx.execute(&SAVE, values).await.map(drop)
}

/// How the last recall of a document stands that was not taken back. Asked by whoever changes anything about an issued document, under
/// the lock of the document.
pub(crate) async fn standing(db: &mut impl Queries, document_id: Uuid) -> Result<Option<RecallState>> {
    let row = db.optional(&STANDING, params![document_id]).await?;
    row.as_ref().map(state).transpose()
}

/// Recalls whose deadline has passed and to which somebody has not answered.
pub(crate) async fn due(db: &mut impl Queries, now: Timestamp, size: u16) -> Result<Vec<Uuid>> {
    db.all(&DUE, params![now, size]).await?.iter().map(|row| row.get("id")).collect()
}

/// What is shown of issued documents.
pub(crate) async fn papers(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Paper>> {
    let rows = db.all(&PAPERS, params![ids]).await?;
    let papers = rows.iter().map(|row| {
        let paper = Paper {
            notation: notation(row.get("number")?, &row.get::<String>("symbol")?),
            agency_name: row.get("agency_name")?,
            drafting_unit_id: row.get("drafting_unit_id")?,
        };
        Ok((row.get("id")?, paper))
    });
    papers.collect()
}

/// Whether a document is the notice of a recall that asks one of these recipients.
pub(crate) async fn tells(db: &mut impl Queries, notice_id: Uuid, recipients: Vec<Uuid>) -> Result<bool> {
    Ok(db.optional(&TELLS, params![notice_id, recipients]).await?.is_some())
}

/// The recalls that an agency requested, or those that ask it, newest first.
pub(crate) async fn list(
    db: &mut impl Queries,
    (agency_id, sent): (Uuid, bool),
    state: Option<RecallState>,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<Recall>> {
    let statement = if sent { &SENT } else { &RECEIVED };
    let values = params![agency_id, state.map(|state| state.code().to_owned()), sql::before(before), size];
    db.all(statement, values).await?.iter().map(read).collect()
}

fn state(row: &Row) -> Result<RecallState> {
    inconsistent(RecallState::coded(&row.get::<String>("state")?), "state of a recall")
}

fn read(row: &Row) -> Result<Recall> {
    let cancel_reason: Option<String> = row.get("cancel_reason")?;
    Ok(Recall {
        id: row.get("id")?,
        revision: row.get("revision")?,
        document_id: row.get("document_id")?,
        agency_id: row.get("agency_id")?,
        order: RecallOrder {
            notice_document_id: row.get("notice_document_id")?,
            reason: row.get("reason")?,
            deadline: row.get("deadline")?,
        },
        state: state(row)?,
        requested: inconsistent(act(row, "requester", "requested_at")?, "requester")?,
        cancelled: act(row, "canceller", "cancelled_at")?.zip(cancel_reason),
        updated_at: row.get("updated_at")?,
    })
}
