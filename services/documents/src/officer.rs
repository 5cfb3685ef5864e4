use documents_domain::{Officer, Post};
use kit::{
    Fault,
    caller::{Appointment, Caller, Role},
};

/// The person calling, as the rules see them.
pub(crate) fn of(caller: &Caller) -> Result<Officer, Fault> {
    let person = caller.person()?;
    Ok(Officer {
        user_id: person.user_id,
        full_name: person.full_name.clone(),
        posts: person.appointments.iter().map(|held| post(held, person.scopes.is_none())).collect(),
    })
}

/// What a post means for documents (Decree 30/2020/NĐ-CP; administrators have no part in them). Who signs is no
/// matter of posts: the directory is asked, and whoever stands in never does.
fn post(appointment: &Appointment, in_session: bool) -> Post {
    let has = |role: Role| appointment.roles.contains(&role);
    Post {
        agency_id: appointment.agency_id,
        inherited_agency_ids: appointment.inherited_agency_ids.clone(),
        unit_id: appointment.unit_id,
        position: appointment.position.clone(),
        drafts: appointment.roles.iter().any(|role| *role != Role::Administrator),
        leads: has(Role::AgencyHead) || has(Role::DeputyHead),
        keeps_registers: has(Role::DocumentOffice),
        heads_unit: has(Role::UnitHead),
        checks_format: has(Role::FormatChecker),
        in_person: in_session && appointment.stands_in_for.is_none(),
    }
}
