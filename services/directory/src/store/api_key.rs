use base::{Timestamp, Uuid};
use sql::{Queries, Result, Row, Write, params};

use crate::api_key::{ApiKey, Scopes};

sql::statements! {
    INSERT = "INSERT INTO api_key (id, key_hash, person_id, name, scopes, created_at, creator_id, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_HASH = "SELECT * FROM api_key WHERE key_hash = $1 AND expires_at > $2 AND revoked_at IS NULL";
    FIND = "SELECT * FROM api_key WHERE id = $1";
    LIST = "SELECT * FROM api_key
        WHERE ($1::uuid IS NULL OR person_id = $1::uuid) AND id < $2
        ORDER BY id DESC LIMIT $3";
    COUNT = "SELECT count(*) AS lasting FROM api_key
        WHERE person_id = $1 AND expires_at > $2 AND revoked_at IS NULL";
    REVOKE = "UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    USED = "UPDATE api_key SET last_used_at = $2 WHERE id = $1";
}

/// Stores a new key by its hash.
pub(crate) async fn insert(tx: &mut Write, key: &ApiKey, hash: Vec<u8>) -> Result<()> {
    let values = params![
        key.id,
        hash,
        key.person_id,
        &key.name,
        key.scopes.bits(),
        key.created_at,
        key.creator_id,
        key.expires_at,
    ];
    tx.execute(&INSERT, values).await.map(drop)
}

/// The key with this hash, if it lasts now.
pub(crate) async fn by_hash(db: &mut impl Queries, hash: Vec<u8>, now: Timestamp) -> Result<Option<ApiKey>> {
    db.optional(&BY_HASH, params![hash, now]).await?.as_ref().map(read).transpose()
}

/// One key, ended or not.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<ApiKey>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// Keys before one of them, the newest first; those of one person or, without that, of everybody.
pub(crate) async fn list(
    db: &mut impl Queries,
    person_id: Option<Uuid>,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<ApiKey>> {
    db.all(&LIST, params![person_id, sql::before(before), size]).await?.iter().map(read).collect()
}

/// How many keys of a person last now.
pub(crate) async fn count(db: &mut impl Queries, person_id: Uuid, now: Timestamp) -> Result<i64> {
    db.one(&COUNT, params![person_id, now]).await?.get("lasting")
}

/// Ends a key.
pub(crate) async fn revoke(tx: &mut Write, id: Uuid, now: Timestamp) -> Result<()> {
    tx.execute(&REVOKE, params![id, now]).await.map(drop)
}

/// Notes that a key was used.
pub(crate) async fn used(tx: &mut Write, id: Uuid, now: Timestamp) -> Result<()> {
    tx.execute(&USED, params![id, now]).await.map(drop)
}

fn read(row: &Row) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.get("id")?,
        person_id: row.get("person_id")?,
        name: row.get("name")?,
        scopes: Scopes::from_bits(row.get("scopes")?),
        created_at: row.get("created_at")?,
        creator_id: row.get("creator_id")?,
        expires_at: row.get("expires_at")?,
        last_used_at: row.get("last_used_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}
