//! A directory in this process with callers of every sort, on every engine that this run has.

use std::{path::Path, sync::Arc};

use base::{Clock, Ids, ManualClock, SystemRandom, Uuid};
use congvan_proto::directory::v1::{
    self as pb, audit_service_client::AuditServiceClient, import_service_client::ImportServiceClient,
    oidc_service_client::OidcServiceClient, position_service_client::PositionServiceClient,
    session_service_client::SessionServiceClient, unit_service_client::UnitServiceClient,
    user_service_client::UserServiceClient,
};
use directory::{Directory, SealKeys, SignInConfig};
use jiff::SignedDuration;
use kit::{
    caller::{Appointment, HEADER, Person, Role, Signer, StandsInFor, Verifier, generate},
    layers,
    lifecycle::Lifecycle,
    serving,
    transport::Transport,
};
use sql::{Db, testing};
use tempfile::TempDir;
use tonic::{Request, Status};
use tonic_types::StatusExt;

/// Password of everyone.
pub(crate) const PASSWORD: &str = "mật khẩu rất dài";

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    Nobody,
    Person(Box<Person>),
    Gateway,
    Documents,
}

pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) directory: Directory,
    pub(crate) clock: ManualClock,
    pub(crate) transport: Transport,
    pub(crate) life: Lifecycle,
    gateway: Signer,
    documents: Signer,
    _folder: TempDir,
}

impl World {
    /// One world on SQLite, and one on PostgreSQL when the run has a server.
    pub(crate) async fn all() -> Vec<Self> {
        Self::with(|rules, _| rules).await
    }

    /// The same under other rules for signing in; files of theirs go into the folder.
    pub(crate) async fn with(rules: fn(SignInConfig, &Path) -> SignInConfig) -> Vec<Self> {
        let worlds = Self::all_with(rules, async |directory| (directory, ())).await;
        worlds.into_iter().map(|(world, ())| world).collect()
    }

    /// The same, each with its directory set up further, and with whatever that took.
    pub(crate) async fn all_with<T>(
        rules: fn(SignInConfig, &Path) -> SignInConfig,
        set_up: impl AsyncFn(Directory) -> (Directory, T),
    ) -> Vec<(Self, T)> {
        let mut worlds = Vec::new();
        for (url, folder) in databases().await {
            worlds.push(Self::new(&url, folder, rules, &set_up).await);
        }
        worlds
    }

    /// The same on databases in which something was done before their directory was opened.
    pub(crate) async fn after(before: impl AsyncFn(Db)) -> Vec<Self> {
        let mut worlds = Vec::new();
        for (url, folder) in databases().await {
            before(Db::open(&url).unwrap()).await;
            let (world, ()) =
                Self::new(&url, folder, |rules, _| rules, &async |directory| (directory, ())).await;
            worlds.push(world);
        }
        worlds
    }

    async fn new<T>(
        url: &str,
        folder: TempDir,
        rules: fn(SignInConfig, &Path) -> SignInConfig,
        set_up: &impl AsyncFn(Directory) -> (Directory, T),
    ) -> (Self, T) {
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let ids = Ids::new(shared.clone(), Arc::new(SystemRandom));
        let db = Db::open(url).unwrap();
        let seal_key = folder.path().join("directory.seal.key");
        SealKeys::generate(&seal_key, &ids).unwrap();
        let seal_keys = Some(SealKeys::read(&seal_key).unwrap());
        let sign_in = rules(SignInConfig { seal_keys, ..SignInConfig::default() }, folder.path());
        let directory =
            Directory::open(db.clone(), shared.clone(), ids.clone(), &Lifecycle::default()).await.unwrap();
        let (directory, further) = set_up(directory.with_sign_in(sign_in)).await;
        let [gateway, documents] = ["gateway", "documents"].map(|issuer| {
            generate(issuer, folder.path()).unwrap();
            Signer::read(issuer, &folder.path().join(format!("{issuer}.key.pem"))).unwrap()
        });
        let verifier = Verifier::read(&folder.path().join("trust"), shared).unwrap();
        let life = Lifecycle::default();
        let routes = serving::grpc(directory.routes(&life), Directory::SERVICES, &life).await;
        let transport = Transport::local(layers::service(routes, verifier, ids));
        (Self { db, directory, clock, transport, life, gateway, documents, _folder: folder }, further)
    }

