use base::fold;
use congvan_proto::directory::v1 as pb;
use directory_domain::limits;
use kit::{Fault, Violations, caller::Caller};

use super::{by_name, dates::as_of};
use crate::{Directory, faults, shape, store};

/// Reads one external agency.
pub(super) async fn get(
    service: &Directory,
    _: &Caller,
    request: pb::GetExternalAgencyRequest,
) -> Result<pb::GetExternalAgencyResponse, Fault> {
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let agency = store::external_agency::find(&mut service.db.read("get_external_agency").await?, id).await?;
    let agency = agency.ok_or_else(|| faults::no_external_agency(id))?;
    Ok(pb::GetExternalAgencyResponse { external_agency: Some(shape::external_agency(&agency)) })
}

/// Lists external agencies by name.
pub(super) async fn list(
    service: &Directory,
    _: &Caller,
    request: pb::ListExternalAgenciesRequest,
) -> Result<pb::ListExternalAgenciesResponse, Fault> {
    let mut violations = Violations::default();
    let query = fold(&violations.text("query", &request.query, false, limits::UNIT_NAME));
    let on = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    let size = violations.page_size(request.page_size, 100, 1000);
    violations.check()?;
    let list = format!("external_agencies/{on}/{query}");
    let (name, id) = by_name::after(&list, &request.page_token)?;
    let mut read = service.db.read("list_external_agencies").await?;
    let found = store::external_agency::list(&mut read, on, &query, (&name, id), size + 1).await?;
    let (page, next_page_token) = by_name::page(found, size, &list, |agency| (&agency.name, agency.id));
    let external_agencies = page.iter().map(shape::external_agency).collect();
    Ok(pb::ListExternalAgenciesResponse { external_agencies, next_page_token })
}
