use base::{Date, Timestamp, Uuid};
use congvan_proto::directory::v1 as pb;
use kit::caller::Person;
use sql::{Column, Error, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    FIND = "SELECT * FROM import_job WHERE id = $1";
    LOCK = "SELECT * FROM import_job WHERE id = $1 FOR UPDATE";
    NEXT = "SELECT * FROM import_job WHERE state = 'COMMITTING' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";
    LIST = "SELECT * FROM import_job WHERE id < $1 ORDER BY id DESC LIMIT $2";
    CHANGE = "UPDATE import_job SET revision = $2, state = $3, row_count = $4, create_count = $5, update_count = $6,
        unchanged_count = $7, error_count = $8, done_count = $9, left_out_count = $10, done_place = $11,
        committer = $12, updated_at = $13 WHERE id = $1";
    OLD = "SELECT id FROM import_job WHERE state <> 'COMMITTING' AND updated_at < $1 ORDER BY updated_at LIMIT 1";
    DROP_ROWS = "DELETE FROM import_row WHERE job_id = $1 AND place IN (
        SELECT place FROM import_row WHERE job_id = $1 ORDER BY place LIMIT $2)";
    DROP_JOB = "DELETE FROM import_job WHERE id = $1";
}

const COLUMNS: [Column; 20] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("kind", Kind::Text),
    Column::new("state", Kind::Text),
    Column::new("file_name", Kind::Text),
    Column::new("effective_date", Kind::Date),
    Column::new("reason", Kind::Text),
    Column::new("row_count", Kind::Int),
    Column::new("create_count", Kind::Int),
    Column::new("update_count", Kind::Int),
    Column::new("unchanged_count", Kind::Int),
    Column::new("error_count", Kind::Int),
    Column::new("done_count", Kind::Int),
    Column::new("left_out_count", Kind::Int),
    Column::new("done_place", Kind::Int),
    Column::new("creator_id", Kind::Uuid),
    Column::new("creator_name", Kind::Text),
    Column::new("committer", Kind::Text),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

/// A file and what has become of it.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) id: Uuid,
    pub(crate) revision: i64,
    pub(crate) kind: pb::ImportKind,
    pub(crate) state: pb::ImportState,
    pub(crate) file_name: String,
    pub(crate) effective_date: Date,
    pub(crate) reason: String,
    pub(crate) counts: Counts,
    /// Everything up to this place has been written.
    pub(crate) done_place: i64,
    pub(crate) creator_id: Uuid,
    pub(crate) creator_name: String,
    /// In whose name it is written; nobody until then.
    pub(crate) committer: Option<Person>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// Numbers of a job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) rows: i64,
    pub(crate) creates: i64,
    pub(crate) updates: i64,
    pub(crate) unchanged: i64,
    pub(crate) errors: i64,
    pub(crate) done: i64,
    pub(crate) left_out: i64,
}

impl Job {
    /// Notes a change.
    pub(crate) fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
    }

    /// How many units or people are to be written.
    pub(crate) fn to_write(&self) -> i64 {
        self.counts.creates + self.counts.updates
    }
}

fn kind_name(kind: pb::ImportKind) -> &'static str {
    kind.as_str_name().trim_start_matches("IMPORT_KIND_")
}

fn state_name(state: pb::ImportState) -> &'static str {
    state.as_str_name().trim_start_matches("IMPORT_STATE_")
}

/// Stores a new job.
pub(crate) async fn insert(tx: &mut Write, job: &Job) -> Result<()> {
    let counts = job.counts;
    let row = params![
        job.id,
        job.revision,
        kind_name(job.kind),
        state_name(job.state),
        &job.file_name,
        job.effective_date,
        &job.reason,
        counts.rows,
        counts.creates,
        counts.updates,
        counts.unchanged,
        counts.errors,
        counts.done,
        counts.left_out,
        job.done_place,
        job.creator_id,
        &job.creator_name,
        written(job)?,
        job.created_at,
        job.updated_at,
    ];
    tx.insert("import_job", &COLUMNS, vec![row]).await.map(drop)
}

/// Stores a changed job.
pub(crate) async fn change(tx: &mut Write, job: &Job) -> Result<()> {
    let counts = job.counts;
    let values = params![
        job.id,
        job.revision,
        state_name(job.state),
        counts.rows,
        counts.creates,
        counts.updates,
        counts.unchanged,
        counts.errors,
        counts.done,
        counts.left_out,
        job.done_place,
        written(job)?,
        job.updated_at,
    ];
    tx.execute(&CHANGE, values).await.map(drop)
}

/// One job.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Job>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// One job, which nobody else changes until the transaction ends.
pub(crate) async fn lock(tx: &mut Write, id: Uuid) -> Result<Option<Job>> {
    tx.optional(&LOCK, params![id]).await?.as_ref().map(read).transpose()
}

/// The oldest job that is being written and that no other process has at work; kept from others until the transaction ends.
pub(crate) async fn next(tx: &mut Write) -> Result<Option<Job>> {
    tx.optional(&NEXT, params![]).await?.as_ref().map(read).transpose()
}

/// Jobs before one, the newest first.
pub(crate) async fn list(db: &mut impl Queries, before: Option<Uuid>, size: u16) -> Result<Vec<Job>> {
    db.all(&LIST, params![sql::before(before), size]).await?.iter().map(read).collect()
}

/// Drops up to `limit` rows of the oldest job that was last changed before this time, or the job itself when it has none
/// left; how much was dropped.
pub(crate) async fn sweep(tx: &mut Write, before: Timestamp, limit: u16) -> Result<u64> {
    let Some(row) = tx.optional(&OLD, params![before]).await? else { return Ok(0) };
    let id: Uuid = row.get("id")?;
    let dropped = tx.execute(&DROP_ROWS, params![id, limit]).await?;
    if dropped < u64::from(limit) {
        tx.execute(&DROP_JOB, params![id]).await?;
    }
    Ok(dropped + 1)
}

/// The committer, as it is stored.
fn written(job: &Job) -> Result<String> {
    let written = job.committer.as_ref().map(serde_json::to_string).transpose();
    written.map(Option::unwrap_or_default).map_err(|error| Error::Inconsistent(error.to_string()))
}

fn parse(committer: &str) -> Result<Option<Person>> {
    let stored = (!committer.is_empty()).then(|| serde_json::from_str(committer)).transpose();
    stored.map_err(|error| Error::Inconsistent(error.to_string()))
}

fn read(row: &Row) -> Result<Job> {
    let (kind, state): (String, String) = (row.get("kind")?, row.get("state")?);
    let wrong = |what: &str| Error::Inconsistent(format!("{what} of an import"));
    Ok(Job {
        id: row.get("id")?,
        revision: row.get("revision")?,
        kind: pb::ImportKind::from_str_name(&format!("IMPORT_KIND_{kind}")).ok_or_else(|| wrong(&kind))?,
        state: pb::ImportState::from_str_name(&format!("IMPORT_STATE_{state}"))
            .ok_or_else(|| wrong(&state))?,
        file_name: row.get("file_name")?,
        effective_date: row.get("effective_date")?,
        reason: row.get("reason")?,
        counts: Counts {
            rows: row.get("row_count")?,
            creates: row.get("create_count")?,
            updates: row.get("update_count")?,
            unchanged: row.get("unchanged_count")?,
            errors: row.get("error_count")?,
            done: row.get("done_count")?,
            left_out: row.get("left_out_count")?,
        },
        done_place: row.get("done_place")?,
        creator_id: row.get("creator_id")?,
        creator_name: row.get("creator_name")?,
        committer: parse(&row.get::<String>("committer")?)?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
