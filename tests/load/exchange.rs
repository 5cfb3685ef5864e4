//! What issuing costs on one register and on many, to few recipients and to thousands, and what the board of such a document costs:
//! each beside the same SQL run raw.

mod board;
mod scenario;

use std::sync::Arc;

use anyhow::Context;
use base::{Ids, SystemClock, SystemRandom, Uuid};
use sql::Engine;

use crate::{
    clerk::Clerk,
    directory::{
        fill::{fill, token},
        nation::{Nation, Size},
    },
    engine,
    place::Place,
    system::Running,
    table,
};

use self::scenario::{Contest, Scenario};

/// Every agency below the provinces, each with a head, a deputy and a clerk.
const NATION: Size = Size { units: 3_899, provinces: 34, communes: 3_321, people: 3 * 3_899 };

const SCENARIOS: [Scenario; 6] = [
    Scenario { registers: 1, clients: 16, recipients: 1, documents: 480, raw_clients: 16 },
    Scenario { registers: 1, clients: 256, recipients: 1, documents: 2_560, raw_clients: 16 },
    Scenario { registers: 100, clients: 100, recipients: 1, documents: 1_600, raw_clients: 16 },
    Scenario { registers: 1, clients: 4, recipients: 75, documents: 80, raw_clients: 4 },
    Scenario { registers: 1, clients: 4, recipients: 700, documents: 24, raw_clients: 4 },
    Scenario { registers: 1, clients: 4, recipients: 3_820, documents: 8, raw_clients: 4 },
];

/// A system with the agencies of the nation.
struct Site {
    running: Running,
    nation: Nation,
    ids: Ids,
}

impl Site {
    async fn new(place: &Place) -> anyhow::Result<Self> {
        let running = Running::open(place, "exchange").await?;
        let ids = Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom));
        let nation = Nation::new(NATION, &ids);
        fill(running.directory(), &ids, &nation, NATION).await?;
        Ok(Self { running, nation, ids })
    }

    /// Somebody of the document office of an agency, with a connection of their own.
    async fn clerk(&self, agency: usize) -> anyhow::Result<Clerk> {
        Clerk::with_session(&self.running.address, &token(self.nation.clerk(agency))).await
    }

    /// The last agencies, to write to.
    fn recipients(&self, count: usize) -> Vec<(Uuid, String)> {
        self.nation.agencies().iter().rev().take(count).map(|unit| (unit.id, unit.name.clone())).collect()
    }
}

/// Runs every scenario on one engine and prints what came of it.
pub(crate) async fn measure(engine: Engine, postgres: &str) -> anyhow::Result<()> {
    let place = Place::new(engine, postgres)?;
    let site = Site::new(&place).await?;
    let (mut rows, mut largest) = (Vec::new(), Vec::new());
    for (number, scenario) in SCENARIOS.iter().enumerate() {
        let contest = Contest::new(&site, &place, *scenario, number).await?;
        let (row, documents) = contest.run().await.with_context(|| format!("{scenario:?}"))?;
        rows.push(row);
        largest = documents;
    }
    let name = engine::name(engine);
    let title = format!(
        "Issue on {name}: the system through gRPC, and one number per commit of the same SQL run raw"
    );
    let head =
        ["registers", "clients", "recipients", "ours/s", "rows/s", "p95 ms", "raw/s", "p95 ms", "ours / raw"];
    table::print(&title, &head, &rows);
    let recipients = SCENARIOS.last().context("a scenario")?.recipients;
    board::measure(&site, &largest, recipients, name).await?;
    site.running.stop().await
}
