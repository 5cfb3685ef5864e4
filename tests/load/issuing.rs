use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::ensure;
use base::{Ids, SystemClock, SystemRandom, Uuid};
use futures::future::try_join_all;
use kit::telemetry::Telemetry;
use sql::Engine;

use crate::{
    clerk::Clerk,
    engine,
    meter::{self, Seconds},
    place::Place,
    raw::Raw,
    sample::{Sample, median},
    stock::Letter,
    system::{Running, number},
    table,
};

/// How many deliveries each document makes: to all communes of the sample.
pub(crate) const DELIVERIES: usize = 75;

/// How often each run is repeated; ours and raw in turn.
const ROUNDS: usize = 5;

/// How many clients at once, and how many documents they issue in one round.
const LOADS: [(usize, usize); 2] = [(1, 50), (16, 240)];

/// How many documents are issued before the first round, on either side.
const WARM_UP: usize = 32;

/// Both sides, with a stock of signed documents each; ours issues twice as many.
struct Contest<'t> {
    running: Running,
    clerks: Vec<Clerk>,
    stock: std::vec::IntoIter<Uuid>,
    raw: Raw,
    ids: Ids,
    telemetry: &'t Telemetry,
}

/// What one round showed.
struct Round {
    /// The issuing alone.
    ours: Sample,
    /// Seconds per document of what the services measure of it.
    parts: Seconds,
    raw: Sample,
    /// The issuing while the notifications take the events in.
    busy: Sample,
    /// Milliseconds per document until the notifications had caught up after [`Round::busy`].
    behind: f64,
}

/// Issues documents through the gateway, and with the same SQL run raw, and prints both.
pub(crate) async fn measure(engine: Engine, postgres: &str, telemetry: &Telemetry) -> anyhow::Result<()> {
    let place = Place::new(engine, postgres)?;
    let (mut contest, count) = Contest::new(&place, telemetry).await?;
    let (mut rows, mut loads) = (Vec::new(), Vec::new());
    for (clients, documents) in LOADS {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            rounds.push(contest.round(clients, documents).await?);
        }
        rows.extend(compared(engine, clients, &rounds));
        loads.push(rounds);
    }
    contest.end(count).await?;

    let name = engine::name(engine);
    let title = format!("Issue with {DELIVERIES} deliveries on {name}, the system and the same SQL run raw");
    table::print(&title, &["clients", "", "documents/s", "p50 ms", "p95 ms"], &rows);
    let title = format!("Where the time of an issue goes on {name} (ms)");
    table::print(&title, &["", "1 client", "16 clients"], &divided(&loads));
    Ok(())
}

impl<'t> Contest<'t> {
    /// Everything filled and warm; how many documents ours will have issued in the end.
    async fn new(place: &Place, telemetry: &'t Telemetry) -> anyhow::Result<(Self, usize)> {
        let running = Running::start(place).await?;
        let ids = Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom));
        let most = LOADS.iter().map(|(clients, _)| *clients).max().unwrap_or(1);
        let clerks = try_join_all((0..most).map(|_| Clerk::sign_in(&running.address, "vanthu.snv"))).await?;
        let letter = Letter::new(&clerks[0], clerks[0].recipients(DELIVERIES).await?)?;
        let count = WARM_UP + ROUNDS * LOADS.iter().map(|(_, documents)| documents).sum::<usize>();
        let mut stock = letter.fill(running.documents(), &ids, 2 * count).await?.into_iter();
        issue(&clerks, &ids, stock.by_ref().take(WARM_UP).collect()).await?;
        let mut raw = Raw::new(place, "raw", running.documents()).await?;
        raw.stock(letter.fill(raw.db(), &ids, count).await?).await?;
        raw.round(most, WARM_UP).await?;
        running.settle().await?;
        let issued = 2 * count - WARM_UP;
        Ok((Self { running, clerks, stock, raw, ids, telemetry }, issued))
    }

    /// Ours, raw, and ours again with the notifications at work; each begins when nothing is left to do in the background.
    async fn round(&mut self, clients: usize, documents: usize) -> anyhow::Result<Round> {
        let each = f64::from(u32::try_from(documents)?);
        let clerks = &self.clerks[..clients];
        let mut some = || self.stock.by_ref().take(documents).collect();
        let before = meter::read(self.telemetry);
        let held_back = self.running.hold_back().await?;
        let ours = issue(clerks, &self.ids, some()).await?;
        drop(held_back);
        let after = meter::read(self.telemetry);
        self.running.settle().await?;
        let raw = self.raw.round(clients, documents).await?;
        let busy = issue(clerks, &self.ids, some()).await?;
        let behind = self.running.settle().await?.as_secs_f64() * 1e3 / each;
        let parts = std::array::from_fn(|part| (after[part] - before[part]) / each);
        Ok(Round { ours, parts, raw, busy, behind })
    }

    /// Stops the system; fails if either side did not do what it should have.
    async fn end(self, count: usize) -> anyhow::Result<()> {
        let made = number(self.running.documents(), "SELECT count(*) AS n FROM delivery").await?;
        ensure!(usize::try_from(made)? == count * DELIVERIES, "{made} deliveries");
        self.raw.check(DELIVERIES).await?;
        self.running.stop().await
    }
}

