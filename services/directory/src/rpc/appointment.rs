use std::collections::HashMap;

use base::{Date, Uuid};
use congvan_proto::directory::v1 as pb;
use directory_domain::{Period, Position, Roles, Tenure, Unseated, User, limits};
use kit::{Fault, Violations, caller::Caller};
use sql::{Queries, Write, answers::Once};

use super::{
    dates,
    unit::revision,
    user::{capacity, few_enough_posts},
};
use crate::{
    Directory, changes, faults, permission, shape, staffing, states,
    store::{self, audit::Entry},
};

/// Appoints a person to a position from a day on.
pub(super) async fn appoint(
    service: &Directory,
    caller: &Caller,
    request: pb::AppointUserRequest,
) -> Result<pb::AppointUserResponse, Fault> {
    let by = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("AppointUser", by, &request.request_id, &request, &mut violations);
    let user_id = violations.id("userId", &request.user_id);
    let revision = revision("revision", request.revision, &mut violations);
    let now = service.clock.now();
    let mut tenure = Tenure {
        id: service.ids.next(),
        person_id: user_id,
        position_id: violations.id("positionId", &request.position_id),
        place: 1,
        capacity: capacity("capacity", request.capacity, &mut violations),
        is_primary: request.primary,
        basis: violations.text("basis", &request.basis, false, limits::REASON),
        period: dates::period(
            service,
            ("startDate", &request.start_date),
            ("endDate", &request.end_date),
            &mut violations,
        ),
        created_at: now,
    };
    violations.check()?;

    let mut tx = service.db.write("appoint_user").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let mut user = at_revision(&mut tx, user_id, revision, service.today()).await?;
    let position = store::position::find(&mut tx, tenure.position_id).await?;
    let position = position.ok_or_else(|| faults::no_position(tenure.position_id))?;
    let held = store::position::tenures_of_people(&mut tx, vec![user_id]).await?;
    let mut rivals = store::position::tenures_of_positions(&mut tx, vec![position.id]).await?;
    rivals.extend(held.iter().filter(|one| one.position_id != position.id).cloned());
    few_enough_posts(&held, tenure.period)?;
    seated(&mut tx, &tenure, &position, &rivals).await?;
    tenure.place = held.iter().map(|one| one.place).max().unwrap_or_default() + 1;
    duties_apart(&mut tx, &position, std::slice::from_ref(&tenure)).await?;
    store::position::appoint(&mut tx, std::slice::from_ref(&tenure)).await?;
    staffing::one_head(&mut tx, std::slice::from_ref(&tenure)).await?;
    if tenure.is_primary || held.iter().all(|one| !one.is_primary) {
        tenure.is_primary = true;
        store::position::promote(&mut tx, user_id, tenure.id).await?;
    }
    user.touch(now);
    store::user::change(&mut tx, std::slice::from_ref(&user)).await?;
    events::append(&mut tx, vec![changes::user_changed(&service.ids, &user)]).await?;
    let entry = appointed(&tenure, &position);
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    let shown = store::user::find(&mut tx, user_id, tenure.period.from).await?;
    let answer = pb::AppointUserResponse { user: shown.as_ref().map(shape::user) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Fails if the position does not admit the appointment beside these.
async fn seated(
    db: &mut impl Queries,
    tenure: &Tenure,
    position: &Position,
    rivals: &[Tenure],
) -> Result<(), Fault> {
    let Err(why) = tenure.fits(position, rivals.iter()) else { return Ok(()) };
    let names = names(db, &why).await?;
    Err(faults::unseated(position.id, tenure.person_id, &why, &names))
}

/// What the audit says of a new appointment.
fn appointed(tenure: &Tenure, position: &Position) -> Entry {
    Entry {
        action: "user.appoint",
        subject_kind: "user",
        subject_id: tenure.person_id,
        reason: tenure.basis.clone(),
        before: None,
        after: Some(states::tenure(tenure, &position.duties.title)),
    }
}

/// The user at the revision last read, locked against other changes.
pub(super) async fn at_revision(
    tx: &mut Write,
    user_id: Uuid,
    revision: i64,
    on: Date,
) -> Result<User, Fault> {
    store::lock(tx).await?;
    let user = store::user::find(tx, user_id, on).await?.ok_or_else(|| faults::no_user(user_id))?;
    if user.revision != revision {
        return Err(Fault::stale(user.revision));
    }
    Ok(user)
}

/// The names of those who occupy a position, for the refusal.
pub(super) async fn names(db: &mut impl Queries, why: &Unseated) -> Result<String, Fault> {
    let Unseated::Occupied { by, .. } = why else { return Ok(String::new()) };
    let names = store::user::names(db, by.clone()).await?;
    Ok(names.join(", "))
}

/// Fails if one of these appointments would give a person duties at once that must be kept apart.
pub(super) async fn duties_apart(
    db: &mut impl Queries,
    position: &Position,
    tenures: &[Tenure],
) -> Result<(), Fault> {
    let people: Vec<Uuid> = tenures.iter().map(|tenure| tenure.person_id).collect();
    let held = store::position::tenures_of_people(db, people.clone()).await?;
    let positions = store::position::of_people(db, people).await?;
    let roles: HashMap<Uuid, Roles> =
        positions.iter().map(|position| (position.id, position.duties.roles)).collect();
    for tenure in tenures {
        let beside = held.iter().filter(|other| {
            other.person_id == tenure.person_id
                && other.position_id != position.id
                && other.period.overlaps(tenure.period)
        });
        for other in beside {
            let both = position.duties.roles.and(*roles.get(&other.position_id).unwrap_or(&Roles::NONE));
            if let Some(conflict) = both.conflict() {
                return Err(faults::duties_apart(conflict));
            }
        }
    }
    Ok(())
}

/// Ends an appointment, or makes it the main post.
pub(super) async fn change(
    service: &Directory,
    caller: &Caller,
    request: pb::ChangeAppointmentRequest,
) -> Result<pb::ChangeAppointmentResponse, Fault> {
    let by = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("ChangeAppointment", by, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let revision = revision("revision", request.revision, &mut violations);
    let end = dates::day("endDate", &request.end_date, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    if end.is_none() && !request.primary && request.end_date.is_empty() {
        violations.add(
            "endDate",
            "không có gì để thay đổi: hãy cho ngày kết thúc hoặc primary",
            "changes nothing: give a last day or primary",
        );
    }
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("change_appointment").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let before = store::position::tenure(&mut tx, id).await?.ok_or_else(|| faults::no_appointment(id))?;
    let mut user = at_revision(&mut tx, before.person_id, revision, service.today()).await?;
    let position = store::position::find(&mut tx, before.position_id).await?;
    let position = position.ok_or_else(|| faults::no_position(before.position_id))?;
    let after = apply(&mut tx, &before, &position, end, request.primary).await?;
    user.touch(now);
    store::user::change(&mut tx, std::slice::from_ref(&user)).await?;
    events::append(&mut tx, vec![changes::user_changed(&service.ids, &user)]).await?;
    let entry = Entry {
        action: if after.is_some() { "user.change_appointment" } else { "user.withdraw_appointment" },
        subject_kind: "user",
        subject_id: user.id,
        reason,
        before: Some(states::tenure(&before, &position.duties.title)),
        after: after.as_ref().map(|after| states::tenure(after, &position.duties.title)),
    };
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    let shown = store::user::find(&mut tx, user.id, service.today()).await?;
    let answer = pb::ChangeAppointmentResponse { user: shown.as_ref().map(shape::user) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Writes the change; the appointment after it, none if it was taken back.
async fn apply(
    tx: &mut Write,
    before: &Tenure,
    position: &Position,
    end: Option<Date>,
    primary: bool,
) -> Result<Option<Tenure>, Fault> {
    let mut after = before.clone();
    if let Some(end) = end {
        if end <= before.period.from {
            store::position::withdraw(tx, vec![before.id]).await?;
            return Ok(None);
        }
        after.period = Period { until: end, ..before.period };
        let longer = end > before.period.until;
        if longer {
            // Longer than before: somebody may have followed.
            let rivals = store::position::tenures_of_positions(tx, vec![position.id]).await?;
            seated(tx, &after, position, &rivals).await?;
            duties_apart(tx, position, std::slice::from_ref(&after)).await?;
        }
        store::position::end(tx, &[&after]).await?;
        if longer {
            staffing::one_head(tx, std::slice::from_ref(&after)).await?;
        }
    }
    if primary {
        after.is_primary = true;
        store::position::promote(tx, before.person_id, before.id).await?;
    }
    Ok(Some(after))
}

/// Lists all appointments of a person, the latest first.
pub(super) async fn list(
    service: &Directory,
    _: &Caller,
    request: pb::ListAppointmentsRequest,
) -> Result<pb::ListAppointmentsResponse, Fault> {
    let mut violations = Violations::default();
    let user_id = violations.id("userId", &request.user_id);
    violations.check()?;
    let mut read = service.db.read("list_appointments").await?;
    let today = service.today();
    store::user::find(&mut read, user_id, today).await?.ok_or_else(|| faults::no_user(user_id))?;
    let found = store::user::all_posts(&mut read, user_id).await?;
    Ok(pb::ListAppointmentsResponse { appointments: found.iter().map(shape::appointment).collect() })
}
