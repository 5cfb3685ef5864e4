//! What is known here of the document offices, so that the directory need not be asked for every event.
//!
//! What the directory tells of an agency is kept until the day turns (posts begin and end with days) or an event of the
//! directory says that something changed. Then all of it is forgotten, and asked for again when it is wanted: an answer is
//! never put together from events, so it cannot differ from what the directory would say.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use base::{Clock, Date, Uuid, legal_date};
use congvan_proto::events::v1::Event;
use events::{Consumer, Handler};
use kit::{Fault, transport::Transport};
use sql::{Db, Write};

use crate::{
    clerks::{Clerk, Clerks, Seat},
    store,
};

/// Name of the consumer that forgets.
const FORGETTING: &str = "notifications-offices";

/// Where it reads events.
const SOURCE: &str = "directory";

/// Changes that may make other people the clerks of an agency, or give them another mailbox.
const CHANGES: [&str; 5] = [
    "congvan.directory.unit.changed",
    "congvan.directory.user.changed",
    "congvan.directory.position.changed",
    "congvan.directory.reorganisation.applied",
    "congvan.directory.stand_in.changed",
];

/// The offices, as known here or told by the directory.
pub(crate) struct Offices {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) directory: Clerks,
}

/// Who is to be told.
pub(crate) struct Roll {
    /// The clerks, each once.
    pub(crate) clerks: Vec<Clerk>,
    learnt: Option<Learnt>,
}

/// What the directory has just told.
struct Learnt {
    seats: Vec<Seat>,
    on: Date,
    /// How far the changes of the directory had been heard before it was asked.
    heard: i64,
}

impl Offices {
    /// The clerks of these agencies.
    pub(crate) async fn of(&mut self, agencies: &[Uuid]) -> Result<Roll, Fault> {
        let on = legal_date(self.clock.now());
        let mut read = self.db.read("read_offices").await?;
        let heard = events::cursor(&mut read, FORGETTING, SOURCE).await?;
        let mut seats = store::office::of(&mut read, agencies, on).await?;
        drop(read); // never held while another service is asked
        let known: HashSet<Uuid> = seats.iter().map(|seat| seat.office_id).collect();
        let unknown: HashSet<Uuid> = agencies.iter().copied().filter(|id| !known.contains(id)).collect();
        let mut learnt = None;
        if !unknown.is_empty() {
            let told = self.directory.of(&unknown).await?;
            seats.extend(told.iter().cloned());
            learnt = Some(Learnt { seats: told, on, heard });
        }
        // Backwards, so that of several seats of a person the first counts.
        let clerks: BTreeMap<Uuid, Clerk> =
            seats.into_iter().rev().map(|seat| (seat.clerk.user_id, seat.clerk)).collect();
        Ok(Roll { clerks: clerks.into_values().collect(), learnt })
    }
}

impl Roll {
    /// Keeps what was learnt, unless the directory has told of a change since it was asked: the answer may be from before.
    pub(crate) async fn keep(&self, tx: &mut Write) -> sql::Result<()> {
        let Some(Learnt { seats, on, heard }) = &self.learnt else { return Ok(()) };
        if events::lock_cursor(tx, FORGETTING, SOURCE).await? == Some(*heard) {
            store::office::keep(tx, seats, *on).await?;
        }
        Ok(())
    }
}

/// The worker that forgets what is known when the directory changes.
pub(crate) fn forgetting(db: Db, directory: Transport) -> Consumer<Forget> {
    Consumer::new(db, SOURCE, directory, Forget)
}

/// Forgets on any event.
pub(crate) struct Forget;

impl Handler for Forget {
    type Prepared = ();

    fn name(&self) -> &'static str {
        FORGETTING
    }

    fn types(&self) -> &'static [&'static str] {
        &CHANGES
    }

    async fn prepare(&mut self, _: &Event) -> Result<(), Fault> {
        Ok(())
    }

    async fn apply(&mut self, tx: &mut Write, _: &Event, (): ()) -> Result<(), Fault> {
        store::office::forget(tx).await?;
        Ok(())
    }
}
