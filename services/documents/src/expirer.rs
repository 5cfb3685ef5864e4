//! Ends reservations of numbers when their day is over.

use std::{sync::Arc, time::Duration};

use base::{Clock, Date, Timestamp, legal_date};
use documents_domain::{Entry, Register, RegisterAct};
use kit::{
    Fault,
    worker::{Step, Worker},
};
use sql::Db;

use crate::{Documents, store};

/// How often to look.
const REST: Duration = Duration::from_secs(1);

/// Why the number is void, as the register says it.
const REASON: &str = "Hết thời hạn giữ số";

/// Voids the numbers whose reservation ended, each with a line in its register. Of several processes one does it.
pub(crate) struct Expirer {
    db: Db,
    clock: Arc<dyn Clock>,
    /// The last day that was looked at and done.
    done: Option<Date>,
}

impl Expirer {
    pub(crate) fn new(service: &Documents) -> Self {
        Self { db: service.db.clone(), clock: service.clock.clone(), done: None }
    }

    /// One register in each transaction; whether its day has come.
    async fn expire(&self, register: Register, today: Date, now: Timestamp) -> Result<(), Fault> {
        let mut tx = self.db.write("expire_reservations").await?;
        let Ok(taken) = store::register::take(&mut tx, register, 0, today).await? else {
            return Ok(()); // the clock went back behind the last line: it will be later again
        };
        let expired = store::number_reservation::expire(&mut tx, register, today).await?;
        let entries = expired.into_iter().map(|(document_id, number)| Entry {
            document_id: Some(document_id),
            reason: REASON.to_owned(),
            ..Entry::new(RegisterAct::Voided, number, now)
        });
        store::register::enter(&mut tx, taken, entries.collect()).await?;
        tx.commit().await?;
        Ok(())
    }
}

impl Worker for Expirer {
    fn name(&self) -> &'static str {
        "reservation_expirer"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let now = self.clock.now();
        let today = legal_date(now);
        if self.done != Some(today) {
            let due = store::number_reservation::due(&mut self.db.read("find_expired").await?, today).await?;
            for register in due {
                self.expire(register, today, now).await?;
            }
            self.done = Some(today);
        }
        Ok(Step::Idle(REST))
    }
}
