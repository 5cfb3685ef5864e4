use base::{PageToken, Uuid};
use congvan_proto::directory::v1::{
    self as pb, address_book_service_server::AddressBookService, find_by_identifier_response::Bearer,
};
use directory_domain::{Expression, Group, Member, MemberKind, Scheme};
use kit::{Fault, Violations, caller::Caller};
use sql::Queries;

use super::{dates::as_of, expression, unit_read};
use crate::{
    Directory, faults,
    flaws::note,
    groups, permission,
    resolve::{Resolution, Wanted, resolve},
    shape, store,
};

calls! { AddressBookService:
    resolve_recipients(ResolveRecipientsRequest) -> ResolveRecipientsResponse = recipients;
    find_by_identifier(FindByIdentifierRequest) -> FindByIdentifierResponse = find;
}

/// Most groups in one call.
const GROUPS: usize = 100;

/// Most of those that fell out that are told.
const TOLD: usize = 1000;

/// Previews recipients.
async fn recipients(
    service: &Directory,
    caller: &Caller,
    request: pb::ResolveRecipientsRequest,
) -> Result<pb::ResolveRecipientsResponse, Fault> {
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size, 1000, 5000);
    let mut read = service.db.read("resolve_recipients").await?;
    let wanted = wanted(&mut read, service, caller, &request, &mut violations).await?;
    violations.check()?;
    let Wanted { expression, external_agencies, agencies_only, on } = &wanted;
    let list = format!("recipients/{on}/{agencies_only}/{expression}/{external_agencies:?}");
    let page = PageToken::decode(&list, &request.page_token, 1).map_err(|_| Fault::bad_page_token())?;
    let after = page.and_then(|mut page| page.after.pop());
    let resolution = resolve(&mut read, &wanted).await?;
    Ok(cut(resolution, &wanted, after.as_deref(), usize::from(size), &list))
}

/// What is to be resolved; a violation for everything that is wrong, not in the directory, or not for the caller to see.
async fn wanted(
    db: &mut impl Queries,
    service: &Directory,
    caller: &Caller,
    request: &pb::ResolveRecipientsRequest,
    violations: &mut Violations,
) -> Result<Wanted, Fault> {
    let on = as_of(service, "asOfDate", &request.as_of_date, violations);
    let mut parts = Vec::new();
    if let Some(written) = &request.expression
        && let Some(expression) = expression::parse("expression", written, violations)
    {
        let named = ("expression", &expression);
        groups::check_references(db, service, caller, None, named, violations).await?;
        parts.push(expression);
    }
    let group_ids = groups_named(db, caller, &request.group_ids, violations).await?;
    parts.extend(group_ids.into_iter().map(Expression::Group));
    let (field, kind) = ("unitIds", MemberKind::Unit);
    let unit_ids = known(db, service, (field, kind), &request.unit_ids, violations).await?;
    let (field, kind) = ("externalAgencyIds", MemberKind::ExternalAgency);
    let external_agencies =
        known(db, service, (field, kind), &request.external_agency_ids, violations).await?;
    if !unit_ids.is_empty() {
        parts.push(Expression::Units(unit_ids));
    }
    let nothing = request.expression.is_none()
        && request.group_ids.is_empty()
        && request.unit_ids.is_empty()
        && request.external_agency_ids.is_empty();
    if nothing {
        violations.missing("expression");
    }
    let expression = Expression::Union(parts);
    Ok(Wanted { expression, external_agencies, agencies_only: request.agencies_only, on })
}

async fn groups_named(
    db: &mut impl Queries,
    caller: &Caller,
    written: &[String],
    violations: &mut Violations,
) -> Result<Vec<Uuid>, Fault> {
    let count = written.len();
    if count > GROUPS {
        violations.add(
            "groupIds",
            format!("có {count} nhóm, tối đa {GROUPS}"),
            format!("has {count} groups, at most {GROUPS} are allowed"),
        );
        return Ok(Vec::new());
    }
    let ids = unit_read::ids("groupIds", written, violations);
    if ids.is_empty() {
        return Ok(ids);
    }
    let found = store::group::among(db, ids.clone()).await?;
    let sees = |group: &Group| permission::sees(caller, group.owner_agency_id);
    for (index, id) in ids.iter().enumerate().filter(|(_, id)| !id.is_nil()) {
        if !found.iter().any(|group| group.id == *id && sees(group)) {
            unknown(violations, &format!("groupIds[{index}]"));
        }
    }
    Ok(ids)
}

