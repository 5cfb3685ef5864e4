use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Fault, Text};

/// Who makes a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The process that signed the claim: "gateway", "documents", "notifications".
    pub issuer: String,
    /// The person it speaks for; none when a service calls of its own accord.
    pub person: Option<Person>,
}

/// A signed-in person with the posts held at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Id in the directory.
    pub user_id: Uuid,
    /// Full name.
    pub full_name: String,
    /// Session the call belongs to; with an API key, the key.
    pub session_id: Uuid,
    /// The posts.
    pub appointments: Vec<Appointment>,
    /// What the call may be for when an API key speaks for the person: names of `congvan.access.v1.Scope`. None for a session,
    /// which may do whatever its person may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The agency.
    pub agency_id: Uuid,
    /// The unit, which may be the agency itself.
    pub unit_id: Uuid,
    /// Official title.
    pub position: String,
    /// What the post allows.
    pub roles: Vec<Role>,
    /// Agencies that ended and whose inbox, registers and open work the agency of this post took over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherited_agency_ids: Vec<Uuid>,
    /// Whose post it is, when the person only stands in: it brings the work and not the right to sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_in_for: Option<StandsInFor>,
}

impl Appointment {
    /// The agency and those that it took over from.
    pub fn agencies(&self) -> impl Iterator<Item = Uuid> {
        std::iter::once(self.agency_id).chain(self.inherited_agency_ids.iter().copied())
    }
}

/// The holder of a position who is away and stood in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandsInFor {
    /// The position.
    pub position_id: Uuid,
    /// The holder.
    pub user_id: Uuid,
}

/// What a post allows; see `congvan.directory.v1.Role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Head of the agency.
    AgencyHead,
    /// Deputy head.
    DeputyHead,
    /// Head of an inner unit.
    UnitHead,
    /// Officer.
    Officer,
    /// Document office.
    DocumentOffice,
    /// Administrator.
    Administrator,
    /// Secretary of a leader.
    Secretary,
    /// Follow-up officer.
    FollowUpOfficer,
    /// Format checker.
    FormatChecker,
    /// Archivist.
    Archivist,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::AgencyHead,
        Self::DeputyHead,
        Self::UnitHead,
        Self::Officer,
        Self::DocumentOffice,
        Self::Administrator,
        Self::Secretary,
        Self::FollowUpOfficer,
        Self::FormatChecker,
        Self::Archivist,
    ];

    /// Its name in the contracts, without prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::AgencyHead => "AGENCY_HEAD",
            Self::DeputyHead => "DEPUTY_HEAD",
            Self::UnitHead => "UNIT_HEAD",
            Self::Officer => "OFFICER",
            Self::DocumentOffice => "DOCUMENT_OFFICE",
            Self::Administrator => "ADMINISTRATOR",
            Self::Secretary => "SECRETARY",
            Self::FollowUpOfficer => "FOLLOW_UP_OFFICER",
            Self::FormatChecker => "FORMAT_CHECKER",
            Self::Archivist => "ARCHIVIST",
        }
    }

    /// The role with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The role with this number in `congvan.directory.v1.Role`.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }

    /// Its number in `congvan.directory.v1.Role`.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }
}

impl Caller {
    /// A service that calls of its own accord.
    pub fn service(issuer: &str) -> Self {
        Self { issuer: issuer.to_owned(), person: None }
    }

    /// The caller of a request that came through [`crate::layers`].
    pub fn of<T>(request: &tonic::Request<T>) -> Result<Self, Fault> {
        request.extensions().get::<Self>().cloned().ok_or_else(Fault::not_signed_in)
    }

    /// The person calling; a fault when a service calls of its own accord.
    pub fn person(&self) -> Result<&Person, Fault> {
        self.person
            .as_ref()
            .ok_or_else(|| Fault::not_allowed(&Text::new("người dùng đã đăng nhập", "a signed-in person")))
    }

    /// Whether the person holds an administrator's post.
    pub fn is_administrator(&self) -> bool {
        self.person.as_ref().is_some_and(|person| {
            person.appointments.iter().any(|post| post.roles.contains(&Role::Administrator))
        })
    }

    /// Whether it is a service calling of its own accord.
    pub fn is_service(&self) -> bool {
        self.person.is_none()
    }
}
