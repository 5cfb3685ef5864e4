use std::time::{Duration, Instant};

use anyhow::ensure;
use base::Uuid;
use futures::future::try_join_all;

use super::Site;
use crate::{
    clerk::Clerk,
    place::Place,
    raw::Raw,
    sample::{Sample, median},
    stock::Letter,
    system::number,
};

/// How often each side issues its documents, in turn.
const ROUNDS: usize = 3;

/// How many agencies issue how much to how many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scenario {
    /// Agencies that issue, each in one register.
    pub(crate) registers: usize,
    /// Callers at once; as many for each register.
    pub(crate) clients: usize,
    /// Recipients of each document.
    pub(crate) recipients: usize,
    /// Documents of a round.
    pub(crate) documents: usize,
    /// Connections of the raw run; on SQLite there is one writer.
    pub(crate) raw_clients: usize,
}

/// Both sides of a scenario with their signed documents.
pub(crate) struct Contest<'s> {
    site: &'s Site,
    scenario: Scenario,
    clerks: Vec<Clerk>,
    /// What each clerk issues, round by round.
    stock: Vec<Vec<Uuid>>,
    raw: Raw,
}

/// What one round showed.
struct Round {
    ours: Sample,
    raw: Sample,
}

impl<'s> Contest<'s> {
    /// Everything filled; one document is issued before, so that all connections are there and the raw side has an event to copy.
    pub(crate) async fn new(
        site: &'s Site,
        place: &Place,
        scenario: Scenario,
        place_number: usize,
    ) -> anyhow::Result<Self> {
        let Scenario { registers, clients, recipients, documents, .. } = scenario;
        let clerks = try_join_all((0..clients).map(|client| site.clerk(client % registers))).await?;
        let each = documents * ROUNDS / clients;
        let mut letters = Vec::new();
        for clerk in &clerks[..registers] {
            letters.push(Letter::new(clerk, site.recipients(recipients))?);
        }
        let db = site.running.documents();
        for (clerk, letter) in clerks.iter().zip(&letters) {
            let first = letter.fill(db, &site.ids, 1).await?;
            clerk.issue(first[0], recipients, &site.ids).await?;
        }
        let mut stock = Vec::new();
        for client in 0..clients {
            stock.push(letters[client % registers].fill(db, &site.ids, each).await?);
        }
        let raw = Raw::new(place, &format!("raw_{place_number}"), db).await?;
        let mut theirs = Vec::new();
        for letter in &letters {
            theirs.push(letter.fill(raw.db(), &site.ids, documents * ROUNDS / registers).await?);
        }
        let in_turn = (0..documents * ROUNDS).map(|turn| theirs[turn % registers][turn / registers]);
        raw.stock(in_turn.collect()).await?;
        site.running.settle().await?;
        Ok(Self { site, scenario, clerks, stock, raw })
    }

    /// Runs the rounds: the row of the table, and what was issued.
    pub(crate) async fn run(mut self) -> anyhow::Result<(Vec<String>, Vec<Uuid>)> {
        let mut rounds = Vec::new();
        for round in 0..ROUNDS {
            let held_back = self.site.running.hold_back().await?;
            let ours = self.ours(round).await?;
            drop(held_back);
            self.site.running.settle().await?;
            let raw = self.raw.round(self.scenario.raw_clients, self.scenario.documents).await?;
            rounds.push(Round { ours, raw });
        }
        self.raw.check(self.scenario.recipients).await?;
        self.check().await?;
        Ok((self.row(&rounds), self.stock.concat()))
    }

    /// One round of ours: every clerk issues a share.
    async fn ours(&self, round: usize) -> anyhow::Result<Sample> {
        let Scenario { documents, clients, recipients, .. } = self.scenario;
        let share = documents / clients;
        let start = Instant::now();
        let all = self.clerks.iter().zip(&self.stock).map(async |(clerk, stock)| {
            let mut each: Vec<Duration> = Vec::with_capacity(share);
            for document in &stock[round * share..(round + 1) * share] {
                let start = Instant::now();
                clerk.issue(*document, recipients, &self.site.ids).await?;
                each.push(start.elapsed());
            }
            anyhow::Ok(each)
        });
        let each = try_join_all(all).await?;
        Ok(Sample::new(start.elapsed(), &each.concat()))
    }

    /// Fails if a number is missing in any register of this system.
    async fn check(&self) -> anyhow::Result<()> {
        let query = "SELECT count(*) AS n FROM (SELECT agency_id FROM register_entry GROUP BY agency_id
            HAVING max(number) <> count(*)) AS broken";
        let broken = number(self.site.running.documents(), query).await?;
        ensure!(broken == 0, "{broken} registers with gaps");
        Ok(())
    }

    fn row(&self, rounds: &[Round]) -> Vec<String> {
        let middle = |of: &dyn Fn(&Round) -> f64| median(rounds.iter().map(of));
        let Scenario { registers, clients, recipients, .. } = self.scenario;
        let rows = f64::from(u32::try_from(recipients).expect("thousands"));
        let mut row: Vec<_> = [registers, clients, recipients].iter().map(usize::to_string).collect();
        row.extend(
            [
                middle(&|round| round.ours.rate),
                middle(&|round| round.ours.rate * rows),
                middle(&|round| round.ours.p95),
                middle(&|round| round.raw.rate),
                middle(&|round| round.raw.p95),
            ]
            .map(|figure| format!("{figure:.1}")),
        );
        row.push(format!("{:.2}", middle(&|round| round.ours.rate / round.raw.rate)));
        row
    }
}
