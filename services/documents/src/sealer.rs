//! Seals the registers, day by day.

use std::{sync::Arc, time::Duration};

use base::{Clock, Date, Timestamp, legal_date, legal_midnight};
use documents_domain::{RecordedSeal, Seal};
use jiff::SignedDuration;
use kit::{
    Fault,
    worker::{Step, Worker},
};
use sql::Db;

use crate::{
    Documents,
    store::{self, seal::Due},
};

/// How often to look whether a new day has begun.
const REST: Duration = Duration::from_secs(1);

/// How often to look though none has: lines may have been written before midnight and committed after it, and the metric wants to
/// know of new ones.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// Once a legal day, and soon after its beginning, seals what was written before it in every register. Of several processes one does it.
pub(crate) struct Sealer {
    db: Db,
    clock: Arc<dyn Clock>,
    /// When registers were last looked at.
    looked: Option<Timestamp>,
}

impl Sealer {
    pub(crate) fn new(service: &Documents) -> Self {
        Self { db: service.db.clone(), clock: service.clock.clone(), looked: None }
    }

    /// Seals what is due; when the oldest line was written that is not sealed yet.
    async fn seal(&self, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
        let today = legal_date(now);
        let mut read = self.db.read("find_unsealed_lines").await?;
        let seals: Vec<_> = match store::seal::oldest_unsealed(&mut read).await? {
            Some(oldest) if legal_date(oldest) < today => {
                let due = store::seal::due(&mut read, legal_midnight(today)).await?;
                due.into_iter().map(|due| recorded(due, today, now)).collect()
            }
            oldest => return Ok(oldest),
        };
        drop(read);
        let mut tx = self.db.write("seal_registers").await?;
        match store::seal::insert(&mut tx, &seals).await {
            Err(error) if error.is_conflict() => drop(tx),
            done => {
                done?;
                tx.commit().await?;
                seals.iter().for_each(tell);
            }
        }
        Ok(store::seal::oldest_unsealed(&mut self.db.read("find_unsealed_lines").await?).await?)
    }
}

/// The seal of what was written before today.
fn recorded(due: Due, today: Date, now: Timestamp) -> RecordedSeal {
    let Due { register, last_line, line_hash, previous_hash } = due;
    let day = today.yesterday().expect("the registers begin after the year -9999");
    let seal = Seal { register, day, last_line, line_hash, sealed_at: now };
    let previous_hash = previous_hash.unwrap_or_else(|| register.seal_genesis());
    let hash = seal.hash(&previous_hash);
    RecordedSeal { seal, previous_hash, hash }
}

/// Says it in the log, too: whoever keeps the log apart from the database can tell if both chains were written anew.
fn tell(RecordedSeal { seal, hash, .. }: &RecordedSeal) {
    let Seal { register, day, last_line, line_hash, .. } = seal;
    let (agency, direction) = (register.agency_id, register.direction.code());
    let (series, year) = (register.series.as_str(), register.year);
    tracing::info!(%agency, direction, series, year, %day, last_line, line_hash, hash, "register sealed");
}

impl Worker for Sealer {
    fn name(&self) -> &'static str {
        "register_sealer"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let now = self.clock.now();
        let fresh =
            |at: Timestamp| legal_date(at) == legal_date(now) && now.duration_since(at).abs() < LOOK_AGAIN;
        if !self.looked.is_some_and(fresh) {
            let oldest = self.seal(now).await?;
            let age = oldest.map_or(0.0, |oldest| now.duration_since(oldest).as_secs_f64().max(0.0));
            metrics::gauge!("congvan_register_unsealed_age_seconds").set(age);
            self.looked = Some(now);
        }
        Ok(Step::Idle(REST))
    }
}
