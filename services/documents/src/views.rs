//! Notes who sees what. A view is noted in memory when it is answered and written with others within a second, so that no reader
//! waits for the log. See services/README.md for what may be lost.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use base::{Ids, Timestamp, Uuid};
use documents_domain::{Sight, View};
use kit::{
    Fault,
    worker::{Step, Worker},
};
use sql::Db;

use crate::store::{self, view::Viewed};

/// How often what was noted is written.
const REST: Duration = Duration::from_secs(1);

/// How many different views are noted while none can be written; about 4 MB.
const KEPT: usize = 20_000;

/// Views that are one.
type Key = (Uuid, Timestamp, Sight, Uuid, Uuid, String);

/// What was seen and is not written yet.
#[derive(Clone)]
pub(crate) struct Views {
    noted: Arc<Mutex<HashMap<Key, Viewed>>>,
    db: Db,
    ids: Ids,
}

impl Views {
    pub(crate) fn new(db: Db, ids: Ids) -> Self {
        Self { noted: Arc::default(), db, ids }
    }

    /// Notes a view; never waits.
    pub(crate) fn note(&self, view: View) {
        let (id, last_at) = (self.ids.next(), view.at);
        self.fold(vec![Viewed { id, first: view, last_at, times: 1 }]);
    }

    /// Adds views to those noted. When too many wait already, new ones are given up, and counted.
    fn fold(&self, views: Vec<Viewed>) {
        let mut noted = self.noted.lock().expect("never held across a panic");
        for viewed in views {
            let key = key(&viewed.first);
            if let Some(before) = noted.get_mut(&key) {
                before.times += viewed.times;
                before.last_at = before.last_at.max(viewed.last_at);
            } else if noted.len() < KEPT {
                noted.insert(key, viewed);
            } else {
                metrics::counter!("congvan_views_lost_total")
                    .increment(u64::try_from(viewed.times).unwrap_or_default());
            }
        }
    }

    /// Writes what is noted; whatever cannot be written stays noted.
    pub(crate) async fn write(&self) -> Result<(), Fault> {
        let noted = std::mem::take(&mut *self.noted.lock().expect("never held across a panic"));
        if noted.is_empty() {
            return Ok(());
        }
        let mut views: Vec<_> = noted.into_iter().collect();
        views.sort_unstable_by(|(one, _), (other, _)| one.cmp(other)); // two processes lock rows in one order
        let views: Vec<_> = views.into_iter().map(|(_, viewed)| viewed).collect();
        let written = async {
            let mut tx = self.db.write("write_views").await?;
            store::view::add(&mut tx, &views).await?;
            tx.commit().await
        };
        match written.await {
            Ok(()) => Ok(()),
            Err(error) => {
                self.fold(views);
                Err(error.into())
            }
        }
    }

    /// Writes what the last calls left, when no call is in progress any more.
    pub(crate) async fn end(self) {
        if let Err(fault) = self.write().await {
            let lost = self.noted.lock().expect("never held across a panic").len();
            tracing::error!(lost, cause = fault.cause_chain(), "views are lost: they cannot be written");
        }
    }
}

fn key(view: &View) -> Key {
    let (by, span) = (&view.by, view.span());
    (view.document_id, span, view.sight.clone(), by.user_id, view.agency_id, by.position.clone())
}

impl Worker for Views {
    fn name(&self) -> &'static str {
        "view_writer"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        self.write().await?;
        Ok(Step::Idle(REST))
    }
}
