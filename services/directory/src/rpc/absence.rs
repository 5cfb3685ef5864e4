use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Absence, OwnPost};
use kit::{Fault, Text, Violations, caller::Caller};
use serde_json::json;
use sql::answers::Once;

use super::{
    dates::{as_of, period, reason},
    last_key, page,
    signing::{not_before_today, revision},
};
use crate::{
    Directory, changes,
    faults::signing as faults,
    permission::agency::{belongs_to, heads, heads_unit, is_secretary_for},
    shape::{self, stand_in::absence as shaped},
    store::{self, audit::Entry},
};

/// Only who may note absences of this person, who holds these posts.
fn may_note(caller: &Caller, person_id: Uuid, posts: &[(Uuid, OwnPost)]) -> Result<(), Fault> {
    let own = caller.person()?.user_id == person_id;
    let above = posts.iter().any(|(unit_id, post)| {
        heads_unit(caller, *unit_id)
            || heads(caller, post.agency_id)
            || is_secretary_for(caller, post.agency_id, post.roles)
    });
    if own || above || caller.is_administrator() {
        return Ok(());
    }
    Err(Fault::not_allowed(&Text::new(
        "chính người đó, người đứng đầu đơn vị hoặc cơ quan, thư ký của lãnh đạo và quản trị hệ thống",
        "the person, the head of the unit or agency, a leader's secretary and the administrators",
    )))
}

/// Notes that somebody will be away.
pub(super) async fn create(
    service: &Directory,
    caller: &Caller,
    request: pb::CreateAbsenceRequest,
) -> Result<pb::CreateAbsenceResponse, Fault> {
    let caller_id = caller.person()?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("CreateAbsence", caller_id, &request.request_id, &request, &mut violations);
    let written = request.absence.unwrap_or_default();
    let person_id = violations.id("absence.userId", &written.user_id);
    let days = period(
        service,
        ("absence.startDate", &written.start_date),
        ("absence.endDate", &written.end_date),
        &mut violations,
    );
    let why = reason(&written.reason, &mut violations);

    let now = service.clock.now();
    let mut tx = service.db.write("create_absence").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let posts = store::stand_in::own_posts(&mut tx, person_id, days.from).await?;
    may_note(caller, person_id, &posts)?;
    if posts.is_empty() && !person_id.is_nil() {
        violations.add("absence.userId", "không giữ chức vụ nào", "holds no position");
    }
    let others = store::absence::of_person(&mut tx, person_id, days.from).await?;
    for other in others.iter().filter(|other| other.period.overlaps(days)) {
        violations.add(
            "absence.startDate",
            format!("trùng với thời gian vắng mặt {} đã ghi; hãy kết thúc thời gian đó trước", other.id),
            format!("overlaps the absence {} recorded before; end that one first", other.id),
        );
    }
    violations.check()?;
    let absence = Absence {
        id: service.ids.next(),
        revision: 1,
        person_id,
        period: days,
        reason: why.clone(),
        created_at: now,
        updated_at: now,
    };
    store::absence::insert(&mut tx, &absence).await?;
    store::audit::append(&mut tx, service, caller, &[entry(&absence, "absence.create", why, None)]).await?;
    events::append(&mut tx, vec![changes::absence_changed(&service.ids, &absence)]).await?;
    let answer = pb::CreateAbsenceResponse { absence: Some(shaped(&absence)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Ends an absence.
pub(super) async fn end(
    service: &Directory,
    caller: &Caller,
    request: pb::EndAbsenceRequest,
) -> Result<pb::EndAbsenceResponse, Fault> {
    let caller_id = caller.person()?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("EndAbsence", caller_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    revision(request.revision, &mut violations);
    let until = not_before_today(service, "endDate", &request.end_date, &mut violations);
    let why = reason(&request.reason, &mut violations);
    let parsed = violations.check();

    let now = service.clock.now();
    let mut tx = service.db.write("end_absence").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let found = store::absence::find(&mut tx, id).await?;
    let person_id = found.as_ref().map(|found| found.person_id).unwrap_or_default();
    let posts = store::stand_in::own_posts(&mut tx, person_id, service.today()).await?;
    // Who has no right learns neither what is wrong with the request nor whether there is such an absence.
    may_note(caller, person_id, &posts)?;
    parsed?;
    let mut absence = found.ok_or_else(|| faults::no_absence(id))?;
    if absence.revision != request.revision {
        return Err(Fault::stale(absence.revision));
    }
    if absence.period.until <= until {
        return Err(faults::absence_ended(id, absence.period.until));
    }
    let before = absence.clone();
    absence.end(until, now);
    store::absence::end(&mut tx, &absence).await?;
    let entry = entry(&absence, "absence.end", why, Some(&before));
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    events::append(&mut tx, vec![changes::absence_changed(&service.ids, &absence)]).await?;
    let answer = pb::EndAbsenceResponse { absence: Some(shaped(&absence)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Lists the absences of the people of an agency.
pub(super) async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListAbsencesRequest,
) -> Result<pb::ListAbsencesResponse, Fault> {
    let mut violations = Violations::default();
    let agency_id = violations.id("agencyId", &request.agency_id);
    belongs_to(caller, agency_id)?;
    let date = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    let size = violations.page_size(request.page_size, 100, 1000);
    violations.check()?;
    let list = format!("absences/{agency_id}/{date}");
    let after = last_key(&list, &request.page_token)?.parse().unwrap_or(Uuid::nil());
    let mut read = service.db.read("list_absences").await?;
    let found = store::absence::list(&mut read, agency_id, date, after, size + 1).await?;
    let found = found.iter().map(shaped).collect();
    let (absences, next_page_token) = page(found, size, &list, |absence: &pb::Absence| &absence.id);
    Ok(pb::ListAbsencesResponse { absences, next_page_token })
}

fn entry(absence: &Absence, action: &'static str, reason: String, before: Option<&Absence>) -> Entry {
    let state = |absence: &Absence| {
        json!({
            "userId": absence.person_id,
            "startDate": absence.period.from.to_string(),
            "endDate": shape::end(absence.period),
        })
    };
    Entry {
        action,
        subject_kind: "absence",
        subject_id: absence.id,
        reason,
        before: before.map(state),
        after: Some(state(absence)),
    }
}
