use base::{Timestamp, Uuid};
use directory_domain::Failures;
use sql::{Queries, Result, Write, params};

sql::statements! {
    FIND = "SELECT failures, last_at FROM sign_in_failure WHERE counter = $1";
    COUNT = "INSERT INTO sign_in_failure (counter, failures, last_at) VALUES ($1, 1, $2)
        ON CONFLICT (counter) DO UPDATE SET failures = sign_in_failure.failures + 1, last_at = $2";
    FORGIVE = "DELETE FROM sign_in_failure WHERE counter = $1";
    SWEEP = "DELETE FROM sign_in_failure WHERE counter IN (
        SELECT counter FROM sign_in_failure WHERE last_at < $1 ORDER BY last_at LIMIT $2)";
}

/// Under what wrong passwords and codes are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Counter {
    /// A sign-in name, whether or not anybody has it.
    Name(String),
    /// A device that is known: what strangers do to the name does not count for it.
    Device(Uuid),
    /// A session: for who is signed in already and must prove it once more.
    Session(Uuid),
}

impl Counter {
    /// As it is stored: no sign-in name has a colon.
    fn key(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Device(id) => format!("device:{id}"),
            Self::Session(id) => format!("session:{id}"),
        }
    }
}

/// The failures in a row.
pub(crate) async fn find(db: &mut impl Queries, counter: &Counter) -> Result<Option<Failures>> {
    let row = db.optional(&FIND, params![counter.key()]).await?;
    row.map(|row| {
        let count = u32::try_from(row.get::<i64>("failures")?).unwrap_or(u32::MAX);
        Ok(Failures { count, last: row.get("last_at")? })
    })
    .transpose()
}

/// Counts a failure.
pub(crate) async fn count(tx: &mut Write, counter: &Counter, now: Timestamp) -> Result<()> {
    tx.execute(&COUNT, params![counter.key(), now]).await.map(drop)
}

/// Starts the count anew.
pub(crate) async fn forgive(tx: &mut Write, counter: &Counter) -> Result<()> {
    tx.execute(&FORGIVE, params![counter.key()]).await.map(drop)
}

/// Forgets up to `limit` counts whose last failure is from before this time; how many.
pub(crate) async fn sweep(tx: &mut Write, before: Timestamp, limit: u16) -> Result<u64> {
    tx.execute(&SWEEP, params![before, limit]).await
}
