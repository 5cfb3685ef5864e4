//! What the stories of groups, external agencies and recipients have in common.

use congvan_proto::directory::v1::{
    self as pb,
    address_book_service_client::AddressBookServiceClient,
    external_agency_service_client::ExternalAgencyServiceClient,
    group_service_client::GroupServiceClient,
    unit_expression::{self as sets, Set},
};
use kit::transport::Transport;
use sql::statement;
use tonic::Status;

use crate::world::{Who, World, department};

pub(crate) fn externals(world: &World) -> ExternalAgencyServiceClient<Transport> {
    ExternalAgencyServiceClient::new(world.transport.clone())
}

pub(crate) fn groups(world: &World) -> GroupServiceClient<Transport> {
    GroupServiceClient::new(world.transport.clone())
}

pub(crate) fn book(world: &World) -> AddressBookServiceClient<Transport> {
    AddressBookServiceClient::new(world.transport.clone())
}

/// The Ministry of Home Affairs, which is no part of a province.
pub(crate) fn ministry() -> pb::ExternalAgency {
    pb::ExternalAgency {
        name: "Bộ Nội vụ".to_owned(),
        aliases: vec!["BNV".to_owned(), "Bộ Lao động - Thương binh và Xã hội".to_owned()],
        identifiers: vec![identifier(pb::IdentifierScheme::Decision20, "G09", "", "")],
        email: "vanthu@moha.gov.vn".to_owned(),
        address: "Số 8 Tôn Thất Thuyết, Hà Nội".to_owned(),
        phone: "024 6282 1016".to_owned(),
        website: "https://moha.gov.vn".to_owned(),
        ..pb::ExternalAgency::default()
    }
}

pub(crate) fn identifier(
    scheme: pb::IdentifierScheme,
    value: &str,
    start: &str,
    end: &str,
) -> pb::ExternalIdentifier {
    pb::ExternalIdentifier {
        scheme: scheme.into(),
        value: value.to_owned(),
        start_date: start.to_owned(),
        end_date: end.to_owned(),
    }
}

/// Records an external agency.
pub(crate) async fn external(
    world: &World,
    by: &Who,
    agency: pb::ExternalAgency,
) -> Result<pb::ExternalAgency, Status> {
    let request = pb::CreateExternalAgencyRequest { external_agency: Some(agency), ..Default::default() };
    let answer = externals(world).create_external_agency(world.from(by, request)).await?;
    Ok(answer.into_inner().external_agency.unwrap())
}

/// A group of recipients with these members.
pub(crate) fn recipients(name: &str, members: Vec<pb::GroupMember>) -> pb::Group {
    pb::Group {
        name: name.to_owned(),
        kind: pb::GroupKind::Recipients.into(),
        members,
        ..pb::Group::default()
    }
}

pub(crate) fn member(kind: pb::MemberKind, id: &str) -> pb::GroupMember {
    pb::GroupMember { kind: kind.into(), id: id.to_owned(), name: String::new() }
}

/// Records a group.
pub(crate) async fn group(world: &World, by: &Who, group: pb::Group) -> Result<pb::Group, Status> {
    let request = pb::CreateGroupRequest { group: Some(group), ..Default::default() };
    let answer = groups(world).create_group(world.from(by, request)).await?;
    Ok(answer.into_inner().group.unwrap())
}

/// Reads a group.
pub(crate) async fn read(world: &World, by: &Who, id: &str) -> Result<pb::Group, Status> {
    let request = pb::GetGroupRequest { id: id.to_owned(), ..Default::default() };
    Ok(groups(world).get_group(world.from(by, request)).await?.into_inner().group.unwrap())
}

/// Changes what the mask names, in words.
pub(crate) async fn update(
    world: &World,
    by: &Who,
    group: pb::Group,
    mask: &[&str],
) -> Result<pb::Group, Status> {
    let paths = mask.iter().map(|path| (*path).to_owned()).collect();
    let request = pb::UpdateGroupRequest {
        group: Some(group),
        update_mask: Some(prost_types::FieldMask { paths }),
        ..Default::default()
    };
    Ok(groups(world).update_group(world.from(by, request)).await?.into_inner().group.unwrap())
}

/// The preview of recipients.
pub(crate) async fn resolve(
    world: &World,
    by: &Who,
    request: pb::ResolveRecipientsRequest,
) -> Result<pb::ResolveRecipientsResponse, Status> {
    Ok(book(world).resolve_recipients(world.from(by, request)).await?.into_inner())
}

