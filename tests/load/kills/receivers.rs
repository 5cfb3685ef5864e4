use std::time::Duration;

use anyhow::Context;
use congvan_proto::documents::v1::{
    AcceptDeliveryRequest, DeliveryStatus, ListDeliveriesRequest, RefuseDeliveryRequest,
    delivery_service_client::DeliveryServiceClient,
};
use futures::future::try_join_all;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};

use super::is_passing;
use crate::clerk::Clerk;

/// One of so many documents is refused.
const REFUSED: usize = 10;

/// How long a clerk rests after a look into the inbox.
const REST: Duration = Duration::from_millis(200);

/// The document offices of the communes that documents go to.
pub(crate) struct Receivers {
    clerks: Vec<Clerk>,
}

impl Receivers {
    /// So many communes, and somebody in each.
    pub(crate) async fn sign_in(address: &str, count: usize) -> anyhow::Result<Self> {
        let mut communes = Clerk::sign_in(address, "vanthu.snv").await?.communes().await?;
        communes.truncate(count);
        let names = communes.iter().map(|commune| {
            let handle = commune.code.rsplit('.').next().context("communes have codes")?;
            Ok(format!("vanthu.{}", handle.to_lowercase()))
        });
        let names: Vec<_> = names.collect::<anyhow::Result<_>>()?;
        let clerks = try_join_all(names.iter().map(|name| Clerk::sign_in(address, name))).await?;
        Ok(Self { clerks })
    }

    /// Accepts and refuses what arrives, until the others are done; how many decisions were acknowledged.
    pub(crate) async fn work(&self, done: &CancellationToken) -> anyhow::Result<usize> {
        let all = self.clerks.iter().map(async |clerk| {
            let mut decided = 0;
            while !done.is_cancelled() {
                match decide_some(clerk, &mut decided).await {
                    // The answer to a decision may have been lost: it is not in the list any more, or cannot be decided again.
                    Err(status) if !is_passing(&status) && status.code() != Code::FailedPrecondition => {
                        return Err(status);
                    }
                    _ => tokio::time::sleep(REST).await,
                }
            }
            Ok(decided)
        });
        Ok(try_join_all(all).await?.into_iter().sum())
    }
}

async fn decide_some(clerk: &Clerk, decided: &mut usize) -> Result<(), Status> {
    let mut client = DeliveryServiceClient::new(clerk.transport.clone());
    let request =
        ListDeliveriesRequest { status: DeliveryStatus::Arrived.into(), page_size: 20, ..Default::default() };
    for delivery in client.list_deliveries(clerk.request(request)).await?.into_inner().deliveries {
        let (id, revision) = (delivery.id, delivery.revision);
        if decided.is_multiple_of(REFUSED) {
            let reason = "Không thuộc thẩm quyền".to_owned();
            let request = RefuseDeliveryRequest { id, revision, reason, ..Default::default() };
            client.refuse_delivery(clerk.request(request)).await?;
        } else {
            let request = AcceptDeliveryRequest { id, revision, ..Default::default() };
            client.accept_delivery(clerk.request(request)).await?;
        }
        *decided += 1;
    }
    Ok(())
}
