use std::{sync::Arc, time::Duration};

use base::Clock;
use events::Publisher;
use jiff::SignedDuration;
use kit::{
    Fault,
    worker::{Step, Worker},
};
use sql::{Db, answers};

use crate::Documents;

/// How long the first answer to a request id is kept.
const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How long events are kept for subscribers that are away.
const EVENTS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// How often to look.
const REST: Duration = Duration::from_hours(1);

/// Drops what nobody will ask for again.
pub(crate) struct Housekeeping {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Housekeeping {
    pub(crate) fn new(service: &Documents) -> Self {
        Self { db: service.db.clone(), clock: service.clock.clone() }
    }
}

impl Worker for Housekeeping {
    fn name(&self) -> &'static str {
        "documents_housekeeping"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let now = self.clock.now();
        let mut tx = self.db.write("housekeeping").await?;
        answers::forget(&mut tx, now - ANSWERS_KEPT).await?;
        Publisher::prune(&mut tx, now - EVENTS_KEPT).await?;
        tx.commit().await?;
        Ok(Step::Idle(REST))
    }
}
