use std::time::Duration;

use kit::{
    Fault,
    worker::{Step, Worker},
};
use sql::Db;

use crate::store::queue;

/// How often the queue is counted.
const EVERY: Duration = Duration::from_secs(30);

/// Counts the messages that wait: `congvan_mails_queued`.
pub(crate) struct Census(pub(crate) Db);

impl Worker for Census {
    fn name(&self) -> &'static str {
        "mail-census"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let queued = queue::count(&mut self.0.read("count_queue").await?).await?;
        #[expect(clippy::cast_precision_loss, reason = "a queue of 2^52 mails is out of reach")]
        metrics::gauge!("congvan_mails_queued").set(queued as f64);
        Ok(Step::Idle(EVERY))
    }
}
