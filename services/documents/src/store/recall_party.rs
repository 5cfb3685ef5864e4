//! Who a recall asks, and where each delivery stands in it. The delivery keeps the last recall that was not taken back, and every step
//! stands in its history.

use base::{Timestamp, Uuid};
use documents_domain::{
    Act, DeliveryStatus, PartyState, Recall, RecallAnswer, RecallParty, Signatory, Tally,
};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{act, inconsistent};

sql::statements! {
    OF_DOCUMENT = "SELECT id AS delivery_id, recipient_id, status, recall_state FROM delivery WHERE document_id = $1
        ORDER BY id FOR UPDATE";
    OF_DELIVERY = "SELECT id AS delivery_id, recipient_id, revision, recall_id, recall_state AS state FROM delivery WHERE id = $1";
    LOCK_DELIVERY = "SELECT id AS delivery_id, recipient_id, revision, recall_id, recall_state AS state FROM delivery
        WHERE id = $1 FOR UPDATE";
    LOCK_ASKED = "SELECT id FROM delivery WHERE recall_id = $1 ORDER BY id FOR UPDATE";
    ASK = "UPDATE delivery SET revision = revision + 1, updated_at = $2, recall_id = $1,
            recall_state = (SELECT party.state FROM recall_party AS party
                WHERE party.recall_id = $1 AND party.delivery_id = delivery.id)
        WHERE id IN (SELECT party.delivery_id FROM recall_party AS party WHERE party.recall_id = $1)";
    NOTE_ASKED = "INSERT INTO delivery_status (delivery_id, revision, status, recall_state, occurred_at)
        SELECT id, revision, status, recall_state, $2 FROM delivery WHERE recall_id = $1";
    ANSWER = "UPDATE recall_party SET state = $3, answered_at = $4, officer_id = $5, officer_name = $6,
            officer_position = $7, reason = $8
        WHERE recall_id = $1 AND delivery_id = $2";
    STAND = "UPDATE delivery SET revision = revision + 1, updated_at = $3, recall_state = $2 WHERE id = $1";
    NOTE = "INSERT INTO delivery_status (delivery_id, revision, status, recall_state, occurred_at, officer_id,
            officer_name, officer_position, reason)
        SELECT id, revision, status, $2, $3, $4, $5, $6, $7 FROM delivery WHERE id = $1";
    MOVE = "UPDATE recall_party SET state = $3, answered_at = $4 WHERE recall_id = $1 AND state = $2";
    STAND_ALL = "UPDATE delivery SET revision = revision + 1, updated_at = $4, recall_state = $3
        WHERE recall_id = $1 AND recall_state = $2";
    NOTE_ALL = "INSERT INTO delivery_status (delivery_id, revision, status, recall_state, occurred_at)
        SELECT id, revision, status, recall_state, $3 FROM delivery WHERE recall_id = $1 AND recall_state = $2";
    TAKE_BACK = "UPDATE recall_party SET state = $2 WHERE recall_id = $1";
    STEP_BACK = "UPDATE delivery SET revision = revision + 1, updated_at = $2 WHERE recall_id = $1";
    NOTE_BACK = "INSERT INTO delivery_status (delivery_id, revision, status, recall_state, occurred_at, officer_id,
            officer_name, officer_position, reason)
        SELECT id, revision, status, $2, $3, $4, $5, $6, $7 FROM delivery WHERE recall_id = $1";
    STAND_BACK = "UPDATE delivery SET
            recall_state = (SELECT party.state FROM recall_party AS party
                JOIN recall ON recall.id = party.recall_id AND recall.state <> 'CANCELLED'
                WHERE party.delivery_id = delivery.id ORDER BY recall.id DESC LIMIT 1),
            recall_id = (SELECT recall.id FROM recall_party AS party
                JOIN recall ON recall.id = party.recall_id AND recall.state <> 'CANCELLED'
                WHERE party.delivery_id = delivery.id ORDER BY recall.id DESC LIMIT 1)
        WHERE recall_id = $1";
    COUNTS = "SELECT recall_id, state, count(*) AS n FROM recall_party WHERE recall_id = ANY($1)
        GROUP BY recall_id, state ORDER BY recall_id, state";
    OF = "SELECT party.*, delivery.recipient_name, delivery.arrival_number, delivery.forwarded_from
        FROM recall_party AS party JOIN delivery ON delivery.id = party.delivery_id
        WHERE party.recall_id = $1 ORDER BY party.delivery_id";
}

