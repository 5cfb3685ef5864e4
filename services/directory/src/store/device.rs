use base::{Timestamp, Uuid};
use sql::{Queries, Result, Write, params};

sql::statements! {
    KNOWN = "SELECT device.id FROM device JOIN person ON person.id = device.person_id
        WHERE device.token_hash = $1 AND person.sign_in_name = $2 AND device.last_used_at > $3";
    INSERT = "INSERT INTO device (id, person_id, token_hash, created_at, last_used_at, returned)
        VALUES ($1, $2, $3, $4, $4, FALSE)";
    RETURN = "UPDATE device SET last_used_at = $2, returned = TRUE WHERE id = $1";
    TRIM = "DELETE FROM device WHERE person_id = $1 AND id <> $2 AND id NOT IN (
        SELECT id FROM device WHERE person_id = $1 AND id <> $2
        ORDER BY returned DESC, last_used_at DESC, id DESC LIMIT $3)";
    FORGET = "DELETE FROM device WHERE person_id = $1";
    SWEEP = "DELETE FROM device WHERE id IN (
        SELECT id FROM device WHERE last_used_at < $1 ORDER BY last_used_at LIMIT $2)";
}

/// How many devices of a person are known besides the one just used.
const OTHERS: u16 = 9;

/// The device of whoever has this sign-in name that a token stands for, if it was used since.
pub(crate) async fn known(
    db: &mut impl Queries,
    token_hash: Vec<u8>,
    sign_in_name: &str,
    since: Timestamp,
) -> Result<Option<Uuid>> {
    let row = db.optional(&KNOWN, params![token_hash, sign_in_name, since]).await?;
    row.map(|row| row.get("id")).transpose()
}

/// Remembers a device of a person. Of too many, those go first that never came back, then those not used for longest.
pub(crate) async fn insert(
    tx: &mut Write,
    id: Uuid,
    user_id: Uuid,
    token_hash: Vec<u8>,
    now: Timestamp,
) -> Result<()> {
    tx.execute(&INSERT, params![id, user_id, token_hash, now]).await?;
    tx.execute(&TRIM, params![user_id, id, OTHERS]).await.map(drop)
}

/// Notes that a device came back.
pub(crate) async fn returned(tx: &mut Write, id: Uuid, now: Timestamp) -> Result<()> {
    tx.execute(&RETURN, params![id, now]).await.map(drop)
}

/// Knows no device of this person any more.
pub(crate) async fn forget(tx: &mut Write, user_id: Uuid) -> Result<()> {
    tx.execute(&FORGET, params![user_id]).await.map(drop)
}

/// Forgets up to `limit` devices last used before this time; how many.
pub(crate) async fn sweep(tx: &mut Write, before: Timestamp, limit: u16) -> Result<u64> {
    tx.execute(&SWEEP, params![before, limit]).await
}
