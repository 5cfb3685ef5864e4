//! Positions exist by themselves; people are appointed to them from a day to a day.

use congvan_proto::directory::v1 as pb;
use tonic::{Code, Status};

use crate::world::{Who, World, department, fact, fields, reason};

pub(crate) async fn position(
    world: &World,
    by: &Who,
    unit: &pb::Unit,
    title: &str,
    role: pb::Role,
) -> pb::Position {
    let position = pb::Position {
        unit_id: unit.id.clone(),
        title: title.to_owned(),
        roles: vec![role.into()],
        start_date: "2020-01-01".to_owned(),
        ..pb::Position::default()
    };
    let request = pb::CreatePositionRequest { position: Some(position), ..Default::default() };
    world.positions().create_position(world.from(by, request)).await.unwrap().into_inner().position.unwrap()
}

pub(crate) async fn person(world: &World, by: &Who, name: &str) -> pb::User {
    let user = pb::User {
        sign_in_name: name.to_owned(),
        full_name: format!("Quàng Văn {name}"),
        ..pb::User::default()
    };
    world.user(by, user).await.unwrap()
}

pub(crate) fn appointing(
    user: &pb::User,
    position: &pb::Position,
    from: &str,
    until: &str,
) -> pb::AppointUserRequest {
    pb::AppointUserRequest {
        user_id: user.id.clone(),
        position_id: position.id.clone(),
        start_date: from.to_owned(),
        end_date: until.to_owned(),
        basis: "Quyết định 5/QĐ-UBND".to_owned(),
        revision: user.revision,
        ..pb::AppointUserRequest::default()
    }
}

pub(crate) async fn appoint(
    world: &World,
    by: &Who,
    request: pb::AppointUserRequest,
) -> Result<pb::User, Status> {
    Ok(world.positions().appoint_user(world.from(by, request)).await?.into_inner().user.unwrap())
}

async fn holders(world: &World, by: &Who, position: &pb::Position, day: &str) -> Vec<String> {
    let request = pb::GetPositionRequest { id: position.id.clone(), as_of_date: day.to_owned() };
    let found = world.positions().get_position(world.from(by, request)).await.unwrap().into_inner();
    found.position.unwrap().holders.into_iter().map(|holder| holder.full_name).collect()
}

pub(crate) async fn agency(world: &World, by: &Who) -> pb::Unit {
    let request = pb::CreateUnitRequest {
        unit: Some(department("H52.01")),
        start_date: "2020-01-01".to_owned(),
        ..pb::CreateUnitRequest::default()
    };
    world.units().create_unit(world.from(by, request)).await.unwrap().into_inner().unit.unwrap()
}

#[tokio::test]
async fn a_head_follows_a_head_and_two_at_once_are_refused() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = agency(&world, &by).await;
        let head = position(&world, &by, &agency, "Giám đốc", pb::Role::AgencyHead).await;
        assert_eq!((head.seats, head.holders.len()), (1, 0), "vacant, and for one");
        let an = person(&world, &by, "anh").await;
        let binh = person(&world, &by, "binh").await;
        appoint(&world, &by, appointing(&an, &head, "2021-01-01", "")).await.unwrap();
        let status = appoint(&world, &by, appointing(&binh, &head, "2026-12-01", "")).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::FailedPrecondition, "POSITION_OCCUPIED")
        );
        assert_eq!(
            (fact(&status, "holders"), fact(&status, "start_date")),
            ("Quàng Văn anh".to_owned(), "2026-12-01".to_owned())
        );

        let an = pb::User { revision: 2, ..an };
        let held = pb::ListAppointmentsRequest { user_id: an.id.clone() };
        let held = world.positions().list_appointments(world.from(&by, held)).await.unwrap().into_inner();
        let end = pb::ChangeAppointmentRequest {
            id: held.appointments[0].id.clone(),
            end_date: "2026-12-01".to_owned(),
            reason: "Nghỉ hưu".to_owned(),
            revision: an.revision,
            ..pb::ChangeAppointmentRequest::default()
        };
        world.positions().change_appointment(world.from(&by, end)).await.unwrap();
        appoint(&world, &by, appointing(&binh, &head, "2026-12-01", "")).await.unwrap();
        for (day, name) in [("2020-06-01", None), ("2026-11-30", Some("anh")), ("2026-12-01", Some("binh"))] {
            let expected: Vec<String> = name.map(|name| format!("Quàng Văn {name}")).into_iter().collect();
            assert_eq!(holders(&world, &by, &head, day).await, expected, "on {day}");
        }
        let audit = world.audit(&by, &an.id).await;
        let ended = audit.iter().find(|entry| entry.action == "user.change_appointment").unwrap();
        assert_eq!(ended.reason, "Nghỉ hưu");
        assert!(ended.after.contains("2026-12-01"));
    }
}

