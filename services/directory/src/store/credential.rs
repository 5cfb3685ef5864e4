use base::{Timestamp, Uuid};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    NAMED = "SELECT person.id, password.hash, password.expires_at
        FROM person JOIN password ON password.person_id = person.id
        WHERE person.sign_in_name = $1 AND person.is_active";
    OF = "SELECT person_id AS id, hash, expires_at FROM password WHERE person_id = $1";
    LOCK = "SELECT person_id AS id, hash, expires_at FROM password WHERE person_id = $1 FOR UPDATE";
    CHANGE = "UPDATE password SET hash = $2, expires_at = $3 WHERE person_id = $1";
    RETIRE = "INSERT INTO password_history (person_id, hash, retired_at) VALUES ($1, $2, $3)";
    FORMER = "SELECT hash FROM password_history WHERE person_id = $1 ORDER BY retired_at DESC, hash LIMIT $2";
    TRIM = "DELETE FROM password_history WHERE person_id = $1 AND hash NOT IN (
        SELECT hash FROM password_history WHERE person_id = $1 ORDER BY retired_at DESC, hash LIMIT $2)";
}

const COLUMNS: [Column; 2] = [Column::new("person_id", Kind::Uuid), Column::new("hash", Kind::Text)];

/// How many passwords before the present one are kept: with it, the last five are not taken again.
const FORMER_KEPT: u16 = 4;

/// The password of a person, as its hash.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) user_id: Uuid,
    pub(crate) hash: String,
    /// Only of a temporary password: until when it is good.
    pub(crate) expires_at: Option<Timestamp>,
}

impl Credential {
    /// Whether the password must be changed when it is first used.
    pub(crate) fn is_temporary(&self) -> bool {
        self.expires_at.is_some()
    }
}

/// Stores the hashes of first passwords.
pub(crate) async fn insert(tx: &mut Write, hashes: Vec<(Uuid, String)>) -> Result<()> {
    let rows = hashes.into_iter().map(|(user_id, hash)| params![user_id, hash]);
    tx.insert("password", &COLUMNS, rows.collect()).await.map(drop)
}

/// What a sign-in name needs; none if nobody can sign in under it.
pub(crate) async fn find(db: &mut impl Queries, sign_in_name: &str) -> Result<Option<Credential>> {
    db.optional(&NAMED, params![sign_in_name]).await?.as_ref().map(read).transpose()
}

/// The password of a person; none if the person has none.
pub(crate) async fn of(db: &mut impl Queries, user_id: Uuid) -> Result<Option<Credential>> {
    db.optional(&OF, params![user_id]).await?.as_ref().map(read).transpose()
}

/// The same, kept from others until the transaction ends.
pub(crate) async fn lock(tx: &mut Write, user_id: Uuid) -> Result<Option<Credential>> {
    tx.optional(&LOCK, params![user_id]).await?.as_ref().map(read).transpose()
}

/// Gives a person another password; `expires_at` makes it a temporary one. The one before, unless it was temporary itself, is
/// among those that are not taken again.
pub(crate) async fn replace(
    tx: &mut Write,
    before: &Credential,
    hash: String,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    tx.execute(&CHANGE, params![before.user_id, hash, expires_at]).await?;
    if !before.is_temporary() {
        tx.execute(&RETIRE, params![before.user_id, &before.hash, now]).await?;
        tx.execute(&TRIM, params![before.user_id, FORMER_KEPT]).await?;
    }
    Ok(())
}

/// Gives a temporary password to a person who has none.
pub(crate) async fn insert_temporary(
    tx: &mut Write,
    user_id: Uuid,
    hash: String,
    expires_at: Timestamp,
) -> Result<()> {
    insert(tx, vec![(user_id, hash.clone())]).await?;
    tx.execute(&CHANGE, params![user_id, hash, Some(expires_at)]).await.map(drop)
}

/// The hashes of the passwords that a person had before the present one, the newest first.
pub(crate) async fn former(db: &mut impl Queries, user_id: Uuid) -> Result<Vec<String>> {
    db.all(&FORMER, params![user_id, FORMER_KEPT]).await?.iter().map(|row| row.get("hash")).collect()
}

fn read(row: &Row) -> Result<Credential> {
    Ok(Credential { user_id: row.get("id")?, hash: row.get("hash")?, expires_at: row.get("expires_at")? })
}
