use base::{Timestamp, Uuid};
use sql::{Column, Kind, Queries, Result, Row, Value, Write, params};

use super::{FAILED, QUEUED};
use crate::clerks::Clerk;

sql::statements! {
    FIND = "SELECT message.*, notice.event_type, notice.subject FROM message JOIN notice USING (event_id)
        WHERE message.id = $1";
    OF_USER = "SELECT message.*, notice.event_type, notice.subject FROM message JOIN notice USING (event_id)
        WHERE message.user_id = $1 AND ($2::text IS NULL OR message.state = $2::text)
            AND ($3::uuid IS NULL OR notice.subject_id = $3::uuid OR notice.document_id = $3::uuid)
            AND message.id < $4
        ORDER BY message.id DESC LIMIT $5";
    ABOUT = "SELECT message.*, notice.event_type, notice.subject FROM message JOIN notice USING (event_id)
        WHERE message.event_id IN (SELECT event_id FROM notice WHERE subject_id = $1 OR document_id = $1)
            AND ($2::text IS NULL OR message.state = $2::text) AND message.id < $3
        ORDER BY message.id DESC LIMIT $4";
    IN_STATE = "SELECT message.*, notice.event_type, notice.subject FROM message JOIN notice USING (event_id)
        WHERE message.state = $1 AND message.id < $2
        ORDER BY message.id DESC LIMIT $3";
    ALL = "SELECT message.*, notice.event_type, notice.subject FROM message JOIN notice USING (event_id)
        WHERE message.id < $1
        ORDER BY message.id DESC LIMIT $2";
    COUNT_OF_USER = "SELECT message.state, count(*) AS n FROM message JOIN notice USING (event_id)
        WHERE message.user_id = $1 AND ($2::uuid IS NULL OR notice.subject_id = $2::uuid OR notice.document_id = $2::uuid)
        GROUP BY message.state";
    COUNT_ABOUT = "SELECT state, count(*) AS n FROM message
        WHERE event_id IN (SELECT event_id FROM notice WHERE subject_id = $1 OR document_id = $1) GROUP BY state";
    COUNT_ALL = "SELECT state, count(*) AS n FROM message GROUP BY state";
}

const COLUMNS: [Column; 12] = [
    Column::new("id", Kind::Uuid),
    Column::new("event_id", Kind::Uuid),
    Column::new("user_id", Kind::Uuid),
    Column::new("agency_id", Kind::Uuid),
    Column::new("message_id", Kind::Text),
    Column::new("full_name", Kind::Text),
    Column::new("address", Kind::Text),
    Column::new("state", Kind::Text),
    Column::new("attempts", Kind::Int),
    Column::new("last_error", Kind::Text),
    Column::new("created_at", Kind::Time),
    Column::new("next_attempt_at", Kind::Time),
];

/// Why a message failed that had nowhere to go.
const NO_MAILBOX: &str = "neither the person nor the agency has a mailbox";

/// A message to be queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewMessage {
    pub(crate) id: Uuid,
    pub(crate) message_id: String,
    pub(crate) clerk: Clerk,
}

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) id: Uuid,
    pub(crate) message_id: String,
    pub(crate) event_id: Uuid,
    pub(crate) event_type: String,
    pub(crate) user_id: Uuid,
    pub(crate) agency_id: Uuid,
    pub(crate) address: String,
    pub(crate) subject: String,
    pub(crate) state: String,
    pub(crate) attempts: i32,
    pub(crate) last_error: String,
    pub(crate) created_at: Timestamp,
    pub(crate) sent_at: Option<Timestamp>,
    pub(crate) next_attempt_at: Option<Timestamp>,
}

/// Which messages are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Only those for this person.
    pub(crate) user_id: Option<Uuid>,
    /// Only those about the document or other thing with this id.
    pub(crate) subject_id: Option<Uuid>,
    /// Only those in this state.
    pub(crate) state: Option<&'static str>,
}

/// How many messages stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) queued: i64,
    pub(crate) sent: i64,
    pub(crate) failed: i64,
}

/// Queues messages about an event; those that have nowhere to go fail at once, where people can see them.
pub(crate) async fn insert(
    tx: &mut Write,
    event_id: Uuid,
    messages: Vec<NewMessage>,
    now: Timestamp,
) -> Result<()> {
    let rows = messages.into_iter().map(|NewMessage { id, message_id, clerk }| -> Vec<Value> {
        let Clerk { user_id, agency_id, full_name, address } = clerk;
        let (address, state, error, due) = match address {
            Some(address) => (address.to_string(), QUEUED, "", Some(now)),
            None => (String::new(), FAILED, NO_MAILBOX, None),
        };
        params![
            id, event_id, user_id, agency_id, message_id, full_name, address, state, 0_i64, error, now, due
        ]
    });
    tx.insert("message", &COLUMNS, rows.collect()).await.map(drop)
}

/// One message.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Shown>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(shown).transpose()
}

/// A page of messages, newest first, after the one with the id `after`.
pub(crate) async fn list(
    db: &mut impl Queries,
    filter: Filter,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Shown>> {
    let Filter { user_id, subject_id, state } = filter;
    let rows = match (user_id, subject_id, state) {
        (Some(user), about, state) => {
            db.all(&OF_USER, params![user, state_value(state), about, sql::before(after), limit]).await?
        }
        (None, Some(about), state) => {
            db.all(&ABOUT, params![about, state_value(state), sql::before(after), limit]).await?
        }
        (None, None, Some(state)) => db.all(&IN_STATE, params![state, sql::before(after), limit]).await?,
        (None, None, None) => db.all(&ALL, params![sql::before(after), limit]).await?,
    };
    rows.iter().map(shown).collect()
}

/// How many messages stand where; the filter's state is not looked at.
pub(crate) async fn count(db: &mut impl Queries, filter: Filter) -> Result<Counts> {
    let rows = match (filter.user_id, filter.subject_id) {
        (Some(user), about) => db.all(&COUNT_OF_USER, params![user, about]).await?,
        (None, Some(about)) => db.all(&COUNT_ABOUT, params![about]).await?,
        (None, None) => db.all(&COUNT_ALL, params![]).await?,
    };
    let mut counts = Counts::default();
    for row in &rows {
        let place = match row.get::<String>("state")?.as_str() {
            QUEUED => &mut counts.queued,
            FAILED => &mut counts.failed,
            _ => &mut counts.sent,
        };
        *place = row.get("n")?;
    }
    Ok(counts)
}

fn state_value(state: Option<&'static str>) -> Option<String> {
    state.map(str::to_owned)
}

fn shown(row: &Row) -> Result<Shown> {
    Ok(Shown {
        id: row.get("id")?,
        message_id: row.get("message_id")?,
        event_id: row.get("event_id")?,
        event_type: row.get("event_type")?,
        user_id: row.get("user_id")?,
        agency_id: row.get("agency_id")?,
        address: row.get("address")?,
        subject: row.get("subject")?,
        state: row.get("state")?,
        attempts: row.get("attempts")?,
        last_error: row.get("last_error")?,
        created_at: row.get("created_at")?,
        sent_at: row.get("sent_at")?,
        next_attempt_at: row.get("next_attempt_at")?,
    })
}
