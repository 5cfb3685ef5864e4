//! A hundred thousand documents are issued by many clients while processes are killed at random, and then everything is counted.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use base::{Ids, SeededRandom, SystemClock, SystemRandom, Uuid};
use congvan::sample;
use congvan_tests::{
    four::Four,
    process::{Congvan, run as run_to_end},
};
use futures::future::try_join_all;
use sql::{Db, Engine, Queries, statement};
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};

use crate::{
    clerk::Clerk,
    engine,
    kills::{history::History, receivers::Receivers},
    stock::Letter,
    system::number,
};

mod history;
mod receivers;

/// How many documents are issued if nothing else is asked for.
pub(crate) const DOCUMENTS: usize = 100_000;

/// Recipients of each document.
const RECIPIENTS: usize = 5;

/// The agencies that issue: one register each. The first issues half of all documents.
const AGENCIES: [&str; 5] = ["snv", "stc", "syt", "sct", "sxd"];

/// How many clients issue for each agency.
const CLIENTS: usize = 16;

/// The pause between two kills, in milliseconds.
const PAUSE: (u64, usize) = (1_000, 4_000);

/// How long to wait before a call whose connection broke is made again.
const AGAIN: Duration = Duration::from_millis(50);

/// What is killed, in turn; documents most often.
const VICTIMS: [&str; 4] = ["documents", "documents", "directory", "gateway"];

/// Does it on both engines. Fails if anything is missing, doubled or out of order.
pub(crate) async fn run(documents: usize) -> anyhow::Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let four = Four::new(engine).await;
        let done = on(engine, &four, documents).await;
        done.with_context(|| format!("on {}; logged: {:#?}", engine::name(engine), four.failures()))?;
    }
    Ok(())
}

async fn on(engine: Engine, four: &Four, documents: usize) -> anyhow::Result<()> {
    let mut running = Vec::new();
    for service in ["directory", "documents", "gateway"] {
        running.push((service, four.start(service).await));
    }
    let address = running[2].1.address.clone();
    Clerk::sign_in(&address, sample::ADMINISTRATOR).await?.load_province().await?;
    four.keep(sample::LETTER);
    let ids = Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom));
    let receivers = Receivers::sign_in(&address, RECIPIENTS).await?;
    let work = Work::new(four, &address, documents, &ids).await?;

    let (history, done) = (History::default(), CancellationToken::new());
    let start = Instant::now();
    let issuing = async {
        let issued = work.issue(&history).await;
        done.cancel();
        issued
    };
    let killing = kill_at_random(four, &mut running, &done);
    let (issued, kills, decided) = tokio::join!(issuing, killing, receivers.work(&done));
    issued?;
    let (took, kills, decided) = (start.elapsed(), kills?, decided?);

    ensure!(decided >= documents / 100, "the communes decided {decided} deliveries only");
    history.ask_again(&work, &ids).await?;
    let database = four.database("documents");
    let (fits, printed) = run_to_end(&["register", "verify", "--database", &database]).await;
    ensure!(fits, "{printed}");
    let db = Db::open(&database)?;
    history.check(&db).await?;
    conserved(&db, documents, decided).await?;
    db.close().await;
    for (service, process) in running {
        let (code, printed) = process.stop().await;
        ensure!(code == Some(0), "{service} ended with {code:?}: {printed:?}");
    }
    println!(
        "{}: {documents} documents, {} clients, {kills} kills, {:.0} s ({:.0}/s); {} calls made again, besides those that the transport \
         makes again by itself, {decided} deliveries decided meanwhile; the ledger verifies, the history is in order, nothing is missing",
        engine::name(engine),
        AGENCIES.len() * CLIENTS,
        took.as_secs_f64(),
        f64::from(u32::try_from(documents)?) / took.as_secs_f64(),
        history.repeats(),
    );
    Ok(())
}

