use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use congvan_proto::documents::v1::{
    DeliveryStatus, InboxOrder, ListDeliveriesRequest, delivery_service_client::DeliveryServiceClient,
};
use sql::{Queries, Statement, params, statement};

use super::site::Site;
use crate::sample::Sample;

/// How often each is asked, in turn.
const TURNS: usize = 200;

/// How often each is asked before: every connection has prepared its statements then.
const WARM_UP: usize = 20;

/// Deliveries on a page.
const PAGE: i32 = 50;

/// Deliveries on a page on the way to the middle.
const STEP: i32 = 200;

/// A list of an inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Newest,
    Middle,
    Urgent,
    Waiting,
    UnderWay,
    Refused,
}

impl List {
    /// All of them.
    pub(super) const ALL: [Self; 6] =
        [Self::Newest, Self::Middle, Self::Urgent, Self::Waiting, Self::UnderWay, Self::Refused];

    /// Asks both sites in turn, and the larger for the same rows raw: the row of the table.
    pub(super) async fn row(self, small: &Site, large: &Site) -> anyhow::Result<Vec<String>> {
        let requests = [self.request(small).await?, self.request(large).await?];
        let (mut of_small, mut of_large, mut raw) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 0..WARM_UP + TURNS {
            let took = [
                self.ask(small, &requests[0]).await.with_context(|| format!("{self:?}"))?,
                self.ask(large, &requests[1]).await.with_context(|| format!("{self:?}"))?,
                self.read(large).await?,
            ];
            if turn >= WARM_UP {
                for (all, took) in [&mut of_small, &mut of_large, &mut raw].into_iter().zip(took) {
                    all.push(took);
                }
            }
        }
        let [small, large, raw] = [of_small, of_large, raw].map(|each| Sample::new(each.iter().sum(), &each));
        let figures = [
            small.p50,
            large.p50,
            large.p50 / small.p50,
            small.p95,
            large.p95,
            large.p95 / small.p95,
            raw.p50,
            large.p50 / raw.p50,
        ];
        let mut row = vec![self.name().to_owned()];
        row.extend(figures.map(|figure| format!("{figure:.2}")));
        Ok(row)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest first",
            Self::Middle => "newest first, from the middle on",
            Self::Urgent => "what waits, most urgent first",
            Self::Waiting => "what waits, newest first",
            Self::UnderWay => "what is under way",
            Self::Refused => "what was refused: the oldest three",
        }
    }

    /// How many are on the page.
    fn found(self, answered: usize) -> bool {
        match self {
            Self::Refused => answered == 3,
            _ => answered == usize::try_from(PAGE).expect("50"),
        }
    }

    async fn request(self, site: &Site) -> anyhow::Result<ListDeliveriesRequest> {
        let of = |status: DeliveryStatus, order: InboxOrder| ListDeliveriesRequest {
            status: status.into(),
            order: order.into(),
            page_size: PAGE,
            ..Default::default()
        };
        Ok(match self {
            Self::Newest => of(DeliveryStatus::Unspecified, InboxOrder::Newest),
            Self::Middle => middle(site).await?,
            Self::Urgent => of(DeliveryStatus::Unspecified, InboxOrder::Urgent),
            Self::Waiting => of(DeliveryStatus::Arrived, InboxOrder::Newest),
            Self::UnderWay => of(DeliveryStatus::InProgress, InboxOrder::Newest),
            Self::Refused => of(DeliveryStatus::Refused, InboxOrder::Newest),
        })
    }

    async fn ask(self, site: &Site, request: &ListDeliveriesRequest) -> anyhow::Result<Duration> {
        let mut client = DeliveryServiceClient::new(site.clerk.transport.clone());
        let start = Instant::now();
        let answer = client.list_deliveries(site.clerk.request(request.clone())).await?.into_inner();
        let took = start.elapsed();
        let count = answer.deliveries.len();
        ensure!(self.found(count), "{count} deliveries");
        Ok(took)
    }

    /// The rows of the page, and nothing else.
    async fn read(self, site: &Site) -> anyhow::Result<Duration> {
        let mut read = site.running.documents().read("bench").await?;
        let start = Instant::now();
        let rows = read.all(&self.raw(), params![site.recipient_id]).await?;
        let took = start.elapsed();
        ensure!(self.found(rows.len()), "{} rows", rows.len());
        Ok(took)
    }

    fn raw(self) -> Statement {
        statement(
            "RAW",
            match self {
                Self::Newest => {
                    "SELECT * FROM delivery JOIN document ON document.id = delivery.document_id
                        WHERE delivery.recipient_id = $1 ORDER BY delivery.id DESC LIMIT 50"
                }
                Self::Middle => {
                    "SELECT * FROM delivery JOIN document ON document.id = delivery.document_id
                        WHERE delivery.recipient_id = $1
                            AND delivery.id < (SELECT id FROM delivery WHERE document_id = (SELECT id FROM document
                                WHERE symbol = 'SNV-VP' AND number = 500000))
                        ORDER BY delivery.id DESC LIMIT 50"
                }
                Self::Urgent => {
                    "SELECT * FROM delivery JOIN document ON document.id = delivery.document_id
                        WHERE delivery.recipient_id = $1 AND delivery.status = 'ARRIVED'
                        ORDER BY delivery.urgency DESC, delivery.id LIMIT 50"
                }
                Self::Waiting => {
                    "SELECT * FROM delivery JOIN document ON document.id = delivery.document_id
                        WHERE delivery.recipient_id = $1 AND delivery.status = 'ARRIVED' AND delivery.urgency = 1
                        ORDER BY delivery.id DESC LIMIT 50"
                }
                Self::UnderWay => {
                    "SELECT * FROM delivery JOIN document ON document.id = delivery.document_id
                        WHERE delivery.recipient_id = $1 AND delivery.status = 'IN_PROGRESS' AND delivery.status <> 'ARRIVED'
                        ORDER BY delivery.id DESC LIMIT 50"
                }
                Self::Refused => {
                    "SELECT * FROM delivery JOIN document ON document.id = delivery.document_id
                        WHERE delivery.recipient_id = $1 AND delivery.status = 'REFUSED' AND delivery.status <> 'ARRIVED'
                        ORDER BY delivery.id DESC LIMIT 50"
                }
            },
        )
    }
}

/// A page in the middle of the inbox: whoever wants to see it has to turn the pages before.
async fn middle(site: &Site) -> anyhow::Result<ListDeliveriesRequest> {
    let mut client = DeliveryServiceClient::new(site.clerk.transport.clone());
    let mut request = ListDeliveriesRequest { page_size: STEP, ..Default::default() };
    for _ in 0..site.documents / 2 / usize::try_from(STEP)? {
        let answer = client.list_deliveries(site.clerk.request(request.clone())).await?.into_inner();
        request.page_token = answer.next_page_token;
    }
    Ok(ListDeliveriesRequest { page_size: PAGE, ..request })
}
