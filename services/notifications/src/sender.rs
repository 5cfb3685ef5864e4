use std::{sync::Arc, time::Duration};

use base::{Clock, Ids, Timestamp, Uuid};
use jiff::SignedDuration;
use kit::{
    Fault,
    worker::{Step, Worker},
};
use sql::{Db, Write};

use crate::{
    backoff,
    mailer::{Mailer, Outcome, Pace},
    store::queue::{self, Leased},
};

/// How long to look away when nothing is due and nobody wakes us.
const REST: Duration = Duration::from_secs(1);

/// How long to hold still when nothing can be sent at all.
const OUTAGE: SignedDuration = SignedDuration::from_secs(30);

/// How many characters of an error are kept.
const ERROR_LIMIT: usize = 500;

/// Sends the messages that are due. Any number of replicas may run it: each sends only what it has leased, and a lease that its
/// holder left behind is taken over once it has run out.
pub struct Sender {
    db: Db,
    mailer: Mailer,
    clock: Arc<dyn Clock>,
    ids: Ids,
    holding_until: Option<Timestamp>,
}

/// Messages leased together.
struct Batch {
    token: Uuid,
    until: Timestamp,
    messages: Vec<Leased>,
}

impl Sender {
    pub(crate) fn new(db: Db, mailer: Mailer, clock: Arc<dyn Clock>, ids: Ids) -> Self {
        Self { db, mailer, clock, ids, holding_until: None }
    }

    async fn lease(&self, pace: Pace) -> Result<Batch, Fault> {
        let now = self.clock.now();
        let until = now.checked_add(pace.lease).map_err(Fault::internal)?;
        let token = self.ids.next();
        let mut tx = self.db.write("lease_messages").await?;
        let messages = queue::lease(&mut tx, token, now, until, pace.batch).await?;
        tx.commit().await?;
        Ok(Batch { token, until, messages })
    }

    /// Sends what was leased, chunk by chunk, as long as the lease is safely ours.
    async fn send(&mut self, batch: Batch, pace: Pace) -> Result<(), Fault> {
        if let Err(outage) = self.mailer.ready().await {
            return self.postpone(&batch, &batch.messages, &outage).await;
        }
        let mut begun = 0;
        for chunk in batch.messages.chunks(pace.chunk) {
            if batch.until.duration_since(self.clock.now()) < pace.reserve {
                return Ok(()); // whoever comes after the lease goes on
            }
            let mails: Vec<_> = chunk.iter().map(|message| &message.mail).collect();
            let outcomes = self.mailer.send(&mails).await;
            begun += chunk.len();
            let outage = self.settle(batch.token, chunk, &outcomes).await?;
            if let Some(outage) = outage {
                return self.postpone(&batch, &batch.messages[begun..], &outage).await;
            }
        }
        Ok(())
    }

    /// Notes down what became of a chunk; the outage, if there was one.
    async fn settle(
        &self,
        token: Uuid,
        chunk: &[Leased],
        outcomes: &[Outcome],
    ) -> Result<Option<String>, Fault> {
        let now = self.clock.now();
        let mut outage = None;
        let mut tx = self.db.write("settle_messages").await?;
        let mut tally = Tally::default();
        let mut sent = Vec::new();
        for (message, outcome) in chunk.iter().zip(outcomes) {
            let attempts = message.attempts.saturating_add(1);
            match outcome {
                Outcome::Sent => sent.push(message.id),
                Outcome::Later(error) => {
                    let at = backoff::next_attempt(message.created_at, attempts, now);
                    tally.count(retry_or_give_up(&mut tx, token, message.id, attempts, error, at).await?);
                }
                Outcome::Refused(error) => {
                    tally.count(retry_or_give_up(&mut tx, token, message.id, attempts, error, None).await?);
                }
                Outcome::Outage(error) => {
                    let at = backoff::after_outage(message.created_at, now);
                    tally.count(
                        retry_or_give_up(&mut tx, token, message.id, message.attempts, error, at).await?,
                    );
                    outage = Some(error.clone());
                }
            }
        }
        let expected = sent.len();
        tally.sent = queue::sent(&mut tx, token, sent, now).await?;
        tally.lost += u64::try_from(expected).unwrap_or(0).saturating_sub(tally.sent);
        tx.commit().await?;
        tally.report();
        Ok(outage)
    }

    /// Puts off what was leased but not tried, and holds still for a while: nothing can be sent to anybody.
    async fn postpone(&mut self, batch: &Batch, messages: &[Leased], outage: &str) -> Result<(), Fault> {
        tracing::warn!(outage, "no mail can be sent; waiting");
        let outcomes = vec![Outcome::Outage(outage.to_owned()); messages.len()];
        self.settle(batch.token, messages, &outcomes).await?;
        self.holding_until = self.clock.now().checked_add(OUTAGE).ok();
        Ok(())
    }
}

impl Worker for Sender {
    fn name(&self) -> &'static str {
        "mail-sender"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let now = self.clock.now();
        if self.holding_until.is_some_and(|until| now < until) {
            return Ok(Step::Idle(REST));
        }
        self.holding_until = None;
        // Looking first keeps an idle SQLite from being locked for writing every second.
        if !queue::any_due(&mut self.db.read("look_for_messages").await?, now).await? {
            return Ok(Step::Idle(REST));
        }
        let pace = self.mailer.pace();
        let batch = self.lease(pace).await?;
        if batch.messages.is_empty() {
            return Ok(Step::Idle(REST)); // another replica was faster
        }
        self.send(batch, pace).await?;
        Ok(Step::Busy)
    }
}

async fn retry_or_give_up(
    tx: &mut Write,
    token: Uuid,
    id: Uuid,
    attempts: i32,
    error: &str,
    at: Option<Timestamp>,
) -> Result<Settled, Fault> {
    let error: String = error.chars().take(ERROR_LIMIT).collect();
    let (ours, settled) = match at {
        Some(at) => (queue::retry(tx, token, id, attempts, &error, at).await?, Settled::Put),
        None => (queue::give_up(tx, token, id, attempts, &error).await?, Settled::GivenUp),
    };
    if ours && settled == Settled::GivenUp {
        tracing::warn!(message = %id, attempts, error, "mail given up");
    }
    Ok(if ours { settled } else { Settled::Lost })
}

/// What was noted down about a message that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Settled {
    /// It will be tried again.
    Put,
    /// It will not.
    GivenUp,
    /// Nothing: its lease had gone to another replica.
    Lost,
}

/// What became of a chunk.
#[derive(Debug, Default)]
struct Tally {
    sent: u64,
    put: u64,
    given_up: u64,
    lost: u64,
}

impl Tally {
    fn count(&mut self, settled: Settled) {
        match settled {
            Settled::Put => self.put += 1,
            Settled::GivenUp => self.given_up += 1,
            Settled::Lost => self.lost += 1,
        }
    }

    fn report(&self) {
        for (outcome, number) in
            [("sent", self.sent), ("retried", self.put), ("failed", self.given_up), ("lease_lost", self.lost)]
        {
            if number > 0 {
                metrics::counter!("congvan_mails_total", "outcome" => outcome).increment(number);
            }
        }
        if self.lost > 0 {
            tracing::warn!(lost = self.lost, "leases ran out before the outcome was noted down");
        }
    }
}
