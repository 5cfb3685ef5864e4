use base::Uuid;
use serde::{Serialize, de::DeserializeOwned};
use sql::{Column, Error, Kind, Queries, Result, Row, Write, params};

use crate::provision::{Action, Staged};

sql::statements! {
    LIST = "SELECT * FROM import_row WHERE job_id = $1 AND place > $2 ORDER BY place LIMIT $3";
    LIST_DOING = "SELECT * FROM import_row WHERE job_id = $1 AND action = $2 AND place > $3 ORDER BY place LIMIT $4";
    TO_WRITE = "SELECT * FROM import_row WHERE job_id = $1 AND place > $2 AND action = ANY($3) ORDER BY place LIMIT $4";
    LEAVE_OUT = "UPDATE import_row SET action = 'LEFT_OUT' WHERE job_id = $1 AND key = ANY($2)";
}

const COLUMNS: [Column; 9] = [
    Column::new("job_id", Kind::Uuid),
    Column::new("place", Kind::Int),
    Column::new("row_number", Kind::Int),
    Column::new("key", Kind::Text),
    Column::new("subject_id", Kind::Uuid),
    Column::new("action", Kind::Text),
    Column::new("mistakes", Kind::Text),
    Column::new("changes", Kind::Text),
    Column::new("wish", Kind::Text),
];

/// Stores rows of a job.
pub(crate) async fn insert(tx: &mut Write, job_id: Uuid, rows: &[Staged]) -> Result<()> {
    let rows = rows.iter().map(|row| {
        Ok(params![
            job_id,
            row.place,
            row.row,
            &row.key,
            row.subject_id,
            row.action.name(),
            write(&row.mistakes)?,
            write(&row.changes)?,
            &row.wish,
        ])
    });
    tx.insert("import_row", &COLUMNS, rows.collect::<Result<_>>()?).await.map(drop)
}

/// Rows of a job after a place, in order; only those to which this is done, if it is given.
pub(crate) async fn list(
    db: &mut impl Queries,
    job_id: Uuid,
    action: Option<Action>,
    after: i64,
    size: u16,
) -> Result<Vec<Staged>> {
    let rows = match action {
        Some(action) => db.all(&LIST_DOING, params![job_id, action.name(), after, size]).await?,
        None => db.all(&LIST, params![job_id, after, size]).await?,
    };
    rows.iter().map(read).collect()
}

/// Rows of a job after a place that create or update something, in order.
pub(crate) async fn to_write(
    db: &mut impl Queries,
    job_id: Uuid,
    after: i64,
    size: u16,
) -> Result<Vec<Staged>> {
    let actions = [Action::Create, Action::Update].map(|action| action.name().to_owned()).to_vec();
    db.all(&TO_WRITE, params![job_id, after, actions, size]).await?.iter().map(read).collect()
}

/// Notes that the units or people with these keys were left out.
pub(crate) async fn leave_out(tx: &mut Write, job_id: Uuid, keys: Vec<String>) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    tx.execute(&LEAVE_OUT, params![job_id, keys]).await.map(drop)
}

fn write(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Inconsistent(error.to_string()))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Inconsistent(error.to_string()))
}

fn read(row: &Row) -> Result<Staged> {
    let action: String = row.get("action")?;
    let number: i64 = row.get("row_number")?;
    Ok(Staged {
        place: row.get("place")?,
        row: u32::try_from(number).unwrap_or(u32::MAX),
        key: row.get("key")?,
        subject_id: row.get("subject_id")?,
        action: Action::named(&action)
            .ok_or_else(|| Error::Inconsistent(format!("{action} is no action")))?,
        mistakes: parse(&row.get::<String>("mistakes")?)?,
        changes: parse(&row.get::<String>("changes")?)?,
        wish: row.get("wish")?,
    })
}
