use base::{Timestamp, Uuid};
use directory_domain::User;
use sql::{Error, Queries, Result, Row, Write, params};

use super::user;

sql::statements! {
    OPEN = "INSERT INTO session (id, token_hash, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    BY_TOKEN = "SELECT session.id AS session_id, session.created_at AS opened_at, session.expires_at, person.*
        FROM session JOIN person ON person.id = session.person_id
        WHERE session.token_hash = $1 AND session.expires_at > $2";
    BY_ID = "SELECT session.id AS session_id, session.created_at AS opened_at, session.expires_at, person.*
        FROM session JOIN person ON person.id = session.person_id
        WHERE session.id = $1 AND session.person_id = $2 AND session.expires_at > $3";
    END = "DELETE FROM session WHERE id = $1 AND person_id = $2";
    SWEEP = "DELETE FROM session WHERE id IN (
        SELECT id FROM session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
}

/// A session with its person.
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) user: User,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// Stores a new session.
pub(crate) async fn open(tx: &mut Write, session: &Session, token_hash: Vec<u8>) -> Result<()> {
    let Session { id, user, created_at, expires_at } = session;
    tx.execute(&OPEN, params![*id, token_hash, user.id, *created_at, *expires_at]).await.map(drop)
}

/// The session that a token opens now.
pub(crate) async fn by_token(
    db: &mut impl Queries,
    token_hash: Vec<u8>,
    now: Timestamp,
) -> Result<Option<Session>> {
    let row = db.optional(&BY_TOKEN, params![token_hash, now]).await?;
    read(db, row).await
}

/// The session of a person, if it still lasts.
pub(crate) async fn by_id(
    db: &mut impl Queries,
    id: Uuid,
    user_id: Uuid,
    now: Timestamp,
) -> Result<Option<Session>> {
    let row = db.optional(&BY_ID, params![id, user_id, now]).await?;
    read(db, row).await
}

/// Ends a session of a person; nothing if it has ended before.
pub(crate) async fn end(tx: &mut Write, id: Uuid, user_id: Uuid) -> Result<()> {
    tx.execute(&END, params![id, user_id]).await.map(drop)
}

/// Drops up to `limit` expired sessions; how many.
pub(crate) async fn sweep(tx: &mut Write, now: Timestamp, limit: u16) -> Result<u64> {
    tx.execute(&SWEEP, params![now, limit]).await
}

async fn read(db: &mut impl Queries, row: Option<Row>) -> Result<Option<Session>> {
    let Some(row) = row else { return Ok(None) };
    let (id, created_at, expires_at) =
        (row.get("session_id")?, row.get("opened_at")?, row.get("expires_at")?);
    let user = user::with_posts(db, &[row]).await?.pop();
    let user = user.ok_or_else(|| Error::Inconsistent("a row became no user".to_owned()))?;
    Ok(Some(Session { id, user, created_at, expires_at }))
}
