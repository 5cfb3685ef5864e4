use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body};
use base::{ManualClock, Random, SystemRandom};
use bytes::Bytes;
use congvan::{
    composition::{Administrator, BlobPlan, Plan, Surroundings, System},
    sample,
};
use congvan_proto::directory::v1::import_service_client::ImportServiceClient;
use directory::SignInConfig;
use documents::DocumentsConfig;
use gateway::{Backends, GatewayConfig};
use http::{Method, Request, header};
use http_body_util::BodyExt;
use kit::{caller::Signer, lifecycle::Lifecycle, transport::Transport};
use notifications::{MailConfig, MailRoute};
use serde_json::{Value, json};
use sql::{Db, Queries, statement, testing};
use tower::ServiceExt;

use crate::{Actor, Answer, Wire};

pub use sql::Engine;

/// How long stories wait for what happens in the background.
const PATIENCE: Duration = Duration::from_secs(30);

/// The whole system in one process.
pub struct World {
    system: System,
    life: Lifecycle,
    /// The clock of the system; stands still until moved.
    pub clock: ManualClock,
    plan: Plan,
    folder: Arc<tempfile::TempDir>,
    ended: bool,
}

impl World {
    /// Every engine that this run has: SQLite always, PostgreSQL when `make test` started one.
    pub fn engines() -> Vec<Engine> {
        let postgres = testing::postgres_url().map(|_| Engine::Postgres);
        std::iter::once(Engine::Sqlite).chain(postgres).collect()
    }

    /// A system with the sample province, on the morning of 23 November 2026.
    pub async fn new(engine: Engine) -> Self {
        Self::with_limits(engine, GatewayConfig::default()).await
    }

