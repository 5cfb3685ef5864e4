//! Ends recalls whose deadline has passed.

use std::{sync::Arc, time::Duration};

use base::{Clock, Ids, Timestamp, Uuid};
use documents_domain::PartyState;
use kit::{
    Fault,
    worker::{Step, Wake, Worker},
};
use sql::Db;

use crate::{
    Documents,
    rpc::{recall_event, settle_recall},
    store,
};

/// How often to look whether a deadline has passed.
const REST: Duration = Duration::from_secs(1);

/// Recalls that are ended in one step, each in a transaction of its own.
const AT_ONCE: u16 = 20;

/// Moves whoever did not answer in time to where the sender sees it. Nothing is destroyed for having been left unanswered.
pub(crate) struct RecallDeadlines {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Ids,
    changed: Wake,
}

impl RecallDeadlines {
    pub(crate) fn new(service: &Documents) -> Self {
        let Documents { db, clock, ids, changed, .. } = service.clone();
        Self { db, clock, ids, changed }
    }

    /// Ends one recall, if no other process was faster.
    async fn end(&self, id: Uuid, now: Timestamp) -> Result<(), Fault> {
        let mut tx = self.db.write("expire_recall").await?;
        let due = store::recall::lock(&mut tx, id).await?.filter(|recall| recall.is_due(now));
        let Some(recall) = due else { return Ok(()) };
        store::recall_party::expire(&mut tx, &recall, now).await?;
        let recall = settle_recall(&mut tx, recall, now).await?;
        let kind = ("congvan.documents.recall.expired", "");
        let silent = |shown: &store::recall_party::Shown| shown.party.state == PartyState::Expired;
        let event = recall_event(&mut tx, self.ids.next(), kind, &recall, silent).await?;
        events::append(&mut tx, vec![event]).await?;
        tx.commit().await?;
        self.changed.wake();
        Ok(())
    }
}

impl Worker for RecallDeadlines {
    fn name(&self) -> &'static str {
        "recall_deadlines"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let now = self.clock.now();
        let due = store::recall::due(&mut self.db.read("find_due_recalls").await?, now, AT_ONCE).await?;
        for id in &due {
            self.end(*id, now).await?;
        }
        Ok(if due.len() == usize::from(AT_ONCE) { Step::Busy } else { Step::Idle(REST) })
    }
}