/// Issues these documents, the clerks sharing them.
async fn issue(clerks: &[Clerk], ids: &Ids, documents: Vec<Uuid>) -> anyhow::Result<Sample> {
    let shares = documents.chunks(documents.len().div_ceil(clerks.len()));
    let start = Instant::now();
    let each =
        try_join_all(clerks.iter().zip(shares).map(|(clerk, share)| one_by_one(clerk, ids, share))).await?;
    Ok(Sample::new(start.elapsed(), &each.concat()))
}

async fn one_by_one(clerk: &Clerk, ids: &Ids, documents: &[Uuid]) -> anyhow::Result<Vec<Duration>> {
    let mut each = Vec::with_capacity(documents.len());
    for document in documents {
        let start = Instant::now();
        clerk.issue(*document, DELIVERIES, ids).await?;
        each.push(start.elapsed());
    }
    Ok(each)
}

/// Ours, raw, the ratio, and ours with the notifications at work: medians of the rounds.
fn compared(engine: Engine, clients: usize, rounds: &[Round]) -> [Vec<String>; 4] {
    let numbers = |sample: &Sample| [sample.rate, sample.p50, sample.p95];
    let ratio = |round: &Round| {
        let (ours, raw) = (numbers(&round.ours), numbers(&round.raw));
        [0, 1, 2].map(|index| ours[index] / raw[index])
    };
    // SQLite has one writer: nobody waits in the raw run, and latencies with several clients cannot be compared.
    let alone = engine == Engine::Sqlite && clients > 1;
    let row = |what: &str, of: &dyn Fn(&Round) -> [f64; 3], digits: usize, columns: usize| {
        let cells = (0..columns)
            .map(|index| format!("{:.digits$}", median(rounds.iter().map(|round| of(round)[index]))));
        [clients.to_string(), what.to_owned()].into_iter().chain(cells).collect()
    };
    [
        row("ours", &|round| numbers(&round.ours), 1, 3),
        row(if alone { "raw, one writer" } else { "raw" }, &|round| numbers(&round.raw), 1, 3),
        row("ours / raw", &ratio, 2, if alone { 1 } else { 3 }),
        row("ours, notifications at work", &|round| numbers(&round.busy), 1, 3),
    ]
}

/// The parts of an issue, for each load: means of the rounds' documents, medians of the rounds.
fn divided(loads: &[Vec<Round>]) -> Vec<Vec<String>> {
    let row = |what: &str, of: &dyn Fn(&Round) -> f64| {
        let cells = loads.iter().map(|rounds| format!("{:.2}", median(rounds.iter().map(of))));
        [what.to_owned()].into_iter().chain(cells).collect::<Vec<_>>()
    };
    let parts = meter::names().enumerate();
    let mut rows: Vec<_> = parts.map(|(part, name)| row(name, &|round| round.parts[part] * 1e3)).collect();
    rows.push(row("the rest: gateway, network, waiting", &|round| {
        round.ours.mean - round.parts.iter().sum::<f64>() * 1e3
    }));
    rows.push(row("whole, as the client sees it", &|round| round.ours.mean));
    rows.push(row("notifications, afterwards, per document", &|round| round.behind));
    rows
}