/// Kills one process after the other, and starts it again, until the work is done; how often.
async fn kill_at_random(
    four: &Four,
    running: &mut [(&'static str, Congvan)],
    done: &CancellationToken,
) -> anyhow::Result<usize> {
    let random = SeededRandom::new(2026);
    let mut kills = 0;
    loop {
        let pause = PAUSE.0 + random.below(PAUSE.1) as u64;
        if done.run_until_cancelled(tokio::time::sleep(Duration::from_millis(pause))).await.is_none() {
            return Ok(kills);
        }
        let victim = VICTIMS[random.below(VICTIMS.len())];
        let process = running.iter_mut().find(|(service, _)| *service == victim).context("it runs")?;
        process.1.end().await;
        process.1 = four.start(victim).await;
        kills += 1;
    }
}

/// What there is to issue, and who issues it.
pub(crate) struct Work {
    shares: Vec<(Clerk, Vec<Uuid>)>,
    ids: Ids,
}

impl Work {
    /// Signed documents of every agency, shared among its clerks.
    async fn new(four: &Four, address: &str, documents: usize, ids: &Ids) -> anyhow::Result<Self> {
        let db = Db::open(&four.database("documents"))?;
        let mut shares = Vec::new();
        for (place, agency) in AGENCIES.into_iter().enumerate() {
            let others = documents / 2 / (AGENCIES.len() - 1);
            let count = if place == 0 { documents - others * (AGENCIES.len() - 1) } else { others };
            let name = format!("vanthu.{agency}");
            let clerks = try_join_all((0..CLIENTS).map(|_| Clerk::sign_in(address, &name))).await?;
            let letter = Letter::new(&clerks[0], clerks[0].recipients(RECIPIENTS).await?)?;
            let stock = letter.fill(&db, ids, count).await?;
            let size = stock.len().div_ceil(CLIENTS);
            shares.extend(clerks.into_iter().zip(stock.chunks(size).map(<[_]>::to_vec)));
        }
        db.close().await;
        Ok(Self { shares, ids: ids.clone() })
    }

    /// Issues everything, each call until it is answered.
    async fn issue(&self, history: &History) -> anyhow::Result<()> {
        let issued = AtomicUsize::new(0);
        let all = self.shares.iter().map(async |(clerk, documents)| {
            for document in documents {
                let request_id = self.ids.next();
                let start = Instant::now();
                let mut tries = 0;
                let answer = loop {
                    tries += 1;
                    match clerk.ask_to_issue(*document, request_id).await {
                        Ok(answer) => break answer,
                        Err(status) if is_passing(&status) => tokio::time::sleep(AGAIN).await,
                        Err(status) => anyhow::bail!("document {document}: {status}"),
                    }
                };
                ensure!(usize::try_from(answer.delivery_count)? == RECIPIENTS, "{answer:?}");
                history.note(*document, request_id, start, tries, &answer)?;
                issued.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
        try_join_all(all).await.with_context(|| format!("after {} documents", issued.into_inner()))?;
        Ok(())
    }

    /// Some clerk of the agency that issued the document.
    pub(crate) fn clerk_of(&self, document: Uuid) -> Option<&Clerk> {
        let share = self.shares.iter().find(|(_, documents)| documents.contains(&document));
        share.map(|(clerk, _)| clerk)
    }
}

/// Whether a call may be answered when it is made again: somebody was away, or the connection broke.
pub(crate) fn is_passing(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled)
        || status.source().is_some()
}

/// Every recipient has every document once and in one state; every state has its line; every document was told of once.
async fn conserved(db: &Db, documents: usize, decided: usize) -> anyhow::Result<()> {
    let deliveries = i64::try_from(documents * RECIPIENTS)?;
    let mut states = 0;
    let counts = statement("STATES", "SELECT status, count(*) AS n FROM delivery GROUP BY status");
    for row in db.read("conserved").await?.all(&counts, vec![]).await? {
        let (status, count): (String, i64) = (row.get("status")?, row.get("n")?);
        println!("  {status:<9} {count:>9}");
        states += count;
    }
    ensure!(states == deliveries, "{states} deliveries instead of {deliveries}");
    for (what, query, expected) in [
        (
            "decided deliveries, of which at least those that were acknowledged",
            "SELECT count(*) AS n FROM delivery WHERE status <> 'ARRIVED'",
            None,
        ),
        (
            "lines of history",
            "SELECT (count(*) - (SELECT sum(revision) FROM delivery))::bigint AS n FROM delivery_status",
            Some(0),
        ),
        (
            "documents issued without their event",
            "SELECT count(*) - (SELECT count(DISTINCT subject) FROM event
                WHERE type = 'congvan.documents.document.issued') AS n FROM document WHERE stage = 'ISSUED'",
            Some(0),
        ),
        (
            "events of issuing",
            "SELECT count(*) AS n FROM event WHERE type = 'congvan.documents.document.issued'",
            Some(i64::try_from(documents)?),
        ),
        (
            "gaps between events",
            "SELECT coalesce(max(sequence), 0) - count(sequence) AS n FROM event",
            Some(0),
        ),
    ] {
        let found = number(db, query).await?;
        match expected {
            Some(expected) => ensure!(found == expected, "{what}: {found} instead of {expected}"),
            None => ensure!(found >= i64::try_from(decided)?, "{what}: {found} of {decided}"),
        }
    }
    Ok(())
}
