//! Documents that are issued together: one transaction and one wait for the disk, with as many statements as for a single one.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
    sync::Arc,
};

use base::{Clock, Ids, Timestamp, Uuid, legal_date};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Change, Document, Entry, Register, Rejection, Scope, StageName};
use kit::{
    Fault,
    lane::{Batch, Lanes},
    lifecycle::Lifecycle,
    worker::Wake,
};
use sql::{Db, Engine, Write, answers};

use super::Ask;
use crate::{
    faults,
    rpc::{
        number::entry,
        numbering::{self, Schemes},
        record::{self, Released},
        relations, release,
    },
    shape, store,
};

/// Lanes on PostgreSQL: as many batches of different registers can be written at once. SQLite has one writer, and one lane.
const LANES: usize = 4;

/// Issues documents in batches.
pub(crate) struct Issuing {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Ids,
    changed: Wake,
}

/// The lanes in which documents wait for their register.
pub(crate) fn lanes(
    db: &Db,
    (clock, ids): (&Arc<dyn Clock>, &Ids),
    changed: &Wake,
    life: Lifecycle,
) -> Lanes<Issuing> {
    let lanes = match db.engine() {
        Engine::Postgres => LANES,
        Engine::Sqlite => 1,
    };
    let issuing =
        Issuing { db: db.clone(), clock: clock.clone(), ids: ids.clone(), changed: changed.clone() };
    Lanes::new(issuing, lanes, life)
}

/// One of the documents that may be issued.
struct Case<'a> {
    /// Its place in the batch.
    place: usize,
    ask: &'a Ask,
    document: Document,
}

/// One of the documents that are issued.
struct Done<'a> {
    place: usize,
    ask: &'a Ask,
    change: Change,
    deliveries: Vec<Uuid>,
}

type Answers = Vec<Option<Result<pb::IssueDocumentResponse, Fault>>>;

impl Batch for Issuing {
    type Command = Ask;
    type Answer = pb::IssueDocumentResponse;

    fn name(&self) -> &'static str {
        "issue_documents"
    }

    fn lane(&self, ask: &Ask) -> impl Hash {
        ask.agency_id
    }

    fn subject(&self, ask: &Ask) -> Option<Uuid> {
        Some(ask.command.id)
    }

    async fn run(&self, asks: &[Ask]) -> Result<Vec<Result<pb::IssueDocumentResponse, Fault>>, Fault> {
        let now = self.clock.now();
        let mut tx = self.db.write("issue_document").await?;
        let (mut answers, cases) = judge(&mut tx, asks).await?;
        // The registers last: their rows are what others wait for.
        let done = self.number(&mut tx, cases, &mut answers, now).await?;
        if !done.is_empty() {
            let done = self.deliver(&mut tx, done, now).await?;
            self.store(&mut tx, &done).await?;
            tell(&mut tx, done, &mut answers, now).await?;
            tx.commit().await?;
            self.changed.wake();
        }
        Ok(answers.into_iter().map(|answer| answer.expect("each is answered or issued")).collect())
    }
}

/// Locks the documents and finds those that may be issued. The others are answered: repeats as the first time, refusals each for itself.
async fn judge<'a>(tx: &mut Write, asks: &'a [Ask]) -> Result<(Answers, Vec<Case<'a>>), Fault> {
    let ids = asks.iter().map(|ask| ask.command.id).collect();
    let mut documents = store::document::lock_all(tx, ids).await?;
    let calls: Vec<_> = asks.iter().map(|ask| &ask.command.once).collect();
    let mut answers: Answers = answers::recall_all(tx, &calls).await?;
    let mut cases = Vec::new();
    for (place, ask) in asks.iter().enumerate() {
        if answers[place].is_some() {
            continue;
        }
        match admit(ask, documents.remove(&ask.command.id)) {
            Ok(document) => match relations::put_in_force(tx, &document).await? {
                Ok(()) => cases.push(Case { place, ask, document }),
                Err(rejection) => answers[place] = Some(Err(faults::rejected(rejection))),
            },
            Err(fault) => answers[place] = Some(Err(fault)),
        }
    }
    Ok((answers, cases))
}

/// The document with those to whom it goes today, if it may be issued as it is.
fn admit(ask: &Ask, found: Option<Document>) -> Result<Document, Fault> {
    let Ask { command, addressing, .. } = ask;
    let mut document = found
        .filter(|document| Scope::of(&command.officer).reads(document))
        .ok_or_else(|| faults::no_document(command.id))?;
    document.may_issue(&command.officer).map_err(faults::rejected)?;
    command.check_revision(document.revision)?;
    release::address(addressing, &mut document)?;
    Ok(document)
}

