//! Whose sessions tokens open: asked before every call of anybody, and so asked once for all who ask at the same time.

use std::{collections::HashMap, hash::Hash};

use base::{Uuid, legal_date};
use congvan_proto::directory::v1 as pb;
use kit::{Fault, lane::Batch};
use sql::Db;

use crate::{
    sessions,
    store::{
        self,
        session::{Lasting, Session},
    },
};

/// Questions that are on their way at the same time.
pub(crate) const LANES: usize = 2;

/// Finds sessions.
pub(crate) struct Verifying(pub(crate) Db);

/// The token of a call.
pub(crate) struct Presented {
    pub(crate) token_hash: Vec<u8>,
    pub(crate) lasting: Lasting,
}

impl Batch for Verifying {
    type Command = Presented;
    /// The session, and its person with all that they act for; none if the token opens nothing.
    type Answer = Option<(Session, pb::User)>;

    fn name(&self) -> &'static str {
        "verify_sessions"
    }

    fn lane(&self, presented: &Presented) -> impl Hash {
        presented.token_hash.first().copied()
    }

    fn subject(&self, _: &Presented) -> Option<Uuid> {
        None
    }

    async fn run(&self, presented: &[Presented]) -> Result<Vec<Result<Self::Answer, Fault>>, Fault> {
        let Some(Presented { lasting, .. }) = presented.last() else { return Ok(Vec::new()) };
        let mut hashes: Vec<_> = presented.iter().map(|one| one.token_hash.clone()).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let mut read = self.0.read("verify_sessions").await?;
        let sessions = store::session::by_tokens(&mut read, &hashes, *lasting).await?;
        let mut users: Vec<_> = sessions.values().map(|session| &session.user).collect();
        users.sort_unstable_by_key(|user| user.id);
        users.dedup_by_key(|user| user.id);
        let standing = sessions::standing_of(&mut read, &users, legal_date(lasting.now)).await?;
        let standing: HashMap<_, _> = users.iter().map(|user| user.id).zip(standing).collect();
        let answer = |one: &Presented| {
            let session = sessions.get(&one.token_hash)?;
            Some((session.clone(), standing.get(&session.user.id)?.clone()))
        };
        Ok(presented.iter().map(|one| Ok(answer(one))).collect())
    }
}
