use anyhow::Context;
use sql::Engine;
use tempfile::TempDir;

/// Where databases are made on one engine.
pub(crate) enum Place {
    /// As files in a folder that goes away with this.
    Sqlite(TempDir),
    /// On the server with this administrator's URL.
    Postgres(String),
}

impl Place {
    pub(crate) fn new(engine: Engine, postgres: &str) -> anyhow::Result<Self> {
        Ok(match engine {
            Engine::Sqlite => Self::Sqlite(tempfile::tempdir()?),
            Engine::Postgres => Self::Postgres(postgres.to_owned()),
        })
    }

    /// A new database: its URL.
    pub(crate) async fn database(&self, name: &str) -> anyhow::Result<String> {
        match self {
            Self::Sqlite(folder) => {
                Ok(format!("sqlite:{}", folder.path().join(format!("{name}.db")).display()))
            }
            Self::Postgres(administrator) => {
                let name = format!("bench_{}_{name}", std::process::id());
                sql::testing::create_postgres(administrator, &name).await.context("a database of one's own")
            }
        }
    }
}
