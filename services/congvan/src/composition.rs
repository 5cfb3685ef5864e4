//! The services put together: all in one process, or one in each.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use axum::Router;
use base::{Clock, Ids, Random, SystemClock, SystemRandom};
use blobs::{Blobs, S3Config};
use directory::{Directory, SealKeys, SignInConfig, oidc::OidcConfig};
use documents::{Documents, DocumentsConfig, Foundation};
use gateway::{Backends, Gateway, GatewayConfig};
use kit::{
    Fault,
    caller::{KeyWatch, Signer, Verifier, generate},
    layers,
    lifecycle::Lifecycle,
    serving,
    transport::Transport,
    worker::Wake,
};
use notifications::{MailConfig, Notifications};
use sql::Db;
use tonic::service::Routes;

/// File in the folder for keys with the key that the directory seals secrets with.
pub(crate) const SEAL_KEY: &str = "directory.seal.key";

/// Time, ids and randomness of a process.
#[derive(Clone)]
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids and secrets.
    pub ids: Ids,
}

/// Where files are kept.
#[derive(Debug, Clone)]
pub enum BlobPlan {
    /// In a folder.
    Folder(PathBuf),
    /// In an S3-compatible store.
    S3(S3Config),
}

/// The first administrator, made if there is none.
#[derive(Clone)]
pub struct Administrator {
    /// Name to sign in under.
    pub name: String,
    /// Password.
    pub password: String,
}

/// Everything that one process with all services needs.
#[derive(Clone)]
pub struct Plan {
    /// URL of the directory's database.
    pub directory: String,
    /// URL of the documents' database.
    pub documents: String,
    /// URL of the notifications' database.
    pub notifications: String,
    /// Where files are kept.
    pub blobs: BlobPlan,
    /// Folder for the keys of the process; made if missing.
    pub keys: PathBuf,
    /// How mail goes out.
    pub mail: MailConfig,
    /// The first administrator.
    pub administrator: Option<Administrator>,
    /// The rules for signing in; without seal keys, one is made in the folder for keys.
    pub sign_in: SignInConfig,
    /// The provider at which people may sign in, if there is one.
    pub oidc: Option<OidcConfig>,
    /// Limits of the document service.
    pub limits: DocumentsConfig,
    /// Limits of the gateway.
    pub gateway: GatewayConfig,
}

/// All services in one process.
pub struct System {
    /// The public port.
    pub router: Router,
    /// The services behind it, for those who call past it.
    pub backends: Backends,
    /// The databases, for those who look inside: directory, documents, notifications.
    pub databases: [Db; 3],
}

impl Default for Surroundings {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(SystemRandom))
    }
}

impl Surroundings {
    /// With this clock and this randomness.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { ids: Ids::new(clock.clone(), random), clock }
    }

    /// A service's routes behind the layers that every service has.
    pub(crate) async fn guarded(
        &self,
        routes: Routes,
        services: &[&'static str],
        verifier: Verifier,
        life: &Lifecycle,
    ) -> Router {
        layers::service(serving::grpc(routes, services, life).await, verifier, self.ids.clone())
    }

    /// A way to a service, for calls of a process's own accord.
    pub(crate) fn signed(&self, way: &Transport, signer: &Signer) -> Transport {
        way.clone().signed_by(signer.clone(), self.clock.clone())
    }
}

impl BlobPlan {
    /// Opens the store.
    pub async fn open(self, ids: &Ids) -> anyhow::Result<Blobs> {
        match self {
            Self::Folder(folder) => {
                Blobs::local(folder.clone()).await.with_context(|| format!("files in {}", folder.display()))
            }
            Self::S3(config) => Ok(Blobs::s3(&config, ids.clone())?),
        }
    }
}

