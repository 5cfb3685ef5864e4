use base::{Date, Uuid};
use congvan_proto::directory::v1::{self as pb, stand_in_service_server::StandInService};
use directory_domain::{Origin, Period, Post, Proposal, StandIn};
use kit::{Fault, Text, Violations, caller::Caller};
use serde_json::json;
use sql::{Write, answers::Once};

use super::{
    absence,
    dates::{as_of, last_day, reason},
    last_key, page,
    signing::{not_before_today, revision},
    stand_in_rule,
};
use crate::{
    Directory, changes,
    faults::signing as faults,
    permission::{self, agency::belongs_to},
    shape::stand_in as shape,
    stand_in_text,
    store::{self, audit::Entry},
};

calls! { StandInService:
    create_stand_in(CreateStandInRequest) -> CreateStandInResponse = create;
    end_stand_in(EndStandInRequest) -> EndStandInResponse = end;
    list_stand_ins(ListStandInsRequest) -> ListStandInsResponse = list;
    create_absence(CreateAbsenceRequest) -> CreateAbsenceResponse = absence::create;
    end_absence(EndAbsenceRequest) -> EndAbsenceResponse = absence::end;
    list_absences(ListAbsencesRequest) -> ListAbsencesResponse = absence::list;
    set_stand_in_rule(SetStandInRuleRequest) -> SetStandInRuleResponse = stand_in_rule::set;
    get_stand_in_rule(GetStandInRuleRequest) -> GetStandInRuleResponse = stand_in_rule::get;
    list_acting(ListActingRequest) -> ListActingResponse = list_acting;
}

/// The fields of a stand-in, below this one in the request.
const FIELD: &str = "standIn";

/// A stand-in as it is written.
struct Wanted {
    position_id: Uuid,
    absent_person_id: Option<Uuid>,
    person_id: Uuid,
    period: Period,
    reason: String,
}

impl Wanted {
    fn parse(service: &Directory, written: &pb::StandIn, violations: &mut Violations) -> Self {
        let field = |name: &str| format!("{FIELD}.{name}");
        let from = as_of(service, &field("startDate"), &written.start_date, violations);
        Self {
            position_id: violations.id(&field("positionId"), &written.position_id),
            absent_person_id: violations.optional_id(&field("absentUserId"), &written.absent_user_id),
            person_id: violations.id(&field("userId"), &written.user_id),
            period: Period { from, until: last_day(&field("endDate"), &written.end_date, violations) },
            reason: reason(&written.reason, violations),
        }
    }

    /// The proposal with all that is known of it and every flaw noted; none if it cannot be judged, which was noted too.
    async fn judge(
        &self,
        tx: &mut Write,
        post: Option<Post>,
        holders: &[(Uuid, Period)],
        absent: Option<Uuid>,
        (today, violations): (Date, &mut Violations),
    ) -> Result<Option<Proposal>, Fault> {
        let mut note = |name: &str, vi: &str, en: &str| violations.add(format!("{FIELD}.{name}"), vi, en);
        let Some(post) = post else {
            if !self.position_id.is_nil() {
                note(
                    "positionId",
                    "không có chức vụ này vào ngày bắt đầu",
                    "is no position on the first day",
                );
            }
            return Ok(None);
        };
        let Some(absent_person_id) = absent else {
            note(
                "absentUserId",
                "chức vụ này không có đúng một người giữ; hãy nêu người vắng mặt",
                "is needed: not just one person holds the position",
            );
            return Ok(None);
        };
        let own = store::stand_in::own_posts(tx, self.person_id, self.period.from).await?;
        let proposal = Proposal {
            position_id: self.position_id,
            agency_id: post.agency_id,
            roles: post.roles,
            held: held_by(holders, absent_person_id),
            absent_person_id,
            person_id: self.person_id,
            posts: own.into_iter().map(|(_, post)| post).collect(),
            period: self.period,
            today,
        };
        let people = vec![absent_person_id, self.person_id];
        let from = self.period.from;
        let others = store::stand_in::concerning(tx, self.position_id, people, from).await?;
        let absences = store::absence::of_person(tx, self.person_id, from).await?;
        for flaw in proposal.flaws(&others, &absences) {
            let (field, Text { vi, en }) = stand_in_text::flaw(flaw);
            note(field, &vi, &en);
        }
        Ok(Some(proposal))
    }
}

