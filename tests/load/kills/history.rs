use std::{
    collections::BTreeMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use base::{Ids, Uuid};
use congvan_proto::documents::v1::IssueDocumentResponse;
use sql::{Db, Queries, statement};

use super::{AGAIN, Work, is_passing};

/// Of so many answers one is asked for again afterwards.
const ASKED_AGAIN: usize = 50;

/// What the clients saw.
#[derive(Default)]
pub(crate) struct History(Mutex<Vec<Seen>>);

/// An acknowledged issue.
#[derive(Debug, Clone)]
struct Seen {
    document: Uuid,
    request_id: Uuid,
    agency: String,
    number: i64,
    start: Instant,
    end: Instant,
    tries: usize,
}

impl History {
    /// Notes an answer that has just come.
    pub(crate) fn note(
        &self,
        document: Uuid,
        request_id: Uuid,
        start: Instant,
        tries: usize,
        answer: &IssueDocumentResponse,
    ) -> anyhow::Result<()> {
        let issued = answer.document.as_ref().context("a document")?;
        let number = issued.issuance.as_ref().context("a number")?.number.into();
        let (agency, end) = (issued.issuing_agency_id.clone(), Instant::now());
        self.seen().push(Seen { document, request_id, agency, number, start, end, tries });
        Ok(())
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.0.lock().expect("never held across a panic")
    }

    /// How many calls were made more than once, in all.
    pub(crate) fn repeats(&self) -> usize {
        self.seen().iter().map(|seen| seen.tries - 1).sum()
    }

    /// Whoever asks again under the same request id gets the first answer; under another one hears that it is issued.
    pub(crate) async fn ask_again(&self, work: &Work, ids: &Ids) -> anyhow::Result<()> {
        let some: Vec<_> = self.seen().iter().step_by(ASKED_AGAIN).cloned().collect();
        for seen in some {
            let clerk = work.clerk_of(seen.document).context("whose document is it")?;
            let answer = loop {
                match clerk.ask_to_issue(seen.document, seen.request_id).await {
                    Err(status) if is_passing(&status) => tokio::time::sleep(AGAIN).await,
                    answer => break answer?,
                }
            };
            let number = answer.document.and_then(|document| document.issuance).map(|given| given.number);
            ensure!(number.map(i64::from) == Some(seen.number), "{seen:?} was answered {number:?}");
            let other = clerk.ask_to_issue(seen.document, ids.next()).await;
            ensure!(other.is_err(), "{seen:?} was issued twice");
        }
        Ok(())
    }

    /// Numbers without gap, each document under the number that was acknowledged, and in the order of issue: whoever asked after
    /// another had been answered got a later number.
    pub(crate) async fn check(&self, db: &Db) -> anyhow::Result<()> {
        let mut registers: BTreeMap<String, BTreeMap<i64, Seen>> = BTreeMap::new();
        for seen in self.seen().iter() {
            let before = registers.entry(seen.agency.clone()).or_default().insert(seen.number, seen.clone());
            ensure!(before.is_none(), "a number twice: {before:?} and {seen:?}");
        }
        let written = statement(
            "WRITTEN",
            "SELECT agency_id, number, document_id FROM register_entry WHERE direction = 'OUTGOING'
                ORDER BY agency_id, number",
        );
        let rows = db.read("check").await?.all(&written, vec![]).await?;
        ensure!(rows.len() == self.seen().len(), "{} lines for {} answers", rows.len(), self.seen().len());
        for row in rows {
            let (agency, number): (Uuid, i64) = (row.get("agency_id")?, row.get("number")?);
            let seen = registers.get(&agency.to_string()).and_then(|register| register.get(&number));
            let seen = seen.with_context(|| format!("{number} of {agency} was acknowledged to nobody"))?;
            ensure!(seen.document == row.get::<Uuid>("document_id")?, "{seen:?} is another document's");
        }
        for (agency, register) in &registers {
            let last = register.last_key_value().map_or(0, |(number, _)| *number);
            ensure!(usize::try_from(last)? == register.len(), "{agency} has gaps");
            let mut asked: Option<&Seen> = None;
            for seen in register.values() {
                if let Some(latest) = asked {
                    let early = latest.start.saturating_duration_since(seen.end);
                    ensure!(early == Duration::ZERO, "{latest:?} was asked for after {seen:?}");
                }
                asked = asked.filter(|latest| latest.start >= seen.start).or(Some(seen));
            }
        }
        Ok(())
    }
}
