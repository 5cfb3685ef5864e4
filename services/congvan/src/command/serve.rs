use std::process::ExitCode;

use axum::Router;
use directory::{Directory, SignInConfig, oidc::OidcConfig};
use documents::{Documents, DocumentsConfig, Foundation};
use gateway::{Backends, Gateway, GatewayConfig};
use kit::{
    caller::{KeyWatch, Signer, Verifier},
    config::Settings,
    lifecycle::Lifecycle,
    serving::{self, Port},
    telemetry::Telemetry,
    transport::Transport,
    worker::Wake,
};
use notifications::{MailConfig, Notifications};
use sql::Db;

use super::ended;
use crate::{
    cli::{Serve, Service},
    composition::{Administrator, BlobPlan, Surroundings, open_directory},
    settings::{self, Keep, Peers, Ports},
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
    if serve.check {
        println!("{}: the settings can be used", serve.service.name());
        return Ok(ExitCode::SUCCESS);
    }
    let telemetry = telemetry.start()?;
    let well = plan.serve(serve.service, &around, &life, &telemetry).await;
    telemetry.flush();
    well.map(ended)
}

/// A process with its settings complete.
struct Plan {
    ports: Ports,
    part: Part,
}

/// What is particular to each service.
enum Part {
    Directory {
        keep: Keep,
        administrator: Option<Administrator>,
        sign_in: SignInConfig,
        oidc: Option<OidcConfig>,
    },
    Documents {
        keep: Keep,
        blobs: BlobPlan,
        limits: DocumentsConfig,
        peers: Peers,
    },
    Notifications {
        keep: Keep,
        mail: MailConfig,
        peers: Peers,
    },
    Gateway {
        config: GatewayConfig,
        peers: Peers,
    },
}

impl Plan {
    fn read(service: Service, mut read: Settings) -> anyhow::Result<Self> {
        let ports = settings::ports(&mut read);
        let part = Part::read(service, &mut read);
        let (ports, part) = settings::complete(read, ports.zip(part))?;
        Ok(Self { ports, part })
    }

    async fn serve(
        self,
        service: Service,
        around: &Surroundings,
        life: &Lifecycle,
        telemetry: &Telemetry,
    ) -> anyhow::Result<bool> {
        let opening = life.latch("database");
        let admin = Port::take(self.ports.admin).await?;
        let port = Port::take(self.ports.listen).await?;
        let address = port.address();
        admin.serve("admin", serving::admin(life, telemetry), life);
        let built = self.part.build(around, life).await?;
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

impl Part {
    /// Reads the settings of a service; none, with mistakes noted, if any is missing.
    fn read(service: Service, read: &mut Settings) -> Option<Self> {
        // Everything is read before anything is given up, so that all mistakes are told.
        match service {
            Service::Directory => {
                let (keep, administrator) = (settings::keep(read), settings::administrator(read));
                let (sign_in, oidc) = (settings::sign_in(read, false), settings::oidc(read));
                Some(Self::Directory { keep: keep?, administrator, sign_in, oidc })
            }
            Service::Documents => {
                let (keep, blobs) = (settings::keep(read), settings::blobs(read, None));
                let (limits, peers) = (settings::documents(read), settings::peers(read, &["directory"]));
                Some(Self::Documents { keep: keep?, blobs: blobs?, limits, peers: peers? })
            }
            Service::Notifications => {
                let (keep, mail) =
                    (settings::keep(read), settings::mail(read, None, "http://127.0.0.1:8080"));
                let peers = settings::peers(read, &["directory", "documents"]);
                Some(Self::Notifications { keep: keep?, mail: mail?, peers: peers? })
            }
            Service::Gateway => {
                let config = settings::gateway(read);
                let peers = settings::peers(read, &["directory", "documents", "notifications"]);
                Some(Self::Gateway { config, peers: peers? })
            }
        }
    }

    async fn build(self, around: &Surroundings, life: &Lifecycle) -> anyhow::Result<Built> {
        match self {
            Self::Directory { keep, administrator, sign_in, oidc } => {
                let (db, verifier) = keep.open(around, life)?;
                let directory =
                    open_directory(db.clone(), sign_in, oidc, administrator.as_ref(), around, life).await?;
                directory.start(life);
                let routes = directory.routes(life);
                let routes = around.guarded(routes, Directory::SERVICES, verifier, life).await;
                Ok(Built { routes, database: Some(db) })
            }
            Self::Documents { keep, blobs, limits, peers } => {
                let (db, verifier) = keep.open(around, life)?;
                let signer = signer("documents", &peers, life)?;
                let foundation = Foundation {
                    db: db.clone(),
                    blobs: blobs.open(&around.ids).await?,
                    directory: way(peers.directory.as_deref(), &signer, around)?,
                    clock: around.clock.clone(),
                    ids: around.ids.clone(),
                    life: life.clone(),
                };
                let documents = Documents::open(foundation, limits).await?;
                documents.start(life);
                let routes = documents.routes(life);
                let routes = around.guarded(routes, Documents::SERVICES, verifier, life).await;
                Ok(Built { routes, database: Some(db) })
            }
            Self::Notifications { keep, mail, peers } => {
                let (db, verifier) = keep.open(around, life)?;
                let (clock, ids) = (around.clock.clone(), around.ids.clone());
                let notifications = Notifications::open(db.clone(), mail, clock, ids).await?;
                let signer = signer("notifications", &peers, life)?;
                let documents = way(peers.documents.as_deref(), &signer, around)?;
                let directory = way(peers.directory.as_deref(), &signer, around)?;
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
                let signer = signer("gateway", &peers, life)?;
                let gateway = Gateway::new(config, backends, signer, around.clock.clone());
                Ok(Built { routes: gateway.router(around.ids.clone(), life).await, database: None })
            }
        }
    }
}

impl Keep {
    /// The database, and the keys that are believed; whether these were exchanged is watched from now on.
    fn open(&self, around: &Surroundings, life: &Lifecycle) -> anyhow::Result<(Db, Verifier)> {
        let verifier = Verifier::read(&self.trust, around.clock.clone())?;
        life.work(KeyWatch::new(Vec::new(), Some(verifier.clone())), Wake::default());
        Ok((Db::open(&self.database)?, verifier))
    }
}

/// The key that signs for this process; whether it was exchanged is watched from now on.
fn signer(issuer: &str, peers: &Peers, life: &Lifecycle) -> anyhow::Result<Signer> {
    let signer = Signer::read(issuer, &peers.signing_key)?;
    life.work(KeyWatch::new(vec![signer.clone()], None), Wake::default());
    Ok(signer)
}

/// The way to another service, for calls that the process makes of its own accord.
fn way(address: Option<&str>, signer: &Signer, around: &Surroundings) -> anyhow::Result<Transport> {
    Ok(around.signed(&Transport::remote(address.unwrap_or_default())?, signer))
}
