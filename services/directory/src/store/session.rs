use std::collections::HashMap;

use base::{Timestamp, Uuid, legal_date};
use directory_domain::{Opening, User};
use sql::{Error, Queries, Result, Row, Write, params};

use super::user;

sql::statements! {
    OPEN = "INSERT INTO session
        (id, token_hash, person_id, created_at, expires_at, opening, client, must_change_password, last_used_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    BY_TOKENS = either(
        "SELECT session.token_hash, session.id AS session_id, session.created_at AS opened_at, session.expires_at,
            session.opening, session.client, session.must_change_password, session.last_used_at, person.*
        FROM session JOIN person ON person.id = session.person_id
        WHERE session.token_hash IN (SELECT decode(value, 'hex') FROM unnest($1::text[]) AS value)
            AND session.expires_at > $2 AND session.last_used_at > $3 AND person.is_active",
        "SELECT session.token_hash, session.id AS session_id, session.created_at AS opened_at, session.expires_at,
            session.opening, session.client, session.must_change_password, session.last_used_at, person.*
        FROM session JOIN person ON person.id = session.person_id
        WHERE session.token_hash IN (SELECT unhex(value) FROM json_each($1))
            AND session.expires_at > $2 AND session.last_used_at > $3 AND person.is_active"
    );
    BY_ID = "SELECT session.id AS session_id, session.created_at AS opened_at, session.expires_at,
            session.opening, session.client, session.must_change_password, session.last_used_at, person.*
        FROM session JOIN person ON person.id = session.person_id
        WHERE session.id = $1 AND session.expires_at > $2 AND session.last_used_at > $3 AND person.is_active";
    LIST = "SELECT id AS session_id, created_at AS opened_at, expires_at, opening, client, must_change_password,
            last_used_at
        FROM session
        WHERE person_id = $1 AND expires_at > $2 AND last_used_at > $3 AND id < $4
        ORDER BY id DESC LIMIT $5";
    USED = "UPDATE session SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2";
    RESTRICT = "UPDATE session SET must_change_password = $2 WHERE id = $1";
    PROVED = "UPDATE session SET opening = $2 WHERE id = $1";
    UNPROVED = "UPDATE session SET opening = $2 WHERE person_id = $1 AND opening = ANY($3)";
    END = "DELETE FROM session WHERE id = $1 AND person_id = $2";
    END_OTHERS = "DELETE FROM session WHERE person_id = $1 AND id <> $2";
    SWEEP = "DELETE FROM session WHERE id IN (
        SELECT id FROM session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
}

/// A session with its person.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) user: User,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) opening: Opening,
    /// The program that opened it, as it named itself.
    pub(crate) client: String,
    /// Whether nothing but changing the password is served.
    pub(crate) must_change_password: bool,
    /// To within five minutes.
    pub(crate) last_used_at: Timestamp,
}

/// Which sessions still last: those that end later than `now` and were used later than `idle_since`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lasting {
    pub(crate) now: Timestamp,
    pub(crate) idle_since: Timestamp,
}

/// Stores a new session.
pub(crate) async fn open(tx: &mut Write, session: &Session, token_hash: Vec<u8>) -> Result<()> {
    let values = params![
        session.id,
        token_hash,
        session.user.id,
        session.created_at,
        session.expires_at,
        session.opening.name(),
        &session.client,
        session.must_change_password,
        session.last_used_at,
    ];
    tx.execute(&OPEN, values).await.map(drop)
}

/// The sessions that these tokens open, by the hashes of the tokens.
pub(crate) async fn by_tokens(
    db: &mut impl Queries,
    token_hashes: &[Vec<u8>],
    lasting: Lasting,
) -> Result<HashMap<Vec<u8>, Session>> {
    let hashes: Vec<String> = token_hashes.iter().map(hex::encode).collect();
    let rows = db.all(&BY_TOKENS, params![hashes, lasting.now, lasting.idle_since]).await?;
    let users = user::with_posts(db, &rows, legal_date(lasting.now)).await?;
    let sessions = rows.iter().zip(users).map(|(row, user)| Ok((row.get("token_hash")?, read(row, user)?)));
    sessions.collect()
}

