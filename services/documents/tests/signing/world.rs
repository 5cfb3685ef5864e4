//! The service beside a directory that says what a story wants.

use std::sync::{Arc, Mutex};

use base::{Ids, ManualClock, SystemRandom, Uuid};
use blobs::Blobs;
use congvan_proto::{
    directory::v1::{
        BatchGetUnitsRequest, BatchGetUnitsResponse, CheckSignerRequest, CheckSignerResponse, Unit,
        signing_authority_service_server::{SigningAuthorityService, SigningAuthorityServiceServer},
        unit_service_server::{UnitService, UnitServiceServer},
    },
    documents::v1::{self as pb, DocumentKind, document_service_server::DocumentService},
};
use documents::{Documents, DocumentsConfig, Foundation};
use kit::{
    caller::{Appointment, Caller, GATEWAY, Person, Role},
    lifecycle::Lifecycle,
    transport::Transport,
};
use sql::{Db, params, statement, testing};
use tonic::{Code, Request, Response, Status, service::Routes};

pub(crate) const AGENCY: Uuid = Uuid::from_u128(1);
pub(crate) const OFFICE: Uuid = Uuid::from_u128(2);
pub(crate) const DEPUTY: Uuid = Uuid::from_u128(3);

/// What the directory answers when it is asked who may sign.
type Told = Result<CheckSignerResponse, Code>;

/// The directory, as far as units and signers go.
#[derive(Clone)]
struct Directory {
    told: Arc<Mutex<Told>>,
    asked: Arc<Mutex<Vec<CheckSignerRequest>>>,
}

#[tonic::async_trait]
impl UnitService for Directory {
    async fn batch_get_units(
        &self,
        request: Request<BatchGetUnitsRequest>,
    ) -> Result<Response<BatchGetUnitsResponse>, Status> {
        let unit =
            |id: String| Unit { agency_id: id.clone(), id, name: "Sở".to_owned(), ..Unit::default() };
        let units = request.into_inner().ids.into_iter().map(unit).collect();
        Ok(Response::new(BatchGetUnitsResponse { units, missing_ids: Vec::new() }))
    }
}

#[tonic::async_trait]
impl SigningAuthorityService for Directory {
    async fn check_signer(
        &self,
        request: Request<CheckSignerRequest>,
    ) -> Result<Response<CheckSignerResponse>, Status> {
        self.asked.lock().unwrap().push(request.into_inner());
        let told = self.told.lock().unwrap().clone();
        told.map(Response::new).map_err(|code| Status::new(code, ""))
    }
}

pub(crate) struct World {
    db: Db,
    directory: Directory,
    pub(crate) service: Documents,
    _folder: tempfile::TempDir,
}

/// The service beside a directory of our own, on each engine.
pub(crate) async fn worlds() -> Vec<World> {
    let clock = ManualClock::at("2026-11-23T18:00:00Z".parse().unwrap()); // the 24th in Vietnam
    let ids = Ids::new(Arc::new(clock.clone()), Arc::new(SystemRandom));
    let mut folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite:{}", folder.path().join("documents.db").display())];
    if let Some(administrator) = testing::postgres_url() {
        let name = format!("documents_{}", ids.next().simple());
        urls.push(testing::create_postgres(&administrator, &name).await.unwrap());
    }
    let mut worlds = Vec::new();
    for url in urls {
        let directory =
            Directory { told: Arc::new(Mutex::new(Err(Code::Unavailable))), asked: Arc::default() };
        let routes = Routes::new(UnitServiceServer::new(directory.clone()))
            .add_service(SigningAuthorityServiceServer::new(directory.clone()));
        let db = Db::open(&url).unwrap();
        let foundation = Foundation {
            db: db.clone(),
            blobs: Blobs::local(folder.path().join("files")).await.unwrap(),
            directory: Transport::local(routes.into_axum_router()),
            clock: Arc::new(clock.clone()),
            ids: ids.clone(),
            life: Lifecycle::default(),
        };
        let service = Documents::open(foundation, DocumentsConfig::default()).await.unwrap();
        worlds.push(World {
            db,
            directory,
            service,
            _folder: std::mem::replace(&mut folder, tempfile::tempdir().unwrap()),
        });
    }
    worlds
}

/// A call of the deputy, who drafts and leads: what a post brings beside the right to sign.
pub(crate) fn from_deputy<T>(message: T) -> Request<T> {
    let post = |unit_id, role| Appointment {
        agency_id: AGENCY,
        unit_id,
        position: "Phó Giám đốc".to_owned(),
        roles: vec![role],
        inherited_agency_ids: Vec::new(),
        stands_in_for: None,
    };
    let person = Person {
        user_id: DEPUTY,
        full_name: "Cà Thị Phó".to_owned(),
        session_id: Uuid::from_u128(8),
        appointments: vec![post(AGENCY, Role::DeputyHead), post(OFFICE, Role::Officer)],
        scopes: None,
    };
    let mut request = Request::new(message);
    request.extensions_mut().insert(Caller { issuer: GATEWAY.to_owned(), person: Some(person) });
    request
}

impl World {
    /// The directory answers this from now on.
    pub(crate) fn tells(&self, answer: CheckSignerResponse) {
        *self.directory.told.lock().unwrap() = Ok(answer);
    }

    /// The directory answers nothing from now on.
    pub(crate) fn fails(&self, code: Code) {
        *self.directory.told.lock().unwrap() = Err(code);
    }

    /// What the directory was asked so far.
    pub(crate) fn asked(&self) -> Vec<CheckSignerRequest> {
        self.directory.asked.lock().unwrap().clone()
    }

    /// Changes what is stored, past all rules.
    pub(crate) async fn changes(&self, update: &'static str) {
        let mut tx = self.db.write("test").await.unwrap();
        tx.execute(&statement("CHANGE", update), params![]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A decision about land that lies before the signer.
    pub(crate) async fn submitted(&self) -> pb::Document {
        let document = pb::Document {
            drafting_unit_id: OFFICE.to_string(),
            kind: DocumentKind::Decision.into(),
            r#abstract: "Về việc giao đất".to_owned(),
            matter: "  Đất đai ".to_owned(),
            ..pb::Document::default()
        };
        let request = pb::CreateDocumentRequest {
            document: Some(document),
            request_id: String::new(),
            ..pb::CreateDocumentRequest::default()
        };
        let made = self.service.create_document(from_deputy(request)).await.unwrap().into_inner();
        self.changes("UPDATE document SET stage = 'IN_REVIEW'").await;
        self.reads(&made.document.unwrap()).await
    }

    pub(crate) async fn approves(
        &self,
        document: &pb::Document,
        request_id: &str,
    ) -> Result<pb::Document, Status> {
        let (id, request_id) = (document.id.clone(), request_id.to_owned());
        let request = pb::ApproveDocumentRequest { id, revision: document.revision, request_id };
        let answer = self.service.approve_document(from_deputy(request)).await?;
        Ok(answer.into_inner().document.unwrap())
    }

    pub(crate) async fn signs(&self, document: &pb::Document) -> Result<pb::Document, Status> {
        let id = document.id.clone();
        let request = pb::SignDocumentRequest { id, revision: document.revision, request_id: String::new() };
        let answer = self.service.sign_document(from_deputy(request)).await?;
        Ok(answer.into_inner().document.unwrap())
    }

    pub(crate) async fn reads(&self, document: &pb::Document) -> pb::Document {
        let request = pb::GetDocumentRequest { id: document.id.clone() };
        self.service.get_document(from_deputy(request)).await.unwrap().into_inner().document.unwrap()
    }
}
