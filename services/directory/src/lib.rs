//! The directory: agencies and their inner units, the people and their posts, passwords and sessions.
//!
//! It calls no other service; only, where the settings name one, the provider at which people sign in. Units and people change
//! rarely and one change after the other; every change tells an event in its own transaction. Sessions are opaque tokens of which
//! only the hash is kept; the gateway asks whose they are.

mod administrator;
mod api_key;
mod attempts;
mod breached;
mod changes;
mod config;
mod external_agencies;
mod faults;
mod flaws;
mod groups;
mod hashing;
mod housekeeping;
mod importing;
pub mod oidc;
mod passwords;
mod permission;
mod provision;
mod resolve;
mod rpc;
mod sealing;
mod second_factor;
mod sessions;
mod shape;
mod sheet;
mod signing_text;
mod staffing;
mod stand_in_text;
mod states;
mod store;
mod token;
mod totp;
mod verifying;
mod words;

use std::sync::Arc;

use base::{Clock, Date, Ids};
use congvan_proto::directory::v1;
use events::{Hearer, Publisher, Sequencer};
use kit::{lane::Lanes, lifecycle::Lifecycle, worker::Wake};
use sql::{Db, Migration};
use tonic::service::Routes;

use crate::{
    hashing::Hashing,
    oidc::{BadClient, Oidc, OidcConfig},
    verifying::Verifying,
};

pub use breached::{BreachList, BreachListError};
pub use config::SignInConfig;
pub use directory_domain::LinkBy;
pub use housekeeping::Housekeeping;
pub use importing::Importing;
pub use sealing::{SealKeyError, SealKeys};
pub use store::statements;

/// Largest import, in bytes of its message: 10,000 units and 10,000 people with hashes need about 7 MiB.
const IMPORT_BYTES: usize = 16 << 20;

/// The directory service.
#[derive(Clone)]
pub struct Directory {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Ids,
    hashing: Hashing,
    /// Where calls that come at once ask for their sessions.
    verifying: Lanes<Verifying>,
    sign_in: SignInConfig,
    /// The provider at which people may sign in, if one is set up.
    oidc: Option<Oidc>,
    /// Wakes the sequencer after each commit.
    changed: Wake,
    /// Wakes the subscribers.
    sequenced: Wake,
    /// Wakes whoever writes large imports.
    imports: Wake,
}

impl Directory {
    /// The schema.
    pub const MIGRATIONS: &[Migration] = &[
        sql::answers::MIGRATION,
        events::PUBLISHER_MIGRATION,
        Migration { name: "directory/0001_start", text: include_str!("../migrations/0001_start.sql") },
        Migration { name: "directory/0002_audit", text: include_str!("../migrations/0002_audit.sql") },
        Migration { name: "directory/0003_units", text: include_str!("../migrations/0003_units.sql") },
        Migration {
            name: "directory/0004_positions",
            text: include_str!("../migrations/0004_positions.sql"),
        },
        Migration {
            name: "directory/0005_reorganisations",
            text: include_str!("../migrations/0005_reorganisations.sql"),
        },
        Migration { name: "directory/0010_sign_in", text: include_str!("../migrations/0010_sign_in.sql") },
        Migration { name: "directory/0011_oidc", text: include_str!("../migrations/0011_oidc.sql") },
        Migration { name: "directory/0012_api_keys", text: include_str!("../migrations/0012_api_keys.sql") },
        Migration { name: "directory/0013_signing", text: include_str!("../migrations/0013_signing.sql") },
        Migration { name: "directory/0014_groups", text: include_str!("../migrations/0014_groups.sql") },
        Migration { name: "directory/0015_scim", text: include_str!("../migrations/0015_scim.sql") },
        Migration { name: "directory/0016_import", text: include_str!("../migrations/0016_import.sql") },
        Migration {
            name: "directory/0017_name_words",
            text: include_str!("../migrations/0017_name_words.sql"),
        },
        Migration {
            name: "directory/0018_unit_address",
            text: include_str!("../migrations/0018_unit_address.sql"),
        },
        Migration {
            name: "directory/0019_succession",
            text: include_str!("../migrations/0019_succession.sql"),
        },
    ];

