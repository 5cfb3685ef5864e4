//! Rights that come from a post in an agency. Where it is about who signs or stands in, only posts that the caller holds count:
//! what a stand-in may do, no stand-in hands on.

use base::Uuid;
use directory_domain::Roles;
use kit::{
    Fault, Text,
    caller::{Appointment, Caller, Person, Role},
};

/// The posts that the caller holds.
fn own(caller: &Caller) -> impl Iterator<Item = &Appointment> {
    let posts = caller.person.iter().flat_map(|person| &person.appointments);
    posts.filter(|post| post.stands_in_for.is_none())
}

/// Whether the caller holds a post in the agency with one of these roles.
fn holds(caller: &Caller, agency_id: Uuid, roles: &[Role]) -> bool {
    own(caller).any(|post| post.agency_id == agency_id && post.roles.iter().any(|role| roles.contains(role)))
}

/// Only the head of the agency and administrators; the person calling.
pub(crate) fn head_or_administrator(caller: &Caller, agency_id: Uuid) -> Result<&Person, Fault> {
    match &caller.person {
        Some(person) if caller.is_administrator() || holds(caller, agency_id, &[Role::AgencyHead]) => {
            Ok(person)
        }
        _ => Err(Fault::not_allowed(&Text::new(
            "người đứng đầu cơ quan và quản trị hệ thống",
            "the head of the agency and the administrators",
        ))),
    }
}

/// Only head and document office of the agency, administrators and services.
pub(crate) fn reads_authorities(caller: &Caller, agency_id: Uuid) -> Result<(), Fault> {
    let readers = [Role::AgencyHead, Role::DocumentOffice];
    let mut posts = caller.person.iter().flat_map(|person| &person.appointments);
    // A stand-in of the document office has its work to do, and needs to know who may sign.
    let reads = caller.is_service()
        || caller.is_administrator()
        || posts
            .any(|post| post.agency_id == agency_id && post.roles.iter().any(|role| readers.contains(role)));
    if reads {
        return Ok(());
    }
    Err(Fault::not_allowed(&Text::new(
        "người đứng đầu, văn thư cơ quan và quản trị hệ thống",
        "the head and the document office of the agency and the administrators",
    )))
}

/// Only people of the agency, administrators and services.
pub(crate) fn belongs_to(caller: &Caller, agency_id: Uuid) -> Result<(), Fault> {
    let belongs = caller.person.iter().flat_map(|person| &person.appointments).any(|post| {
        post.agency_id == agency_id && post.roles.iter().any(|role| *role != Role::Administrator)
    });
    if belongs || caller.is_service() || caller.is_administrator() {
        return Ok(());
    }
    Err(Fault::not_allowed(&Text::new(
        "người của cơ quan và quản trị hệ thống",
        "the people of the agency and the administrators",
    )))
}

/// Whether the caller is a secretary of the agency and this is a leader's post there.
pub(crate) fn is_secretary_for(caller: &Caller, agency_id: Uuid, roles: Roles) -> bool {
    let leading = Roles::AGENCY_HEAD.and(Roles::DEPUTY_HEAD).and(Roles::UNIT_HEAD);
    roles.any_of(leading) && holds(caller, agency_id, &[Role::Secretary])
}

/// Whether the caller heads the agency.
pub(crate) fn heads(caller: &Caller, agency_id: Uuid) -> bool {
    holds(caller, agency_id, &[Role::AgencyHead])
}

/// Whether the caller heads the unit.
pub(crate) fn heads_unit(caller: &Caller, unit_id: Uuid) -> bool {
    own(caller).any(|post| post.unit_id == unit_id && post.roles.contains(&Role::UnitHead))
}
