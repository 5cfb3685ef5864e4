//! The first answer to a request id is the answer to every repeat.

use std::collections::HashMap;

use base::{Timestamp, Uuid};
use kit::{Fault, Violations};
use prost::Message;
use sha2::{Digest, Sha256};

use crate::{Column, Kind, Migration, Queries, Result, Row, Write, params};

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
    RECALL_ALL = "SELECT request_id, caller_id, method, fingerprint, body FROM answer WHERE request_id = ANY($1)";
    FORGET = "DELETE FROM answer WHERE created_at < $1";
}

const COLUMNS: [Column; 6] = [
    Column::new("request_id", Kind::Uuid),
    Column::new("caller_id", Kind::Uuid),
    Column::new("method", Kind::Text),
    Column::new("fingerprint", Kind::Text),
    Column::new("body", Kind::Bytes),
    Column::new("created_at", Kind::Time),
];

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
    if request.is_in(&row)? { Ok(row.get("body")?) } else { Err(Fault::request_id_reused()) }
}

impl Request {
    /// Whether the answer in this row was given to this call, and not to another under the same id.
    fn is_in(&self, row: &Row) -> Result<bool> {
        Ok(row.get::<Uuid>("caller_id")? == self.caller_id
            && row.get::<String>("method")? == self.method
            && row.get::<String>("fingerprint")? == self.fingerprint)
    }
}

/// For many calls that are done together, each of which holds a lock that its repeats wait for: the answers given before, in the order
/// of the calls; `None` for a call that comes for the first time. Unlike [`claim`] it takes no id: [`keep_all`] does.
pub async fn recall_all<M: Message + Default>(
    tx: &mut Write,
    calls: &[&Once],
) -> Result<Vec<Option<std::result::Result<M, Fault>>>> {
    let ids: Vec<_> = calls.iter().filter_map(|once| once.0.as_ref()).map(|request| request.id).collect();
    let mut given = HashMap::new();
    for row in tx.all(&RECALL_ALL, params![ids]).await? {
        given.insert(row.get::<Uuid>("request_id")?, row);
    }
    let recalled = calls.iter().map(|once| {
        let Some((request, row)) = once.0.as_ref().and_then(|asked| Some((asked, given.get(&asked.id)?)))
        else {
            return Ok(None);
        };
        if !request.is_in(row)? {
            return Ok(Some(Err(Fault::request_id_reused())));
        }
        let body: Vec<u8> = row.get("body")?;
        Ok(Some(M::decode(body.as_slice()).map_err(Fault::internal)))
    });
    recalled.collect()
}

/// Keeps the answers of calls that were done together, in the transaction that did the work. Fails with a conflict if another call under
/// one of the ids was answered meanwhile.
pub async fn keep_all<'a, M: Message + 'a>(
    tx: &mut Write,
    answers: impl IntoIterator<Item = (&'a Once, &'a M)>,
    now: Timestamp,
) -> Result<()> {
    let rows = answers.into_iter().filter_map(|(once, answer)| {
        let Request { id, caller_id, method, fingerprint } = once.0.as_ref()?;
        Some(params![*id, *caller_id, *method, fingerprint, answer.encode_to_vec(), now])
    });
    tx.insert("answer", &COLUMNS, rows.collect()).await.map(drop)
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