const COLUMNS: [Column; 4] = [
    Column::new("recall_id", Kind::Uuid),
    Column::new("delivery_id", Kind::Uuid),
    Column::new("recipient_id", Kind::Uuid),
    Column::new("state", Kind::Text),
];

/// A delivery that is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) party: RecallParty,
    pub(crate) recall_id: Uuid,
    pub(crate) revision: i64,
}

/// A party as shown.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) party: RecallParty,
    pub(crate) recipient_name: String,
    pub(crate) arrival_number: Option<i32>,
    /// The delivery that this one was forwarded from.
    pub(crate) forwarded_from: Option<Uuid>,
    pub(crate) reason: Option<String>,
    pub(crate) answer: Option<Act>,
}

/// How many parties of a recall stand where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) recall_id: Uuid,
    pub(crate) state: PartyState,
    pub(crate) parties: i32,
}

/// The deliveries of a document, forwarded ones among them, locked until the transaction ends, each with where it would begin; without
/// those that were destroyed before. They are locked before anything is read of the document's recalls: two requests come one after the
/// other, and whoever accepts a delivery at this moment comes before or after. The document itself is not: it changes no more, and
/// whoever accepts holds it by its foreign key.
pub(crate) async fn lock_all(tx: &mut Write, document_id: Uuid) -> Result<Vec<RecallParty>> {
    let mut rows = tx.all(&OF_DOCUMENT, params![document_id]).await?;
    loop {
        let known = rows.len();
        rows = tx.all(&OF_DOCUMENT, params![document_id]).await?;
        if rows.len() == known {
            break; // nobody forwarded one while this waited for the locks, and nobody can any more
        }
    }
    let mut parties = Vec::with_capacity(rows.len());
    for row in &rows {
        let status = DeliveryStatus::coded(&row.get::<String>("status")?);
        let before = row.get::<Option<String>>("recall_state")?;
        let before = before.map(|code| inconsistent(PartyState::coded(&code), "state")).transpose()?;
        let Some(state) = PartyState::asked(inconsistent(status, "status")?, before) else { continue };
        let (delivery_id, recipient_id) = (row.get("delivery_id")?, row.get("recipient_id")?);
        parties.push(RecallParty { delivery_id, recipient_id, state });
    }
    Ok(parties)
}

/// Asks whoever was locked for it: three statements, whatever their number.
pub(crate) async fn ask(tx: &mut Write, recall: &Recall, parties: &[RecallParty]) -> Result<()> {
    let rows = parties.iter();
    let rows =
        rows.map(|party| params![recall.id, party.delivery_id, party.recipient_id, party.state.code()]);
    tx.insert("recall_party", &COLUMNS, rows.collect()).await?;
    tx.execute(&ASK, params![recall.id, recall.updated_at]).await?;
    tx.execute(&NOTE_ASKED, params![recall.id, recall.updated_at]).await.map(drop)
}

/// The recall that last asked for a delivery, before anything is locked.
pub(crate) async fn find(db: &mut impl Queries, delivery_id: Uuid) -> Result<Option<Asked>> {
    asked(db.optional(&OF_DELIVERY, params![delivery_id]).await?)
}

/// The same, with the delivery locked until the transaction ends; its recall is locked before it.
pub(crate) async fn lock(tx: &mut Write, delivery_id: Uuid) -> Result<Option<Asked>> {
    asked(tx.optional(&LOCK_DELIVERY, params![delivery_id]).await?)
}