    /// The gRPC services, for health.
    pub const SERVICES: &[&str] = &[
        "congvan.directory.v1.ApiKeyService",
        "congvan.directory.v1.AddressBookService",
        "congvan.directory.v1.ExternalAgencyService",
        "congvan.directory.v1.GroupService",
        "congvan.directory.v1.AuditService",
        "congvan.directory.v1.CredentialService",
        "congvan.directory.v1.PositionService",
        "congvan.directory.v1.ReorganisationService",
        "congvan.directory.v1.UnitService",
        "congvan.directory.v1.UserService",
        "congvan.directory.v1.SessionService",
        "congvan.directory.v1.SigningAuthorityService",
        "congvan.directory.v1.StandInService",
        "congvan.directory.v1.ImportService",
        "congvan.directory.v1.ImportJobService",
        "congvan.directory.v1.ExportService",
        "congvan.directory.v1.OidcService",
        "congvan.events.v1.EventService",
    ];

    /// Brings the schema forward and makes the service, which lives as long as `life`.
    pub async fn open(db: Db, clock: Arc<dyn Clock>, ids: Ids, life: &Lifecycle) -> Result<Self, sql::Error> {
        db.migrate(Self::MIGRATIONS, &*clock).await?;
        store::person_word::fill(&db).await?;
        let hashing = Hashing::new(ids.clone());
        let verifying = Lanes::new(Verifying(db.clone()), verifying::LANES, life.clone());
        let [changed, sequenced, imports] = [Wake::default(), Wake::default(), Wake::default()];
        Ok(Self {
            db,
            clock,
            ids,
            hashing,
            verifying,
            sign_in: SignInConfig::default(),
            oidc: None,
            changed,
            sequenced,
            imports,
        })
    }

    /// The same with other rules for signing in.
    #[must_use]
    pub fn with_sign_in(self, sign_in: SignInConfig) -> Self {
        Self { sign_in, ..self }
    }

    /// The same with a provider at which people may sign in; without this they have passwords only.
    pub fn with_oidc(self, config: OidcConfig) -> Result<Self, BadClient> {
        Ok(Self { oidc: Some(Oidc::new(config)?), ..self })
    }

    /// The day in Vietnam.
    pub(crate) fn today(&self) -> Date {
        base::legal_date(self.clock.now())
    }

    /// Its gRPC services.
    pub fn routes(&self, life: &Lifecycle) -> Routes {
        let publisher = Publisher::new(self.db.clone(), "directory", self.sequenced.clone(), life);
        Routes::new(v1::unit_service_server::UnitServiceServer::new(self.clone()))
            .add_service(v1::user_service_server::UserServiceServer::new(self.clone()))
            .add_service(v1::api_key_service_server::ApiKeyServiceServer::new(self.clone()))
            .add_service(v1::position_service_server::PositionServiceServer::new(self.clone()))
            .add_service(v1::reorganisation_service_server::ReorganisationServiceServer::new(self.clone()))
            .add_service(v1::address_book_service_server::AddressBookServiceServer::new(self.clone()))
            .add_service(v1::external_agency_service_server::ExternalAgencyServiceServer::new(self.clone()))
            .add_service(v1::group_service_server::GroupServiceServer::new(self.clone()))
            .add_service(v1::audit_service_server::AuditServiceServer::new(self.clone()))
            .add_service(v1::credential_service_server::CredentialServiceServer::new(self.clone()))
            .add_service(v1::session_service_server::SessionServiceServer::new(self.clone()))
            .add_service(v1::signing_authority_service_server::SigningAuthorityServiceServer::new(
                self.clone(),
            ))
            .add_service(v1::stand_in_service_server::StandInServiceServer::new(self.clone()))
            .add_service(
                v1::import_service_server::ImportServiceServer::new(self.clone())
                    .max_decoding_message_size(IMPORT_BYTES),
            )
            .add_service(v1::import_job_service_server::ImportJobServiceServer::new(self.clone()))
            .add_service(v1::export_service_server::ExportServiceServer::new(self.clone()))
            .add_service(v1::oidc_service_server::OidcServiceServer::new(self.clone()))
            .add_service(publisher.service())
    }

    /// Starts its workers.
    pub fn start(&self, life: &Lifecycle) {
        life.work(Sequencer::new(self.db.clone(), self.sequenced.clone()), self.changed.clone());
        life.work(Hearer::new(self.db.clone(), self.sequenced.clone()), Wake::default());
        life.work(Housekeeping::new(self), Wake::default());
        life.work(Importing::new(self), self.imports.clone());
    }
}
