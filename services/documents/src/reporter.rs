//! Tells the directory what waits in agencies, so that none is closed or merged unawares.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use base::{Clock, Timestamp, Uuid, legal_year};
use congvan_proto::directory::v1::{ReportUnitWorkRequest, UnitWork, unit_service_client::UnitServiceClient};
use jiff::SignedDuration;
use kit::{
    Fault,
    transport::Transport,
    worker::{Step, Worker},
};
use sql::Db;

use crate::{
    Documents,
    store::{self, work::Work},
};

/// How often to look whether an event tells of something new.
const REST: Duration = Duration::from_millis(500);

/// How often to count though no event tells of anything: drafts are begun without one.
const COUNT_AGAIN: SignedDuration = SignedDuration::from_secs(20);

/// How often to report though nothing changed. The directory takes a report as known for five minutes.
const AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// Counts what waits, and reports it when it changed.
pub(crate) struct Reporter {
    db: Db,
    clock: Arc<dyn Clock>,
    directory: UnitServiceClient<Transport>,
    /// When figures were last counted, and the last event then.
    counted: Option<(Timestamp, i64)>,
    reported: Option<(Timestamp, BTreeMap<Uuid, Work>)>,
}

impl Reporter {
    pub(crate) fn new(documents: &Documents) -> Self {
        let (db, clock) = (documents.db.clone(), documents.clock.clone());
        Self { db, clock, directory: documents.directory.clone(), counted: None, reported: None }
    }
}

impl Worker for Reporter {
    fn name(&self) -> &'static str {
        "unit_work_reporter"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let now = self.clock.now();
        let mut read = self.db.read("count_unit_work").await?;
        let head = events::head(&mut read).await?;
        let current = |(at, then): (Timestamp, i64)| then == head && now.duration_since(at) < COUNT_AGAIN;
        if self.counted.is_some_and(current) {
            return Ok(Step::Idle(REST));
        }
        let work = store::work::all(&mut read, legal_year(now)).await?;
        drop(read);
        let fresh = |(at, known): &(Timestamp, _)| *known == work && now.duration_since(*at) < AGAIN;
        if !self.reported.as_ref().is_some_and(fresh) {
            let request = ReportUnitWorkRequest {
                work: work.iter().map(|(id, work)| row(*id, *work)).collect(),
                request_id: String::new(),
            };
            self.directory.report_unit_work(request).await.map_err(Fault::upstream)?;
            self.reported = Some((now, work));
        }
        self.counted = Some((now, head));
        Ok(Step::Idle(REST))
    }
}

fn row(unit_id: Uuid, work: Work) -> UnitWork {
    let narrow = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    UnitWork {
        unit_id: unit_id.to_string(),
        undecided_deliveries: narrow(work.undecided),
        unissued_documents: narrow(work.unissued),
        registers: narrow(work.registers),
    }
}