/// Stores an answer at sender and recipient.
pub(crate) async fn answer(
    tx: &mut Write,
    recall_id: Uuid,
    answer: &RecallAnswer,
    reason: Option<&String>,
    at: Timestamp,
) -> Result<()> {
    let RecallAnswer { party, by, .. } = answer;
    let (id, state) = (party.delivery_id, party.state.code());
    let mut values = params![recall_id, id, state, at];
    values.extend(params![by.user_id, &by.full_name, &by.position, reason.cloned()]);
    tx.execute(&ANSWER, values).await?;
    tx.execute(&STAND, params![id, state, at]).await?;
    let values = params![id, state, at, by.user_id, &by.full_name, &by.position, reason.cloned()];
    tx.execute(&NOTE, values).await.map(drop)
}

/// Moves everybody who has not answered to where the passed deadline leaves them.
pub(crate) async fn expire(tx: &mut Write, recall: &Recall, at: Timestamp) -> Result<()> {
    let (asked, expired) = (PartyState::Requested.code(), PartyState::Requested.expire().code());
    tx.all(&LOCK_ASKED, params![recall.id]).await?;
    tx.execute(&MOVE, params![recall.id, asked, expired, at]).await?;
    tx.execute(&STAND_ALL, params![recall.id, asked, expired, at]).await?;
    tx.execute(&NOTE_ALL, params![recall.id, expired, at]).await.map(drop)
}

/// Takes the question back from everybody: each delivery stands where the recall before left it. The recall is stored as cancelled first.
pub(crate) async fn take_back(tx: &mut Write, recall: &Recall, by: &Signatory, reason: &str) -> Result<()> {
    let (state, at) = (PartyState::TakenBack.code(), recall.updated_at);
    tx.all(&LOCK_ASKED, params![recall.id]).await?;
    tx.execute(&TAKE_BACK, params![recall.id, state]).await?;
    tx.execute(&STEP_BACK, params![recall.id, at]).await?;
    let values = params![recall.id, state, at, by.user_id, &by.full_name, &by.position, reason];
    tx.execute(&NOTE_BACK, values).await?;
    tx.execute(&STAND_BACK, params![recall.id]).await.map(drop)
}

/// How many parties of each recall stand where.
pub(crate) async fn counts(db: &mut impl Queries, recall_ids: Vec<Uuid>) -> Result<Vec<Count>> {
    let rows = db.all(&COUNTS, params![recall_ids]).await?;
    let counts = rows.iter().map(|row| {
        Ok(Count { recall_id: row.get("recall_id")?, state: state(row)?, parties: row.get("n")? })
    });
    counts.collect()
}

/// The same of one recall, as the rules count them.
pub(crate) async fn tally(db: &mut impl Queries, recall_id: Uuid) -> Result<Tally> {
    let counts = counts(db, vec![recall_id]).await?;
    let count = |count: Count| (count.state, usize::try_from(count.parties).unwrap_or_default());
    Ok(Tally::of(counts.into_iter().map(count)))
}

/// The parties of a recall, in the order of the deliveries.
pub(crate) async fn of(db: &mut impl Queries, recall_id: Uuid) -> Result<Vec<Shown>> {
    let rows = db.all(&OF, params![recall_id]).await?;
    let parties = rows.iter().map(|row| {
        let arrival_number = row.get::<Option<i64>>("arrival_number")?;
        Ok(Shown {
            party: party(row)?,
            recipient_name: row.get("recipient_name")?,
            forwarded_from: row.get("forwarded_from")?,
            arrival_number: arrival_number.and_then(|number| i32::try_from(number).ok()),
            reason: row.get("reason")?,
            answer: act(row, "officer", "answered_at")?,
        })
    });
    parties.collect()
}

fn asked(row: Option<Row>) -> Result<Option<Asked>> {
    let Some(row) = row else { return Ok(None) };
    let Some(recall_id) = row.get("recall_id")? else { return Ok(None) };
    Ok(Some(Asked { party: party(&row)?, recall_id, revision: row.get("revision")? }))
}

fn party(row: &Row) -> Result<RecallParty> {
    let (delivery_id, recipient_id) = (row.get("delivery_id")?, row.get("recipient_id")?);
    Ok(RecallParty { delivery_id, recipient_id, state: state(row)? })
}

fn state(row: &Row) -> Result<PartyState> {
    inconsistent(PartyState::coded(&row.get::<String>("state")?), "state of a party")
}