#[tokio::test]
async fn one_post_is_the_main_one_and_duties_are_kept_apart() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = agency(&world, &by).await;
        let officer = position(&world, &by, &agency, "Chuyên viên", pb::Role::Officer).await;
        let checker = position(&world, &by, &agency, "Kiểm tra thể thức", pb::Role::FormatChecker).await;
        let keeper = position(&world, &by, &agency, "Quản trị hệ thống", pb::Role::Administrator).await;
        let an = person(&world, &by, "anh").await;
        let an = appoint(&world, &by, appointing(&an, &officer, "2021-01-01", "")).await.unwrap();
        assert!(an.appointments[0].primary, "the first post is the main one");
        let both = pb::AppointUserRequest { primary: true, ..appointing(&an, &checker, "2022-01-01", "") };
        let an = appoint(&world, &by, both).await.unwrap();
        let posts: Vec<_> =
            an.appointments.iter().map(|post| (post.position.as_str(), post.primary)).collect();
        assert_eq!(posts, [("Kiểm tra thể thức", true), ("Chuyên viên", false)]);

        let status = appoint(&world, &by, appointing(&an, &keeper, "2026-01-01", "")).await.unwrap_err();
        assert_eq!(reason(&status), "SEPARATION_OF_DUTIES");
        assert!(status.message().contains("administrator"), "{}", status.message());
        let twice =
            appoint(&world, &by, appointing(&an, &officer, "2026-01-01", "2027-01-01")).await.unwrap_err();
        assert_eq!((twice.code(), reason(&twice).as_str()), (Code::AlreadyExists, "ALREADY_APPOINTED"));

        let mixed = pb::Position {
            unit_id: agency.id.clone(),
            title: "Thư ký kiêm Giám đốc".to_owned(),
            roles: vec![pb::Role::Secretary.into(), pb::Role::AgencyHead.into()],
            seats: 3,
            ..pb::Position::default()
        };
        let request = pb::CreatePositionRequest { position: Some(mixed), ..Default::default() };
        let status = world.positions().create_position(world.from(&by, request)).await.unwrap_err();
        assert_eq!(fields(&status), ["position.roles", "position.seats"]);
    }
}

#[tokio::test]
async fn two_administrators_who_edit_the_same_person_do_not_undo_each_other() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = agency(&world, &by).await;
        let officer = position(&world, &by, &agency, "Chuyên viên", pb::Role::Officer).await;
        let checker = position(&world, &by, &agency, "Kiểm tra thể thức", pb::Role::FormatChecker).await;
        let an = person(&world, &by, "anh").await;
        appoint(&world, &by, appointing(&an, &officer, "", "")).await.unwrap();
        let status = appoint(&world, &by, appointing(&an, &checker, "", "")).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "STALE_REVISION"));
    }
}

#[tokio::test]
async fn vacant_positions_are_found_and_one_that_is_held_does_not_end() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = agency(&world, &by).await;
        let head = position(&world, &by, &agency, "Giám đốc", pb::Role::AgencyHead).await;
        let clerk = position(&world, &by, &agency, "Văn thư", pb::Role::DocumentOffice).await;
        let an = person(&world, &by, "anh").await;
        appoint(&world, &by, appointing(&an, &clerk, "2021-01-01", "2027-06-01")).await.unwrap();
        let list = |vacant, day: &str| pb::ListPositionsRequest {
            agency_id: agency.id.clone(),
            vacant,
            as_of_date: day.to_owned(),
            ..pb::ListPositionsRequest::default()
        };
        for (vacant, day, count) in
            [(false, "", 2), (true, "", 1), (true, "2027-06-01", 2), (false, "2019-01-01", 0)]
        {
            let found = world.positions().list_positions(world.from(&by, list(vacant, day))).await.unwrap();
            assert_eq!(found.into_inner().positions.len(), count, "vacant {vacant} on {day}");
        }
        let end = |position: &pb::Position, day: &str| pb::ClosePositionRequest {
            id: position.id.clone(),
            revision: position.revision,
            end_date: day.to_owned(),
            ..pb::ClosePositionRequest::default()
        };
        let held =
            world.positions().close_position(world.from(&by, end(&clerk, "2027-01-01"))).await.unwrap_err();
        assert_eq!((reason(&held).as_str(), fact(&held, "appointments").as_str()), ("POSITION_IN_USE", "1"));
        world.positions().close_position(world.from(&by, end(&clerk, "2027-06-01"))).await.unwrap();
        world.positions().close_position(world.from(&by, end(&head, "2027-01-01"))).await.unwrap();
        let an = pb::User { revision: 2, ..an };
        let late = appoint(&world, &by, appointing(&an, &head, "2026-12-01", "")).await.unwrap_err();
        assert_eq!(reason(&late), "POSITION_IN_USE", "the position ends before the appointment would");
    }
}
