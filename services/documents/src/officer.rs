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
        posts: person.appointments.iter().map(post).collect(),
    })
}

/// What a post means for documents (Decree 30/2020/NĐ-CP; administrators have no part in them). Whoever stands in for a head
/// does the work and never signs: signing is handed on only in the forms of Article 13.
fn post(appointment: &Appointment) -> Post {
    let has = |role: Role| appointment.roles.contains(&role);
    Post {
        agency_id: appointment.agency_id,
        inherited_agency_ids: appointment.inherited_agency_ids.clone(),
        unit_id: appointment.unit_id,
        position: appointment.position.clone(),
        drafts: appointment.roles.iter().any(|role| *role != Role::Administrator),
        heads: has(Role::AgencyHead) && appointment.stands_in_for.is_none(),
        leads: has(Role::AgencyHead) || has(Role::DeputyHead),
        keeps_registers: has(Role::DocumentOffice),
    }
}

#[cfg(test)]
mod tests {
    use base::Uuid;
    use kit::caller::StandsInFor;

    use super::*;

    #[test]
    fn a_stand_in_leads_but_never_signs() {
        let id = Uuid::from_u128;
        let own = Appointment {
            agency_id: id(1),
            unit_id: id(1),
            position: "Chủ tịch".to_owned(),
            roles: vec![Role::AgencyHead],
            inherited_agency_ids: Vec::new(),
            stands_in_for: None,
        };
        let of = StandsInFor { position_id: id(2), user_id: id(3) };
        let stood_in = Appointment { stands_in_for: Some(of), ..own.clone() };
        assert!(post(&own).heads && post(&own).leads);
        assert!(!post(&stood_in).heads && post(&stood_in).leads, "whatever the claim says of roles");
    }
}
