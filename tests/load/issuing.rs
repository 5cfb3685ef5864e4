use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::ensure;
use base::{Ids, SystemClock, SystemRandom, Uuid};
use futures::future::try_join_all;
use sql::Engine;

use crate::{
    clerk::Clerk,
    place::Place,
    raw::Raw,
    sample::{Sample, median},
    stock::{DELIVERIES, Letter},
    system::{Running, number},
    table,
};

/// How often each run is repeated; ours and raw in turn.
const ROUNDS: usize = 5;

/// How many clients at once, and how many documents they issue in one round.
const LOADS: [(usize, usize); 2] = [(1, 60), (16, 320)];

/// How many documents are issued before the first round, on either side.
const WARM_UP: usize = 32;

/// Ours and raw in one round.
struct Pair {
    ours: Sample,
    raw: Sample,
}

/// Issues documents through the gateway, and with the same SQL run raw, and prints both.
pub(crate) async fn measure(engine: Engine, postgres: &str) -> anyhow::Result<()> {
    let place = Place::new(engine, postgres)?;
    let running = Running::start(&place).await?;
    let ids = Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom));
    let clerks: Vec<_> =
        try_join_all((0..LOADS[1].0).map(|_| Clerk::sign_in(&running.address))).await?;
    let letter = Letter::new(&clerks[0]).await?;
    let count = WARM_UP + ROUNDS * LOADS.iter().map(|(_, documents)| documents).sum::<usize>();
    let mut stock = letter.fill(running.documents(), &ids, count).await?.into_iter();

    ours(&clerks, &ids, stock.by_ref().take(WARM_UP).collect()).await?;
    let mut raw = Raw::new(&place, &letter, &ids, count, running.documents()).await?;
    raw.round(16, WARM_UP).await?;
    running.settle().await?;

    let mut rows = Vec::new();
    let mut behind = Vec::new();
    for (clients, documents) in LOADS {
        let mut pairs = Vec::new();
        for _ in 0..ROUNDS {
            let some = stock.by_ref().take(documents).collect();
            let ours = ours(&clerks[..clients], &ids, some).await?;
            behind.push(running.settle().await?.as_secs_f64() * 1e3);
            pairs.push(Pair { ours, raw: raw.round(clients, documents).await? });
        }
        rows.extend(shown(clients, &pairs));
    }
    let made = number(running.documents(), "SELECT count(*) AS n FROM delivery").await?;
    ensure!(usize::try_from(made)? == count * usize::try_from(DELIVERIES)?, "{made} deliveries");
    raw.check().await?;
    running.stop().await?;

    let title = format!(
        "Issue with {DELIVERIES} deliveries on {engine:?}: medians of {ROUNDS} rounds of {} documents (1 client) and {} (16 clients)",
        LOADS[0].1, LOADS[1].1
    );
    table::print(&title, &["clients", "what", "documents/s", "p50 ms", "p95 ms"], &rows);
    println!("  After a round the notifications needed {:.0} ms more to write all mails down.", median(behind));
    Ok(())
}

/// Issues these documents, the clients sharing them.
async fn ours(clerks: &[Clerk], ids: &Ids, documents: Vec<Uuid>) -> anyhow::Result<Sample> {
    let shares = documents.chunks(documents.len().div_ceil(clerks.len()));
    let start = Instant::now();
    let clients = clerks.iter().zip(shares).map(|(clerk, share)| client(clerk, ids, share));
    let each = try_join_all(clients).await?.concat();
    Ok(Sample::new(start.elapsed(), &each))
}

async fn client(clerk: &Clerk, ids: &Ids, documents: &[Uuid]) -> anyhow::Result<Vec<Duration>> {
    let mut each = Vec::with_capacity(documents.len());
    for document in documents {
        let start = Instant::now();
        clerk.issue(*document, ids).await?;
        each.push(start.elapsed());
    }
    Ok(each)
}

fn shown(clients: usize, pairs: &[Pair]) -> [Vec<String>; 3] {
    let row = |what: &str, of: &dyn Fn(&Pair) -> [f64; 3], digits: usize| {
        let cells = (0..3).map(|index| format!("{:.digits$}", median(pairs.iter().map(|pair| of(pair)[index]))));
        [clients.to_string(), what.to_owned()].into_iter().chain(cells).collect()
    };
    let numbers = |sample: &Sample| [sample.rate, sample.p50, sample.p95];
    let ratio = |pair: &Pair| {
        let (ours, raw) = (numbers(&pair.ours), numbers(&pair.raw));
        [0, 1, 2].map(|index| ours[index] / raw[index])
    };
    [
        row("ours", &|pair| numbers(&pair.ours), 1),
        row("raw", &|pair| numbers(&pair.raw), 1),
        row("ours/raw", &ratio, 2),
    ]
}
