use base::Uuid;
use congvan_proto::directory::v1::{self as pb, position_service_server::PositionService};
use directory_domain::{Duties, Position, Roles, Unseated, position as title};
use kit::{Fault, Violations, caller::Caller};
use sql::{Queries, answers::Once};

use super::{appointment, dates, last_key, page, unit::revision};
use crate::{
    Directory, changes, faults,
    flaws::note,
    permission, shape, staffing, states,
    store::{self, audit::Entry, position::Where},
};

/// Most seats of a position.
const SEATS: u16 = 1_000;

calls! { PositionService:
    create_position(CreatePositionRequest) -> CreatePositionResponse = create;
    get_position(GetPositionRequest) -> GetPositionResponse = get;
    list_positions(ListPositionsRequest) -> ListPositionsResponse = list;
    update_position(UpdatePositionRequest) -> UpdatePositionResponse = update;
    close_position(ClosePositionRequest) -> ClosePositionResponse = close;
    appoint_user(AppointUserRequest) -> AppointUserResponse = appointment::appoint;
    change_appointment(ChangeAppointmentRequest) -> ChangeAppointmentResponse = appointment::change;
    list_appointments(ListAppointmentsRequest) -> ListAppointmentsResponse = appointment::list;
}

/// Records a position.
async fn create(
    service: &Directory,
    caller: &Caller,
    request: pb::CreatePositionRequest,
) -> Result<pb::CreatePositionResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("CreatePosition", user_id, &request.request_id, &request, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    let written = request.position.unwrap_or_default();
    let now = service.clock.now();
    let position = Position {
        id: service.ids.next(),
        revision: 1,
        unit_id: violations.id("position.unitId", &written.unit_id),
        duties: duties(&written, &mut violations),
        period: dates::period(
            service,
            ("position.startDate", &written.start_date),
            ("position.endDate", &written.end_date),
            &mut violations,
        ),
        created_at: now,
        updated_at: now,
    };

    let mut tx = service.db.write("create_position").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    match store::history::find(&mut tx, position.unit_id).await? {
        Some(unit) if unit.period().covers(position.period) => {}
        Some(unit) => violations.add(
            "position.startDate",
            format!("đơn vị này chỉ có {}", staffing::days_vi(unit.period())),
            format!("lies outside the days of the unit: it exists {}", staffing::days_en(unit.period())),
        ),
        None if position.unit_id.is_nil() => {} // could not be read and was noted
        None => violations.add(
            "position.unitId",
            "không có đơn vị này trong danh bạ",
            "is no unit of the directory",
        ),
    }
    violations.check()?;
    store::position::insert(&mut tx, std::slice::from_ref(&position)).await?;
    events::append(&mut tx, vec![changes::position_changed(&service.ids, &position)]).await?;
    let entry = entry("position.create", None, &position, reason);
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    let shown = show(&mut tx, std::slice::from_ref(&position), position.period.from).await?.pop();
    let answer = pb::CreatePositionResponse { position: shown };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// What a position is to be. A leading one has one seat, whatever is written.
fn duties(written: &pb::Position, violations: &mut Violations) -> Duties {
    let roles = note(violations, "position.roles", Roles::numbered(&written.roles).map(Some));
    let roles = roles.unwrap_or(Roles::NONE);
    staffing::keep_apart("position.roles", roles, violations);
    let seats = u16::try_from(written.seats).ok().filter(|seats| *seats <= SEATS);
    if seats.is_none() {
        violations.add("position.seats", format!("từ 0 đến {SEATS}"), format!("must be 0 to {SEATS}"));
    }
    let seats = seats.unwrap_or_default();
    if roles.leads_alone() && seats > 1 {
        violations.add(
            "position.seats",
            "chức vụ cấp trưởng chỉ có một người giữ",
            "must be 1: a head is one person",
        );
    }
    let usual = Duties::usual(note(violations, "position.title", title(&written.title)), roles);
    Duties { seats: seats.max(usual.seats), ..usual }
}

/// What the audit says of a changed position.
fn entry(action: &'static str, before: Option<&Position>, after: &Position, reason: String) -> Entry {
    Entry {
        action,
        subject_kind: "position",
        subject_id: after.id,
        reason,
        before: before.map(states::position),
        after: Some(states::position(after)),
    }
}

/// The positions as they are shown on a day, with their agencies and holders.
pub(super) async fn show(
    db: &mut impl Queries,
    positions: &[Position],
    on: base::Date,
) -> Result<Vec<pb::Position>, Fault> {
    let holders =
        store::position::holders(db, positions.iter().map(|position| position.id).collect(), on).await?;
    let units =
        store::unit::among(db, positions.iter().map(|position| position.unit_id).collect(), on).await?;
    let shown = positions.iter().map(|position| {
        let unit = units.iter().find(|unit| unit.id == position.unit_id);
        shape::position(position, unit.map(|unit| unit.agency_id), &holders)
    });
    Ok(shown.collect())
}

/// Reads one position.
async fn get(
    service: &Directory,
    _: &Caller,
    request: pb::GetPositionRequest,
) -> Result<pb::GetPositionResponse, Fault> {
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    let on = dates::as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    violations.check()?;
    let mut read = service.db.read("get_position").await?;
    let position = store::position::find(&mut read, id).await?.ok_or_else(|| faults::no_position(id))?;
    Ok(pb::GetPositionResponse { position: show(&mut read, &[position], on).await?.pop() })
}

/// Lists the positions of a unit or agency.
async fn list(
    service: &Directory,
    _: &Caller,
    request: pb::ListPositionsRequest,
) -> Result<pb::ListPositionsResponse, Fault> {
    let mut violations = Violations::default();
    let unit_id = violations.optional_id("unitId", &request.unit_id);
    let agency_id = violations.optional_id("agencyId", &request.agency_id);
    let place = match (unit_id, agency_id) {
        (Some(unit_id), None) => Where::Unit(unit_id),
        (None, Some(agency_id)) => Where::Agency(agency_id),
        _ => {
            violations.add(
                "unitId",
                "cần đúng một trong hai: unitId hoặc agencyId",
                "give either this or agencyId, not both",
            );
            Where::Unit(Uuid::nil())
        }
    };
    let on = dates::as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    let size = violations.page_size(request.page_size, 100, 1000);
    violations.check()?;
    let list = format!("positions/{place:?}/{}/{on}", request.vacant);
    let after = last_key(&list, &request.page_token)?.parse().unwrap_or(Uuid::nil());
    let mut read = service.db.read("list_positions").await?;
    let found = store::position::list(&mut read, place, request.vacant, (after, size + 1), on).await?;
    let shown = show(&mut read, &found, on).await?;
    let (positions, next_page_token) = page(shown, size, &list, |position: &pb::Position| &position.id);
    Ok(pb::ListPositionsResponse { positions, next_page_token })
}

/// Corrects title, roles or seats of a position.
async fn update(
    service: &Directory,
    caller: &Caller,
    request: pb::UpdatePositionRequest,
) -> Result<pb::UpdatePositionResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("UpdatePosition", user_id, &request.request_id, &request, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    let written = request.position.unwrap_or_default();
    let id = violations.id("position.id", &written.id);
    let revision = revision("position.revision", written.revision, &mut violations);
    let duties = duties(&written, &mut violations);
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("update_position").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = at_revision(&mut tx, id, revision).await?;
    let mut position = Position { duties, ..before.clone() };
    if position != before {
        let tenures = store::position::tenures_of_positions(&mut tx, vec![id]).await?;
        for tenure in &tenures {
            if let Err(why) = tenure.fits(&position, tenures.iter()) {
                let names = appointment::names(&mut tx, &why).await?;
                return Err(faults::unseated(id, tenure.person_id, &why, &names));
            }
        }
        appointment::duties_apart(&mut tx, &position, &tenures).await?;
        position.touch(now);
        store::position::change(&mut tx, &position).await?;
        if position.duties.roles != before.duties.roles {
            staffing::one_head(&mut tx, &tenures).await?;
        }
        events::append(&mut tx, vec![changes::position_changed(&service.ids, &position)]).await?;
        let entry = entry("position.update", Some(&before), &position, reason);
        store::audit::append(&mut tx, service, caller, &[entry]).await?;
    }
    let shown = show(&mut tx, &[position], service.today()).await?.pop();
    let answer = pb::UpdatePositionResponse { position: shown };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

async fn at_revision(tx: &mut sql::Write, id: Uuid, revision: i64) -> Result<Position, Fault> {
    store::lock(tx).await?;
    let position = store::position::find(tx, id).await?.ok_or_else(|| faults::no_position(id))?;
    if position.revision != revision {
        return Err(Fault::stale(position.revision));
    }
    Ok(position)
}

/// Ends a position.
async fn close(
    service: &Directory,
    caller: &Caller,
    request: pb::ClosePositionRequest,
) -> Result<pb::ClosePositionResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("ClosePosition", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let revision = revision("revision", request.revision, &mut violations);
    let on = dates::last_day("endDate", &request.end_date, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("close_position").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = at_revision(&mut tx, id, revision).await?;
    let mut position = Position { period: before.period.ending(on), ..before.clone() };
    if position.period.is_empty() {
        return Err(faults::unseated(id, Uuid::nil(), &Unseated::Outside(before.period), ""));
    }
    let tenures = store::position::tenures_of_positions(&mut tx, vec![id]).await?;
    let later = tenures.iter().filter(|tenure| tenure.period.until > position.period.until).count();
    if later > 0 {
        return Err(faults::position_in_use(id, later));
    }
    position.touch(now);
    store::position::change(&mut tx, &position).await?;
    events::append(&mut tx, vec![changes::position_changed(&service.ids, &position)]).await?;
    let entry = entry("position.close", Some(&before), &position, reason);
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    let answer = pb::ClosePositionResponse { position: Some(shape::position(&position, None, &[])) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}
