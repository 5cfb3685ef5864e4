//! The statements of an issue run without the system, on a database of the same schema in the same place.

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::{Context, ensure};
use base::{SystemClock, Uuid};
use documents::Documents;
use serde_json::Value;
use sql::{Column, Db, Engine, Kind, Migration, Queries, params, statement};
use tokio::process::Command;

use crate::{place::Place, sample::Sample, system::number};

/// For pgbench.
const SQL: &str = include_str!("issue.sql");

/// For SQLite.
const PYTHON: &str = include_str!("issue.py");

/// Which documents the raw runs issue, in order, and what an event and an answer look like.
const STOCK: Migration = Migration {
    name: "bench/0001_stock",
    text: "CREATE TABLE bench_stock (place BIGINT PRIMARY KEY, document_id UUID NOT NULL);
        CREATE TABLE bench_payload (event BYTEA NOT NULL, answer BYTEA NOT NULL);",
};

const PLACES: [Column; 2] = [Column::new("place", Kind::Int), Column::new("document_id", Kind::Uuid)];

/// A database of its own for the raw runs.
pub(crate) struct Raw {
    db: Db,
    url: String,
    issued: usize,
    folder: tempfile::TempDir,
}

impl Raw {
    /// One without documents yet. Event and answer are copied from a database in which such a document was issued.
    pub(crate) async fn new(place: &Place, name: &str, from: &Db) -> anyhow::Result<Self> {
        let url = place.database(name).await?;
        let db = Db::open(&url)?;
        db.migrate(&[Documents::MIGRATIONS, &[STOCK]].concat(), &SystemClock).await?;
        let payload = "SELECT event.data AS event, answer.body AS answer FROM event, answer
            WHERE event.type = 'congvan.documents.document.issued' AND answer.method = 'IssueDocument'
            ORDER BY answer.created_at DESC, event.id DESC LIMIT 1";
        let payload = from.read("payload").await?.one(&statement("PAYLOAD", payload), vec![]).await?;
        let (event, answer): (Vec<u8>, Vec<u8>) = (payload.get("event")?, payload.get("answer")?);
        let mut tx = db.write("payload").await?;
        let insert = statement("PAYLOAD", "INSERT INTO bench_payload VALUES ($1, $2)");
        tx.execute(&insert, params![event, answer]).await?;
        if db.engine() == Engine::Postgres {
            tx.execute(&statement("PLACE", "CREATE SEQUENCE bench_place"), vec![]).await?;
        }
        tx.commit().await?;
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("issue.sql"), SQL)?;
        std::fs::write(folder.path().join("issue.py"), PYTHON)?;
        Ok(Self { db, url, issued: 0, folder })
    }

    /// Where the documents are to lie.
    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// Which documents are issued, in this order.
    pub(crate) async fn stock(&self, documents: Vec<Uuid>) -> anyhow::Result<()> {
        let places = (1_i64..).zip(&documents).map(|(place, id)| params![place, *id]);
        let mut tx = self.db.write("stock").await?;
        tx.insert("bench_stock", &PLACES, places.collect()).await?;
        tx.commit().await?;
        if self.db.engine() == Engine::Sqlite {
            self.db.close().await; // the file belongs to the script now
        }
        Ok(())
    }

    /// Issues so many documents with so many connections.
    pub(crate) async fn round(&mut self, clients: usize, count: usize) -> anyhow::Result<Sample> {
        let sample = match self.db.engine() {
            Engine::Postgres => pgbench(&self.url, self.folder.path(), clients, count).await?,
            Engine::Sqlite => python(&self.url, self.folder.path(), self.issued + 1, count).await?,
        };
        self.issued += count;
        Ok(sample)
    }

    /// Fails if the raw runs did not do what an issue does.
    pub(crate) async fn check(&self, recipients: usize) -> anyhow::Result<()> {
        let db = Db::open(&self.url)?;
        let made = number(&db, "SELECT count(*) AS n FROM delivery_status").await?;
        db.close().await;
        self.db.close().await;
        ensure!(
            usize::try_from(made)? == self.issued * recipients,
            "{made} deliveries of {} documents",
            self.issued
        );
        Ok(())
    }
}

async fn pgbench(url: &str, folder: &Path, clients: usize, count: usize) -> anyhow::Result<Sample> {
    let log = tempfile::tempdir_in(folder)?;
    let mut command = Command::new("pgbench");
    command.args(["--no-vacuum", "--protocol=prepared", "--log"]);
    command.args(["--client", &clients.to_string(), "--jobs", &clients.min(2).to_string()]);
    command.args(["--transactions", &(count / clients).to_string()]);
    command.arg("--file").arg(folder.join("issue.sql"));
    command.arg("--log-prefix").arg(log.path().join("log")).arg(url);
    let printed = output(command).await?;
    let rate =
        printed.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
    let rate = rate.with_context(|| format!("pgbench names no rate: {printed}"))?;

    let mut each = Vec::with_capacity(count);
    for file in std::fs::read_dir(log.path())? {
        for line in std::fs::read_to_string(file?.path())?.lines() {
            let micros = line.split(' ').nth(2).context("a line of the log has its latency third")?;
            each.push(Duration::from_micros(micros.parse()?));
        }
    }
    ensure!(each.len() == count, "pgbench issued {} of {count} documents: {printed}", each.len());
    Ok(Sample { rate, ..Sample::new(Duration::from_secs(1), &each) })
}

async fn python(url: &str, folder: &Path, first: usize, count: usize) -> anyhow::Result<Sample> {
    let file = url.strip_prefix("sqlite:").context("a file")?;
    let mut command = Command::new("python3");
    command.arg(folder.join("issue.py")).args([file, &first.to_string(), &count.to_string()]);
    let printed: Value = serde_json::from_str(&output(command).await?)?;
    let micros = |value: &Value| value.as_u64().map(Duration::from_micros);
    let each: Option<Vec<_>> = printed["each"].as_array().and_then(|each| each.iter().map(micros).collect());
    let (whole, each) = (micros(&printed["whole"]), each);
    let (whole, each) = whole.zip(each).context("the script prints its times")?;
    ensure!(each.len() == count, "the script issued {} of {count} documents", each.len());
    Ok(Sample::new(whole, &each))
}

async fn output(mut command: Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    let output = output.with_context(|| format!("{}", command.as_std().get_program().display()))?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
