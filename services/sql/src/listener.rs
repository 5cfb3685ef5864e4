use sqlx::postgres::PgListener;

use crate::{Db, Error, Result, db::Pools};

/// Hears what other processes tell on a channel of PostgreSQL. A hint only: what is told while the connection is lost is not heard.
#[derive(Debug)]
pub struct Listener(PgListener);

impl Db {
    /// Listens on a channel; none on SQLite, which has no other processes.
    pub async fn listen(&self, channel: &str) -> Result<Option<Listener>> {
        let Pools::Postgres(pool) = &self.pools else { return Ok(None) };
        let failed = |error| Error::from_driver("listen", error);
        let mut listener = PgListener::connect_with(pool).await.map_err(failed)?;
        listener.listen(channel).await.map_err(failed)?;
        Ok(Some(Listener(listener)))
    }
}

impl Listener {
    /// Waits until something is told, or the connection was lost and found again.
    pub async fn heard(&mut self) -> Result<()> {
        self.0.try_recv().await.map(drop).map_err(|error| Error::from_driver("listen", error))
    }
}
