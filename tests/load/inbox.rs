//! What the lists of an inbox cost with ten thousand documents in it, and with a million.

mod fill;
mod list;
mod site;

use sql::Engine;

use crate::{engine, place::Place, table};

use self::{list::List, site::Site};

/// Some years of a commune.
const SMALL: usize = 10_000;

/// More than any agency has ever received.
const LARGE: usize = 1_000_000;

/// Fills both, asks them for the same lists in turn, and prints what each took.
pub(crate) async fn measure(engine: Engine, postgres: &str) -> anyhow::Result<()> {
    let place = Place::new(engine, postgres)?;
    let small = Site::new(&place, "small_inbox", SMALL).await?;
    let large = Site::new(&place, "large_inbox", LARGE).await?;
    let mut rows = Vec::with_capacity(List::ALL.len());
    for list in List::ALL {
        rows.push(list.row(&small, &large).await?);
    }
    small.stop().await?;
    large.stop().await?;
    let title = format!(
        "Inbox with {SMALL} and with {LARGE} documents on {}: a page of 50, and the same rows raw",
        engine::name(engine)
    );
    let head = [
        "",
        "p50 ms small",
        "large",
        "large / small",
        "p95 ms small",
        "large",
        "large / small",
        "raw p50 ms large",
        "ours / raw",
    ];
    table::print(&title, &head, &rows);
    Ok(())
}
