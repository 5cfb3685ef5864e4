use base::{Timestamp, Uuid};
use directory_domain::Failures;
use sql::{Column, Kind, Queries, Result, Write, params};

sql::statements! {
    PASSWORD = "SELECT person.id, password.hash FROM person JOIN password ON password.person_id = person.id
        WHERE person.sign_in_name = $1";
    FAILURES = "SELECT failures, last_at FROM sign_in_failure WHERE counter = $1";
    FAIL = "INSERT INTO sign_in_failure (counter, failures, last_at) VALUES ($1, 1, $2)
        ON CONFLICT (counter) DO UPDATE SET failures = sign_in_failure.failures + 1, last_at = $2";
    FORGIVE = "DELETE FROM sign_in_failure WHERE counter = $1";
    SWEEP = "DELETE FROM sign_in_failure WHERE counter IN (
        SELECT counter FROM sign_in_failure WHERE last_at < $1 ORDER BY last_at LIMIT $2)";
}

const COLUMNS: [Column; 2] = [Column::new("person_id", Kind::Uuid), Column::new("hash", Kind::Text)];

/// Who has a sign-in name, and the hash of the password.
pub(crate) struct Credential {
    pub(crate) user_id: Uuid,
    pub(crate) hash: String,
}

/// Stores the hashes of first passwords.
pub(crate) async fn insert(tx: &mut Write, hashes: Vec<(Uuid, String)>) -> Result<()> {
    let rows = hashes.into_iter().map(|(user_id, hash)| params![user_id, hash]);
    tx.insert("password", &COLUMNS, rows.collect()).await.map(drop)
}

/// What a sign-in name needs; none if nobody can sign in under it.
pub(crate) async fn find(db: &mut impl Queries, sign_in_name: &str) -> Result<Option<Credential>> {
    let row = db.optional(&PASSWORD, params![sign_in_name]).await?;
    row.map(|row| Ok(Credential { user_id: row.get("id")?, hash: row.get("hash")? })).transpose()
}

/// The wrong passwords given in a row under this name.
pub(crate) async fn failures(db: &mut impl Queries, sign_in_name: &str) -> Result<Option<Failures>> {
    let row = db.optional(&FAILURES, params![sign_in_name]).await?;
    row.map(|row| {
        let count = u32::try_from(row.get::<i64>("failures")?).unwrap_or(u32::MAX);
        Ok(Failures { count, last: row.get("last_at")? })
    })
    .transpose()
}

/// Counts a wrong password.
pub(crate) async fn fail(tx: &mut Write, sign_in_name: &str, now: Timestamp) -> Result<()> {
    tx.execute(&FAIL, params![sign_in_name, now]).await.map(drop)
}

/// Starts the count anew.
pub(crate) async fn forgive(tx: &mut Write, sign_in_name: &str) -> Result<()> {
    tx.execute(&FORGIVE, params![sign_in_name]).await.map(drop)
}

/// Forgets up to `limit` names whose last wrong password is from before this time; how many.
pub(crate) async fn sweep(tx: &mut Write, before: Timestamp, limit: u16) -> Result<u64> {
    tx.execute(&SWEEP, params![before, limit]).await
}
