use base::{Date, Timestamp, Uuid};
use congvan_proto::directory::v1 as pb;
use prost::Message;
use sql::{Error, Queries, Result, Row, Write, params};

sql::statements! {
    INSERT = "INSERT INTO reorganisation (id, revision, title, basis, effective_on, state, changes, preparer_id,
            reviewer_id, fingerprint, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    FIND = "SELECT * FROM reorganisation WHERE id = $1";
    LIST = "SELECT * FROM reorganisation WHERE id < $1 ORDER BY id DESC LIMIT $2";
    STEP = "UPDATE reorganisation SET revision = $2, state = $3, reviewer_id = $4, fingerprint = $5, updated_at = $6
        WHERE id = $1";
}

/// A reorganisation as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Reorganisation {
    pub(crate) id: Uuid,
    pub(crate) revision: i64,
    pub(crate) title: String,
    pub(crate) basis: String,
    /// First day of the new order.
    pub(crate) on: Date,
    pub(crate) state: State,
    /// What happens, as it was written; new units have their ids.
    pub(crate) changes: Vec<pb::UnitChange>,
    pub(crate) preparer_id: Uuid,
    pub(crate) reviewer_id: Option<Uuid>,
    /// Of the preview that was reviewed; empty before.
    pub(crate) fingerprint: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// How far a reorganisation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Prepared,
    Reviewed,
    Applied,
    Cancelled,
}

impl State {
    const ALL: [Self; 4] = [Self::Prepared, Self::Reviewed, Self::Applied, Self::Cancelled];

    /// Its name in the contracts, without prefix.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Prepared => "PREPARED",
            Self::Reviewed => "REVIEWED",
            Self::Applied => "APPLIED",
            Self::Cancelled => "CANCELLED",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Stores a new one.
pub(crate) async fn insert(tx: &mut Write, new: &Reorganisation) -> Result<()> {
    let changes = pb::Reorganisation { changes: new.changes.clone(), ..pb::Reorganisation::default() };
    let values = params![
        new.id,
        new.revision,
        &new.title,
        &new.basis,
        new.on,
        new.state.name(),
        changes.encode_to_vec(),
        new.preparer_id,
        new.reviewer_id,
        &new.fingerprint,
        new.created_at,
        new.updated_at,
    ];
    tx.execute(&INSERT, values).await.map(drop)
}

/// One of them.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Reorganisation>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// Those before an id, the newest first.
pub(crate) async fn list(
    db: &mut impl Queries,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<Reorganisation>> {
    db.all(&LIST, params![sql::before(before), size]).await?.iter().map(read).collect()
}

/// Stores that it has come further.
pub(crate) async fn step(tx: &mut Write, one: &Reorganisation) -> Result<()> {
    let values =
        params![one.id, one.revision, one.state.name(), one.reviewer_id, &one.fingerprint, one.updated_at,];
    tx.execute(&STEP, values).await.map(drop)
}

fn read(row: &Row) -> Result<Reorganisation> {
    let state: String = row.get("state")?;
    let changes: Vec<u8> = row.get("changes")?;
    let changes = pb::Reorganisation::decode(changes.as_slice())
        .map_err(|error| Error::Inconsistent(format!("changes of a reorganisation: {error}")))?;
    Ok(Reorganisation {
        id: row.get("id")?,
        revision: row.get("revision")?,
        title: row.get("title")?,
        basis: row.get("basis")?,
        on: row.get("effective_on")?,
        state: State::named(&state)
            .ok_or_else(|| Error::Inconsistent(format!("{state} is no state of a reorganisation")))?,
        changes: changes.changes,
        preparer_id: row.get("preparer_id")?,
        reviewer_id: row.get("reviewer_id")?,
        fingerprint: row.get("fingerprint")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
