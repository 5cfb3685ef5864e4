//! Puts a directory straight into the tables of the service, as many rows with one statement as go into it.

mod people;
mod units;

use base::{Clock, Date, Ids, SystemClock, Timestamp};
use directory_domain::Period;
use sql::{Db, Engine, Queries, statement};

use super::nation::{Nation, Size};

pub(crate) use people::token;

/// What all rows have in common.
struct Filling<'a> {
    db: &'a Db,
    ids: &'a Ids,
    now: Timestamp,
    /// Everything has held since then.
    period: Period,
}

/// Fills a database with the units, people, posts and sessions of a directory.
pub(crate) async fn fill(db: &Db, ids: &Ids, nation: &Nation, size: Size) -> anyhow::Result<()> {
    let period = Period::since(Date::constant(2025, 7, 1));
    let filling = Filling { db, ids, now: SystemClock.now(), period };
    units::fill(&filling, &nation.units).await?;
    let posts = people::posts(&filling, &nation.units).await?;
    people::fill(&filling, &posts, size.people).await?;
    if db.engine() == Engine::Postgres {
        // What autovacuum does within a minute or two. SQLite has nobody who would, and gets nothing.
        db.read("bench").await?.all(&statement("VACUUM", "VACUUM (ANALYZE)"), vec![]).await?;
    }
    Ok(())
}
