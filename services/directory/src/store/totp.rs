use base::{Timestamp, Uuid};
use sql::{Column, Kind, Queries, Result, Write, params};

sql::statements! {
    FIND = "SELECT sealed_secret, begun_at, confirmed_at FROM totp WHERE person_id = $1";
    BEGIN = "INSERT INTO totp (person_id, sealed_secret, begun_at, last_step) VALUES ($1, $2, $3, 0)
        ON CONFLICT (person_id) DO UPDATE SET sealed_secret = $2, begun_at = $3 WHERE totp.confirmed_at IS NULL";
    CONFIRM = "UPDATE totp SET confirmed_at = $3, last_step = $4
        WHERE person_id = $1 AND sealed_secret = $2 AND confirmed_at IS NULL";
    TAKE_STEP = "UPDATE totp SET last_step = $2 WHERE person_id = $1 AND last_step < $2";
    REMOVE = "DELETE FROM totp WHERE person_id = $1";
    USE_CODE = "DELETE FROM recovery_code WHERE person_id = $1 AND code_hash = $2";
    CODES_LEFT = "SELECT count(*) AS codes FROM recovery_code WHERE person_id = $1";
    DROP_CODES = "DELETE FROM recovery_code WHERE person_id = $1";
}

const CODE_COLUMNS: [Column; 2] =
    [Column::new("person_id", Kind::Uuid), Column::new("code_hash", Kind::Bytes)];

/// The authenticator app of a person.
pub(crate) struct Authenticator {
    pub(crate) sealed_secret: Vec<u8>,
    pub(crate) begun_at: Timestamp,
    /// None until its first code was given.
    pub(crate) confirmed_at: Option<Timestamp>,
}

/// The app of a person, confirmed or not.
pub(crate) async fn find(db: &mut impl Queries, user_id: Uuid) -> Result<Option<Authenticator>> {
    let row = db.optional(&FIND, params![user_id]).await?;
    row.map(|row| {
        Ok(Authenticator {
            sealed_secret: row.get("sealed_secret")?,
            begun_at: row.get("begun_at")?,
            confirmed_at: row.get("confirmed_at")?,
        })
    })
    .transpose()
}

/// Keeps a secret until it is confirmed, in place of one that was not; false if the person has a confirmed one.
pub(crate) async fn begin(tx: &mut Write, user_id: Uuid, sealed: Vec<u8>, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(&BEGIN, params![user_id, sealed, now]).await? == 1)
}

/// From now on this secret is asked for; false if another was begun or confirmed since it was read. `step` is that of the
/// first code, which is taken no more.
pub(crate) async fn confirm(
    tx: &mut Write,
    user_id: Uuid,
    sealed: Vec<u8>,
    step: i64,
    now: Timestamp,
) -> Result<bool> {
    Ok(tx.execute(&CONFIRM, params![user_id, sealed, now, step]).await? == 1)
}

/// Takes the code of a time step; false if it, or one of a later step, was taken before.
pub(crate) async fn take_step(tx: &mut Write, user_id: Uuid, step: i64) -> Result<bool> {
    Ok(tx.execute(&TAKE_STEP, params![user_id, step]).await? == 1)
}

/// Gives up the app and the recovery codes; whether there was one.
pub(crate) async fn remove(tx: &mut Write, user_id: Uuid) -> Result<bool> {
    tx.execute(&DROP_CODES, params![user_id]).await?;
    Ok(tx.execute(&REMOVE, params![user_id]).await? == 1)
}

/// Gives a person these recovery codes and no others.
pub(crate) async fn set_codes(tx: &mut Write, user_id: Uuid, hashes: Vec<Vec<u8>>) -> Result<()> {
    tx.execute(&DROP_CODES, params![user_id]).await?;
    let rows = hashes.into_iter().map(|hash| params![user_id, hash]);
    tx.insert("recovery_code", &CODE_COLUMNS, rows.collect()).await.map(drop)
}

/// Uses up a recovery code; false if there is no such one, or no more.
pub(crate) async fn use_code(tx: &mut Write, user_id: Uuid, hash: Vec<u8>) -> Result<bool> {
    Ok(tx.execute(&USE_CODE, params![user_id, hash]).await? == 1)
}

/// How many recovery codes are left.
pub(crate) async fn codes_left(db: &mut impl Queries, user_id: Uuid) -> Result<i64> {
    db.one(&CODES_LEFT, params![user_id]).await?.get("codes")
}
