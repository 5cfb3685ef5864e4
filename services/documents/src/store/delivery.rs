use base::{Date, Timestamp, Uuid};
use documents_domain::{
    Act, Assignee, Assignment, Completion, Delivery, DeliveryStatus, Document, Forwarding, Inbox, Integrity,
    PartyState, Purpose, Recipient, RecipientKind, Refusal, RefusalCode, Rejection, Urgency,
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
            AND ($3::uuid IS NULL OR delivery.assignee_id = $3::uuid) AND delivery.id < $4
        ORDER BY delivery.id DESC LIMIT $5";
    EXCEPTIONS = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id,
            document.number, document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.document_id = $1 AND delivery.status IN ('REFUSED', 'RETURNED') ORDER BY delivery.id LIMIT $2";
    FORWARDED = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id WHERE delivery.document_id = $1 AND delivery.forwarded_from IS NOT NULL
        ORDER BY delivery.id LIMIT $2";
    FORWARDED_FROM = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id WHERE delivery.forwarded_from = $1 ORDER BY delivery.id";
    REACHED = "SELECT id FROM delivery
        WHERE document_id = $1 AND (recipient_id = ANY($2) OR assigned_unit_id = ANY($3))
            AND (recall_state IS NULL OR recall_state NOT IN ('AGREED', 'NOT_NEEDED'))
        LIMIT 1";
}

const COLUMNS: [Column; 21] = [
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
    Column::new("recipient_kind", Kind::Text),
    Column::new("recipient_agency_id", Kind::Uuid),
    Column::new("forwarded_from", Kind::Uuid),
    Column::new("forwarder_agency_id", Kind::Uuid),
    Column::new("forwarder_agency_name", Kind::Text),
    Column::new("forwarder_id", Kind::Uuid),
    Column::new("forwarder_name", Kind::Text),
    Column::new("forwarder_position", Kind::Text),
    Column::new("forwarded_at", Kind::Time),
    Column::new("forward_note", Kind::Text),
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
    /// How it came from another recipient.
    pub(crate) origin: Option<Origin>,
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

/// How a delivery came from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) forwarding: Forwarding,
    /// Name of the agency that handed it on.
    pub(crate) agency_name: String,
    pub(crate) note: String,
}

/// Delivers issued documents to every recipient: two statements, whatever their number. Beside each document stands one id for each of
/// its recipients; none if it is not to be delivered yet.
pub(crate) async fn fan_out(tx: &mut Write, sent: &[(&Document, &[Uuid])], at: Timestamp) -> Result<()> {
    let new = sent.iter().flat_map(|(document, ids)| {
        let recipients = document.fields.recipients.iter().zip(*ids);
        recipients.map(move |(recipient, id)| New { document, recipient, id: *id, at, origin: None })
    });
    insert(tx, new.collect()).await
}

/// Delivers a document that a recipient hands on, in the same way.
pub(crate) async fn hand_on(
    tx: &mut Write,
    document: &Document,
    recipients: &[Recipient],
    ids: &[Uuid],
    origin: &Origin,
) -> Result<()> {
    let (at, origin) = (origin.forwarding.at, Some(origin));
    let new = recipients.iter().zip(ids);
    let new = new.map(|(recipient, id)| New { document, recipient, id: *id, at, origin });
    insert(tx, new.collect()).await
}

/// A delivery to be made.
struct New<'a> {
    document: &'a Document,
    recipient: &'a Recipient,
    id: Uuid,
    at: Timestamp,
    origin: Option<&'a Origin>,
}

async fn insert(tx: &mut Write, new: Vec<New<'_>>) -> Result<()> {
    let arrived = DeliveryStatus::Arrived.code();
    let statuses = new.iter().map(|new| params![new.id, 1_i64, arrived, new.at]).collect();
    let rows = new.iter().map(|new| {
        let New { document, recipient, id, at, origin } = *new;
        let forwarding = origin.map(|origin| &origin.forwarding);
        let inside = forwarding.map_or(document.agency_id, |forwarding| forwarding.agency_id);
        let kind = recipient.address.kind().unwrap_or(RecipientKind::Agency);
        params![
            id,
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
            kind.code(),
            (kind != RecipientKind::Agency).then_some(inside),
            forwarding.map(|forwarding| forwarding.delivery_id),
            forwarding.map(|forwarding| forwarding.agency_id),
            origin.map(|origin| origin.agency_name.clone()),
            forwarding.map(|forwarding| forwarding.by.user_id),
            forwarding.map(|forwarding| forwarding.by.full_name.clone()),
            forwarding.map(|forwarding| forwarding.by.position.clone()),
            forwarding.map(|forwarding| forwarding.at),
            origin.map(|origin| origin.note.clone()),
        ]
    });
    tx.insert("delivery", &COLUMNS, rows.collect()).await?;
    tx.insert("delivery_status", &STATUS_COLUMNS, statuses).await.map(drop)
}

/// The deliveries of a document that came of forwarding.
pub(crate) async fn forwarded(db: &mut impl Queries, document_id: Uuid, size: u16) -> Result<Vec<Shown>> {
    db.all(&FORWARDED, params![document_id, size]).await?.iter().map(shown).collect()
}

/// The deliveries that came of one by forwarding.
pub(crate) async fn forwarded_from(db: &mut impl Queries, id: Uuid) -> Result<Vec<Shown>> {
    db.all(&FORWARDED_FROM, params![id]).await?.iter().map(shown).collect()
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
    db.all(&ASSIGNED, params![units, status, person, sql::before(before), size])
        .await?
        .iter()
        .map(shown)
        .collect()
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

fn origin(row: &Row) -> Result<Option<Origin>> {
    let Some(delivery_id) = row.get("forwarded_from")? else { return Ok(None) };
    let Act { by, at } = inconsistent(act(row, "forwarder", "forwarded_at")?, "forwarder")?;
    let forwarding = Forwarding { delivery_id, agency_id: row.get("forwarder_agency_id")?, by, at };
    let (agency_name, note) = (row.get("forwarder_agency_name")?, row.get("forward_note")?);
    Ok(Some(Origin { forwarding, agency_name, note }))
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
        origin: origin(row)?,
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
