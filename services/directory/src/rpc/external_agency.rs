use congvan_proto::directory::v1::{self as pb, external_agency_service_server::ExternalAgencyService};
use directory_domain::ExternalAgency;
use kit::{Fault, Violations, caller::Caller};
use sql::answers::Once;

use super::{
    dates,
    external_agency_form::{not_after, parse},
    external_agency_read, revision,
};
use crate::{Directory, external_agencies, faults, permission, shape, store};

calls! { ExternalAgencyService:
    create_external_agency(CreateExternalAgencyRequest) -> CreateExternalAgencyResponse = create;
    get_external_agency(GetExternalAgencyRequest) -> GetExternalAgencyResponse = external_agency_read::get;
    list_external_agencies(ListExternalAgenciesRequest) -> ListExternalAgenciesResponse = external_agency_read::list;
    update_external_agency(UpdateExternalAgencyRequest) -> UpdateExternalAgencyResponse = update;
    close_external_agency(CloseExternalAgencyRequest) -> CloseExternalAgencyResponse = close;
}

/// Records an external agency.
async fn create(
    service: &Directory,
    caller: &Caller,
    request: pb::CreateExternalAgencyRequest,
) -> Result<pb::CreateExternalAgencyResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("CreateExternalAgency", user_id, &request.request_id, &request, &mut violations);
    let agency = parse(service, &request.external_agency.unwrap_or_default(), &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let mut tx = service.db.write("create_external_agency").await?;
    if let Some(answer) = once.recall(&mut tx, agency.created_at).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    external_agencies::create(&mut tx, service, caller, &agency, reason).await?;
    let answer = pb::CreateExternalAgencyResponse { external_agency: Some(shape::external_agency(&agency)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Changes an external agency. What stays as it was is no change.
async fn update(
    service: &Directory,
    caller: &Caller,
    request: pb::UpdateExternalAgencyRequest,
) -> Result<pb::UpdateExternalAgencyResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("UpdateExternalAgency", user_id, &request.request_id, &request, &mut violations);
    let written = request.external_agency.unwrap_or_default();
    let id = violations.id("externalAgency.id", &written.id);
    revision("externalAgency.revision", written.revision, &mut violations);
    let parsed = parse(service, &written, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let mut tx = service.db.write("update_external_agency").await?;
    if let Some(answer) = once.recall(&mut tx, parsed.created_at).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let before = store::external_agency::find(&mut tx, id).await?;
    let before = before.ok_or_else(|| faults::no_external_agency(id))?;
    if before.revision != written.revision {
        return Err(Fault::stale(before.revision));
    }
    let ExternalAgency { revision, created_at, updated_at, .. } = before;
    let agency = ExternalAgency { id, revision, created_at, updated_at, ..parsed };
    let agency = external_agencies::update(
        &mut tx,
        service,
        caller,
        (&before, agency),
        ("external_agency.update", reason),
    )
    .await?;
    let answer = pb::UpdateExternalAgencyResponse { external_agency: Some(shape::external_agency(&agency)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Closes an external agency and ends the identifiers that it would bear from that day on.
async fn close(
    service: &Directory,
    caller: &Caller,
    request: pb::CloseExternalAgencyRequest,
) -> Result<pb::CloseExternalAgencyResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("CloseExternalAgency", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    revision("revision", request.revision, &mut violations);
    let until = dates::as_of(service, "endDate", &request.end_date, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let mut tx = service.db.write("close_external_agency").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let before = store::external_agency::find(&mut tx, id).await?;
    let before = before.ok_or_else(|| faults::no_external_agency(id))?;
    if before.revision != request.revision {
        return Err(Fault::stale(before.revision));
    }
    let mut agency = before.clone();
    agency.period.until = until;
    if agency.period.is_empty() {
        let mut violations = Violations::default();
        not_after(&mut violations, "endDate", agency.period);
        violations.check()?;
    }
    for identifier in &mut agency.identifiers {
        identifier.period = identifier.period.ending(until);
    }
    agency.identifiers.retain(|identifier| !identifier.period.is_empty());
    let agency = external_agencies::update(
        &mut tx,
        service,
        caller,
        (&before, agency),
        ("external_agency.close", reason),
    )
    .await?;
    let answer = pb::CloseExternalAgencyResponse { external_agency: Some(shape::external_agency(&agency)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}
