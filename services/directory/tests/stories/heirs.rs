//! Who takes over from an agency that ends finds what it kept, and is found in its place.

use congvan_proto::directory::v1 as pb;

use crate::{
    address_book::{group, member, read, recipients, update},
    reorganising::{carry_out, second_administrator},
    world::{PASSWORD, Who, World, appointment, department, fact, fields, reason, who},
};

const BEGINNING: &str = "2021-01-01";
const BEFORE: &str = "2025-06-30";
const FROM: &str = "2025-07-01";

/// A ward since the beginning.
async fn ward(world: &World, by: &Who, code: &str) -> pb::Unit {
    let ward = pb::Unit {
        name: format!("Ủy ban nhân dân phường {code}"),
        abbreviation: "UBND".to_owned(),
        kind: pb::UnitKind::Ward.into(),
        ..department(code)
    };
    let request = pb::CreateUnitRequest {
        unit: Some(ward),
        start_date: BEGINNING.to_owned(),
        ..pb::CreateUnitRequest::default()
    };
    world.units().create_unit(world.from(by, request)).await.unwrap().into_inner().unit.unwrap()
}

/// A clerk of a ward's document office since its beginning.
async fn clerk(world: &World, by: &Who, name: &str, ward: &pb::Unit) -> pb::User {
    let post = pb::Appointment {
        start_date: BEGINNING.to_owned(),
        ..appointment(ward, "Văn thư", pb::Role::DocumentOffice)
    };
    let user = pb::User {
        sign_in_name: name.to_owned(),
        full_name: "Lường Thị Văn".to_owned(),
        appointments: vec![post],
        ..pb::User::default()
    };
    world.user(by, user).await.unwrap()
}

/// One takes over from another: prepared, reviewed, applied.
async fn take_over(world: &World, admins: [&Who; 2], ends: &pb::Unit, heir: &pb::Unit, from: &str) {
    let change = pb::UnitChange {
        predecessor_ids: vec![ends.id.clone()],
        successors: vec![pb::Successor { unit: Some(pb::successor::Unit::UnitId(heir.id.clone())) }],
        ..pb::UnitChange::default()
    };
    carry_out(world, admins, change, from).await;
}

/// Sign-in names of those found, each with the agencies taken over that its posts tell.
async fn found(world: &World, request: pb::ListUsersRequest) -> Vec<(String, Vec<String>)> {
    let answer = world.users().list_users(world.from(&Who::Documents, request)).await.unwrap();
    let inherited = |user: &pb::User| {
        user.appointments.iter().flat_map(|post| post.inherited_agency_ids.clone()).collect()
    };
    answer.into_inner().users.iter().map(|user| (user.sign_in_name.clone(), inherited(user))).collect()
}

#[tokio::test]
async fn the_office_of_the_heir_stands_in_for_those_that_ended() {
    for world in World::all().await {
        let by = world.administrator().await;
        let mut wards = Vec::new();
        for code in ["H52.01", "H52.02", "H52.03"] {
            wards.push(ward(&world, &by, code).await);
        }
        for (name, ward) in ["mot.vt", "hai.vt", "ba.vt"].iter().zip(&wards) {
            clerk(&world, &by, name, ward).await;
        }
        let second = second_administrator(&world, &by, &wards[2]).await;
        take_over(&world, [&by, &second], &wards[0], &wards[1], FROM).await;
        take_over(&world, [&by, &second], &wards[1], &wards[2], "2026-01-01").await;

        let offices = |on: &str, with_heirs: bool| pb::ListUsersRequest {
            agency_ids: vec![wards[0].id.clone()],
            role: pb::Role::DocumentOffice.into(),
            as_of_date: on.to_owned(),
            with_heirs,
            ..pb::ListUsersRequest::default()
        };
        let first = vec![wards[0].id.clone()];
        for (on, with_heirs, expected) in [
            (BEFORE, true, vec![("mot.vt".to_owned(), vec![])]),
            (FROM, true, vec![("hai.vt".to_owned(), first.clone())]),
            ("2026-01-01", true, vec![("ba.vt".to_owned(), first.clone())]),
            ("", true, vec![("ba.vt".to_owned(), first)]),
            ("", false, vec![]),
        ] {
            assert_eq!(found(&world, offices(on, with_heirs)).await, expected, "{on:?} {with_heirs}");
        }
        let nobody = pb::ListUsersRequest { with_heirs: true, ..pb::ListUsersRequest::default() };
        let refused = world.users().list_users(world.from(&by, nobody)).await.unwrap_err();
        assert_eq!(fields(&refused), ["withHeirs"]);
    }
}

