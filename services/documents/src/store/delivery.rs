use base::{Date, Timestamp, Uuid};
use documents_domain::{
    Delivery, DeliveryChange, DeliveryEvent, DeliveryStatus, Document, Purpose, Signatory, Urgency,
};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{inconsistent, signatory};

sql::statements! {
    LOCK = "SELECT id, revision, recipient_id, status, updated_at FROM delivery WHERE id = $1 FOR UPDATE";
    FIND = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.summary, document.urgency, document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id WHERE delivery.id = $1";
    INBOX = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.summary, document.urgency, document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.recipient_id = ANY($1) AND ($2::text IS NULL OR delivery.status = $2::text)
            AND ($3::uuid IS NULL OR delivery.id < $3::uuid)
        ORDER BY delivery.id DESC LIMIT $4";
    OF_DOCUMENT = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id,
            document.number, document.symbol, document.issued_on, document.kind, document.summary, document.urgency, document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.document_id = $1 AND ($2::text IS NULL OR delivery.status = $2::text)
            AND ($3::uuid IS NULL OR delivery.id > $3::uuid)
        ORDER BY delivery.id LIMIT $4";
    COUNTS = "SELECT status, count(*) AS n, max(updated_at) AS updated_at FROM delivery WHERE document_id = $1
        GROUP BY status";
    HISTORY = "SELECT status, occurred_at, officer_id, officer_name, officer_position, reason FROM delivery_status
        WHERE delivery_id = $1 ORDER BY revision";
    SAVE = "UPDATE delivery SET revision = $2, status = $3, updated_at = $4, arrival_number = $5, refusal_reason = $6
        WHERE id = $1";
    NOTE = "INSERT INTO delivery_status (delivery_id, revision, status, occurred_at, officer_id, officer_name,
            officer_position, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    REACHED = "SELECT recipient_id FROM delivery WHERE document_id = $1 AND recipient_id = ANY($2) LIMIT 1";
}

const COLUMNS: [Column; 10] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("document_id", Kind::Uuid),
    Column::new("sender_id", Kind::Uuid),
    Column::new("recipient_id", Kind::Uuid),
    Column::new("recipient_name", Kind::Text),
    Column::new("purpose", Kind::Int),
    Column::new("status", Kind::Text),
    Column::new("arrived_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const STATUS_COLUMNS: [Column; 4] = [
    Column::new("delivery_id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("status", Kind::Text),
    Column::new("occurred_at", Kind::Time),
];

/// A delivery with what its document says, as an inbox shows it.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) delivery: Delivery,
    pub(crate) document_id: Uuid,
    pub(crate) sender_id: Uuid,
    pub(crate) sender_name: String,
    pub(crate) drafting_unit_id: Uuid,
    pub(crate) recipient_name: String,
    pub(crate) purpose: Purpose,
    pub(crate) arrival_number: Option<i32>,
    pub(crate) refusal_reason: Option<String>,
    pub(crate) arrived_at: Timestamp,
    pub(crate) notation: String,
    pub(crate) issued_on: Date,
    pub(crate) kind: documents_domain::Kind,
    pub(crate) summary: String,
    pub(crate) urgency: Urgency,
    pub(crate) signer_name: String,
}

/// A status that a delivery had.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    pub(crate) status: DeliveryStatus,
    pub(crate) at: Timestamp,
    pub(crate) officer: Option<Signatory>,
    pub(crate) reason: Option<String>,
}

/// How many deliveries have a status, and when the last of them got it.
#[derive(Debug, Clone)]
pub(crate) struct Count {
    pub(crate) status: DeliveryStatus,
    pub(crate) deliveries: i32,
    pub(crate) updated_at: Timestamp,
}

/// Delivers an issued document to every recipient: two statements, whatever their number. `ids` has one id for each.
pub(crate) async fn fan_out(tx: &mut Write, document: &Document, ids: &[Uuid], at: Timestamp) -> Result<()> {
    let arrived = DeliveryStatus::Arrived.code();
    let rows = document.fields.recipients.iter().zip(ids).map(|(recipient, id)| {
        params![
            *id,
            1_i64,
            document.id,
            document.agency_id,
            recipient.unit_id,
            &recipient.name,
            recipient.purpose.number(),
            arrived,
            at,
            at,
        ]
    });
    tx.insert("delivery", &COLUMNS, rows.collect()).await?;
    let rows = ids.iter().map(|id| params![*id, 1_i64, arrived, at]);
    tx.insert("delivery_status", &STATUS_COLUMNS, rows.collect()).await.map(drop)
}

