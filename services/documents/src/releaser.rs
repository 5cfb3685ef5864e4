//! Makes the deliveries of releases that were held to be undone.

use std::time::Duration;

use kit::{
    Fault,
    worker::{Step, Worker},
};

use crate::{Documents, rpc::release, store};

/// How often to look whether the time of a release has come.
const REST: Duration = Duration::from_millis(250);

/// How many releases are looked up at once.
const AT_ONCE: u16 = 100;

/// Delivers what is due, each document in a transaction of its own. Any number of processes may do it: whoever locks a document first
/// delivers it. What fell due while no process ran is delivered at the next start.
pub(crate) struct Releaser {
    service: Documents,
}

impl Releaser {
    pub(crate) fn new(service: &Documents) -> Self {
        Self { service: service.clone() }
    }
}

impl Worker for Releaser {
    fn name(&self) -> &'static str {
        "document_releaser"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let now = self.service.clock.now();
        let mut read = self.service.db.read("find_due_releases").await?;
        let due = store::document::due(&mut read, now, AT_ONCE).await?;
        drop(read);
        for id in &due {
            release::deliver_due(&self.service, *id, now).await?;
        }
        Ok(if due.is_empty() { Step::Idle(REST) } else { Step::Busy })
    }
}
