//! People change: what is known of them, whether they may sign in, and when other software keeps them no more.

use congvan_proto::directory::v1 as pb;
use prost_types::FieldMask;
use tonic::{Code, Status};

use crate::world::{PASSWORD, Who, World, department, fields, officer, reason, who};

/// An administrator, and an officer of a department.
async fn office(world: &World) -> (Who, pb::User) {
    let by = world.administrator().await;
    let unit = world.unit(&by, department("H52.01")).await.unwrap();
    let mai = world.user(&by, officer("mai.cv", &unit)).await.unwrap();
    (by, mai)
}

async fn update(world: &World, by: &Who, user: pb::User, paths: &[&str]) -> Result<pb::User, Status> {
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    let request = pb::UpdateUserRequest {
        user: Some(user),
        update_mask: Some(FieldMask { paths }),
        reason: "Đổi theo quyết định".to_owned(),
        ..Default::default()
    };
    Ok(world.users().update_user(world.from(by, request)).await?.into_inner().user.unwrap())
}

async fn deactivate(world: &World, by: &Who, user: &pb::User) -> Result<pb::User, Status> {
    let request =
        pb::DeactivateUserRequest { id: user.id.clone(), revision: user.revision, ..Default::default() };
    Ok(world.users().deactivate_user(world.from(by, request)).await?.into_inner().user.unwrap())
}

async fn withdraw(world: &World, by: &Who, user: &pb::User) -> Result<pb::User, Status> {
    let request =
        pb::WithdrawUserRequest { id: user.id.clone(), revision: user.revision, ..Default::default() };
    Ok(world.users().withdraw_user(world.from(by, request)).await?.into_inner().user.unwrap())
}

#[tokio::test]
async fn what_is_known_of_a_person_changes_and_the_audit_knows_what_was() {
    for world in World::all().await {
        let (by, mai) = office(&world).await;
        let changed = pb::User {
            full_name: "Lo\u{300} Thị Mai".to_owned(),
            phone: " 0212 3852 001 ".to_owned(),
            external_id: "hr-7".to_owned(),
            sign_in_name: "mai.lo@sonla.gov.vn".to_owned(),
            ..mai.clone()
        };
        let after = update(&world, &by, changed, &[]).await.unwrap();
        assert_eq!(
            (after.full_name.as_str(), after.phone.as_str()),
            ("Lò Thị Mai", "0212 3852 001"),
            "NFC, trimmed"
        );
        assert_eq!(
            (after.revision, after.active),
            (mai.revision + 1, true),
            "without a mask it stays active"
        );
        assert_eq!(after.appointments, mai.appointments, "posts are another matter");
        world.wait(1);
        let only_phone = pb::User { full_name: "X".to_owned(), phone: String::new(), ..after.clone() };
        let after = update(&world, &by, only_phone, &["phone"]).await.unwrap();
        assert_eq!((after.full_name.as_str(), after.phone.as_str()), ("Lò Thị Mai", ""));
        let same = update(&world, &by, after.clone(), &[]).await.unwrap();
        assert_eq!(same, after, "what stays as it was is no change");
        world.sign_in("mai.lo@sonla.gov.vn", PASSWORD).await.unwrap();

        let told = world.audit(&by, &mai.id).await;
        let changes = told.iter().filter(|entry| entry.action == "user.update").collect::<Vec<_>>();
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[1].reason, "Đổi theo quyết định");
        assert!(changes[1].before.contains("Cầm Văn Chung") && changes[1].after.contains("Lò Thị Mai"));
    }
}

#[tokio::test]
async fn of_two_administrators_who_edit_the_same_person_one_is_told() {
    for world in World::all().await {
        let (by, mai) = office(&world).await;
        let one = pb::User { full_name: "Lò Thị Mai".to_owned(), ..mai.clone() };
        let other = pb::User { email: "mai@sonla.gov.vn".to_owned(), ..mai.clone() };
        let (one, other) = tokio::join!(update(&world, &by, one, &[]), update(&world, &by, other, &[]));
        assert!(one.is_ok() ^ other.is_ok(), "{one:?} {other:?}");
        let refused = one.err().or(other.err()).unwrap();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Aborted, "STALE_REVISION"));
    }
}

