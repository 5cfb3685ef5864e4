//! What is asked of the directory all day, on a directory of the whole nation and on one of a hundredth of its size.

pub(crate) mod fill;
mod growth;
mod names;
pub(crate) mod nation;
mod question;
mod site;

use sql::Engine;

use crate::{engine, place::Place, table};

use self::{growth::Growth, nation::Size, question::Question, site::Site};

/// The nation as it has been since July 2025: 34 provinces and 3,321 wards, communes and special zones.
const FULL: Size = Size { units: 20_000, provinces: 34, communes: 3_321, people: 200_000 };

/// A hundredth of it.
const HUNDREDTH: Size = Size { units: 200, provinces: 1, communes: 33, people: 2_000 };

/// Fills both, asks them the same questions in turn, and prints what each took.
pub(crate) async fn measure(engine: Engine, postgres: &str) -> anyhow::Result<()> {
    let place = Place::new(engine, postgres)?;
    let small = Site::new(&place, "small", HUNDREDTH).await?;
    let full = Site::new(&place, "full", FULL).await?;
    let mut rows = Vec::with_capacity(Question::ALL.len());
    for question in Question::ALL {
        rows.push(Growth::measure(question, &small, &full).await?.row());
    }
    small.stop().await?;
    full.stop().await?;
    let title = format!(
        "Directory of {} units and {} people on {} (full), and of a hundredth (1 %)",
        FULL.units,
        FULL.people,
        engine::name(engine)
    );
    let head = ["", "found 1 %", "full", "p50 ms 1 %", "full", "p95 ms 1 %", "full", "p95 full / 1 %"];
    table::print(&title, &head, &rows);
    Ok(())
}