    pub(crate) fn units(&self) -> UnitServiceClient<Transport> {
        UnitServiceClient::new(self.transport.clone())
    }

    pub(crate) fn users(&self) -> UserServiceClient<Transport> {
        UserServiceClient::new(self.transport.clone())
    }

    pub(crate) fn sessions(&self) -> SessionServiceClient<Transport> {
        SessionServiceClient::new(self.transport.clone())
    }

    pub(crate) fn oidc(&self) -> OidcServiceClient<Transport> {
        OidcServiceClient::new(self.transport.clone())
    }

    pub(crate) fn positions(&self) -> PositionServiceClient<Transport> {
        PositionServiceClient::new(self.transport.clone())
    }

    pub(crate) fn imports(&self) -> ImportServiceClient<Transport> {
        ImportServiceClient::new(self.transport.clone())
    }

    /// The message as this caller sends it.
    pub(crate) fn from<M>(&self, who: &Who, message: M) -> Request<M> {
        let now = self.clock.now();
        let claim = match who {
            Who::Nobody => None,
            Who::Person(person) => Some(self.gateway.sign(Some((**person).clone()), now)),
            Who::Gateway => Some(self.gateway.sign(None, now)),
            Who::Documents => Some(self.documents.sign(None, now)),
        };
        let mut request = Request::new(message);
        if let Some(claim) = claim {
            request.metadata_mut().insert(HEADER, claim.parse().unwrap());
        }
        request.metadata_mut().insert("accept-language", "en".parse().unwrap());
        request
    }

    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Result<pb::SignInResponse, Status> {
        let request = pb::SignInRequest {
            sign_in_name: name.to_owned(),
            password: password.to_owned(),
            ..pb::SignInRequest::default()
        };
        let answer = self.sessions().sign_in(self.from(&Who::Gateway, request)).await;
        answer.map(tonic::Response::into_inner)
    }

    pub(crate) async fn verify(&self, token: &str) -> Result<pb::Session, Status> {
        let request = pb::VerifySessionRequest { token: token.to_owned(), ..Default::default() };
        let answer = self.sessions().verify_session(self.from(&Who::Gateway, request)).await?;
        Ok(answer.into_inner().session.unwrap())
    }

    /// What was done to this subject, the newest first.
    pub(crate) async fn audit(&self, by: &Who, subject_id: &str) -> Vec<pb::AuditEntry> {
        let request = pb::ListAuditEntriesRequest { subject_id: subject_id.to_owned(), ..Default::default() };
        let mut audit = AuditServiceClient::new(self.transport.clone());
        audit.list_audit_entries(self.from(by, request)).await.unwrap().into_inner().entries
    }

    /// The first administrator, signed in.
    pub(crate) async fn administrator(&self) -> Who {
        self.directory.ensure_administrator("quantri", "Lò Thị Mai", PASSWORD).await.unwrap();
        who(&self.sign_in("quantri", PASSWORD).await.unwrap().session.unwrap())
    }

    /// Records a unit.
    pub(crate) async fn unit(&self, by: &Who, unit: pb::Unit) -> Result<pb::Unit, Status> {
        let request = pb::CreateUnitRequest {
            unit: Some(unit),
            request_id: String::new(),
            ..pb::CreateUnitRequest::default()
        };
        let answer = self.units().create_unit(self.from(by, request)).await?;
        Ok(answer.into_inner().unit.unwrap())
    }

