//! How external agencies are kept.

use directory_domain::ExternalAgency;
use kit::{Fault, caller::Caller};
use serde_json::{Value as Json, json};
use sql::Write;

use crate::{
    Directory, changes, faults,
    store::{self, audit::Entry},
};

/// Keeps a new external agency, with its audit entry and event. The caller holds [`store::lock`].
pub(crate) async fn create(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    agency: &ExternalAgency,
    reason: String,
) -> Result<(), Fault> {
    check_identifiers(tx, agency).await?;
    store::external_agency::insert(tx, std::slice::from_ref(agency)).await?;
    let entry = entry("external_agency.create", agency, reason, None);
    tell(tx, service, caller, agency, entry).await
}

/// Fails if somebody else bears one of the identifiers on some of the days.
async fn check_identifiers(tx: &mut Write, agency: &ExternalAgency) -> Result<(), Fault> {
    let wanted = agency.identifiers.iter().map(|one| (one.scheme, one.value.clone()));
    let bearers = store::identifier::bearers(tx, wanted).await?;
    for identifier in &agency.identifiers {
        let collides = |bearer: &&store::identifier::Bearer| {
            bearer.id != agency.id && identifier.collides(&bearer.identifier)
        };
        if let Some(bearer) = bearers.iter().find(collides) {
            return Err(faults::identifier_taken(bearer));
        }
    }
    Ok(())
}

/// Keeps a changed external agency, with its audit entry and event. What stays as it was is no change. The caller holds
/// [`store::lock`] and has judged the revision.
pub(crate) async fn update(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    (before, mut agency): (&ExternalAgency, ExternalAgency),
    (action, reason): (&'static str, String),
) -> Result<ExternalAgency, Fault> {
    if agency != *before {
        check_identifiers(tx, &agency).await?;
        agency.touch(service.clock.now());
        store::external_agency::change(tx, &agency).await?;
        tell(tx, service, caller, &agency, entry(action, &agency, reason, Some(before))).await?;
    }
    Ok(agency)
}

async fn tell(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    agency: &ExternalAgency,
    entry: Entry,
) -> Result<(), Fault> {
    store::audit::append(tx, service, caller, &[entry]).await?;
    events::append(tx, vec![changes::external_agency_changed(&service.ids, agency)]).await?;
    Ok(())
}

fn entry(
    action: &'static str,
    agency: &ExternalAgency,
    reason: String,
    before: Option<&ExternalAgency>,
) -> Entry {
    Entry {
        action,
        subject_kind: "external_agency",
        subject_id: agency.id,
        reason,
        before: before.map(state),
        after: Some(state(agency)),
    }
}

fn state(agency: &ExternalAgency) -> Json {
    let identifiers = agency.identifiers.iter().map(|one| {
        json!({
            "scheme": one.scheme.name(), "value": one.value,
            "valid_from": one.period.from.to_string(), "valid_to": one.period.until.to_string(),
        })
    });
    json!({
        "name": agency.name,
        "aliases": agency.aliases,
        "identifiers": identifiers.collect::<Vec<_>>(),
        "email": agency.email,
        "address": agency.address,
        "phone": agency.phone,
        "website": agency.website,
        "valid_from": agency.period.from.to_string(),
        "valid_to": agency.period.until.to_string(),
    })
}