    /// The same with other limits.
    pub async fn with_limits(engine: Engine, gateway: GatewayConfig) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let plan = plan(engine, &folder, gateway).await;
        Self::of(plan, folder).await
    }

    /// A system on PostgreSQL whose document service reaches its database by a wire that can be cut.
    pub async fn on_a_wire() -> (Self, Wire) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut plan = plan(Engine::Postgres, &folder, GatewayConfig::default()).await;
        let (before, server) = plan.documents.rsplit_once('@').expect("the URL names a user");
        let (server, database) = server.split_once('/').expect("the URL names a database");
        let wire = Wire::to(server.to_owned()).await;
        plan.documents = format!("{before}@127.0.0.1:{}/{database}", wire.port);
        (Self::of(plan, folder).await, wire)
    }

    async fn of(plan: Plan, folder: tempfile::TempDir) -> Self {
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().expect("a time"));
        let world = Self::opened(plan, clock, Arc::new(folder)).await;
        world.load().await;
        world
    }

    async fn opened(plan: Plan, clock: ManualClock, folder: Arc<tempfile::TempDir>) -> Self {
        let around = Surroundings::new(Arc::new(clock.clone()), Arc::new(SystemRandom));
        let life = Lifecycle::default();
        let system = System::open(plan.clone(), &around, &life).await.expect("the system opens");
        Self { system, life, clock, plan, folder, ended: false }
    }

    /// A second system on the same databases, with the same keys, files and clock: what several replicas do.
    pub async fn replica(&self) -> Self {
        Self::opened(self.plan.clone(), self.clock.clone(), self.folder.clone()).await
    }

    async fn load(&self) {
        let administrator = self.actor(sample::ADMINISTRATOR).await;
        let mut request = tonic::Request::new(sample::province(&sample::password_hash()));
        let bearer = format!("Bearer {}", administrator.token).parse().expect("a token is ASCII");
        request.metadata_mut().insert("authorization", bearer);
        let mut client = ImportServiceClient::new(Transport::local(self.system.router.clone()));
        client.import_directory(request).await.expect("the province loads");
    }

    /// Signs a person of the sample in.
    pub async fn actor(&self, sign_in_name: &str) -> Actor<'_> {
        self.sign_in(sign_in_name, sample::PASSWORD).await
    }

    /// Signs anybody in.
    pub async fn sign_in(&self, sign_in_name: &str, password: &str) -> Actor<'_> {
        let body = json!({ "signInName": sign_in_name, "password": password });
        let answer = self.call(Method::POST, "/v1/sessions", None, Some(&body)).await.ok();
        Actor::new(self, &answer)
    }

    /// The 75 communes by code, as the directory lists them.
    pub async fn communes(&self) -> Vec<Value> {
        let reader = self.actor("canbo.snv").await;
        let path = "/v1/units?kinds=UNIT_KIND_WARD&kinds=UNIT_KIND_COMMUNE&pageSize=100";
        reader.get(path).await.ok()["units"].as_array().cloned().expect("a list of units")
    }

    /// A call with a JSON body, or none.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        self.send(method, path, token, bytes, "application/json").await
    }

    /// A call with any body.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: impl Into<Bytes>,
        content_type: &str,
    ) -> Answer {
        let body = body.into();
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT_LANGUAGE, "en");
        if !body.is_empty() {
            request =
                request.header(header::CONTENT_TYPE, content_type).header(header::CONTENT_LENGTH, body.len());
        }
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.request(request.body(Body::from(body)).expect("a request")).await
    }

    /// Any request.
    pub async fn request(&self, request: Request<Body>) -> Answer {
        let response = self.system.router.clone().oneshot(request).await.expect("the router never fails");
        let (head, body) = response.into_parts();
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Answer { status: head.status, headers: head.headers, body }
    }

    /// The routes of the gateway, for clients of another kind.
    pub fn router(&self) -> Router {
        self.system.router.clone()
    }

    /// The services behind the gateway, for callers with claims of their own.
    pub fn backends(&self) -> &Backends {
        &self.system.backends
    }

    /// Signs claims as one of the processes: "gateway", "documents", "notifications".
    pub fn signer(&self, issuer: &str) -> Signer {
        let file = self.folder.path().join("keys").join(format!("{issuer}.key.pem"));
        Signer::read(issuer, &file).expect("the system made its keys")
    }

    /// The document service's database, for faults and for looking inside.
    pub fn documents(&self) -> &Db {
        &self.system.databases[1]
    }

    /// One number out of the document service's database.
    pub async fn count(&self, query: &'static str) -> i64 {
        count(self.documents(), query).await
    }

    /// Waits until every event was acted on and no mail is due.
    pub async fn settle(&self) {
        let [_, documents, notifications] = &self.system.databases;
        let start = Instant::now();
        loop {
            let waiting = count(documents, "SELECT count(*) AS n FROM event WHERE sequence IS NULL").await;
            let wanted = "SELECT coalesce(max(sequence), 0) AS n FROM event
                WHERE type IN ('congvan.documents.document.issued', 'congvan.documents.delivery.refused',
                    'congvan.documents.delivery.returned', 'congvan.documents.delivery.forwarded',
                    'congvan.documents.delivery.urged', 'congvan.documents.recall.requested')";
            let wanted = count(documents, wanted).await;
            let seen = "SELECT coalesce(max(sequence), 0) AS n FROM event_cursor WHERE source = 'documents'";
            let seen = count(notifications, seen).await;
            let due = count(notifications, "SELECT count(*) AS n FROM message WHERE state = 'QUEUED'").await;
            if waiting == 0 && seen >= wanted && due == 0 {
                return;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "left undone: {waiting} events, cursor {seen}/{wanted}, {due} mails"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The mails written so far, by file name.
    pub fn mails(&self) -> Vec<PathBuf> {
        let Ok(folder) = std::fs::read_dir(self.folder.path().join("mail")) else { return Vec::new() };
        let files = folder.filter_map(|entry| Some(entry.ok()?.path()));
        let mut mails: Vec<_> =
            files.filter(|file| file.extension().is_some_and(|ending| ending == "eml")).collect();
        mails.sort();
        mails
    }

    /// The file in which the body of an attachment lies.
    pub fn body_of(&self, sha256: &str) -> PathBuf {
        self.folder.path().join("files/sha256").join(&sha256[..2]).join(&sha256[2..4]).join(sha256)
    }

    /// Ends the world and asserts that nothing was left undone.
    pub async fn end(mut self) {
        self.settle().await;
        self.ended = true;
        assert!(self.life.clone().drain(std::future::pending()).await, "the system drains");
        self.system.close().await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        assert!(self.ended || std::thread::panicking(), "a world is ended with end()");
    }
}

async fn plan(engine: Engine, folder: &tempfile::TempDir, gateway: GatewayConfig) -> Plan {
    let path = folder.path();
    let mut urls = Vec::new();
    for name in ["directory", "documents", "notifications"] {
        urls.push(match engine {
            Engine::Sqlite => format!("sqlite:{}", path.join(format!("{name}.db")).display()),
            Engine::Postgres => {
                let administrator = testing::postgres_url().expect("asked for only when there is one");
                let mut salt = [0; 8];
                SystemRandom.fill(&mut salt);
                let name = format!("it_{name}_{:016x}", u64::from_le_bytes(salt));
                testing::create_postgres(&administrator, &name).await.expect("a fresh database")
            }
        });
    }
    let [directory, documents, notifications] = urls.try_into().expect("three names, three URLs");
    Plan {
        directory,
        documents,
        notifications,
        blobs: BlobPlan::Folder(path.join("files")),
        keys: path.join("keys"),
        mail: MailConfig {
            from: "Công Văn <khong-tra-loi@congvan.example>".parse().expect("an address"),
            mail_domain: "congvan.example".to_owned(),
            base_url: "http://congvan.example".to_owned(),
            route: MailRoute::Folder(path.join("mail")),
        },
        administrator: Some(Administrator {
            name: sample::ADMINISTRATOR.to_owned(),
            password: sample::PASSWORD.to_owned(),
        }),
        oidc: None,
        sign_in: SignInConfig::default(),
        limits: DocumentsConfig { max_file_bytes: gateway.file_limit_bytes, ..DocumentsConfig::default() },
        gateway,
    }
}

/// One number: the column `n` of a query.
async fn count(db: &Db, query: &'static str) -> i64 {
    let mut read = db.read("test").await.expect("the database answers");
    read.one(&statement("COUNT", query), vec![]).await.and_then(|row| row.get("n")).expect("one number")
}