#[tokio::test]
async fn all_mistakes_of_a_change_are_told_at_once() {
    for world in World::all().await {
        let (by, mai) = office(&world).await;
        let wrong = pb::User {
            id: "7".to_owned(),
            revision: 0,
            sign_in_name: "M".to_owned(),
            full_name: String::new(),
            email: "@".to_owned(),
            phone: "0".repeat(31),
            external_id: "x".repeat(256),
            ..pb::User::default()
        };
        let status = update(&world, &by, wrong, &[]).await.unwrap_err();
        assert_eq!(
            fields(&status),
            [
                "user.id",
                "user.revision",
                "user.signInName",
                "user.fullName",
                "user.email",
                "user.phone",
                "user.externalId"
            ]
        );
        let status = update(&world, &by, mai.clone(), &["fullName", "appointments"]).await.unwrap_err();
        assert_eq!(fields(&status), ["updateMask[0]", "updateMask[1]"]);
        let status = update(&world, &by, pb::User { sign_in_name: "quantri".to_owned(), ..mai }, &[])
            .await
            .unwrap_err();
        assert_eq!(reason(&status), "SIGN_IN_NAME_TAKEN");
    }
}

#[tokio::test]
async fn whoever_is_deactivated_is_out_at_once_and_keeps_the_posts() {
    for world in World::all().await {
        let (by, mai) = office(&world).await;
        let session = world.sign_in("mai.cv", PASSWORD).await.unwrap();
        let after = deactivate(&world, &by, &mai).await.unwrap();
        assert!(!after.active);
        assert_eq!(after.appointments, mai.appointments);
        assert_eq!(reason(&world.verify(&session.token).await.unwrap_err()), "NOT_SIGNED_IN");
        assert_eq!(reason(&world.sign_in("mai.cv", PASSWORD).await.unwrap_err()), "WRONG_CREDENTIALS");
        let again = deactivate(&world, &by, &after).await.unwrap();
        assert_eq!(again, after);

        let request = pb::ReactivateUserRequest {
            id: after.id.clone(),
            revision: after.revision,
            ..Default::default()
        };
        let back = world.users().reactivate_user(world.from(&by, request)).await.unwrap().into_inner();
        assert!(back.user.unwrap().active);
        world.sign_in("mai.cv", PASSWORD).await.unwrap();
        assert_eq!(
            reason(&world.verify(&session.token).await.unwrap_err()),
            "NOT_SIGNED_IN",
            "it does not come back"
        );
    }
}

#[tokio::test]
async fn nobody_locks_out_oneself_or_the_last_administrator() {
    for world in World::all().await {
        let (by, mai) = office(&world).await;
        let session = world.sign_in("quantri", PASSWORD).await.unwrap().session.unwrap();
        let first = session.user.clone().unwrap();
        let status = deactivate(&world, &by, &first).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::FailedPrecondition, "CANNOT_DEACTIVATE_ONESELF")
        );
        let inactive = pb::User { active: false, ..first.clone() };
        assert_eq!(
            reason(&update(&world, &by, inactive, &["active"]).await.unwrap_err()),
            "CANNOT_DEACTIVATE_ONESELF"
        );

        // Somebody whose right ended within this minute.
        let mut claim = session;
        claim.user.as_mut().unwrap().id = mai.id.clone();
        let status = withdraw(&world, &who(&claim), &first).await.unwrap_err();
        assert_eq!(reason(&status), "LAST_ADMINISTRATOR");
        world.sign_in("quantri", PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn whom_other_software_withdraws_leaves_the_name_free_and_the_history_behind() {
    for world in World::all().await {
        let (by, mai) = office(&world).await;
        let mai = update(&world, &by, pb::User { external_id: "hr-7".to_owned(), ..mai }, &[]).await.unwrap();
        let gone = withdraw(&world, &by, &mai).await.unwrap();
        assert!(gone.withdrawn && !gone.active && gone.external_id.is_empty());
        assert!(gone.sign_in_name.starts_with("withdrawn-"), "{}", gone.sign_in_name);
        assert_eq!(gone.appointments, mai.appointments);
        for status in [
            withdraw(&world, &by, &gone).await.unwrap_err(),
            update(&world, &by, gone.clone(), &[]).await.unwrap_err(),
        ] {
            assert_eq!(reason(&status), "USER_WITHDRAWN");
        }
        let told = world.audit(&by, &mai.id).await;
        assert!(told.iter().any(|entry| entry.action == "user.withdraw" && entry.before.contains("hr-7")));

        let request = pb::CreateUserRequest {
            user: Some(pb::User {
                sign_in_name: "mai.cv".to_owned(),
                full_name: "Lò Thị Mai".to_owned(),
                ..Default::default()
            }),
            inactive: true,
            ..Default::default()
        };
        let next =
            world.users().create_user(world.from(&by, request)).await.unwrap().into_inner().user.unwrap();
        assert!(!next.active && next.id != mai.id, "without a password, and not yet allowed to sign in");
        assert_eq!(reason(&world.sign_in("mai.cv", PASSWORD).await.unwrap_err()), "WRONG_CREDENTIALS");
    }
}
