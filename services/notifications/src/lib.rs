//! Notifications: an internal e-mail to each person whom an event concerns, once and no more.
//!
//! ```text
//! documents ── events ──> Intake: who is concerned (Offices), one message each, cursor ── one transaction
//!                                       │ messages, QUEUED
//!                                       v
//!                         Sender: lease ── send ── note down, while the lease is ours ──> mail folder or mail server
//! ```
//!
//! There is one message for an event and a person, whatever happens: its key is the event and the person, and so is its
//! Message-ID, which is stored and the same on every attempt. A mail carries a link and never the document: e-mail is not
//! the legal channel (Decision 28/2018/QĐ-TTg, Article 5).

mod backoff;
mod census;
mod clerks;
mod config;
mod facts;
mod faults;
mod intake;
mod mail;
mod mailer;
mod notice;
mod offices;
mod rpc;
mod sender;
mod store;

use std::sync::Arc;

use base::{Clock, Ids};
use congvan_proto::notifications::v1::message_service_server::{MessageServiceServer, SERVICE_NAME};
use kit::{
    lifecycle::Lifecycle,
    transport::Transport,
    worker::{Wake, Worker},
};
use sql::{Db, Migration};
use tonic::service::Routes;

pub use config::{BadSecurity, Credentials, MailConfig, MailRoute, Secret, Security, SmtpRoute};
pub use intake::Intake;
pub use lettre::message::Mailbox;
pub use mailer::MailerError;
pub use sender::Sender;

/// The notifications service. Clones share everything.
#[derive(Clone)]
pub struct Notifications {
    db: Db,
    config: Arc<MailConfig>,
    mailer: mailer::Mailer,
    clock: Arc<dyn Clock>,
    ids: Ids,
    wake: Wake,
}

/// The service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database is away or of another version.
    #[error(transparent)]
    Database(#[from] sql::Error),
    /// Mails cannot go the way that was chosen.
    #[error(transparent)]
    Mailer(#[from] MailerError),
}

impl Notifications {
    /// Its tables.
    pub const MIGRATIONS: &[Migration] = &[
        events::CONSUMER_MIGRATION,
        Migration { name: "notifications/0001_start", text: include_str!("../migrations/0001_start.sql") },
        Migration { name: "notifications/0002_office", text: include_str!("../migrations/0002_office.sql") },
    ];

    /// Its gRPC services.
    pub const SERVICES: &[&str] = &[SERVICE_NAME];

    /// Brings the database up to date and makes the way that mails go. The mail server is not spoken to yet.
    pub async fn open(
        db: Db,
        config: MailConfig,
        clock: Arc<dyn Clock>,
        ids: Ids,
    ) -> Result<Self, OpenError> {
        db.migrate(Self::MIGRATIONS, &*clock).await?;
        let mailer = mailer::Mailer::open(&config.route, &config.from).await?;
        Ok(Self { db, config: Arc::new(config), mailer, clock, ids, wake: Wake::default() })
    }

    /// Its gRPC services as routes.
    pub fn routes(&self, _: &Lifecycle) -> Routes {
        Routes::new(MessageServiceServer::new(rpc::Rpc { db: self.db.clone() }))
    }

    /// Starts its workers. Both transports sign as this service.
    pub fn start(&self, life: &Lifecycle, documents: Transport, directory: Transport) {
        life.work(self.forgetting(directory.clone()), Wake::default());
        life.work(self.intake(documents, directory), Wake::default());
        life.work(self.sender(), self.wake.clone());
        life.work(census::Census(self.db.clone()), Wake::default());
    }

    /// The worker that turns events of the documents service into messages.
    pub fn intake(&self, documents: Transport, directory: Transport) -> Intake {
        let parts = intake::Parts {
            db: self.db.clone(),
            config: self.config.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            sender: self.wake.clone(),
        };
        Intake::new(parts, documents, directory)
    }

    /// The worker that forgets what is known of document offices when the directory changes.
    pub fn forgetting(&self, directory: Transport) -> impl Worker + use<> {
        offices::forgetting(self.db.clone(), directory)
    }

    /// The worker that sends what is due.
    pub fn sender(&self) -> Sender {
        Sender::new(self.db.clone(), self.mailer.clone(), self.clock.clone(), self.ids.clone())
    }
}

/// The statements of this crate, for the test that prepares each.
pub fn statements() -> impl Iterator<Item = &'static sql::Statement> {
    [
        store::notice::STATEMENTS,
        store::message::STATEMENTS,
        store::office::STATEMENTS,
        store::queue::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