async fn known(
    db: &mut impl Queries,
    service: &Directory,
    (field, kind): (&str, MemberKind),
    written: &[String],
    violations: &mut Violations,
) -> Result<Vec<Uuid>, Fault> {
    let ids = unit_read::ids(field, written, violations);
    let members: Vec<_> = ids.iter().map(|&id| Member { kind, id }).collect();
    let names = store::group_member::names(db, &members, service.today()).await?;
    for (index, member) in members.iter().enumerate().filter(|(_, member)| !member.id.is_nil()) {
        if !names.contains_key(member) {
            unknown(violations, &format!("{field}[{index}]"));
        }
    }
    Ok(ids)
}

fn unknown(violations: &mut Violations, field: &str) {
    violations.add(field, "không có trong danh bạ", "is not in the directory");
}

/// A page of the recipients after a key.
fn cut(
    resolution: Resolution,
    wanted: &Wanted,
    after: Option<&str>,
    size: usize,
    list: &str,
) -> pb::ResolveRecipientsResponse {
    let Resolution { recipients, fallen_out } = resolution;
    let counts = counts(recipients.values(), fallen_out.len());
    let told = if after.is_none() { TOLD } else { 0 };
    let mut rest =
        recipients.into_iter().skip_while(|(key, _)| after.is_some_and(|after| key.as_str() <= after));
    let page: Vec<_> = rest.by_ref().take(size).collect();
    let more = rest.next().is_some();
    let last = page.last().filter(|_| more);
    pb::ResolveRecipientsResponse {
        next_page_token: last.map(|(key, _)| PageToken::encode(list, &[key])).unwrap_or_default(),
        recipients: page.into_iter().map(|(_, recipient)| recipient).collect(),
        fallen_out: fallen_out.into_iter().take(told).collect(),
        counts: Some(counts),
        as_of_date: wanted.on.to_string(),
    }
}

fn counts<'a>(recipients: impl Iterator<Item = &'a pb::Recipient>, fallen_out: usize) -> pb::RecipientCounts {
    let fallen_out = i32::try_from(fallen_out).unwrap_or(i32::MAX);
    let mut counts = pb::RecipientCounts { fallen_out, ..pb::RecipientCounts::default() };
    for recipient in recipients {
        match recipient.kind() {
            pb::MemberKind::Unit => counts.units += 1,
            pb::MemberKind::ExternalAgency => counts.external_agencies += 1,
            pb::MemberKind::Position => counts.positions += 1,
            pb::MemberKind::User => counts.users += 1,
            pb::MemberKind::Group | pb::MemberKind::Unspecified => {}
        }
    }
    counts
}

/// Finds who bore an identifier.
async fn find(
    service: &Directory,
    _: &Caller,
    request: pb::FindByIdentifierRequest,
) -> Result<pb::FindByIdentifierResponse, Fault> {
    let mut violations = Violations::default();
    let scheme = Scheme::numbered(request.scheme);
    if scheme.is_none() {
        violations.missing("scheme");
    }
    let scheme = scheme.unwrap_or(Scheme::Other);
    let value = note(&mut violations, "value", scheme.read(&request.value));
    let on = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    violations.check()?;
    let mut read = service.db.read("find_by_identifier").await?;
    let none = || faults::no_bearer(scheme, &value, on);
    let found = store::identifier::bearer(&mut read, scheme, &value, on).await?.ok_or_else(none)?;
    let bearer = if found.is_unit {
        let unit = store::unit::find(&mut read, found.id, on).await?.ok_or_else(none)?;
        Bearer::Unit(shape::unit(&unit))
    } else {
        let agency = store::external_agency::find(&mut read, found.id).await?.ok_or_else(none)?;
        Bearer::ExternalAgency(shape::external_agency(&agency))
    };
    Ok(pb::FindByIdentifierResponse { bearer: Some(bearer) })
}