/// The session with this id.
pub(crate) async fn by_id(db: &mut impl Queries, id: Uuid, lasting: Lasting) -> Result<Option<Session>> {
    let row = db.optional(&BY_ID, params![id, lasting.now, lasting.idle_since]).await?;
    with_user(db, row, lasting.now).await
}

/// The sessions of a person before a session, the newest first.
pub(crate) async fn list(
    db: &mut impl Queries,
    user: &User,
    before: Option<Uuid>,
    size: u16,
    lasting: Lasting,
) -> Result<Vec<Session>> {
    let values = params![user.id, lasting.now, lasting.idle_since, sql::before(before), size];
    db.all(&LIST, values).await?.iter().map(|row| read(row, user.clone())).collect()
}

/// Notes that a session is in use.
pub(crate) async fn used(tx: &mut Write, id: Uuid, now: Timestamp) -> Result<()> {
    tx.execute(&USED, params![id, now]).await.map(drop)
}

/// Lets a session do nothing but change the password, or everything again.
pub(crate) async fn restrict(tx: &mut Write, id: Uuid, must_change_password: bool) -> Result<()> {
    tx.execute(&RESTRICT, params![id, must_change_password]).await.map(drop)
}

/// Notes that the person of a session has proved more than when it was opened.
pub(crate) async fn proved(tx: &mut Write, id: Uuid, opening: Opening) -> Result<()> {
    tx.execute(&PROVED, params![id, opening.name()]).await.map(drop)
}

/// Notes that a person has no authenticator app any more: the sessions opened with it count as opened with the password alone.
pub(crate) async fn lost_app(tx: &mut Write, user_id: Uuid) -> Result<()> {
    let with_app =
        [Opening::PasswordAndTotp, Opening::PasswordAndRecoveryCode].map(|one| one.name().to_owned());
    let values = params![user_id, Opening::Password.name(), with_app.to_vec()];
    tx.execute(&UNPROVED, values).await.map(drop)
}

/// Ends a session of a person; nothing if it has ended before.
pub(crate) async fn end(tx: &mut Write, id: Uuid, user_id: Uuid) -> Result<()> {
    tx.execute(&END, params![id, user_id]).await.map(drop)
}

/// Ends all sessions of a person: when it is deactivated or its password is reset. How many.
pub(crate) async fn end_all(tx: &mut Write, user_id: Uuid) -> Result<u64> {
    end_others(tx, user_id, Uuid::nil()).await
}

/// Ends all sessions of a person but this one; how many.
pub(crate) async fn end_others(tx: &mut Write, user_id: Uuid, kept: Uuid) -> Result<u64> {
    tx.execute(&END_OTHERS, params![user_id, kept]).await
}

/// Drops up to `limit` expired sessions; how many.
pub(crate) async fn sweep(tx: &mut Write, now: Timestamp, limit: u16) -> Result<u64> {
    tx.execute(&SWEEP, params![now, limit]).await
}

async fn with_user(db: &mut impl Queries, row: Option<Row>, now: Timestamp) -> Result<Option<Session>> {
    let Some(row) = row else { return Ok(None) };
    let user = user::with_posts(db, std::slice::from_ref(&row), legal_date(now)).await?.pop();
    let user = user.ok_or_else(|| Error::Inconsistent("a row became no user".to_owned()))?;
    read(&row, user).map(Some)
}

fn read(row: &Row, user: User) -> Result<Session> {
    let opening: String = row.get("opening")?;
    let opening =
        Opening::named(&opening).ok_or_else(|| Error::Inconsistent(format!("opening {opening}")))?;
    Ok(Session {
        id: row.get("session_id")?,
        user,
        created_at: row.get("opened_at")?,
        expires_at: row.get("expires_at")?,
        opening,
        client: row.get("client")?,
        must_change_password: row.get("must_change_password")?,
        last_used_at: row.get("last_used_at")?,
    })
}
