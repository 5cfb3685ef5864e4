use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::ensure;
use base::SystemClock;
use congvan::{
    composition::{Administrator, BlobPlan, Plan, Surroundings, System},
    sample,
};
use directory::SignInConfig;
use documents::DocumentsConfig;
use gateway::GatewayConfig;
use kit::{caller::Signer, lifecycle::Lifecycle, serving::Port, transport::Transport};
use notifications::{MailConfig, MailRoute, Security, SmtpRoute};
use sql::{Db, Queries, Write, statement};
use tempfile::TempDir;

use crate::{clerk::Clerk, place::Place};

/// Folder for the keys.
const KEYS: &str = "keys";

/// How long to wait for what happens in the background.
const PATIENCE: Duration = Duration::from_mins(1);

/// All services in this process, served on a port of the loopback.
pub(crate) struct Running {
    system: System,
    life: Lifecycle,
    /// Where the gateway is: `http://127.0.0.1:…`.
    pub(crate) address: String,
    /// Files and keys.
    folder: TempDir,
}

impl Running {
    /// Starts them on new databases and loads the sample province.
    pub(crate) async fn start(place: &Place) -> anyhow::Result<Self> {
        let running = Self::open(place, "sample").await?;
        Clerk::sign_in(&running.address, sample::ADMINISTRATOR).await?.load_province().await?;
        Ok(running)
    }

    /// Starts them on new databases, whose names begin with `name`.
    pub(crate) async fn open(place: &Place, name: &str) -> anyhow::Result<Self> {
        let (folder, life) = (tempfile::tempdir()?, Lifecycle::default());
        let around = Surroundings::default();
        let system = System::open(plan(place, name, &folder).await?, &around, &life).await?;
        let port = Port::take("127.0.0.1:0".parse()?).await?;
        let address = format!("http://{}", port.address());
        port.serve("gateway", system.router.clone(), &life);
        Ok(Self { system, life, address, folder })
    }

    /// The directory's database.
    pub(crate) fn directory(&self) -> &Db {
        &self.system.databases[0]
    }

    /// The way that the gateway goes to the directory.
    pub(crate) fn to_directory(&self) -> anyhow::Result<Transport> {
        let signer = Signer::read("gateway", &self.folder.path().join(KEYS).join("gateway.key.pem"))?;
        Ok(self.system.backends.directory.clone().signed_by(signer, Arc::new(SystemClock)))
    }

    /// The document service's database.
    pub(crate) fn documents(&self) -> &Db {
        &self.system.databases[1]
    }

    /// Keeps the notifications from taking events in until the transaction is dropped: it has the lock that they need.
    pub(crate) async fn hold_back(&self) -> anyhow::Result<Write> {
        let mut tx = self.system.databases[2].write("hold_back").await?;
        tx.execute(&statement("HOLD_BACK", "UPDATE event_cursor SET sequence = sequence"), vec![]).await?;
        Ok(tx)
    }

    /// Waits until every event has reached the notifications; how long that took.
    pub(crate) async fn settle(&self) -> anyhow::Result<Duration> {
        let [_, documents, notifications] = &self.system.databases;
        let start = Instant::now();
        loop {
            let waiting = number(documents, "SELECT count(*) AS n FROM event WHERE sequence IS NULL").await?;
            let newest = number(documents, "SELECT coalesce(max(sequence), 0) AS n FROM event").await?;
            let seen =
                number(notifications, "SELECT coalesce(max(sequence), 0) AS n FROM event_cursor").await?;
            if waiting == 0 && seen >= newest {
                return Ok(start.elapsed());
            }
            ensure!(start.elapsed() < PATIENCE, "the notifications have seen {seen} of {newest} events");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        ensure!(self.life.clone().drain(std::future::pending()).await, "the system does not drain");
        self.system.close().await;
        Ok(())
    }
}

/// One number: the column `n` of a query.
pub(crate) async fn number(db: &Db, query: &'static str) -> anyhow::Result<i64> {
    Ok(db.read("bench").await?.one(&statement("NUMBER", query), vec![]).await?.get("n")?)
}

async fn plan(place: &Place, name: &str, folder: &TempDir) -> anyhow::Result<Plan> {
    let path = folder.path();
    let database = async |of: &str| place.database(&format!("{name}_{of}")).await;
    Ok(Plan {
        directory: database("directory").await?,
        documents: database("documents").await?,
        notifications: database("notifications").await?,
        blobs: BlobPlan::Folder(path.join("files")),
        keys: path.join(KEYS),
        mail: MailConfig {
            from: "Công Văn <khong-tra-loi@congvan.example>".parse()?,
            mail_domain: "congvan.example".to_owned(),
            base_url: "http://congvan.example".to_owned(),
            route: MailRoute::Smtp(nobody()?),
        },
        administrator: Some(Administrator {
            name: sample::ADMINISTRATOR.to_owned(),
            password: sample::PASSWORD.to_owned(),
        }),
        oidc: None,
        sign_in: SignInConfig::default(),
        limits: DocumentsConfig::default(),
        gateway: GatewayConfig::default(),
    })
}

/// A mail server that is away: mails are written and wait. 75 mails for each document on the way to a folder would be measured
/// along with everything else.
fn nobody() -> anyhow::Result<SmtpRoute> {
    let port = crate::process::free_port()?;
    Ok(SmtpRoute { host: "127.0.0.1".to_owned(), port, security: Security::Plain, credentials: None })
}
