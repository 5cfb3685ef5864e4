use base::Uuid;
use congvan_proto::directory::v1 as pb;
use tonic::Code;

use crate::world::{PASSWORD, Who, World, appointment, department, fact, fields, officer, random, reason};

#[tokio::test]
async fn a_person_is_recorded_with_posts() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = world.unit(&by, department("H52.01")).await.unwrap();
        let office = pb::Unit {
            kind: pb::UnitKind::InnerOffice.into(),
            parent_id: agency.id.clone(),
            ..department("H52.01.VP")
        };
        let office = world.unit(&by, office).await.unwrap();
        let mut mai = officer("mai.vt", &office);
        mai.email = "mai.vt@sonla.gov.vn".to_owned();
        mai.appointments[0].roles = vec![9, 4, 9];
        mai.appointments.push(appointment(&agency, "Phó Giám đốc", pb::Role::DeputyHead));
        let mai = world.user(&by, mai).await.unwrap();
        let posts: Vec<_> = mai
            .appointments
            .iter()
            .map(|post| (&*post.unit_id, &*post.agency_id, &*post.position, post.roles.clone()))
            .collect();
        assert_eq!(
            posts,
            [
                (&*office.id, &*agency.id, "Chuyên viên", vec![4, 9]),
                (&*agency.id, &*agency.id, "Phó Giám đốc", vec![2])
            ]
        );
        let request = world.from(
            &Who::Documents,
            pb::GetUserRequest { id: mai.id.clone(), ..pb::GetUserRequest::default() },
        );
        assert_eq!(world.users().get_user(request).await.unwrap().into_inner().user, Some(mai));
        let unknown =
            pb::GetUserRequest { id: Uuid::from_u128(7).to_string(), ..pb::GetUserRequest::default() };
        let status = world.users().get_user(world.from(&by, unknown)).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "USER_NOT_FOUND"));
        world.sign_in("mai.vt", PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn all_mistakes_of_a_user_are_told_at_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        let nowhere = pb::Unit { id: Uuid::from_u128(7).to_string(), ..pb::Unit::default() };
        let user = pb::User {
            sign_in_name: "Mai".to_owned(),
            full_name: "ạ".repeat(101),
            email: "mai@".to_owned(),
            appointments: vec![
                appointment(&unit, "Văn thư", pb::Role::DocumentOffice),
                pb::Appointment { unit_id: "7".to_owned(), roles: vec![99], ..pb::Appointment::default() },
                appointment(&nowhere, "Văn thư", pb::Role::DocumentOffice),
                appointment(&unit, "Văn thư", pb::Role::Officer),
            ],
            ..pb::User::default()
        };
        let request = pb::CreateUserRequest {
            user: Some(user),
            password: "ngắn".to_owned(),
            request_id: "7".to_owned(),
            ..pb::CreateUserRequest::default()
        };
        let status = world.users().create_user(world.from(&by, request)).await.unwrap_err();
        assert_eq!(
            fields(&status),
            [
                "requestId",
                "user.signInName",
                "user.fullName",
                "user.email",
                "user.appointments[1].unitId",
                "user.appointments[1].position",
                "user.appointments[1].roles",
                "password",
                "user.appointments[2].unitId",
                "user.appointments[3].unitId",
            ]
        );
        let mut busy = officer("mai", &unit);
        busy.appointments = vec![busy.appointments[0].clone(); 21];
        assert_eq!(fields(&world.user(&by, busy).await.unwrap_err()), ["user.appointments"]);
    }
}

#[tokio::test]
async fn a_sign_in_name_belongs_to_one_person_and_a_repeat_is_no_second() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        let request_id = Uuid::from_bytes(random()).to_string();
        let request = |password: &str| {
            let (user, request_id) = (Some(officer("mai.vt", &unit)), request_id.clone());
            world.from(
                &by,
                pb::CreateUserRequest { user, password: password.to_owned(), request_id, inactive: false },
            )
        };
        let first = world.users().create_user(request(PASSWORD)).await.unwrap().into_inner();
        let second = world.users().create_user(request(PASSWORD)).await.unwrap().into_inner();
        assert_eq!(first, second);
        let status = world.user(&by, officer("mai.vt", &unit)).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "SIGN_IN_NAME_TAKEN"));
        assert_eq!(fact(&status, "sign_in_name"), "mai.vt");
    }
}