    /// Records a user.
    pub(crate) async fn user(&self, by: &Who, user: pb::User) -> Result<pb::User, Status> {
        let request = pb::CreateUserRequest {
            user: Some(user),
            password: PASSWORD.to_owned(),
            request_id: String::new(),
            inactive: false,
        };
        let answer = self.users().create_user(self.from(by, request)).await?;
        Ok(answer.into_inner().user.unwrap())
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }
}

/// The person of a session, as the gateway reads it.
pub(crate) fn who(session: &pb::Session) -> Who {
    let user = session.user.clone().unwrap();
    Who::Person(Box::new(Person {
        user_id: user.id.parse().unwrap(),
        full_name: user.full_name,
        session_id: session.id.parse().unwrap(),
        appointments: user.appointments.into_iter().map(post).collect(),
        scopes: None,
    }))
}

fn post(post: pb::Appointment) -> Appointment {
    Appointment {
        agency_id: post.agency_id.parse().unwrap(),
        unit_id: post.unit_id.parse().unwrap(),
        position: post.position,
        roles: post.roles.into_iter().map(|role| Role::numbered(role).unwrap()).collect(),
        inherited_agency_ids: post.inherited_agency_ids.iter().map(|id| id.parse().unwrap()).collect(),
        stands_in_for: post.stands_in_for.map(|of| StandsInFor {
            position_id: of.position_id.parse().unwrap(),
            user_id: of.user_id.parse().unwrap(),
        }),
    }
}

/// A department with this code.
pub(crate) fn department(code: &str) -> pb::Unit {
    pb::Unit {
        code: code.to_owned(),
        name: "Sở Nội vụ".to_owned(),
        abbreviation: "SNV".to_owned(),
        kind: pb::UnitKind::ProvincialDepartment.into(),
        email: "vanthu.snv@sonla.gov.vn".to_owned(),
        ..pb::Unit::default()
    }
}

/// An officer in this unit.
pub(crate) fn officer(sign_in_name: &str, unit: &pb::Unit) -> pb::User {
    pb::User {
        sign_in_name: sign_in_name.to_owned(),
        full_name: "Cầm Văn Chung".to_owned(),
        appointments: vec![appointment(unit, "Chuyên viên", pb::Role::Officer)],
        ..pb::User::default()
    }
}

pub(crate) fn appointment(unit: &pb::Unit, position: &str, role: pb::Role) -> pb::Appointment {
    pb::Appointment {
        unit_id: unit.id.clone(),
        position: position.to_owned(),
        roles: vec![role.into()],
        ..pb::Appointment::default()
    }
}

/// The reason of a refusal.
pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().unwrap_or_else(|| panic!("no reason: {status}")).reason
}

/// A fact told with a refusal.
pub(crate) fn fact(status: &Status, key: &str) -> String {
    status.get_details_error_info().unwrap().metadata[key].clone()
}

/// The fields at fault with what is said of them.
pub(crate) fn mistakes(status: &Status) -> Vec<(String, String)> {
    let told = status.get_details_bad_request().unwrap().field_violations;
    told.into_iter().map(|told| (told.field, told.description)).collect()
}

/// The fields at fault.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    mistakes(status).into_iter().map(|(field, _)| field).collect()
}

/// The URL of an empty database on each engine, with a folder of its own.
async fn databases() -> Vec<(String, TempDir)> {
    let folder = || tempfile::tempdir().unwrap();
    let of_sqlite = folder();
    let file = format!("sqlite:{}", of_sqlite.path().join("directory.db").display());
    let mut databases = vec![(file, of_sqlite)];
    if let Some(administrator) = testing::postgres_url() {
        let name = format!("directory_{}", Uuid::from_bytes(random()).simple());
        databases.push((testing::create_postgres(&administrator, &name).await.unwrap(), folder()));
    }
    databases
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    use base::Random;
    let mut bytes = [0; N];
    SystemRandom.fill(&mut bytes);
    bytes
}
