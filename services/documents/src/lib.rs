//! The document service: drafts, approval, signature, number, register, deliveries, and the files.
//!
//! A command is parsed (all violations at once), runs in one transaction against the pure rules of `documents-domain`, and is
//! answered after the commit. Issuing is number, register entry, every delivery and the event in one transaction.

mod addressing;
mod clearance;
mod config;
mod expirer;
mod faults;
mod housekeeping;
mod lookup;
mod officer;
mod recall_deadlines;
mod releaser;
mod reporter;
mod rpc;
mod sealer;
mod shape;
mod store;
mod units;
mod verify;
mod views;

use std::sync::Arc;

use base::{Clock, Ids};
use blobs::Blobs;
use congvan_proto::{
    directory::v1::{
        address_book_service_client::AddressBookServiceClient, group_service_client::GroupServiceClient,
        position_service_client::PositionServiceClient,
        signing_authority_service_client::SigningAuthorityServiceClient,
        unit_service_client::UnitServiceClient, user_service_client::UserServiceClient,
    },
    documents::v1::{
        attachment_service_server::AttachmentServiceServer, board_service_server::BoardServiceServer,
        comment_service_server::CommentServiceServer, copy_service_server::CopyServiceServer,
        delivery_service_server::DeliveryServiceServer,
        document_kind_service_server::DocumentKindServiceServer,
        document_service_server::DocumentServiceServer, drafting_service_server::DraftingServiceServer,
        handling_service_server::HandlingServiceServer, history_service_server::HistoryServiceServer,
        number_series_service_server::NumberSeriesServiceServer, recall_service_server::RecallServiceServer,
        recipient_service_server::RecipientServiceServer, register_service_server::RegisterServiceServer,
        release_service_server::ReleaseServiceServer, reservation_service_server::ReservationServiceServer,
        review_service_server::ReviewServiceServer,
    },
};
use events::{Hearer, Publisher, Sequencer};
use kit::{lane::Lanes, lifecycle::Lifecycle, transport::Transport, worker::Wake};
use lookup::{Asking, Finding};
use rpc::issue::{self, Issuing};
use sql::{Db, Migration};
use tonic::service::Routes;

pub use config::DocumentsConfig;
pub use store::statements;
pub use verify::{Selection, Verdict, verify};

/// The document service.
#[derive(Clone)]
pub struct Documents {
    db: Db,
    blobs: Blobs,
    directory: UnitServiceClient<Transport>,
    people: UserServiceClient<Transport>,
    positions: PositionServiceClient<Transport>,
    groups: GroupServiceClient<Transport>,
    address_book: AddressBookServiceClient<Transport>,
    signing: SigningAuthorityServiceClient<Transport>,
    config: DocumentsConfig,
    clock: Arc<dyn Clock>,
    ids: Ids,
    /// Where calls that come at once look for their documents.
    finding: Lanes<Finding>,
    /// Where calls that come at once ask the directory about units.
    asking: Lanes<Asking>,
    /// Where documents wait for their register.
    issuing: Lanes<Issuing>,
    /// Notes who sees what.
    views: views::Views,
    /// Wakes the sequencer after each commit.
    changed: Wake,
    /// Wakes the subscribers.
    sequenced: Wake,
}

/// What the service stands on.
pub struct Foundation {
    /// Its database.
    pub db: Db,
    /// Where files are kept.
    pub blobs: Blobs,
    /// The way to the directory, signed as "documents".
    pub directory: Transport,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Ids,
    /// The life of the process, in which documents are issued in batches.
    pub life: Lifecycle,
}

impl Documents {
    /// The schema.
    pub const MIGRATIONS: &[Migration] = &[
        sql::answers::MIGRATION,
        events::PUBLISHER_MIGRATION,
        Migration { name: "documents/0001_start", text: include_str!("../migrations/0001_start.sql") },
        Migration { name: "documents/0002_waiting", text: include_str!("../migrations/0002_waiting.sql") },
        Migration {
            name: "documents/0003_signature",
            text: include_str!("../migrations/0003_signature.sql"),
        },
        Migration { name: "documents/0004_ledger", text: include_str!("../migrations/0004_ledger.sql") },
        Migration { name: "documents/0010_release", text: include_str!("../migrations/0010_release.sql") },
        Migration { name: "documents/0011_review", text: include_str!("../migrations/0011_review.sql") },
        Migration { name: "documents/0020_history", text: include_str!("../migrations/0020_history.sql") },
        Migration { name: "documents/0021_files", text: include_str!("../migrations/0021_files.sql") },
        Migration { name: "documents/0022_comments", text: include_str!("../migrations/0022_comments.sql") },
        Migration { name: "documents/0023_views", text: include_str!("../migrations/0023_views.sql") },
        Migration { name: "documents/0024_drafting", text: include_str!("../migrations/0024_drafting.sql") },
        Migration { name: "documents/0030_series", text: include_str!("../migrations/0030_series.sql") },
        Migration { name: "documents/0031_numbers", text: include_str!("../migrations/0031_numbers.sql") },
        Migration { name: "documents/0040_handling", text: include_str!("../migrations/0040_handling.sql") },
        Migration { name: "documents/0041_board", text: include_str!("../migrations/0041_board.sql") },
        Migration {
            name: "documents/0042_recipients",
            text: include_str!("../migrations/0042_recipients.sql"),
        },
        Migration {
            name: "documents/0043_forwarding",
            text: include_str!("../migrations/0043_forwarding.sql"),
        },
        Migration { name: "documents/0050_recall", text: include_str!("../migrations/0050_recall.sql") },
        Migration { name: "documents/0051_inbox", text: include_str!("../migrations/0051_inbox.sql") },
    ];

