use base::Uuid;
use congvan_proto::access::v1::{Access, Audience, Grant, Relation, Scope};
use kit::caller::{Appointment, Person, Role};
use tonic::{Code, Status};

use super::{
    cast::{Caller, Sort},
    scene::Thing,
};

/// How a caller fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Served, or turned down for a cause that comes after the right to call.
    Allowed,
    /// Told that it may not.
    Refused,
    /// Answered as if the thing were not there.
    Hidden,
}

impl Verdict {
    /// Its mark in the table.
    pub(crate) fn mark(self) -> char {
        match self {
            Self::Allowed => '+',
            Self::Refused => '-',
            Self::Hidden => '?',
        }
    }

    /// What an answer came to. `hides` says whether a missing thing and a hidden one are the same.
    pub(crate) fn of<T>(answer: &Result<T, Status>, hides: bool) -> Self {
        match answer.as_ref().err().map(Status::code) {
            Some(Code::PermissionDenied | Code::Unauthenticated) => Self::Refused,
            Some(Code::NotFound) if hides => Self::Hidden,
            _ => Self::Allowed,
        }
    }
}

/// Whether the contracts let the caller through to the method, whatever the thing.
pub(crate) fn admits(access: &Access, caller: &Caller) -> bool {
    access.audiences().any(|audience| belongs(caller, audience)) && within_scopes(access, caller)
}

/// What the contracts state for this caller and thing, read anew from their words and not from the code that enforces them.
pub(crate) fn stated(access: &Access, caller: &Caller, thing: &Thing) -> Verdict {
    if !admits(access, caller) {
        return Verdict::Refused;
    }
    let Sort::Person(person) = &caller.sort else { return Verdict::Allowed };
    let any = |grants: &[Grant]| grants.iter().any(|grant| holds(grant, person, thing));
    if any(&access.bars) {
        Verdict::Refused
    } else if access.grants.is_empty() || any(&access.grants) {
        Verdict::Allowed
    } else if access.hides && !any(&access.knows) {
        Verdict::Hidden
    } else {
        Verdict::Refused
    }
}

/// Whether the contracts state that this caller knows of the thing without being let through.
pub(crate) fn knows(access: &Access, caller: &Caller, thing: &Thing) -> bool {
    let known = access.knows.iter().chain(&access.bars);
    caller.person().is_some_and(|person| known.into_iter().any(|grant| holds(grant, person, thing)))
}

fn belongs(caller: &Caller, audience: Audience) -> bool {
    match (&caller.sort, audience) {
        (Sort::Person(_), Audience::Person | Audience::Open) | (Sort::Process(_), Audience::Service) => true,
        (Sort::Process(process), Audience::Gateway | Audience::Open) => *process == "gateway",
        (Sort::Process(process), Audience::Documents) => *process == "documents",
        (Sort::Person(person), Audience::Administrator) => {
            person.appointments.iter().any(|post| post.roles.contains(&Role::Administrator))
        }
        _ => false,
    }
}

fn within_scopes(access: &Access, caller: &Caller) -> bool {
    let scopes = caller.person().and_then(|person| person.scopes.as_ref());
    let needed = access.scope();
    scopes.is_none_or(|scopes| {
        needed != Scope::Unspecified && scopes.iter().any(|scope| scope == needed.as_str_name())
    })
}

/// Whether the person stands to the thing as the grant says, by a post with a role that it names.
fn holds(grant: &Grant, person: &Person, thing: &Thing) -> bool {
    let counts = |post: &&Appointment| !grant.in_person || post.stands_in_for.is_none();
    let post = |stands: &dyn Fn(&Appointment) -> bool| {
        person.appointments.iter().filter(counts).any(|post| stands(post) && has_role(grant, post))
    };
    let of_agency = |agency: Uuid| {
        post(&|post| post.agency_id == agency || grant.heirs && post.inherited_agency_ids.contains(&agency))
    };
    match grant.relation() {
        Relation::Unspecified => false,
        Relation::Any => post(&|_| true),
        Relation::Own => thing.owner == Some(person.user_id),
        Relation::Signer => thing.signers.contains(&person.user_id),
        Relation::Drafter => {
            thing.drafter == Some(person.user_id) && post(&|post| thing.unit == Some(post.unit_id))
        }
        Relation::DraftingUnit => post(&|post| thing.unit == Some(post.unit_id)),
        Relation::Agency => thing.agency.is_some_and(of_agency),
        Relation::Recipient => thing.recipients.iter().copied().any(of_agency),
        Relation::Handler => post(&|post| thing.handlers.contains(&post.unit_id)),
        Relation::Addressee => {
            let in_person = thing.addressees.contains(&person.user_id);
            post(&|post| in_person || thing.addressees.contains(&post.unit_id))
        }
        Relation::Shared => thing.shared,
        Relation::Leader => thing.leads && thing.agency.is_some_and(of_agency),
        Relation::Unit => post(&|post| thing.units.contains(&post.unit_id)),
    }
}

fn has_role(grant: &Grant, post: &Appointment) -> bool {
    post.roles.iter().any(|role| {
        if grant.roles.is_empty() {
            *role != Role::Administrator
        } else {
            grant.roles.iter().any(|named| named == role.name())
        }
    })
}
