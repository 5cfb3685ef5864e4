//! People are found: by name, by what other software knows of them, page by page.

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use prost_types::Timestamp;

use crate::world::{Who, World, fields, reason};

async fn person(world: &World, by: &Who, name: &str, full_name: &str) -> pb::User {
    let user = pb::User {
        sign_in_name: name.to_owned(),
        full_name: full_name.to_owned(),
        email: format!("{name}@SonLa.gov.vn"),
        external_id: format!("hr-{name}"),
        ..pb::User::default()
    };
    world.wait(1); // so that ids follow each other
    let request = pb::CreateUserRequest { user: Some(user), ..Default::default() };
    world.users().create_user(world.from(by, request)).await.unwrap().into_inner().user.unwrap()
}

async fn search(world: &World, query: &str) -> Vec<String> {
    let request = pb::SearchUsersRequest { query: query.to_owned(), ..Default::default() };
    let answer = world.users().search_users(world.from(&Who::Documents, request)).await.unwrap().into_inner();
    answer.users.into_iter().map(|user| user.sign_in_name).collect()
}

#[tokio::test]
async fn a_person_is_found_by_name_however_it_is_typed() {
    for world in World::all().await {
        let by = world.administrator().await;
        for (name, full_name) in [
            ("anh", "Nguyễn Vân Anh"),
            ("an.1", "Nguyễn Văn An"),
            ("an.2", "Nguyễn Vạn Ân"),
            ("binh", "Trần Thị Bình An"),
            ("dat", "Đỗ Đạt"),
        ] {
            person(&world, &by, name, full_name).await;
        }
        for (query, expected) in [
            ("Nguyễn Văn An", vec!["an.1", "an.2", "anh"]), // accents as typed, then whole words, then beginnings
            ("nguyen van an", vec!["an.1", "an.2", "anh"]),
            ("NGUYỄN VẠN ÂN", vec!["an.2", "an.1", "anh"]),
            ("Nguye\u{302}\u{303}n Va\u{306}n", vec!["an.1", "anh", "an.2"]),
            ("an nguyen", vec!["an.1", "an.2", "anh"]),
            ("an", vec!["an.1", "an.2", "binh", "anh"]),
            ("ng v anh", vec!["anh"]),
            ("do dat", vec!["dat"]),
            ("Đỗ", vec!["dat"]),
            ("bình", vec!["binh"]),
            ("bính", vec!["binh"]),
            ("nguyen tran", vec![]),
            ("khong co ai", vec![]),
            ("%' OR 1=1 --", vec![]),
        ] {
            assert_eq!(search(&world, query).await, expected, "{query}");
        }
        for query in ["", " .-", &"a".repeat(101)] {
            let request =
                pb::SearchUsersRequest { query: query.to_owned(), page_size: 101, ..Default::default() };
            let status = world.users().search_users(world.from(&by, request)).await.unwrap_err();
            assert_eq!(fields(&status), ["query", "pageSize"], "{query:?}");
        }
    }
}

#[tokio::test]
async fn a_person_is_found_by_a_new_name_and_not_by_the_old() {
    for world in World::all().await {
        let by = world.administrator().await;
        let mai = person(&world, &by, "mai", "Lò Thị Mai").await;
        let renamed = pb::User { full_name: "Lò Thị Hoa".to_owned(), ..mai.clone() };
        let request = pb::UpdateUserRequest { user: Some(renamed), ..Default::default() };
        let mai =
            world.users().update_user(world.from(&by, request)).await.unwrap().into_inner().user.unwrap();
        assert_eq!(search(&world, "hoa").await, ["mai"]);
        assert_eq!(search(&world, "lo mai").await, ["quantri"], "the administrator, whose name it still is");
        let request = pb::DeactivateUserRequest { id: mai.id, revision: mai.revision, ..Default::default() };
        world.users().deactivate_user(world.from(&by, request)).await.unwrap();
        assert!(search(&world, "hoa").await.is_empty());
        let request =
            pb::SearchUsersRequest { query: "hoa".to_owned(), with_inactive: true, ..Default::default() };
        let found = world.users().search_users(world.from(&by, request)).await.unwrap().into_inner();
        assert_eq!(found.users.len(), 1);
    }
}

async fn list(world: &World, request: pb::ListUsersRequest) -> (Vec<String>, i32, String) {
    let page = world.users().list_users(world.from(&Who::Documents, request)).await.unwrap().into_inner();
    let names = page.users.into_iter().map(|user| user.sign_in_name).collect();
    (names, page.total_size, page.next_page_token)
}

