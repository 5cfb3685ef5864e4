//! The first answer to a request id is the answer to every repeat.

use base::{Timestamp, Uuid};
use kit::{Fault, Violations};
use prost::Message;
use sha2::{Digest, Sha256};

use crate::{Migration, Queries, Result, Write, params};

/// The table that a service with mutating calls needs.
pub const MIGRATION: Migration = Migration {
    name: "sql/0001_answers",
    text: "CREATE TABLE answer (
        request_id UUID PRIMARY KEY,
        caller_id UUID NOT NULL,
        method TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        body BYTEA,
        created_at TIMESTAMPTZ NOT NULL
    );
    CREATE INDEX answer_by_age ON answer (created_at);",
};

crate::statements! {
    CLAIM = "INSERT INTO answer (request_id, caller_id, method, fingerprint, created_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (request_id) DO NOTHING";
    RECALL = "SELECT caller_id, method, fingerprint, body FROM answer WHERE request_id = $1";
    REMEMBER = "UPDATE answer SET body = $2 WHERE request_id = $1";
    FORGET = "DELETE FROM answer WHERE created_at < $1";
}

/// A mutating call that may come twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Chosen by the caller.
    pub id: Uuid,
    /// Who calls.
    pub caller_id: Uuid,
    /// Which method.
    pub method: &'static str,
    /// Hash of what is asked.
    pub fingerprint: String,
}

/// A mutating call that may or may not come twice: `None` when its caller chose no request id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once(Option<Request>);

impl Once {
    /// The call as it came; a violation of `requestId` if that is no UUID. `asked` is the whole request.
    pub fn new(
        method: &'static str,
        caller_id: Uuid,
        request_id: &str,
        asked: &impl Message,
        violations: &mut Violations,
    ) -> Self {
        let id = violations.optional_id("requestId", request_id);
        Self(id.map(|id| {
            let hash = Sha256::digest(asked.encode_to_vec());
            let fingerprint = hex::encode(hash);
            Request { id, caller_id, method, fingerprint }
        }))
    }

    /// Whether it is a repeat of a call that was answered; for those who would refuse before they open a transaction.
    pub async fn is_answered(&self, db: &mut impl Queries) -> Result<bool> {
        match &self.0 {
            Some(request) => Ok(db.optional(&RECALL, params![request.id]).await?.is_some()),
            None => Ok(false),
        }
    }

    /// The answer given before, if this is a repeat; see [`claim`].
    pub async fn recall<M: Message + Default>(
        &self,
        tx: &mut Write,
        now: Timestamp,
    ) -> std::result::Result<Option<M>, Fault> {
        let Some(request) = &self.0 else { return Ok(None) };
        let body = claim(tx, request, now).await?;
        body.map(|body| M::decode(body.as_slice()).map_err(Fault::internal)).transpose()
    }

    /// Keeps the answer, in the transaction that did the work.
    pub async fn remember(&self, tx: &mut Write, answer: &impl Message) -> Result<()> {
        match &self.0 {
            Some(request) => remember(tx, request, answer.encode_to_vec()).await,
            None => Ok(()),
        }
    }
}

/// Takes the request id for this transaction; the answer given before, if it is a repeat. A repeat that comes while the first
/// is still at work waits for it. A different call under the same id is a fault.
pub async fn claim(
    tx: &mut Write,
    request: &Request,
    now: Timestamp,
) -> std::result::Result<Option<Vec<u8>>, Fault> {
    let values = params![request.id, request.caller_id, request.method, &request.fingerprint, now];
    if tx.execute(&CLAIM, values).await? == 1 {
        return Ok(None);
    }
    let row = tx.one(&RECALL, params![request.id]).await?;
    let same = row.get::<Uuid>("caller_id")? == request.caller_id
        && row.get::<String>("method")? == request.method
        && row.get::<String>("fingerprint")? == request.fingerprint;
    if same { Ok(row.get("body")?) } else { Err(Fault::request_id_reused()) }
}

/// Keeps the answer, in the transaction that did the work.
pub async fn remember(tx: &mut Write, request: &Request, body: Vec<u8>) -> Result<()> {
    tx.execute(&REMEMBER, params![request.id, body]).await.map(drop)
}

/// Drops answers from before this time.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<u64> {
    tx.execute(&FORGET, params![before]).await
}

/// The statements of this file, for the test that prepares each.
pub fn statements() -> &'static [&'static crate::Statement] {
    STATEMENTS
}