/// The appointments of one of the holders.
fn held_by(holders: &[(Uuid, Period)], person_id: Uuid) -> Vec<Period> {
    holders.iter().filter(|(holder, _)| *holder == person_id).map(|(_, period)| *period).collect()
}

/// The only one who holds a position on a day.
fn only_holder(holders: &[(Uuid, Period)], date: Date) -> Option<Uuid> {
    let mut then = holders.iter().filter(|(_, period)| period.contains(date));
    let (holder, _) = then.next()?;
    then.next().is_none().then_some(*holder)
}

/// By what right the caller decides who stands in for this holder of the position.
fn origin(caller: &Caller, absent: Option<Uuid>, post: Option<&Post>) -> Result<Origin, Fault> {
    let person = caller.person()?;
    let secretary =
        post.is_some_and(|post| permission::agency::is_secretary_for(caller, post.agency_id, post.roles));
    if absent == Some(person.user_id) {
        Ok(Origin::Own)
    } else if secretary {
        Ok(Origin::Secretary)
    } else if caller.is_administrator() {
        Ok(Origin::Administrator)
    } else {
        Err(Fault::not_allowed(&Text::new(
            "người giữ chức vụ, thư ký của lãnh đạo và quản trị hệ thống",
            "the holder of the position, a leader's secretary and the administrators",
        )))
    }
}

