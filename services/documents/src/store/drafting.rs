use base::Uuid;
use documents_domain::{Assignee, DraftingAssignment, DraftingState, DraftingTask, Kind, Officer, Scope};
use sql::{Queries, Result, Row, Value, Write, params};

use super::{act, inconsistent, signatory};

sql::statements! {
    INSERT = "INSERT INTO drafting_assignment (id, revision, agency_id, unit_id, unit_name, assignee_id, assignee_name,
            directive, kind, due, assigner_id, assigner_name, assigner_position, assigned_at, state, taker_id, taker_name,
            taker_position, document_id, withdrawal_reason, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    SAVE = "UPDATE drafting_assignment SET revision = $2, agency_id = $3, unit_id = $4, unit_name = $5, assignee_id = $6,
            assignee_name = $7, directive = $8, kind = $9, due = $10, assigner_id = $11, assigner_name = $12,
            assigner_position = $13, assigned_at = $14, state = $15, taker_id = $16, taker_name = $17, taker_position = $18,
            document_id = $19, withdrawal_reason = $20, updated_at = $21
        WHERE id = $1";
    FIND = "SELECT * FROM drafting_assignment WHERE id = $1";
    LOCK = "SELECT * FROM drafting_assignment WHERE id = $1 FOR UPDATE";
    LOCK_OF = "SELECT * FROM drafting_assignment WHERE document_id = $1 FOR UPDATE";
    LIST = "SELECT * FROM drafting_assignment
        WHERE (agency_id = ANY($1) OR unit_id = ANY($2) OR assigner_id = $3)
            AND ($4::text IS NULL OR state = $4::text) AND id < $5
        ORDER BY id DESC LIMIT $6";
}

/// Stores a new one.
pub(crate) async fn insert(tx: &mut Write, assignment: &DraftingAssignment) -> Result<()> {
    tx.execute(&INSERT, values(assignment)).await.map(drop)
}

/// Stores what became of it.
pub(crate) async fn save(tx: &mut Write, assignment: &DraftingAssignment) -> Result<()> {
    tx.execute(&SAVE, values(assignment)).await.map(drop)
}

fn values(assignment: &DraftingAssignment) -> Vec<Value> {
    let DraftingAssignment { task, assigned, .. } = assignment;
    let (person, taker) = (task.person.as_ref(), assignment.taker.as_ref());
    params![
        assignment.id,
        assignment.revision,
        assignment.agency_id,
        task.unit_id,
        &task.unit_name,
        person.map(|person| person.user_id),
        person.map(|person| person.full_name.clone()),
        &task.directive,
        task.kind.map(Kind::number),
        task.due,
        assigned.by.user_id,
        &assigned.by.full_name,
        &assigned.by.position,
        assigned.at,
        assignment.state.code(),
        taker.map(|taker| taker.user_id),
        taker.map(|taker| taker.full_name.clone()),
        taker.map(|taker| taker.position.clone()),
        assignment.document_id,
        assignment.withdrawal_reason.clone(),
        assignment.updated_at,
    ]
}

pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<DraftingAssignment>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// Locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Write, id: Uuid) -> Result<Option<DraftingAssignment>> {
    tx.optional(&LOCK, params![id]).await?.as_ref().map(read).transpose()
}

/// The one whose draft this document is, locked until the transaction ends. The document is locked before.
pub(crate) async fn lock_of(tx: &mut Write, document_id: Uuid) -> Result<Option<DraftingAssignment>> {
    tx.optional(&LOCK_OF, params![document_id]).await?.as_ref().map(read).transpose()
}

/// Those that an officer may read, newest first.
pub(crate) async fn list(
    db: &mut impl Queries,
    officer: &Officer,
    state: Option<DraftingState>,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<DraftingAssignment>> {
    let Scope { agencies, units, .. } = Scope::of(officer);
    let state = state.map(|state| state.code().to_owned());
    let values = params![agencies, units, officer.user_id, state, sql::before(before), size];
    db.all(&LIST, values).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<DraftingAssignment> {
    let kind = row.get::<Option<i64>>("kind")?.and_then(|kind| i32::try_from(kind).ok());
    let person = row.get::<Option<Uuid>>("assignee_id")?.zip(row.get("assignee_name")?);
    Ok(DraftingAssignment {
        id: row.get("id")?,
        revision: row.get("revision")?,
        agency_id: row.get("agency_id")?,
        task: DraftingTask {
            unit_id: row.get("unit_id")?,
            unit_name: row.get("unit_name")?,
            person: person.map(|(user_id, full_name)| Assignee { user_id, full_name }),
            directive: row.get("directive")?,
            kind: kind.and_then(Kind::numbered),
            due: row.get("due")?,
        },
        assigned: inconsistent(act(row, "assigner", "assigned_at")?, "assigner")?,
        state: inconsistent(DraftingState::coded(&row.get::<String>("state")?), "state")?,
        taker: signatory(row, "taker")?,
        document_id: row.get("document_id")?,
        withdrawal_reason: row.get("withdrawal_reason")?,
        updated_at: row.get("updated_at")?,
    })
}
