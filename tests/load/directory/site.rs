use std::sync::Arc;

use base::{Ids, SystemClock, SystemRandom};
use kit::transport::Transport;

use super::{
    fill::{fill, token},
    nation::{Nation, Size},
};
use crate::{clerk::Clerk, place::Place, system::Running};

/// A running system with a filled directory, and somebody signed in who asks.
pub(crate) struct Site {
    running: Running,
    /// The way that the gateway goes to the directory.
    pub(crate) to_directory: Transport,
    pub(crate) clerk: Clerk,
    pub(crate) nation: Nation,
    pub(crate) size: Size,
}

impl Site {
    /// Starts a system on new databases and fills its directory.
    pub(crate) async fn new(place: &Place, name: &str, size: Size) -> anyhow::Result<Self> {
        let running = Running::open(place, name).await?;
        let ids = Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom));
        let nation = Nation::new(size, &ids);
        fill(running.directory(), &ids, &nation, size).await?;
        let clerk = Clerk::with_session(&running.address, &token(0)).await?;
        let to_directory = running.to_directory()?;
        Ok(Self { running, to_directory, clerk, nation, size })
    }

    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.running.stop().await
    }
}