    /// The gRPC services, for health.
    pub const SERVICES: &[&str] = &[
        "congvan.documents.v1.DocumentService",
        "congvan.documents.v1.AttachmentService",
        "congvan.documents.v1.DeliveryService",
        "congvan.documents.v1.HandlingService",
        "congvan.documents.v1.RecallService",
        "congvan.documents.v1.BoardService",
        "congvan.documents.v1.RecipientService",
        "congvan.documents.v1.RegisterService",
        "congvan.documents.v1.HistoryService",
        "congvan.documents.v1.ReleaseService",
        "congvan.documents.v1.ReviewService",
        "congvan.documents.v1.CommentService",
        "congvan.documents.v1.DraftingService",
        "congvan.documents.v1.DocumentKindService",
        "congvan.documents.v1.NumberSeriesService",
        "congvan.documents.v1.ReservationService",
        "congvan.documents.v1.CopyService",
        "congvan.events.v1.EventService",
    ];

    /// Brings the schema forward, gives hashes to register lines of earlier versions, and makes the service.
    pub async fn open(foundation: Foundation, config: DocumentsConfig) -> Result<Self, sql::Error> {
        let Foundation { db, blobs, directory, clock, ids, life } = foundation;
        db.migrate(Self::MIGRATIONS, &*clock).await?;
        let signing = SigningAuthorityServiceClient::new(directory.clone());
        let limit = config.max_message_bytes;
        let people = UserServiceClient::new(directory.clone()).max_decoding_message_size(limit);
        let positions = PositionServiceClient::new(directory.clone());
        let groups = GroupServiceClient::new(directory.clone()).max_decoding_message_size(limit);
        let address_book = AddressBookServiceClient::new(directory.clone()).max_decoding_message_size(limit);
        store::ledger::fill(&db, &ids).await?;
        let directory = UnitServiceClient::new(directory).max_decoding_message_size(config.max_message_bytes);
        let (changed, sequenced) = (Wake::default(), Wake::default());
        let finding = Lanes::new(Finding(db.clone()), lookup::LANES, life.clone());
        let asking = Lanes::new(Asking(directory.clone()), lookup::LANES, life.clone());
        let issuing = issue::lanes(&db, (&clock, &ids), &changed, life);
        let views = views::Views::new(db.clone(), ids.clone());
        Ok(Self {
            db,
            blobs,
            directory,
            people,
            positions,
            groups,
            address_book,
            signing,
            config,
            clock,
            ids,
            finding,
            asking,
            issuing,
            views,
            changed,
            sequenced,
        })
    }

    /// Its gRPC services.
    pub fn routes(&self, life: &Lifecycle) -> Routes {
        let limit = self.config.max_message_bytes;
        let publisher = Publisher::new(self.db.clone(), "documents", self.sequenced.clone(), life);
        Routes::new(DocumentServiceServer::new(self.clone()).max_decoding_message_size(limit))
            .add_service(AttachmentServiceServer::new(self.clone()).max_decoding_message_size(limit))
            .add_service(DeliveryServiceServer::new(self.clone()))
            .add_service(HandlingServiceServer::new(self.clone()))
            .add_service(RecallServiceServer::new(self.clone()))
            .add_service(RecipientServiceServer::new(self.clone()))
            .add_service(BoardServiceServer::new(rpc::Boards::new(self.clone(), life)))
            .add_service(RegisterServiceServer::new(self.clone()))
            .add_service(HistoryServiceServer::new(self.clone()))
            .add_service(ReleaseServiceServer::new(self.clone()))
            .add_service(ReviewServiceServer::new(self.clone()))
            .add_service(CommentServiceServer::new(self.clone()))
            .add_service(DraftingServiceServer::new(self.clone()))
            .add_service(DocumentKindServiceServer::new(self.clone()))
            .add_service(NumberSeriesServiceServer::new(self.clone()))
            .add_service(ReservationServiceServer::new(self.clone()))
            .add_service(CopyServiceServer::new(self.clone()))
            .add_service(publisher.service())
    }

    /// Starts its workers.
    pub fn start(&self, life: &Lifecycle) {
        life.work(Sequencer::new(self.db.clone(), self.sequenced.clone()), self.changed.clone());
        life.work(Hearer::new(self.db.clone(), self.sequenced.clone()), Wake::default());
        life.work(reporter::Reporter::new(self), Wake::default());
        life.work(releaser::Releaser::new(self), Wake::default());
        life.work(recall_deadlines::RecallDeadlines::new(self), Wake::default());
        life.work(sealer::Sealer::new(self), Wake::default());
        life.work(expirer::Expirer::new(self), Wake::default());
        life.work(housekeeping::Housekeeping::new(self), Wake::default());
        life.work(self.views.clone(), Wake::default());
        life.at_end(self.views.clone().end());
    }
}
