//! Who may call what. Reading needs only a verified caller, which every call has that gets this far.

pub(crate) mod agency;

use base::Uuid;
use congvan_proto::access::v1::Scope;
use kit::{
    Fault, Text,
    caller::{Appointment, Caller, GATEWAY, Person, Role},
};

/// Who signs for the documents service.
const DOCUMENTS: &str = "documents";

/// Only administrators; the person calling.
pub(crate) fn administrator(caller: &Caller) -> Result<&Person, Fault> {
    match &caller.person {
        Some(person) if caller.is_administrator() => Ok(person),
        _ => Err(Fault::not_allowed(&Text::new("quản trị hệ thống", "the administrators"))),
    }
}

/// Whether the caller reads the audit where other things are told as well: administrators, behind an API key only with the
/// scope for it.
pub(crate) fn reads_audit(caller: &Caller) -> bool {
    let scopes = caller.person.as_ref().and_then(|person| person.scopes.as_ref());
    let needed = Scope::AuditRead.as_str_name();
    caller.is_administrator() && scopes.is_none_or(|scopes| scopes.iter().any(|scope| scope == needed))
}

/// Only a person in a session of its own; no API key manages keys or credentials.
pub(crate) fn in_session(caller: &Caller) -> Result<&Person, Fault> {
    let person = caller.person()?;
    if person.scopes.is_none() { Ok(person) } else { Err(Fault::no_key_may()) }
}

/// Only the person itself, or an administrator.
pub(crate) fn own(caller: &Caller, user_id: Uuid) -> Result<(), Fault> {
    if caller.person()?.user_id == user_id { Ok(()) } else { administrator(caller).map(drop) }
}

/// Only the documents service of its own accord.
pub(crate) fn documents(caller: &Caller) -> Result<(), Fault> {
    if caller.is_service() && caller.issuer == DOCUMENTS {
        return Ok(());
    }
    Err(Fault::not_allowed(&Text::new("dịch vụ văn bản của hệ thống", "the documents service of the system")))
}

/// Only administrators and, for what an agency keeps, its document office; the person calling.
pub(crate) fn group_keeper(caller: &Caller, owner_agency_id: Option<Uuid>) -> Result<&Person, Fault> {
    let keeps = |person: &&Person| {
        let mut posts = person.appointments.iter();
        caller.is_administrator()
            || posts.any(|post| {
                post.agencies().any(|agency_id| Some(agency_id) == owner_agency_id)
                    && post.roles.contains(&Role::DocumentOffice)
            })
    };
    caller.person.as_ref().filter(keeps).ok_or_else(|| match owner_agency_id {
        Some(_) => Fault::not_allowed(&Text::new(
            "văn thư của cơ quan giữ nhóm, quản trị hệ thống",
            "the document office of the agency that keeps the group, the administrators",
        )),
        None => Fault::not_allowed(&Text::new("quản trị hệ thống", "the administrators")),
    })
}

/// The agencies whose groups the caller sees; none stands for all of them.
pub(crate) fn group_viewer(caller: &Caller) -> Option<Vec<Uuid>> {
    let person = caller.person.as_ref().filter(|_| !caller.is_administrator())?;
    Some(person.appointments.iter().flat_map(Appointment::agencies).collect())
}

/// Whether the caller sees what this agency keeps.
pub(crate) fn sees(caller: &Caller, owner_agency_id: Option<Uuid>) -> bool {
    match (owner_agency_id, group_viewer(caller)) {
        (Some(owner), Some(agencies)) => agencies.contains(&owner),
        _ => true,
    }
}

/// Only what comes through the gateway, whoever is behind it.
pub(crate) fn through_gateway(caller: &Caller) -> Result<(), Fault> {
    if caller.issuer == GATEWAY { Ok(()) } else { Err(only_gateway()) }
}

/// Only the gateway of its own accord.
pub(crate) fn gateway_itself(caller: &Caller) -> Result<(), Fault> {
    through_gateway(caller)?;
    if caller.is_service() { Ok(()) } else { Err(only_gateway()) }
}

fn only_gateway() -> Fault {
    Fault::not_allowed(&Text::new("cổng kết nối của hệ thống", "the gateway of the system"))
}