/// The delivery, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Write, id: Uuid) -> Result<Option<Delivery>> {
    tx.optional(&LOCK, params![id]).await?.as_ref().map(read).transpose()
}

/// Stores a decision and adds it to the history.
pub(crate) async fn save(tx: &mut Write, change: &DeliveryChange, arrival_number: Option<i32>) -> Result<()> {
    let DeliveryChange { delivery, by, event, .. } = change;
    let reason = match event {
        DeliveryEvent::Accepted => None,
        DeliveryEvent::Refused { reason } => Some(reason.clone()),
    };
    let status = delivery.status.code();
    let values =
        params![delivery.id, delivery.revision, status, delivery.updated_at, arrival_number, reason.clone()];
    tx.execute(&SAVE, values).await?;
    let values = params![
        delivery.id,
        delivery.revision,
        status,
        delivery.updated_at,
        by.user_id,
        &by.full_name,
        &by.position,
        reason,
    ];
    tx.execute(&NOTE, values).await.map(drop)
}

/// One delivery as shown.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Shown>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(shown).transpose()
}

/// The inbox of some agencies, newest first.
pub(crate) async fn inbox(
    db: &mut impl Queries,
    agencies: Vec<Uuid>,
    status: Option<DeliveryStatus>,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<Shown>> {
    let status = status.map(|status| status.code().to_owned());
    db.all(&INBOX, params![agencies, status, before, size]).await?.iter().map(shown).collect()
}

/// The deliveries of one document.
pub(crate) async fn of_document(
    db: &mut impl Queries,
    document_id: Uuid,
    status: Option<DeliveryStatus>,
    after: Option<Uuid>,
    size: u16,
) -> Result<Vec<Shown>> {
    let status = status.map(|status| status.code().to_owned());
    db.all(&OF_DOCUMENT, params![document_id, status, after, size]).await?.iter().map(shown).collect()
}

/// How many deliveries of a document stand where.
pub(crate) async fn counts(db: &mut impl Queries, document_id: Uuid) -> Result<Vec<Count>> {
    let rows = db.all(&COUNTS, params![document_id]).await?;
    let read = rows.iter().map(|row| {
        Ok(Count { status: status(row)?, deliveries: row.get("n")?, updated_at: row.get("updated_at")? })
    });
    read.collect()
}

/// Every status that a delivery had, oldest first.
pub(crate) async fn history(db: &mut impl Queries, id: Uuid) -> Result<Vec<Past>> {
    let rows = db.all(&HISTORY, params![id]).await?;
    let read = rows.iter().map(|row| {
        Ok(Past {
            status: status(row)?,
            at: row.get("occurred_at")?,
            officer: signatory(row, "officer")?,
            reason: row.get("reason")?,
        })
    });
    read.collect()
}

/// Whether the document was delivered to one of these agencies.
pub(crate) async fn reached(db: &mut impl Queries, document_id: Uuid, agencies: Vec<Uuid>) -> Result<bool> {
    Ok(db.optional(&REACHED, params![document_id, agencies]).await?.is_some())
}

fn status(row: &Row) -> Result<DeliveryStatus> {
    inconsistent(DeliveryStatus::coded(&row.get::<String>("status")?), "status")
}

fn read(row: &Row) -> Result<Delivery> {
    Ok(Delivery {
        id: row.get("id")?,
        revision: row.get("revision")?,
        recipient_id: row.get("recipient_id")?,
        status: status(row)?,
        updated_at: row.get("updated_at")?,
    })
}

fn shown(row: &Row) -> Result<Shown> {
    Ok(Shown {
        delivery: read(row)?,
        document_id: row.get("document_id")?,
        sender_id: row.get("agency_id")?,
        sender_name: row.get("agency_name")?,
        drafting_unit_id: row.get("drafting_unit_id")?,
        recipient_name: row.get("recipient_name")?,
        purpose: inconsistent(Purpose::numbered(row.get("purpose")?), "purpose")?,
        arrival_number: row
            .get::<Option<i64>>("arrival_number")?
            .and_then(|number| i32::try_from(number).ok()),
        refusal_reason: row.get("refusal_reason")?,
        arrived_at: row.get("arrived_at")?,
        notation: documents_domain::notation(row.get("number")?, &row.get::<String>("symbol")?),
        issued_on: row.get("issued_on")?,
        kind: inconsistent(documents_domain::Kind::numbered(row.get("kind")?), "kind")?,
        summary: row.get("summary")?,
        urgency: inconsistent(Urgency::numbered(row.get("urgency")?), "urgency")?,
        signer_name: row.get("signer_name")?,
    })
}