/// The identifiers of the units found, or the names of others.
pub(crate) fn told(answer: &pb::ResolveRecipientsResponse) -> Vec<&str> {
    let told = answer.recipients.iter();
    told.map(|one| if one.code.is_empty() { one.name.as_str() } else { one.code.as_str() }).collect()
}

/// An expression.
pub(crate) fn set(set: Set) -> pb::UnitExpression {
    pb::UnitExpression { set: Some(set) }
}

/// Every unit of these kinds.
pub(crate) fn kinds(kinds: &[pb::UnitKind]) -> pb::UnitExpression {
    set(Set::Kinds(sets::Kinds { kinds: kinds.iter().map(|kind| (*kind).into()).collect() }))
}

/// What stands below a unit.
pub(crate) fn below(unit: &pb::Unit) -> pb::UnitExpression {
    set(Set::Below(sets::Below { unit_id: unit.id.clone(), direct_only: false }))
}

/// These units.
pub(crate) fn units(units: &[&pb::Unit]) -> pb::UnitExpression {
    set(Set::Units(sets::Units { unit_ids: units.iter().map(|unit| unit.id.clone()).collect() }))
}

/// The first without the second.
pub(crate) fn difference(of: pb::UnitExpression, except: pb::UnitExpression) -> pb::UnitExpression {
    let (of, except) = (Some(Box::new(of)), Some(Box::new(except)));
    set(Set::Difference(Box::new(sets::Difference { of, except })))
}

/// A commune below a unit, from a day on.
pub(crate) async fn commune(world: &World, by: &Who, code: &str, above: &pb::Unit, from: &str) -> pb::Unit {
    let unit = pb::Unit {
        name: format!("Ủy ban nhân dân xã {code}"),
        abbreviation: "UBND".to_owned(),
        kind: pb::UnitKind::Commune.into(),
        parent_id: above.id.clone(),
        ..department(code)
    };
    unit_since(world, by, unit, from).await
}

/// Records a unit from a day on.
pub(crate) async fn unit_since(world: &World, by: &Who, unit: pb::Unit, from: &str) -> pb::Unit {
    let request =
        pb::CreateUnitRequest { unit: Some(unit), start_date: from.to_owned(), ..Default::default() };
    world.units().create_unit(world.from(by, request)).await.unwrap().into_inner().unit.unwrap()
}

/// Ends a unit whose work went to another.
pub(crate) async fn succeed(world: &World, old: &pb::Unit, new: &pb::Unit, from: &str) {
    const END: sql::Statement = statement("END", "UPDATE unit_version SET valid_to = $2 WHERE unit_id = $1");
    const END_CODE: sql::Statement =
        statement("END_CODE", "UPDATE unit_identifier SET valid_to = $2 WHERE unit_id = $1");
    const SUCCEED: sql::Statement = statement(
        "SUCCEED",
        "INSERT INTO unit_succession (predecessor_id, successor_id, valid_from, takes_over) VALUES ($1, $2, $3, TRUE)",
    );
    let ids = [old, new].map(|unit| unit.id.parse::<base::Uuid>().unwrap());
    let day: base::Date = from.parse().unwrap();
    let mut tx = world.db.write("test").await.unwrap();
    tx.execute(&END, sql::params![ids[0], day]).await.unwrap();
    tx.execute(&END_CODE, sql::params![ids[0], day]).await.unwrap();
    tx.execute(&SUCCEED, sql::params![ids[0], ids[1], day]).await.unwrap();
    tx.commit().await.unwrap();
}

/// A group of recipients that holds these groups.
pub(crate) fn holding(name: &str, held: &[&pb::Group]) -> pb::Group {
    recipients(name, held.iter().map(|group| member(pb::MemberKind::Group, &group.id)).collect())
}

/// Deletes a group.
pub(crate) async fn delete(world: &World, by: &Who, group: &pb::Group) -> Result<(), Status> {
    let request =
        pb::DeleteGroupRequest { id: group.id.clone(), revision: group.revision, ..Default::default() };
    groups(world).delete_group(world.from(by, request)).await.map(drop)
}

/// Adds members to a group.
pub(crate) async fn add(
    world: &World,
    by: &Who,
    group: &pb::Group,
    members: Vec<pb::GroupMember>,
) -> Result<pb::Group, Status> {
    let request = pb::AddGroupMembersRequest { group_id: group.id.clone(), members, ..Default::default() };
    Ok(groups(world).add_group_members(world.from(by, request)).await?.into_inner().group.unwrap())
}