/// Names a stand-in.
async fn create(
    service: &Directory,
    caller: &Caller,
    request: pb::CreateStandInRequest,
) -> Result<pb::CreateStandInResponse, Fault> {
    let caller_id = caller.person()?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("CreateStandIn", caller_id, &request.request_id, &request, &mut violations);
    let wanted = Wanted::parse(service, &request.stand_in.unwrap_or_default(), &mut violations);

    let (now, today) = (service.clock.now(), service.today());
    let mut tx = service.db.write("create_stand_in").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let from = wanted.period.from;
    let post =
        store::chart::posts(&mut tx, vec![wanted.position_id], from).await?.remove(&wanted.position_id);
    let holders = store::stand_in::holders(&mut tx, wanted.position_id).await?;
    let absent = wanted.absent_person_id.or_else(|| only_holder(&holders, from));
    let origin = origin(caller, absent, post.as_ref())?;
    let proposal = wanted.judge(&mut tx, post, &holders, absent, (today, &mut violations)).await?;
    violations.check()?;
    let proposal = proposal.ok_or_else(|| Fault::internal("a stand-in without position passed"))?;
    let stand_in = StandIn {
        id: service.ids.next(),
        revision: 1,
        position_id: proposal.position_id,
        absent_person_id: proposal.absent_person_id,
        person_id: proposal.person_id,
        period: proposal.period,
        origin,
        reason: wanted.reason,
        created_at: now,
        updated_at: now,
    };
    store::stand_in::insert(&mut tx, &stand_in).await?;
    let why = stand_in.reason.clone();
    store::audit::append(&mut tx, service, caller, &[entry(&stand_in, "stand_in.create", why, None)]).await?;
    events::append(&mut tx, vec![changes::stand_in_changed(&service.ids, &stand_in)]).await?;
    let answer = pb::CreateStandInResponse { stand_in: Some(shape::stand_in(&stand_in)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Ends a stand-in before its time.
async fn end(
    service: &Directory,
    caller: &Caller,
    request: pb::EndStandInRequest,
) -> Result<pb::EndStandInResponse, Fault> {
    let caller_id = caller.person()?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("EndStandIn", caller_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    revision(request.revision, &mut violations);
    let until = not_before_today(service, "endDate", &request.end_date, &mut violations);
    let why = reason(&request.reason, &mut violations);
    let parsed = violations.check();

    let (now, today) = (service.clock.now(), service.today());
    let mut tx = service.db.write("end_stand_in").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let found = store::stand_in::find(&mut tx, id).await?;
    let position_id = found.as_ref().map(|found| found.position_id).unwrap_or_default();
    let post = store::chart::posts(&mut tx, vec![position_id], today).await?.remove(&position_id);
    // Who has no right learns neither what is wrong with the request nor whether there is such a stand-in.
    origin(caller, found.as_ref().map(|found| found.absent_person_id), post.as_ref())?;
    parsed?;
    let mut stand_in = found.ok_or_else(|| faults::no_stand_in(id))?;
    if stand_in.revision != request.revision {
        return Err(Fault::stale(stand_in.revision));
    }
    if stand_in.period.until <= until {
        return Err(faults::stand_in_ended(id, stand_in.period.until));
    }
    let before = stand_in.clone();
    stand_in.end(until, now);
    store::stand_in::end(&mut tx, &stand_in).await?;
    let entry = entry(&stand_in, "stand_in.end", why, Some(&before));
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    events::append(&mut tx, vec![changes::stand_in_changed(&service.ids, &stand_in)]).await?;
    let answer = pb::EndStandInResponse { stand_in: Some(shape::stand_in(&stand_in)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Lists the stand-ins of an agency.
async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListStandInsRequest,
) -> Result<pb::ListStandInsResponse, Fault> {
    let mut violations = Violations::default();
    let agency_id = violations.id("agencyId", &request.agency_id);
    belongs_to(caller, agency_id)?;
    let date = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    let size = violations.page_size(request.page_size, 100, 1000);
    violations.check()?;
    let list = format!("stand_ins/{agency_id}/{date}");
    let after = last_key(&list, &request.page_token)?.parse().unwrap_or(Uuid::nil());
    let mut read = service.db.read("list_stand_ins").await?;
    let found = store::stand_in::list(&mut read, agency_id, date, after, size + 1).await?;
    let found = found.iter().map(shape::stand_in).collect();
    let (stand_ins, next_page_token) = page(found, size, &list, |stand_in: &pb::StandIn| &stand_in.id);
    Ok(pb::ListStandInsResponse { stand_ins, next_page_token })
}

/// Tells who stands in for whom.
async fn list_acting(
    service: &Directory,
    caller: &Caller,
    request: pb::ListActingRequest,
) -> Result<pb::ListActingResponse, Fault> {
    let mut violations = Violations::default();
    let agency_id = violations.id("agencyId", &request.agency_id);
    belongs_to(caller, agency_id)?;
    let position_id = violations.optional_id("positionId", &request.position_id);
    let date = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    violations.check()?;
    let mut read = service.db.read("list_acting").await?;
    let mut found = store::situation::of_agencies(&mut read, vec![agency_id], date).await?;
    found.retain(|acting| position_id.is_none_or(|id| acting.of.position_id == id));
    Ok(pb::ListActingResponse { acting: found.iter().map(shape::acting).collect() })
}

fn entry(stand_in: &StandIn, action: &'static str, reason: String, before: Option<&StandIn>) -> Entry {
    let state = |stand_in: &StandIn| {
        json!({
            "positionId": stand_in.position_id,
            "absentUserId": stand_in.absent_person_id,
            "userId": stand_in.person_id,
            "startDate": stand_in.period.from.to_string(),
            "endDate": stand_in.period.until.to_string(),
            "origin": stand_in.origin.name(),
        })
    };
    Entry {
        action,
        subject_kind: "stand_in",
        subject_id: stand_in.id,
        reason,
        before: before.map(state),
        after: Some(state(stand_in)),
    }
}