#[tokio::test]
async fn people_are_listed_by_what_is_known_of_them() {
    for world in World::all().await {
        let by = world.administrator().await;
        let c = person(&world, &by, "cuc", "Vi Thị Cúc_1").await;
        world.wait(60);
        let b = person(&world, &by, "bac", "Vi Văn Bắc").await;
        let ask = pb::ListUsersRequest::default;
        let inactive = pb::UserActivity::Inactive.into();
        let request =
            pb::DeactivateUserRequest { id: c.id.clone(), revision: c.revision, ..Default::default() };
        world.wait(60);
        world.users().deactivate_user(world.from(&by, request)).await.unwrap();
        let since = |user: &pb::User, micros| {
            let at = user.create_time.unwrap();
            Some(Timestamp { seconds: at.seconds, nanos: at.nanos + micros * 1000 })
        };
        let recorded = pb::UserOrder::Recorded.into();
        for (request, expected) in [
            (ask(), vec!["bac", "cuc", "quantri"]),
            (pb::ListUsersRequest { order: recorded, ..ask() }, vec!["quantri", "cuc", "bac"]),
            (pb::ListUsersRequest { activity: inactive, ..ask() }, vec!["cuc"]),
            (pb::ListUsersRequest { sign_in_name: "bac".to_owned(), ..ask() }, vec!["bac"]),
            (pb::ListUsersRequest { external_id: "hr-cuc".to_owned(), ..ask() }, vec!["cuc"]),
            (pb::ListUsersRequest { external_id: "HR-CUC".to_owned(), ..ask() }, vec![]),
            (pb::ListUsersRequest { email: "BAC@sonla.GOV.vn".to_owned(), ..ask() }, vec!["bac"]),
            (
                pb::ListUsersRequest { email: "cuc@sonla.gov.vn".to_owned(), activity: inactive, ..ask() },
                vec!["cuc"],
            ),
            (pb::ListUsersRequest { ids: vec![b.id.clone(), c.id.clone()], ..ask() }, vec!["bac", "cuc"]),
            (pb::ListUsersRequest { ids: vec![b.id.clone()], activity: inactive, ..ask() }, vec![]),
            (pb::ListUsersRequest { changed_since: since(&b, 0), ..ask() }, vec!["bac", "cuc"]),
            (pb::ListUsersRequest { changed_since: since(&b, 1), ..ask() }, vec!["cuc"]),
            (pb::ListUsersRequest { name_part: "i va".to_owned(), ..ask() }, vec!["bac"]),
            (pb::ListUsersRequest { name_part: "CÚC_".to_owned(), ..ask() }, vec!["cuc"]),
            (pb::ListUsersRequest { name_part: "%".to_owned(), ..ask() }, vec![]),
            (pb::ListUsersRequest { name_part: "' OR '1".to_owned(), ..ask() }, vec![]),
        ] {
            let told = format!("{request:?}");
            let (names, total, _) =
                list(&world, pb::ListUsersRequest { with_total_size: true, ..request }).await;
            assert_eq!(names, expected, "{told}");
            assert_eq!(total, i32::try_from(expected.len()).unwrap(), "{told}");
        }
    }
}

#[tokio::test]
async fn pages_hold_everybody_once_while_others_are_recorded() {
    for world in World::all().await {
        let by = world.administrator().await;
        for number in 0..7 {
            person(&world, &by, &format!("pp{number}"), "Vi Văn Bắc").await;
        }
        for order in [pb::UserOrder::Unspecified, pb::UserOrder::Recorded] {
            let mut request =
                pb::ListUsersRequest { page_size: 3, order: order.into(), skip: 1, ..Default::default() };
            let mut seen = Vec::new();
            loop {
                let (names, _, next) = list(&world, request.clone()).await;
                seen.extend(names);
                if next.is_empty() {
                    break;
                }
                person(
                    &world,
                    &by,
                    &format!("a{}", Uuid::from_bytes(crate::world::random()).simple()),
                    "Mới",
                )
                .await;
                request.page_token = next;
            }
            seen.retain(|name| name.starts_with('p'));
            let expected: Vec<_> = (0..7).map(|number| format!("pp{number}")).collect();
            let skipped = usize::from(order == pb::UserOrder::Unspecified);
            assert_eq!(seen, expected[skipped..], "{order:?}");
        }
    }
}

#[tokio::test]
async fn what_a_list_cannot_tell_is_refused() {
    for world in World::all().await {
        let by = world.administrator().await;
        let wrong = pb::ListUsersRequest {
            role: pb::Role::Officer.into(),
            activity: 9,
            order: 9,
            skip: -1,
            sign_in_name: "a".to_owned(),
            email: "a".to_owned(),
            ids: vec!["7".to_owned()],
            changed_since: Some(Timestamp { seconds: i64::MAX, nanos: 0 }),
            ..Default::default()
        };
        let status = world.users().list_users(world.from(&by, wrong)).await.unwrap_err();
        assert_eq!(
            fields(&status),
            ["activity", "ids[0]", "ids", "changedSince", "skip", "order", "agencyIds"]
        );
        let page = list(&world, pb::ListUsersRequest { page_size: 1, skip: 0, ..Default::default() }).await;
        person(&world, &by, "mai", "Mai").await;
        let (_, _, next) = list(&world, pb::ListUsersRequest { page_size: 1, ..Default::default() }).await;
        assert!(page.2.is_empty() && !next.is_empty());
        let other =
            pb::ListUsersRequest { page_token: next, name_part: "x".to_owned(), ..Default::default() };
        let status = world.users().list_users(world.from(&by, other)).await.unwrap_err();
        assert_eq!(reason(&status), "BAD_PAGE_TOKEN");
    }
}
