use base::{Date, Timestamp, Uuid};
use documents_domain::{
    Act, Assignee, Assignment, Completion, Delivery, DeliveryStatus, Document, Inbox, Integrity, PartyState,
    Purpose, RecipientKind, Refusal, RefusalCode, Rejection, Urgency,
};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{act, inconsistent};

sql::statements! {
    LOCK = "SELECT * FROM delivery WHERE id = $1 FOR UPDATE";
    FIND = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id WHERE delivery.id = $1";
    ASSIGNED = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.assigned_unit_id = ANY($1) AND ($2::text IS NULL OR delivery.status = $2::text)
            AND ($3::uuid IS NULL OR delivery.assignee_id = $3::uuid) AND ($4::uuid IS NULL OR delivery.id < $4::uuid)
        ORDER BY delivery.id DESC LIMIT $5";
    EXCEPTIONS = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id,
            document.number, document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.document_id = $1 AND delivery.status IN ('REFUSED', 'RETURNED') ORDER BY delivery.id LIMIT $2";
    REACHED = "SELECT id FROM delivery
        WHERE document_id = $1 AND (recipient_id = ANY($2) OR assigned_unit_id = ANY($3))
            AND (recall_state IS NULL OR recall_state NOT IN ('AGREED', 'NOT_NEEDED'))
        LIMIT 1";
}

const COLUMNS: [Column; 11] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("document_id", Kind::Uuid),
    Column::new("sender_id", Kind::Uuid),
    Column::new("recipient_id", Kind::Uuid),
    Column::new("recipient_name", Kind::Text),
    Column::new("purpose", Kind::Int),
    Column::new("urgency", Kind::Int),
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
    pub(crate) arrived_at: Timestamp,
    /// Who had the files looked at last, and when.
    pub(crate) checked: Option<Act>,
    pub(crate) notation: String,
    pub(crate) issued_on: Date,
    pub(crate) kind: documents_domain::Kind,
    /// Its name, if it is one of the catalogue.
    pub(crate) other_kind_name: Option<String>,
    pub(crate) summary: String,
    pub(crate) urgency: Urgency,
    pub(crate) signer_name: String,
    /// The last recall of the document, and where the recipient stands in it.
    pub(crate) recall: Option<(Uuid, PartyState)>,
}

impl Shown {
    /// Whether a recall lets the recipient do anything with the document.
    pub(crate) fn may_be_handled(&self) -> std::result::Result<(), Rejection> {
        self.recall.map_or(Ok(()), |(_, state)| state.may_be_handled())
    }
}

/// Delivers issued documents to every recipient: two statements, whatever their number. Beside each document stands one id for each of
/// its recipients; none if it is not to be delivered yet.
pub(crate) async fn fan_out(tx: &mut Write, sent: &[(&Document, &[Uuid])], at: Timestamp) -> Result<()> {
    let arrived = DeliveryStatus::Arrived.code();
    let deliveries = sent.iter().flat_map(|(document, ids)| {
        document.fields.recipients.iter().zip(*ids).map(move |(recipient, id)| (document, recipient, id))
    });
    let rows = deliveries.map(|(document, recipient, id)| {
        params![
            *id,
            1_i64,
            document.id,
            document.agency_id,
            recipient.unit_id,
            &recipient.name,
            recipient.purpose.number(),
            document.fields.urgency.number(),
            arrived,
            at,
            at,
        ]
    });
    tx.insert("delivery", &COLUMNS, rows.collect()).await?;
    let ids = sent.iter().flat_map(|(_, ids)| *ids);
    let rows = ids.map(|id| params![*id, 1_i64, arrived, at]);
    tx.insert("delivery_status", &STATUS_COLUMNS, rows.collect()).await.map(drop)
}

/// The delivery, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Write, id: Uuid) -> Result<Option<Delivery>> {
    tx.optional(&LOCK, params![id]).await?.as_ref().map(read).transpose()
}

/// One delivery as shown.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Shown>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(shown).transpose()
}

