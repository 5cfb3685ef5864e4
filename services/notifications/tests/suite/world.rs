//! The service with its neighbours, on each engine.

use std::{
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use base::{Clock, Ids, ManualClock, SystemRandom, Uuid};
use congvan_proto::notifications::v1::{
    CountMessagesRequest, CountMessagesResponse, ListMessagesRequest, Message, MessageState,
    message_service_client::MessageServiceClient,
};
use kit::{
    caller::{Appointment, HEADER, Person, Role, Signer, Verifier, generate},
    layers,
    lifecycle::Lifecycle,
    transport::Transport,
    worker::{Step, Worker},
};
use notifications::{Intake, MailConfig, MailRoute, Notifications, Sender};
use sql::{Db, testing};
use tonic::Request;

use crate::{directory::Directory, documents::Documents};

pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) clock: ManualClock,
    pub(crate) life: Lifecycle,
    pub(crate) documents: Documents,
    pub(crate) directory: Directory,
    pub(crate) service: Notifications,
    folder: tempfile::TempDir,
}

/// Keys are the same for every world: making them is slow.
static KEYS: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    generate("gateway", folder.path()).unwrap();
    folder
});

/// A world on each engine that this run has, with so many communes; mails go into a folder.
pub(crate) async fn worlds(communes: u32) -> Vec<World> {
    worlds_with(communes, None).await
}

/// The same with another way for mails to go.
pub(crate) async fn worlds_with(communes: u32, route: Option<MailRoute>) -> Vec<World> {
    let clock = ManualClock::at("2026-11-23T02:00:00Z".parse().unwrap());
    let ids = Ids::new(Arc::new(clock.clone()), Arc::new(SystemRandom));
    let mut folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite:{}", folder.path().join("test.db").display())];
    if let Some(administrator) = testing::postgres_url() {
        let name = format!("notifications_{}", ids.next().simple());
        urls.push(testing::create_postgres(&administrator, &name).await.unwrap());
    }
    let mut worlds = Vec::new();
    for url in urls {
        let clock = ManualClock::at(clock.now());
        let ids = Ids::new(Arc::new(clock.clone()), Arc::new(SystemRandom));
        let db = Db::open(&url).unwrap();
        let route = route.clone().unwrap_or(MailRoute::Folder(folder.path().join("mail")));
        let config = MailConfig {
            from: "Công Văn <cong-van@sonla.gov.vn>".parse().unwrap(),
            mail_domain: "sonla.gov.vn".to_owned(),
            base_url: "https://congvan.sonla.gov.vn/".to_owned(),
            route,
        };
        let service = Notifications::open(db.clone(), config, Arc::new(clock.clone()), ids).await.unwrap();
        worlds.push(World {
            db,
            clock,
            life: Lifecycle::default(),
            documents: Documents::default(),
            directory: Directory::with_communes(communes),
            service,
            folder: std::mem::replace(&mut folder, tempfile::tempdir().unwrap()),
        });
    }
    worlds
}

impl World {
    pub(crate) fn intake(&self) -> Intake {
        self.service.intake(self.documents.transport(), self.directory.transport())
    }

    /// Acts on every event told so far.
    pub(crate) async fn take_in(&self) {
        run(&mut self.intake()).await;
    }

    /// Hears every change that the directory has told so far.
    pub(crate) async fn hear(&self) {
        run(&mut self.service.forgetting(self.directory.transport())).await;
    }

    /// Sends all that is due.
    pub(crate) async fn send(&self) {
        run(&mut self.service.sender()).await;
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, minutes: i64) {
        self.clock.advance(jiff::SignedDuration::from_mins(minutes));
    }

    pub(crate) fn mail_folder(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// Every visible mail: name of the file and bytes, by name.
    pub(crate) fn mails(&self) -> Vec<(String, Vec<u8>)> {
        let entries = std::fs::read_dir(self.mail_folder()).unwrap().map(|entry| entry.unwrap().path());
        let mut mails: Vec<_> = entries
            .filter(|path| path.is_file())
            .map(|path| {
                (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap())
            })
            .collect();
        mails.sort();
        mails
    }

    /// The service as it is called, behind its layers.
    pub(crate) fn client(&self) -> MessageServiceClient<Transport> {
        let verifier = Verifier::read(&KEYS.path().join("trust"), Arc::new(self.clock.clone())).unwrap();
        let ids = Ids::new(Arc::new(self.clock.clone()), Arc::new(SystemRandom));
        let routes = self.service.routes(&self.life).prepare().into_axum_router();
        MessageServiceClient::new(Transport::local(layers::service(routes, verifier, ids)))
    }

    /// A request in the name of a person.
    pub(crate) fn as_person<T>(&self, user_id: Uuid, role: Role, message: T) -> Request<T> {
        let person = Person {
            user_id,
            full_name: "Lò Thị Mai".to_owned(),
            session_id: Uuid::from_u128(7),
            appointments: vec![Appointment {
                agency_id: Uuid::from_u128(8),
                unit_id: Uuid::from_u128(8),
                position: "Văn thư".to_owned(),
                roles: vec![role],
                inherited_agency_ids: Vec::new(),
                stands_in_for: None,
            }],
            scopes: None,
        };
        let signer = Signer::read("gateway", &KEYS.path().join("gateway.key.pem")).unwrap();
        let mut request = Request::new(message);
        let claim = signer.sign(Some(person), self.clock.now());
        request.metadata_mut().insert(HEADER, claim.parse().unwrap());
        request
    }

    /// A request in the name of an administrator.
    pub(crate) fn as_administrator<T>(&self, message: T) -> Request<T> {
        self.as_person(Uuid::from_u128(0xad), Role::Administrator, message)
    }

    /// How many messages stand where: queued, sent, failed.
    pub(crate) async fn counts(&self) -> (i32, i32, i32) {
        let request = self.as_administrator(CountMessagesRequest::default());
        let CountMessagesResponse { queued, sent, failed } =
            self.client().count_messages(request).await.unwrap().into_inner();
        (queued, sent, failed)
    }

    /// Every message in this state.
    pub(crate) async fn messages(&self, state: MessageState) -> Vec<Message> {
        let request = ListMessagesRequest { state: state.into(), page_size: 200, ..Default::default() };
        let request = self.as_administrator(request);
        self.client().list_messages(request).await.unwrap().into_inner().messages
    }
}

/// Steps a worker until it has nothing to do.
pub(crate) async fn run(worker: &mut impl Worker) {
    while worker.step().await.unwrap() == Step::Busy {}
}

/// Steps a sender once; true if it had something to do.
pub(crate) async fn step(sender: &mut Sender) -> bool {
    sender.step().await.unwrap() == Step::Busy
}
