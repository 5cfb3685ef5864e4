use std::process::ExitCode;

use axum::Router;
use directory::Directory;
use documents::{Documents, Foundation};
use gateway::{Backends, Gateway};
use kit::{
    caller::{Signer, Verifier},
    config::Settings,
    lifecycle::Lifecycle,
    serving::{self, Port},
    telemetry::Telemetry,
    transport::Transport,
};
use notifications::Notifications;
use sql::Db;

use super::ended;
use crate::{
    cli::{Serve, Service},
    composition::{Surroundings, open_directory},
    settings::{self, Peers, Process},
};

/// What a process needs besides its ports.
struct Built {
    routes: Router,
    database: Option<Db>,
}

/// One service in a process of its own.
pub(super) async fn run(serve: Serve) -> anyhow::Result<ExitCode> {
    let mut read = Settings::read(serve.config.as_deref());
    let telemetry = settings::telemetry(&mut read, serve.service.name(), settings::LOG);
    let life = Lifecycle::default();
    let around = Surroundings::default();
    let plan = Plan::read(serve.service, read)?;
    let telemetry = telemetry.start()?;
    let well = plan.serve(serve.service, &around, &life, &telemetry).await;
    telemetry.flush();
    well.map(ended)
}

/// A process with its settings complete.
struct Plan {
    process: Process,
    part: Part,
}

/// What is particular to each service.
enum Part {
    Directory {
        database: String,
        administrator: Option<crate::composition::Administrator>,
    },
    Documents {
        database: String,
        blobs: crate::composition::BlobPlan,
        limits: documents::DocumentsConfig,
        peers: Peers,
    },
    Notifications {
        database: String,
        mail: notifications::MailConfig,
        peers: Peers,
    },
    Gateway {
        config: gateway::GatewayConfig,
        peers: Peers,
    },
}

impl Plan {
    fn read(service: Service, mut read: Settings) -> anyhow::Result<Self> {
        let process = settings::process(&mut read);
        let part = match service {
            Service::Directory => {
                let administrator = settings::administrator(&mut read);
                database(&mut read).map(|database| Part::Directory { database, administrator })
            }
            Service::Documents => {
                let database = database(&mut read);
                let blobs = settings::blobs(&mut read, None);
                let limits = settings::documents(&mut read);
                let peers = settings::peers(&mut read, &["directory"]);
                database.zip(blobs).zip(peers).map(|((database, blobs), peers)| Part::Documents {
                    database,
                    blobs,
                    limits,
                    peers,
                })
            }
            Service::Notifications => {
                let database = database(&mut read);
                let mail = settings::mail(&mut read, None, "http://127.0.0.1:8080");
                let peers = settings::peers(&mut read, &["directory", "documents"]);
                database.zip(mail).zip(peers).map(|((database, mail), peers)| Part::Notifications {
                    database,
                    mail,
                    peers,
                })
            }
            Service::Gateway => {
                let config = settings::gateway(&mut read);
                let peers = settings::peers(&mut read, &["directory", "documents", "notifications"]);
                peers.map(|peers| Part::Gateway { config, peers })
            }
        };
        let (process, part) = settings::complete(read, process.zip(part))?;
        Ok(Self { process, part })
    }

    async fn serve(
        self,
        service: Service,
        around: &Surroundings,
        life: &Lifecycle,
        telemetry: &Telemetry,
    ) -> anyhow::Result<bool> {
        let opening = life.latch("database");
        let admin = Port::take(self.process.admin).await?;
        let port = Port::take(self.process.listen).await?;
        let address = port.address();
        admin.serve("admin", serving::admin(life, telemetry), life);
        let verifier = Verifier::read(&self.process.trust, around.clock.clone())?;
        let built = self.part.build(around, verifier, life).await?;
        port.serve(service.name(), built.routes, life);
        drop(opening);
        println!("{} ready: http://{address}", service.name());
        let well = life.clone().run().await;
        if let Some(database) = built.database {
            database.close().await;
        }
        Ok(well)
    }
}

fn database(read: &mut Settings) -> Option<String> {
    read.required("database", "its database: postgres://user:password@host/name or sqlite:FILE")
}

impl Part {
    async fn build(
        self,
        around: &Surroundings,
        verifier: Verifier,
        life: &Lifecycle,
    ) -> anyhow::Result<Built> {
        match self {
            Self::Directory { database, administrator } => {
                let db = Db::open(&database)?;
                let directory = open_directory(db.clone(), administrator.as_ref(), around).await?;
                directory.start(life);
                let routes = directory.routes(life);
                let routes = around.guarded(routes, Directory::SERVICES, verifier, life).await;
                Ok(Built { routes, database: Some(db) })
            }
            Self::Documents { database, blobs, limits, peers } => {
                let db = Db::open(&database)?;
                let foundation = Foundation {
                    db: db.clone(),
                    blobs: blobs.open(&around.ids).await?,
                    directory: way(peers.directory.as_deref(), "documents", &peers, around)?,
                    clock: around.clock.clone(),
                    ids: around.ids.clone(),
                };
                let documents = Documents::open(foundation, limits).await?;
                documents.start(life);
                let routes = documents.routes(life);
                let routes = around.guarded(routes, Documents::SERVICES, verifier, life).await;
                Ok(Built { routes, database: Some(db) })
            }
            Self::Notifications { database, mail, peers } => {
                let db = Db::open(&database)?;
                let (clock, ids) = (around.clock.clone(), around.ids.clone());
                let notifications = Notifications::open(db.clone(), mail, clock, ids).await?;
                let documents = way(peers.documents.as_deref(), "notifications", &peers, around)?;
                let directory = way(peers.directory.as_deref(), "notifications", &peers, around)?;
                notifications.start(life, documents, directory);
                let routes = notifications.routes(life);
                let routes = around.guarded(routes, Notifications::SERVICES, verifier, life).await;
                Ok(Built { routes, database: Some(db) })
            }
            Self::Gateway { config, peers } => {
                let backend =
                    |address: &Option<String>| Transport::remote(address.as_deref().unwrap_or_default());
                let backends = Backends {
                    directory: backend(&peers.directory)?,
                    documents: backend(&peers.documents)?,
                    notifications: backend(&peers.notifications)?,
                };
                let signer = Signer::read("gateway", &peers.signing_key)?;
                let gateway = Gateway::new(config, backends, signer, around.clock.clone());
                Ok(Built { routes: gateway.router(around.ids.clone(), life).await, database: None })
            }
        }
    }
}

/// The way to another service, for calls that `issuer` makes of its own accord.
fn way(
    address: Option<&str>,
    issuer: &str,
    peers: &Peers,
    around: &Surroundings,
) -> anyhow::Result<Transport> {
    let signer = Signer::read(issuer, &peers.signing_key)?;
    Ok(around.signed(&Transport::remote(address.unwrap_or_default())?, &signer))
}
