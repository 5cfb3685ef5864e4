//! How a reorganisation is carried out: prepared by one administrator, reviewed by another, applied.

use congvan_proto::directory::v1::{self as pb, reorganisation_service_client::ReorganisationServiceClient};
use kit::transport::Transport;

use crate::world::{PASSWORD, Who, World, appointment, who};

pub(crate) fn reorganisations(world: &World) -> ReorganisationServiceClient<Transport> {
    ReorganisationServiceClient::new(world.transport.clone()).max_decoding_message_size(16 << 20)
}

/// A second administrator, who reviews what the first prepared.
pub(crate) async fn second_administrator(world: &World, by: &Who, unit: &pb::Unit) -> Who {
    let user = pb::User {
        sign_in_name: "quantri.hai".to_owned(),
        full_name: "Cầm Thị Hai".to_owned(),
        appointments: vec![appointment(unit, "Quản trị hệ thống", pb::Role::Administrator)],
        ..pb::User::default()
    };
    world.user(by, user).await.unwrap();
    who(&world.sign_in("quantri.hai", PASSWORD).await.unwrap().session.unwrap())
}

pub(crate) async fn prepare(world: &World, by: &Who, wanted: pb::Reorganisation) -> pb::Reorganisation {
    let request = pb::PrepareReorganisationRequest { reorganisation: Some(wanted), ..Default::default() };
    let answer = reorganisations(world).prepare_reorganisation(world.from(by, request)).await.unwrap();
    answer.into_inner().reorganisation.unwrap()
}

pub(crate) async fn preview(world: &World, by: &Who, id: &str) -> pb::ReorganisationPreview {
    let request = pb::PreviewReorganisationRequest { id: id.to_owned() };
    let answer = reorganisations(world).preview_reorganisation(world.from(by, request)).await.unwrap();
    answer.into_inner().preview.unwrap()
}

pub(crate) async fn review(
    world: &World,
    by: &Who,
    prepared: &pb::Reorganisation,
    fingerprint: &str,
) -> Result<pb::Reorganisation, tonic::Status> {
    let request = pb::ReviewReorganisationRequest {
        id: prepared.id.clone(),
        revision: prepared.revision,
        fingerprint: fingerprint.to_owned(),
        request_id: String::new(),
    };
    let answer = reorganisations(world).review_reorganisation(world.from(by, request)).await?;
    Ok(answer.into_inner().reorganisation.unwrap())
}

pub(crate) async fn apply(
    world: &World,
    by: &Who,
    reviewed: &pb::Reorganisation,
) -> Result<pb::ApplyReorganisationResponse, tonic::Status> {
    let request = pb::ApplyReorganisationRequest {
        id: reviewed.id.clone(),
        revision: reviewed.revision,
        ..Default::default()
    };
    Ok(reorganisations(world).apply_reorganisation(world.from(by, request)).await?.into_inner())
}

/// One change, prepared, previewed without a problem, reviewed by the second and applied; the units created.
pub(crate) async fn carry_out(
    world: &World,
    [by, second]: [&Who; 2],
    change: pb::UnitChange,
    from: &str,
) -> Vec<String> {
    let wanted = pb::Reorganisation {
        title: "Sắp xếp tổ chức bộ máy".to_owned(),
        basis: "Nghị quyết 1681/NQ-UBTVQH15".to_owned(),
        effective_date: from.to_owned(),
        changes: vec![change],
        ..pb::Reorganisation::default()
    };
    let prepared = prepare(world, by, wanted).await;
    let seen = preview(world, second, &prepared.id).await;
    assert_eq!(seen.problems, []);
    let reviewed = review(world, second, &prepared, &seen.fingerprint).await.unwrap();
    apply(world, by, &reviewed).await.unwrap().created_unit_ids
}
