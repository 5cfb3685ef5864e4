use std::sync::Arc;

use anyhow::Context;
use base::{Ids, SystemClock, SystemRandom, Uuid};

use super::fill::Inbox;
use crate::{
    clerk::Clerk,
    directory::{
        fill::{fill, token},
        nation::{Nation, Size},
    },
    place::Place,
    stock::Letter,
    system::Running,
};

/// A province with some agencies, each with a head, a deputy and a clerk.
const PROVINCE: Size = Size { units: 50, provinces: 1, communes: 33, people: 150 };

/// A running system in which one agency has received much.
pub(super) struct Site {
    pub(super) running: Running,
    /// Somebody of the document office of that agency.
    pub(super) clerk: Clerk,
    /// The agency.
    pub(super) recipient_id: Uuid,
    /// How many documents it has received.
    pub(super) documents: usize,
}

impl Site {
    /// Starts a system on new databases and fills the inbox of one agency.
    pub(super) async fn new(place: &Place, name: &str, documents: usize) -> anyhow::Result<Self> {
        let running = Running::open(place, name).await?;
        let ids = Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom));
        let nation = Nation::new(PROVINCE, &ids);
        fill(running.directory(), &ids, &nation, PROVINCE).await?;
        let sender = Clerk::with_session(&running.address, &token(nation.clerk(0))).await?;
        let clerk = Clerk::with_session(&running.address, &token(nation.clerk(1))).await?;
        let agency = nation.agencies().get(1).context("a second agency")?;
        let recipient = (agency.id, agency.name.clone());
        let letter = Letter::new(&sender, vec![recipient.clone()])?;
        Inbox { db: running.documents(), ids: &ids, letter, recipient }.fill(documents).await?;
        Ok(Self { running, clerk, recipient_id: agency.id, documents })
    }

    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.running.stop().await
    }
}
