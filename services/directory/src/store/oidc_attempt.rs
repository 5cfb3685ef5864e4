use base::Timestamp;
use sql::{Queries, Result, Write, params};

sql::statements! {
    BEGIN = "INSERT INTO oidc_attempt (state_hash, nonce, verifier, redirect_uri, expires_at) VALUES ($1, $2, $3, $4, $5)";
    TAKE = "DELETE FROM oidc_attempt WHERE state_hash = $1 RETURNING nonce, verifier, redirect_uri, expires_at";
    SWEEP = "DELETE FROM oidc_attempt WHERE state_hash IN (
        SELECT state_hash FROM oidc_attempt WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
}

/// A sign-in begun at the provider.
pub(crate) struct Attempt {
    /// What the ID token must repeat.
    pub(crate) nonce: String,
    /// The secret of PKCE.
    pub(crate) verifier: String,
    /// Where the browser comes back to.
    pub(crate) redirect_uri: String,
    /// Until when it can be completed.
    pub(crate) expires_at: Timestamp,
}

/// Stores a sign-in that begins.
pub(crate) async fn begin(tx: &mut Write, state_hash: Vec<u8>, attempt: &Attempt) -> Result<()> {
    let Attempt { nonce, verifier, redirect_uri, expires_at } = attempt;
    tx.execute(&BEGIN, params![state_hash, nonce, verifier, redirect_uri, *expires_at]).await.map(drop)
}

/// Takes a sign-in out, so that nobody else can complete it; none if there is none that lasts.
pub(crate) async fn take(tx: &mut Write, state_hash: Vec<u8>, now: Timestamp) -> Result<Option<Attempt>> {
    let Some(row) = tx.optional(&TAKE, params![state_hash]).await? else { return Ok(None) };
    let attempt = Attempt {
        nonce: row.get("nonce")?,
        verifier: row.get("verifier")?,
        redirect_uri: row.get("redirect_uri")?,
        expires_at: row.get("expires_at")?,
    };
    Ok(Some(attempt).filter(|attempt| now < attempt.expires_at))
}

/// Drops up to `limit` that can be completed no more; how many.
pub(crate) async fn sweep(tx: &mut Write, now: Timestamp, limit: u16) -> Result<u64> {
    tx.execute(&SWEEP, params![now, limit]).await
}