/// Two departments with a clerk and two officers each, and somebody who works in both.
async fn two_departments(world: &World, by: &Who) -> [pb::Unit; 2] {
    let one = world.unit(by, department("H52.01")).await.unwrap();
    let two = world.unit(by, department("H52.02")).await.unwrap();
    for (name, unit) in [("cv1.a", &one), ("cv2.a", &one), ("cv1.b", &two), ("cv2.b", &two)] {
        world.user(by, officer(name, unit)).await.unwrap();
    }
    for (name, unit) in [("vt.a", &one), ("vt.b", &two)] {
        let appointments = vec![appointment(unit, "Văn thư", pb::Role::DocumentOffice)];
        world.user(by, pb::User { appointments, ..officer(name, unit) }).await.unwrap();
    }
    let mut both = officer("hai.noi", &one);
    both.appointments.push(appointment(&two, "Văn thư", pb::Role::DocumentOffice));
    world.user(by, both).await.unwrap();
    [one, two]
}

#[tokio::test]
async fn users_are_found_by_agency_and_role() {
    for world in World::all().await {
        let by = world.administrator().await;
        let [one, two] = two_departments(&world, &by).await;
        let clerk = pb::Role::DocumentOffice;
        let none = pb::Role::Unspecified;
        for (agencies, role, expected) in [
            (vec![], none, vec!["cv1.a", "cv1.b", "cv2.a", "cv2.b", "hai.noi", "quantri", "vt.a", "vt.b"]),
            (vec![&one], none, vec!["cv1.a", "cv2.a", "hai.noi", "vt.a"]),
            (vec![&one], clerk, vec!["vt.a"]),
            (vec![&two], clerk, vec!["hai.noi", "vt.b"]),
            (vec![&two, &one], clerk, vec!["hai.noi", "vt.a", "vt.b"]),
            (vec![], clerk, vec!["hai.noi", "vt.a", "vt.b"]),
            (vec![], pb::Role::Administrator, vec!["quantri"]),
            (vec![&one], pb::Role::Administrator, vec![]),
        ] {
            let request = pb::ListUsersRequest {
                agency_ids: agencies.iter().map(|agency| agency.id.clone()).collect(),
                role: role.into(),
                page_size: 2,
                page_token: String::new(),
                ..pb::ListUsersRequest::default()
            };
            let users = pages(&world, request).await;
            let names: Vec<_> = users.iter().map(|user| user.sign_in_name.as_str()).collect();
            assert_eq!(names, expected, "{} agencies, {role:?}", agencies.len());
        }
    }
}

#[tokio::test]
async fn a_user_in_a_list_is_the_user_itself() {
    for world in World::all().await {
        let by = world.administrator().await;
        two_departments(&world, &by).await;
        let users = pages(&world, pb::ListUsersRequest { page_size: 5, ..Default::default() }).await;
        for user in users {
            let request = pb::GetUserRequest { id: user.id.clone(), ..pb::GetUserRequest::default() };
            let read = world.users().get_user(world.from(&by, request)).await.unwrap();
            assert_eq!(read.into_inner().user, Some(user));
        }
        let wrong = pb::ListUsersRequest {
            agency_ids: vec!["7".to_owned()],
            role: 99,
            page_size: -1,
            page_token: String::new(),
            ..pb::ListUsersRequest::default()
        };
        let status = world.users().list_users(world.from(&by, wrong)).await.unwrap_err();
        assert_eq!(fields(&status), ["pageSize", "role", "agencyIds[0]"]);
    }
}

async fn pages(world: &World, mut request: pb::ListUsersRequest) -> Vec<pb::User> {
    let mut users = Vec::new();
    loop {
        let answer = world.users().list_users(world.from(&Who::Documents, request.clone())).await.unwrap();
        let page = answer.into_inner();
        users.extend(page.users);
        if page.next_page_token.is_empty() {
            return users;
        }
        request.page_token = page.next_page_token;
    }
}

#[tokio::test]
async fn there_is_a_first_administrator_and_no_second() {
    for world in World::all().await {
        let directory = &world.directory;
        let fault = directory.ensure_administrator("A", "", "ngắn").await.unwrap_err();
        assert_eq!(fault.violations().len(), 3);
        assert!(directory.ensure_administrator("quantri", "Lò Thị Mai", PASSWORD).await.unwrap());
        assert!(!directory.ensure_administrator("quantri", "Lò Thị Mai", PASSWORD).await.unwrap());
        assert!(!directory.ensure_administrator("khac", "Người khác", "").await.unwrap(), "one is enough");
        let user = world.sign_in("quantri", PASSWORD).await.unwrap().session.unwrap().user.unwrap();
        assert_eq!(user.appointments.len(), 1);
        assert_eq!(user.appointments[0].roles, [i32::from(pb::Role::Administrator)]);
    }
}

#[tokio::test]
async fn when_two_processes_start_at_once_one_makes_the_administrator() {
    for world in World::all().await {
        let make = || world.directory.ensure_administrator("quantri", "Lò Thị Mai", PASSWORD);
        let (one, other) = tokio::join!(make(), make());
        assert!(one.unwrap() ^ other.unwrap());
    }
}