impl System {
    /// Opens every service and starts its workers; nothing is served yet.
    pub async fn open(plan: Plan, around: &Surroundings, life: &Lifecycle) -> anyhow::Result<Self> {
        let Surroundings { clock, ids } = around;
        let signer = |issuer: &str| -> anyhow::Result<Signer> {
            generate(issuer, &plan.keys)?;
            Ok(Signer::read(issuer, &plan.keys.join(format!("{issuer}.key.pem")))?)
        };
        let (of_gateway, of_documents, of_notifications) =
            (signer("gateway")?, signer("documents")?, signer("notifications")?);
        let verifier = Verifier::read(&plan.keys.join("trust"), clock.clone())?;
        let signers = vec![of_gateway.clone(), of_documents.clone(), of_notifications.clone()];
        life.work(KeyWatch::new(signers, Some(verifier.clone())), Wake::default());
        let databases =
            [Db::open(&plan.directory)?, Db::open(&plan.documents)?, Db::open(&plan.notifications)?];
        let [directory_db, documents_db, notifications_db] = databases.clone();

        let mut sign_in = plan.sign_in;
        if sign_in.seal_keys.is_none() {
            let file = plan.keys.join(SEAL_KEY);
            SealKeys::generate(&file, ids)?;
            sign_in.seal_keys = Some(SealKeys::read(&file)?);
        }
        let directory =
            open_directory(directory_db, sign_in, plan.oidc, plan.administrator.as_ref(), around, life)
                .await?;
        let routes = directory.routes(life);
        let routes = around.guarded(routes, Directory::SERVICES, verifier.clone(), life).await;
        let to_directory = Transport::local(routes);

        let foundation = Foundation {
            db: documents_db,
            blobs: plan.blobs.open(ids).await?,
            directory: around.signed(&to_directory, &of_documents),
            clock: clock.clone(),
            ids: ids.clone(),
            life: life.clone(),
        };
        let documents = Documents::open(foundation, plan.limits).await?;
        let routes =
            around.guarded(documents.routes(life), Documents::SERVICES, verifier.clone(), life).await;
        let to_documents = Transport::local(routes);

        let notifications =
            Notifications::open(notifications_db, plan.mail, clock.clone(), ids.clone()).await?;
        let routes = notifications.routes(life);
        let routes = around.guarded(routes, Notifications::SERVICES, verifier, life).await;
        let to_notifications = Transport::local(routes);

        directory.start(life);
        documents.start(life);
        let sources = [&to_documents, &to_directory].map(|way| around.signed(way, &of_notifications));
        let [documents, directory] = sources;
        notifications.start(life, documents, directory);

        let backends =
            Backends { directory: to_directory, documents: to_documents, notifications: to_notifications };
        let gateway = Gateway::new(plan.gateway, backends.clone(), of_gateway, clock.clone());
        Ok(Self { router: gateway.router(ids.clone(), life).await, backends, databases })
    }

    /// Closes the databases; to be called when all work has ended.
    pub async fn close(&self) {
        for database in &self.databases {
            database.close().await;
        }
    }
}

/// The directory, with its first administrator.
pub(crate) async fn open_directory(
    db: Db,
    sign_in: SignInConfig,
    oidc: Option<OidcConfig>,
    administrator: Option<&Administrator>,
    around: &Surroundings,
    life: &Lifecycle,
) -> anyhow::Result<Directory> {
    let directory = Directory::open(db, around.clock.clone(), around.ids.clone(), life).await?;
    let mut directory = directory.with_sign_in(sign_in);
    if let Some(oidc) = oidc {
        directory = directory.with_oidc(oidc).context("oidc")?;
    }
    if let Some(Administrator { name, password }) = administrator {
        let made = directory.ensure_administrator(name, "Quản trị hệ thống", password).await;
        let made = made.map_err(|fault| anyhow::anyhow!("administrator: {}", told(&fault)))?;
        if made {
            tracing::info!(name, "first administrator made");
        }
    }
    Ok(directory)
}

/// A fault for the terminal of an operator: what is wrong, field by field, and why.
fn told(fault: &Fault) -> String {
    let fields =
        fault.violations().iter().map(|violation| format!("{} {}", violation.field, violation.text.en));
    let parts = std::iter::once(fault.text().en.clone()).chain(fields).chain([fault.cause_chain()]);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}
