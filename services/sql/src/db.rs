use std::{path::Path, time::Duration, time::Instant};

use sqlx::{
    Postgres, Sqlite, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Error, Result, testing::Faults};

/// How long to wait for a free connection before the database counts as away.
const ACQUIRE: Duration = Duration::from_secs(3);

/// Connections to PostgreSQL, per process and database.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Memory for the pages that a transaction of the one writer changes, in KiB below zero. What does not fit is written to the log more
/// than once: documents to thousands of recipients change more pages than the 2 MiB that SQLite takes by itself.
const WRITER_CACHE: &str = "-16384";

/// Connections that read from SQLite.
const SQLITE_READERS: u32 = 4;

/// A database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) pools: Pools,
    pub(crate) faults: Faults,
}

#[derive(Debug, Clone)]
pub(crate) enum Pools {
    Postgres(PgPool),
    Sqlite { read: SqlitePool, write: SqlitePool },
}

/// Which engine a database runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

/// A connection that can only read.
#[derive(Debug)]
pub struct Read {
    pub(crate) connection: ReadConnection,
    pub(crate) faults: Faults,
    pub(crate) name: &'static str,
}

#[derive(Debug)]
pub(crate) enum ReadConnection {
    Postgres(PoolConnection<Postgres>),
    Sqlite(PoolConnection<Sqlite>),
}

/// A transaction. Dropping it rolls back.
#[derive(Debug)]
pub struct Write {
    pub(crate) transaction: WriteTransaction,
    pub(crate) faults: Faults,
    pub(crate) name: &'static str,
    begun: Instant,
}

#[derive(Debug)]
pub(crate) enum WriteTransaction {
    Postgres(Transaction<'static, Postgres>),
    Sqlite(Transaction<'static, Sqlite>),
}

impl Db {
    /// Opens `sqlite:FILE` (created if missing) or `postgres://…`. PostgreSQL need not be up yet: it is reached when first used.
    pub fn open(url: &str) -> Result<Self> {
        let pools = match url.strip_prefix("sqlite:") {
            Some(file) => Self::sqlite(Path::new(file)),
            None => Self::postgres(url)?,
        };
        Ok(Self { pools, faults: Faults::default() })
    }

    fn sqlite(file: &Path) -> Pools {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full) // acknowledged means on the disk
            .foreign_keys(true)
            .busy_timeout(ACQUIRE);
        let writing = options.clone().pragma("cache_size", WRITER_CACHE);
        let pool = |connections, options| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE)
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_lazy_with(options)
        };
        Pools::Sqlite { read: pool(SQLITE_READERS, options), write: pool(1, writing) }
    }

    fn postgres(url: &str) -> Result<Pools> {
        let options: PgConnectOptions = url.parse().map_err(|error| Error::from_driver("open", error))?;
        let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(ACQUIRE);
        Ok(Pools::Postgres(pool.connect_lazy_with(options)))
    }

    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        match &self.pools {
            Pools::Postgres(_) => Engine::Postgres,
            Pools::Sqlite { .. } => Engine::Sqlite,
        }
    }

    /// A connection to read with. On both engines each statement sees what is committed when it begins.
    pub async fn read(&self, name: &'static str) -> Result<Read> {
        let failed = |error| Error::from_driver(name, error);
        let connection = match &self.pools {
            Pools::Postgres(pool) => ReadConnection::Postgres(pool.acquire().await.map_err(failed)?),
            Pools::Sqlite { read, .. } => ReadConnection::Sqlite(read.acquire().await.map_err(failed)?),
        };
        Ok(Read { connection, faults: self.faults.clone(), name })
    }

    /// A transaction to write with. `READ COMMITTED` and row locks on PostgreSQL; on SQLite the one writer.
    pub async fn write(&self, name: &'static str) -> Result<Write> {
        let failed = |error| Error::from_driver(name, error);
        let transaction = match &self.pools {
            Pools::Postgres(pool) => WriteTransaction::Postgres(pool.begin().await.map_err(failed)?),
            Pools::Sqlite { write, .. } => {
                WriteTransaction::Sqlite(write.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?)
            }
        };
        Ok(Write { transaction, faults: self.faults.clone(), name, begun: Instant::now() })
    }

    /// Closes all connections; SQLite then folds its log into the file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Postgres(pool) => pool.close().await,
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

impl Write {
    /// Makes all of it last, or nothing: when this returns it survives power loss.
    pub async fn commit(self) -> Result<()> {
        self.faults.strike(self.name, "COMMIT")?;
        let failed = |error| Error::from_driver(self.name, error);
        match self.transaction {
            WriteTransaction::Postgres(transaction) => transaction.commit().await.map_err(failed)?,
            WriteTransaction::Sqlite(transaction) => transaction.commit().await.map_err(failed)?,
        }
        let seconds = self.begun.elapsed().as_secs_f64();
        metrics::histogram!("congvan_transaction_seconds", "name" => self.name).record(seconds);
        Ok(())
    }

    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        match &self.transaction {
            WriteTransaction::Postgres(_) => Engine::Postgres,
            WriteTransaction::Sqlite(_) => Engine::Sqlite,
        }
    }
}