#[tokio::test]
async fn groups_of_an_agency_that_ended_are_kept_by_its_heir() {
    for world in World::all().await {
        let by = world.administrator().await;
        let ends = ward(&world, &by, "H52.01").await;
        let heir = ward(&world, &by, "H52.02").await;
        let stranger = ward(&world, &by, "H52.03").await;
        let members = vec![member(pb::MemberKind::Unit, &stranger.id)];
        let kept = pb::Group { owner_agency_id: ends.id.clone(), ..recipients("Tổ dân phố", members) };
        let kept = group(&world, &by, kept).await.unwrap();
        let second = second_administrator(&world, &by, &stranger).await;
        take_over(&world, [&by, &second], &ends, &heir, FROM).await;

        let mut clerks = Vec::new();
        for (name, ward) in [("hai.vt", &heir), ("ba.vt", &stranger)] {
            clerk(&world, &by, name, ward).await;
            let token = world.sign_in(name, PASSWORD).await.unwrap().token;
            clerks.push(who(&world.verify(&token).await.unwrap()));
        }
        assert_eq!(read(&world, &clerks[0], &kept.id).await.unwrap().name, "Tổ dân phố");
        assert_eq!(reason(&read(&world, &clerks[1], &kept.id).await.unwrap_err()), "GROUP_NOT_FOUND");
        let renamed = pb::Group { name: "Tổ dân phố (cũ)".to_owned(), ..kept };
        assert_eq!(update(&world, &clerks[0], renamed, &["name"]).await.unwrap().revision, 2);
    }
}

#[tokio::test]
async fn what_others_took_over_is_not_reopened() {
    for world in World::all().await {
        let by = world.administrator().await;
        let ends = ward(&world, &by, "H52.01").await;
        let heir = ward(&world, &by, "H52.02").await;
        let second = second_administrator(&world, &by, &heir).await;
        take_over(&world, [&by, &second], &ends, &heir, FROM).await;
        let request = pb::ReopenUnitRequest {
            id: ends.id.clone(),
            revision: ends.revision + 1,
            ..pb::ReopenUnitRequest::default()
        };
        let refused = world.units().reopen_unit(world.from(&by, request)).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), fact(&refused, "successor_ids")), ("UNIT_SUCCEEDED", heir.id));
    }
}

#[tokio::test]
async fn every_answer_with_a_session_tells_what_was_taken_over() {
    for world in World::all().await {
        let by = world.administrator().await;
        let ends = ward(&world, &by, "H52.01").await;
        let heir = ward(&world, &by, "H52.02").await;
        clerk(&world, &by, "hai.vt", &heir).await;
        let second = second_administrator(&world, &by, &heir).await;
        take_over(&world, [&by, &second], &ends, &heir, FROM).await;

        let opened = world.sign_in("hai.vt", PASSWORD).await.unwrap();
        let clerk = who(opened.session.as_ref().unwrap());
        let mut sessions = world.sessions();
        let read = sessions.get_session(world.from(&clerk, pb::GetSessionRequest {})).await.unwrap();
        let request = world.from(&clerk, pb::ListSessionsRequest::default());
        let listed = sessions.list_sessions(request).await.unwrap().into_inner().sessions.remove(0);
        let verified = world.verify(&opened.token).await.unwrap();
        for session in [opened.session, read.into_inner().session, Some(listed), Some(verified)] {
            let posts = session.unwrap().user.unwrap().appointments;
            assert_eq!(posts[0].inherited_agency_ids, std::slice::from_ref(&ends.id));
        }
    }
}