/// What is assigned to some units, or to one person in them, newest first.
pub(crate) async fn assigned(
    db: &mut impl Queries,
    units: Vec<Uuid>,
    (status, person): (Option<DeliveryStatus>, Option<Uuid>),
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<Shown>> {
    let status = status.map(|status| status.code().to_owned());
    db.all(&ASSIGNED, params![units, status, person, before, size]).await?.iter().map(shown).collect()
}

/// The deliveries of a document that were refused or sent back.
pub(crate) async fn exceptions(db: &mut impl Queries, document_id: Uuid, size: u16) -> Result<Vec<Shown>> {
    db.all(&EXCEPTIONS, params![document_id, size]).await?.iter().map(shown).collect()
}

/// Whether the document came into this inbox, and was not destroyed there when it was recalled.
pub(crate) async fn reached(db: &mut impl Queries, document_id: Uuid, inbox: Inbox) -> Result<bool> {
    let Inbox { recipients, units } = inbox;
    Ok(db.optional(&REACHED, params![document_id, recipients, units]).await?.is_some())
}

pub(super) fn status(row: &Row) -> Result<DeliveryStatus> {
    inconsistent(DeliveryStatus::coded(&row.get::<String>("status")?), "status")
}

/// Where the delivery stands in a recall.
pub(super) fn recall(row: &Row) -> Result<Option<PartyState>> {
    let code: Option<String> = row.get("recall_state")?;
    code.map(|code| inconsistent(PartyState::coded(&code), "state in a recall")).transpose()
}

fn read(row: &Row) -> Result<Delivery> {
    let recipient_id = row.get("recipient_id")?;
    Ok(Delivery {
        id: row.get("id")?,
        revision: row.get("revision")?,
        recipient_id,
        recipient_kind: inconsistent(
            RecipientKind::coded(&row.get::<String>("recipient_kind")?),
            "kind of recipient",
        )?,
        recipient_agency_id: row.get::<Option<_>>("recipient_agency_id")?.unwrap_or(recipient_id),
        status: status(row)?,
        integrity: row.get::<Option<i64>>("broken_files")?.map(integrity),
        decision: act(row, "decider", "decided_at")?,
        refusal: refusal(row)?,
        assignment: assignment(row)?,
        completion: completion(row)?,
        updated_at: row.get("updated_at")?,
    })
}

/// What a number of broken files says; more than a number can hold are as bad as the most that it can.
fn integrity(broken_files: i64) -> Integrity {
    match u32::try_from(broken_files) {
        Ok(0) => Integrity::Sound,
        Ok(files) => Integrity::Broken(files),
        Err(_) => Integrity::Broken(u32::MAX),
    }
}

/// The refusal in a row; what was refused before there were codes has another reason.
pub(super) fn refusal(row: &Row) -> Result<Option<Refusal>> {
    let Some(code) = row.get::<Option<String>>("refusal_code")? else { return Ok(None) };
    let code = inconsistent(RefusalCode::coded(&code), "code of refusal")?;
    Ok(Some(Refusal { code, reason: row.get::<Option<_>>("refusal_reason")?.unwrap_or_default() }))
}

fn assignment(row: &Row) -> Result<Option<Assignment>> {
    let Some(unit_id) = row.get("assigned_unit_id")? else { return Ok(None) };
    let person = match row.get("assignee_id")? {
        Some(user_id) => Some(Assignee { user_id, full_name: row.get("assignee_name")? }),
        None => None,
    };
    Ok(Some(Assignment {
        unit_id,
        unit_name: row.get("assigned_unit_name")?,
        person,
        directive: row.get("directive")?,
        due: row.get("handling_due")?,
    }))
}

fn completion(row: &Row) -> Result<Option<Completion>> {
    let Some(result) = row.get("result")? else { return Ok(None) };
    let (reply_document_id, reply_notation) = (row.get("reply_document_id")?, row.get("reply_notation")?);
    Ok(Some(Completion { result, reply_document_id, reply_notation }))
}

pub(super) fn shown(row: &Row) -> Result<Shown> {
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
        arrived_at: row.get("arrived_at")?,
        checked: act(row, "checker", "checked_at")?,
        notation: documents_domain::notation(row.get("number")?, &row.get::<String>("symbol")?),
        issued_on: row.get("issued_on")?,
        kind: inconsistent(documents_domain::Kind::numbered(row.get("kind")?), "kind")?,
        other_kind_name: row.get("other_kind_name")?,
        summary: row.get("summary")?,
        urgency: inconsistent(Urgency::numbered(row.get("urgency")?), "urgency")?,
        signer_name: row.get("signer_name")?,
        recall: row.get::<Option<Uuid>>("recall_id")?.zip(recall(row)?),
    })
}
