use base::{Timestamp, Uuid};
use kit::caller::Caller;
use serde_json::Value as Json;
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use crate::Directory;

sql::statements! {
    LIST = "SELECT * FROM audit
        WHERE ($1::uuid IS NULL OR subject_id = $1::uuid) AND ($2::uuid IS NULL OR actor_id = $2::uuid)
            AND id < $3
        ORDER BY id DESC LIMIT $4";
    LIST_RELATED = "SELECT * FROM audit
        WHERE subject_id IN (SELECT $1::uuid
                UNION ALL SELECT id FROM position WHERE unit_id = $1
                UNION ALL SELECT id FROM signing_authority WHERE agency_id = $1
                UNION ALL SELECT id FROM contact_group WHERE owner_agency_id = $1
                UNION ALL SELECT id FROM absence WHERE person_id = $1
                UNION ALL SELECT id FROM stand_in WHERE person_id = $1 OR absent_person_id = $1
                UNION ALL SELECT id FROM api_key WHERE person_id = $1)
            AND ($2::uuid IS NULL OR actor_id = $2::uuid) AND id < $3
        ORDER BY id DESC LIMIT $4";
}

const COLUMNS: [Column; 11] = [
    Column::new("id", Kind::Uuid),
    Column::new("at", Kind::Time),
    Column::new("actor_id", Kind::Uuid),
    Column::new("actor_name", Kind::Text),
    Column::new("actor_session_id", Kind::Uuid),
    Column::new("action", Kind::Text),
    Column::new("subject_kind", Kind::Text),
    Column::new("subject_id", Kind::Uuid),
    Column::new("reason", Kind::Text),
    Column::new("state_before", Kind::Text),
    Column::new("state_after", Kind::Text),
];

/// One change of one thing.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// What was done, as `kind.verb`: "unit.create".
    pub(crate) action: &'static str,
    /// What it was done to: "unit", "user", "position".
    pub(crate) subject_kind: &'static str,
    /// Which one.
    pub(crate) subject_id: Uuid,
    /// Why, in the words of whoever did it; may be empty.
    pub(crate) reason: String,
    /// What stood there before. Never a secret.
    pub(crate) before: Option<Json>,
    /// What stands there now. Never a secret.
    pub(crate) after: Option<Json>,
}

/// A change as it was written down.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) actor_id: Uuid,
    pub(crate) actor_name: String,
    pub(crate) action: String,
    pub(crate) subject_kind: String,
    pub(crate) subject_id: Uuid,
    pub(crate) reason: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// Writes down changes made by this caller, in the transaction that makes them.
pub(crate) async fn append(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    entries: &[Entry],
) -> Result<()> {
    let now = service.clock.now();
    let (actor_id, actor_name, session_id) = match &caller.person {
        Some(person) => (person.user_id, person.full_name.clone(), person.session_id),
        None => (Uuid::nil(), caller.issuer.clone(), Uuid::nil()),
    };
    let text = |state: &Option<Json>| state.as_ref().map(Json::to_string).unwrap_or_default();
    let mut ids: Vec<_> = entries.iter().map(|_| service.ids.next()).collect();
    ids.sort_unstable(); // so that the entries of one call stay in their order
    let rows = entries.iter().zip(ids).map(|(entry, id)| {
        params![
            id,
            now,
            actor_id,
            &actor_name,
            session_id,
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            &entry.reason,
            text(&entry.before),
            text(&entry.after),
        ]
    });
    tx.insert("audit", &COLUMNS, rows.collect()).await.map(drop)
}

/// Which changes a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Only those of this thing.
    pub(crate) subject_id: Option<Uuid>,
    /// And of what belongs to it.
    pub(crate) with_related: bool,
    /// Only those by this person.
    pub(crate) actor_id: Option<Uuid>,
}

/// Changes before an entry, the newest first.
pub(crate) async fn list(
    db: &mut impl Queries,
    filter: Filter,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<Record>> {
    let statement = if filter.with_related { &LIST_RELATED } else { &LIST };
    let values = params![filter.subject_id, filter.actor_id, sql::before(before), size];
    db.all(statement, values).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Record> {
    Ok(Record {
        id: row.get("id")?,
        at: row.get("at")?,
        actor_id: row.get("actor_id")?,
        actor_name: row.get("actor_name")?,
        action: row.get("action")?,
        subject_kind: row.get("subject_kind")?,
        subject_id: row.get("subject_id")?,
        reason: row.get("reason")?,
        before: row.get("state_before")?,
        after: row.get("state_after")?,
    })
}
