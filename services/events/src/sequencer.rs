use std::time::Duration;

use kit::{
    Fault,
    worker::{Step, Wake, Worker},
};
use sql::{Db, Listener, Queries, params};

/// How many events are numbered in one transaction.
const BATCH: i64 = 500;

/// How long to look away when there is nothing to number and nobody wakes us.
const REST: Duration = Duration::from_millis(500);

/// Channel of PostgreSQL on which the other replicas hear that there are new events.
const CHANNEL: &str = "congvan_events";

sql::statements! {
    LOCK_HEAD = "SELECT sequence FROM event_head WHERE one = 1 FOR UPDATE SKIP LOCKED";
    NUMBER = either(
        "UPDATE event SET sequence = $1 + waiting.place FROM (
            SELECT id, row_number() OVER (ORDER BY ordinal) AS place
            FROM event WHERE sequence IS NULL ORDER BY ordinal LIMIT $2
        ) AS waiting WHERE event.id = waiting.id",
        "UPDATE event SET sequence = $1 + waiting.place FROM (
            SELECT id, row_number() OVER (ORDER BY rowid) AS place
            FROM event WHERE sequence IS NULL ORDER BY rowid LIMIT $2
        ) AS waiting WHERE event.id = waiting.id"
    );
    ANY_WAITING = "SELECT id FROM event WHERE sequence IS NULL LIMIT 1";
    MOVE_HEAD = "UPDATE event_head SET sequence = sequence + $1 WHERE one = 1";
    TELL = either("SELECT pg_notify('congvan_events', '')", "SELECT 1 AS told");
}

/// Numbers committed events. Any number of replicas may run it: the head row lets one work at a time.
pub struct Sequencer {
    db: Db,
    subscribers: Wake,
}

impl Sequencer {
    /// A sequencer that wakes `subscribers` when there are new events.
    pub fn new(db: Db, subscribers: Wake) -> Self {
        Self { db, subscribers }
    }
}

impl Worker for Sequencer {
    fn name(&self) -> &'static str {
        "sequencer"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        // Looking first keeps an idle SQLite from being locked for writing twice a second.
        let waiting = self.db.read("sequencer_look").await?.optional(&ANY_WAITING, params![]).await?;
        if waiting.is_none() {
            return Ok(Step::Idle(REST));
        }
        let mut tx = self.db.write("sequence_events").await?;
        let Some(head) = tx.optional(&LOCK_HEAD, params![]).await? else {
            return Ok(Step::Idle(REST)); // another replica is at it
        };
        let numbered = tx.execute(&NUMBER, params![head.get::<i64>("sequence")?, BATCH]).await?;
        let numbered = i64::try_from(numbered).unwrap_or(BATCH);
        tx.execute(&MOVE_HEAD, params![numbered]).await?;
        tx.all(&TELL, params![]).await?;
        tx.commit().await?;
        self.subscribers.wake();
        Ok(Step::Busy)
    }
}

/// Hears on PostgreSQL that another replica has numbered events, and wakes the subscribers of this one.
pub struct Hearer {
    db: Db,
    subscribers: Wake,
    listener: Option<Listener>,
}

impl Hearer {
    /// One that wakes `subscribers`.
    pub fn new(db: Db, subscribers: Wake) -> Self {
        Self { db, subscribers, listener: None }
    }
}

impl Worker for Hearer {
    fn name(&self) -> &'static str {
        "hearer"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        if self.listener.is_none() {
            self.listener = self.db.listen(CHANNEL).await?;
        }
        let Some(listener) = &mut self.listener else {
            return Ok(Step::Idle(Duration::from_hours(1))); // SQLite: there are no other replicas
        };
        match tokio::time::timeout(REST, listener.heard()).await {
            Err(_) => {}
            Ok(Ok(())) => self.subscribers.wake(),
            Ok(Err(error)) => {
                self.listener = None;
                return Err(error.into());
            }
        }
        Ok(Step::Busy)
    }
}