impl Issuing {
    /// Issues the documents; those that have no number yet get theirs in the order in which they came.
    async fn number<'a>(
        &self,
        tx: &mut Write,
        cases: Vec<Case<'a>>,
        answers: &mut Answers,
        now: Timestamp,
    ) -> Result<Vec<Done<'a>>, Fault> {
        let on = legal_date(now);
        let schemes = Schemes::read(tx, cases.iter().map(|case| &case.document), on).await?;
        let mut registers: BTreeMap<Register, Vec<Case<'a>>> = BTreeMap::new();
        let mut done = Vec::with_capacity(cases.len());
        for case in cases {
            if case.document.stage.name() == StageName::Signed {
                match schemes.register_of(&case.document) {
                    Ok(register) => registers.entry(register).or_default().push(case),
                    Err(fault) => refuse(tx, &case, fault, answers).await?,
                }
            } else {
                done.push(issued(case, None, now)?);
            }
        }
        for (register, cases) in registers {
            let ids = cases.iter().map(|case| case.document.id).collect();
            let (taken, numbers) = match schemes.take(tx, register, ids, on).await? {
                Ok(taken) => taken,
                Err(last) => {
                    for case in cases {
                        let fault = faults::rejected(Rejection::DateBeforeLastNumber { last });
                        refuse(tx, &case, fault, answers).await?;
                    }
                    continue;
                }
            };
            let mut entries: Vec<Entry> = Vec::with_capacity(cases.len());
            for (case, number) in cases.into_iter().zip(numbers) {
                let symbol = numbering::symbol_of(&case.document, case.ask.addressing.units(), on)?;
                let issued = issued(case, Some((number, symbol)), now)?;
                entries.push(entry(&issued.change, self.ids.secret(), now));
                done.push(issued);
            }
            numbering::enter(tx, taken, entries).await?;
        }
        schemes.confirm(tx).await?;
        Ok(done)
    }

    /// Delivers to everybody, but for what is held to be undone: of that the names are kept.
    async fn deliver<'a>(
        &self,
        tx: &mut Write,
        mut done: Vec<Done<'a>>,
        now: Timestamp,
    ) -> Result<Vec<Done<'a>>, Fault> {
        for Done { ask, change, deliveries, .. } in &mut done {
            if change.document.stage.name() == StageName::Issued {
                *deliveries = release::delivery_ids(&self.ids, &change.document);
            } else {
                debug_assert!(!ask.undo.is_zero(), "only what can be undone is held");
                store::recipient::replace(tx, &change.document).await?;
            }
        }
        let sent: Vec<_> = done.iter().map(|done| (&done.change.document, &*done.deliveries)).collect();
        store::delivery::fan_out(tx, &sent, now).await?;
        Ok(done)
    }

    /// Stores the documents, and what each change leaves behind.
    async fn store(&self, tx: &mut Write, done: &[Done<'_>]) -> Result<(), Fault> {
        let documents: Vec<_> = done.iter().map(|done| &done.change.document).collect();
        store::document::save_releases(tx, &documents).await?;
        let released = done.iter().map(|done| Released {
            change: &done.change,
            deliveries: &done.deliveries,
            span: done.ask.span.clone(),
        });
        record::released(&self.ids, tx, &released.collect::<Vec<_>>()).await
    }
}

/// Refuses a document after all: its neighbours are committed, and what it does to earlier documents must not be.
async fn refuse(tx: &mut Write, case: &Case<'_>, fault: Fault, answers: &mut Answers) -> Result<(), Fault> {
    store::relation::withdraw(tx, case.document.id).await?;
    answers[case.place] = Some(Err(fault));
    Ok(())
}

/// Issues one document. A refusal here is a mistake of [`admit`]; it undoes the batch, for the number is taken.
fn issued(case: Case<'_>, numbered: Option<(i32, String)>, now: Timestamp) -> Result<Done<'_>, Fault> {
    let Case { place, ask, document } = case;
    let change = document.issue(numbered, &ask.command.officer, ask.undo, now).map_err(faults::rejected)?;
    Ok(Done { place, ask, change, deliveries: Vec::new() })
}

/// Answers those whose documents are issued, and keeps the answers for repeats.
async fn tell(
    tx: &mut Write,
    done: Vec<Done<'_>>,
    answers: &mut Answers,
    now: Timestamp,
) -> Result<(), Fault> {
    let ids = done.iter().map(|done| done.change.document.id).collect();
    let files: HashMap<Uuid, Vec<_>> = store::attachment::of_all(tx, ids).await?;
    let told: Vec<_> = done
        .into_iter()
        .map(|done| {
            let document = &done.change.document;
            let files = files.get(&document.id).map_or(&[][..], Vec::as_slice);
            let answer = pb::IssueDocumentResponse {
                document: Some(shape::document(document, files)),
                delivery_count: release::count(&done.deliveries),
            };
            (done.place, &done.ask.command.once, answer)
        })
        .collect();
    answers::keep_all(tx, told.iter().map(|(_, once, answer)| (*once, answer)), now).await?;
    for (place, _, answer) in told {
        answers[place] = Some(Ok(answer));
    }
    Ok(())
}
