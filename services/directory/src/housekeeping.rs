use std::{sync::Arc, time::Duration};

use base::Clock;
use events::Publisher;
use jiff::SignedDuration;
use kit::{
    Fault,
    worker::{Step, Worker},
};
use sql::{Db, answers};

use crate::{Directory, attempts::DEVICE_KNOWN, store};

/// How long the first answer to a request id is kept.
const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How long events are kept for subscribers that are away.
const EVENTS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// How long imports are kept after their last change.
const IMPORTS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How long wrong passwords are remembered after the last.
const FAILURES_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// How many sessions, failures, devices or sign-ins never completed are dropped in one transaction.
const BATCH: u16 = 1000;

/// How often to look.
const REST: Duration = Duration::from_hours(1);

/// Drops what nobody will ask for again: expired sessions and devices, old answers, failures and events.
pub struct Housekeeping {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Housekeeping {
    /// Housekeeping for this directory.
    pub fn new(directory: &Directory) -> Self {
        Self { db: directory.db.clone(), clock: directory.clock.clone() }
    }
}

impl Worker for Housekeeping {
    fn name(&self) -> &'static str {
        "directory_housekeeping"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let now = self.clock.now();
        let mut tx = self.db.write("housekeeping").await?;
        let sessions = store::session::sweep(&mut tx, now, BATCH).await?;
        let failures = store::failure::sweep(&mut tx, now - FAILURES_KEPT, BATCH).await?;
        let devices = store::device::sweep(&mut tx, now - DEVICE_KNOWN, BATCH).await?;
        let attempts = store::oidc_attempt::sweep(&mut tx, now, BATCH).await?;
        let imports = store::import_job::sweep(&mut tx, now - IMPORTS_KEPT, BATCH).await?;
        answers::forget(&mut tx, now - ANSWERS_KEPT).await?;
        Publisher::prune(&mut tx, now - EVENTS_KEPT).await?;
        tx.commit().await?;
        let more = sessions.max(failures).max(devices).max(attempts) >= u64::from(BATCH) || imports > 0;
        Ok(if more { Step::Busy } else { Step::Idle(REST) })
    }
}
