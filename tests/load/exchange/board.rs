use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use base::Uuid;
use congvan_proto::documents::v1::{GetDeliveryBoardRequest, delivery_service_client::DeliveryServiceClient};
use sql::{Queries, params, statement};

use super::Site;
use crate::{sample::Sample, table};

/// How often each side is asked, in turn.
const TURNS: usize = 100;

/// Asks for the boards of these documents through the gateway, and counts the same raw.
pub(crate) async fn measure(
    site: &Site,
    documents: &[Uuid],
    recipients: usize,
    engine: &str,
) -> anyhow::Result<()> {
    let clerk = site.clerk(0).await?;
    let mut client = DeliveryServiceClient::new(clerk.transport.clone());
    let count = statement(
        "COUNT",
        "SELECT status, count(*) AS n FROM delivery WHERE document_id = $1 GROUP BY status",
    );
    let (mut ours, mut raw): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let document = documents[turn % documents.len()];
        let start = Instant::now();
        let request = GetDeliveryBoardRequest { document_id: document.to_string(), ..Default::default() };
        let answer = client.get_delivery_board(clerk.request(request)).await?.into_inner();
        ours.push(start.elapsed());
        let total = answer.board.context("a board")?.total;
        ensure!(usize::try_from(total)? == recipients, "{total} deliveries");
        let mut read = site.running.documents().read("bench").await?;
        let start = Instant::now();
        read.all(&count, params![document]).await?;
        raw.push(start.elapsed());
    }
    let [ours, raw] = [ours, raw].map(|each| Sample::new(each.iter().sum(), &each));
    let row = |name: &str, sample: &Sample| {
        vec![name.to_owned(), format!("{:.2}", sample.p50), format!("{:.2}", sample.p95)]
    };
    let ratio = vec![
        "ours / raw".to_owned(),
        format!("{:.2}", ours.p50 / raw.p50),
        format!("{:.2}", ours.p95 / raw.p95),
    ];
    let title = format!("Board of {recipients} recipients on {engine}, and the same rows counted raw");
    table::print(&title, &["", "p50 ms", "p95 ms"], &[row("ours", &ours), row("raw", &raw), ratio]);
    Ok(())
}
