use congvan_proto::directory::v1 as pb;
use tonic::Code;

use crate::{
    accounts::{OTHER, attempt},
    world::{PASSWORD, Who, World, fields, mistakes, reason, who},
};

const OPEN: [&str; 3] = [
    "/congvan.directory.v1.CredentialService/ChangePassword",
    "/congvan.directory.v1.SessionService/GetSession",
    "/congvan.directory.v1.SessionService/SignOut",
];

#[tokio::test]
async fn a_temporary_password_opens_nothing_but_its_change() {
    for world in World::all().await {
        let account = world.account().await;
        let temporary = world.reset_password(&account).await;
        assert_eq!(
            reason(&world.verify(&account.token).await.unwrap_err()),
            "NOT_SIGNED_IN",
            "sessions have ended"
        );
        assert_eq!(reason(&world.attempt(attempt(PASSWORD)).await.unwrap_err()), "WRONG_CREDENTIALS");

        let answer = world.attempt(attempt(&temporary)).await.unwrap();
        let session = answer.session.unwrap();
        assert!(session.must_change_password);
        let mut opened: Vec<&str> = Vec::new();
        for method in congvan_proto::methods() {
            match world.opens(&answer.token, &method.path).await {
                Ok(()) => opened.push(&method.path),
                Err(status) => assert_eq!(
                    (status.code(), reason(&status).as_str()),
                    (Code::PermissionDenied, "PASSWORD_CHANGE_REQUIRED"),
                    "{}",
                    method.path
                ),
            }
        }
        opened.sort_unstable();
        assert_eq!(opened, OPEN);
        assert_eq!(reason(&world.opens(&answer.token, "").await.unwrap_err()), "PASSWORD_CHANGE_REQUIRED");

        let me = who(&session);
        let status = world.change_password(&me, &temporary, &temporary).await.unwrap_err();
        assert_eq!(
            mistakes(&status)[0].1,
            "is one of the last 5 passwords",
            "the temporary one is none to keep"
        );
        let status = world.change_password(&me, &temporary, PASSWORD).await.unwrap_err();
        assert_eq!(fields(&status), ["newPassword"], "nor the one before it");
        world.change_password(&me, &temporary, OTHER).await.unwrap();
        assert!(!world.verify(&answer.token).await.unwrap().must_change_password, "now it opens everything");
        assert_eq!(reason(&world.attempt(attempt(&temporary)).await.unwrap_err()), "WRONG_CREDENTIALS");
        assert!(!world.attempt(attempt(OTHER)).await.unwrap().session.unwrap().must_change_password);
    }
}

#[tokio::test]
async fn a_temporary_password_is_told_once_and_kept_nowhere() {
    for world in World::all().await {
        let account = world.account().await;
        let request = pb::ResetPasswordRequest {
            user_id: account.id.clone(),
            reason: "quên mật khẩu".to_owned(),
            request_id: "01900000-0000-7000-8000-000000000001".to_owned(),
        };
        let by = &account.administrator;
        let first =
            world.credentials().reset_password(world.from(by, request.clone())).await.unwrap().into_inner();
        let again = world.credentials().reset_password(world.from(by, request)).await.unwrap().into_inner();
        assert_eq!(first.temporary_password.len(), 19);
        assert_eq!((again.temporary_password.as_str(), again.expire_time), ("", first.expire_time));
        world.attempt(attempt(&first.temporary_password)).await.expect("the repeat changed nothing");
        let written = world.written().await;
        assert!(!written.contains(&first.temporary_password) && !written.contains("argon2"), "{written}");
        let entry = world.audit(by, &account.id).await.remove(0);
        assert_eq!((entry.action.as_str(), entry.reason.as_str()), ("user.reset_password", "quên mật khẩu"));
    }
}

#[tokio::test]
async fn a_temporary_password_that_lies_about_is_worth_nothing_after_three_days() {
    for world in World::all().await {
        let account = world.account().await;
        let temporary = world.reset_password(&account).await;
        world.wait(72 * 3600 - 1);
        world.attempt(attempt(&temporary)).await.unwrap();
        world.wait(1);
        let status = world.attempt(attempt(&temporary)).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::Unauthenticated, "TEMPORARY_PASSWORD_EXPIRED")
        );
        let status = world.attempt(attempt("sai mật khẩu rồi")).await.unwrap_err();
        assert_eq!(reason(&status), "WRONG_CREDENTIALS", "nobody else learns that it has expired");
        world.attempt(attempt(&world.reset_password(&account).await)).await.unwrap();
    }
}

#[tokio::test]
async fn only_another_administrator_resets_a_password() {
    for world in World::all().await {
        let account = world.account().await;
        let Who::Person(keeper) = &account.administrator else { panic!("a person") };
        let reset = async |by: &Who, user_id: &str, reason: &str| {
            let request = pb::ResetPasswordRequest {
                user_id: user_id.to_owned(),
                reason: reason.to_owned(),
                request_id: String::new(),
            };
            world.credentials().reset_password(world.from(by, request)).await.unwrap_err()
        };
        let status = reset(&account.me, &account.id, "").await;
        assert_eq!(reason(&status), "NOT_ALLOWED");
        let status = reset(&account.administrator, &keeper.user_id.to_string(), "").await;
        assert_eq!(reason(&status), "NOT_ALLOWED", "a session taken over must not become the account");
        let status = reset(&account.administrator, "00000000-0000-7000-8000-000000000000", "").await;
        assert_eq!(reason(&status), "USER_NOT_FOUND");
        let status = reset(&account.administrator, "7", &"á".repeat(501)).await;
        assert_eq!(fields(&status), ["userId", "reason"]);
        world.attempt(attempt(PASSWORD)).await.expect("nothing was changed");
    }
}

#[tokio::test]
async fn a_person_without_a_password_gets_one() {
    for world in World::all().await {
        let account = world.account().await;
        let request = pb::ImportDirectoryRequest {
            users: vec![pb::ImportUser {
                sign_in_name: "mai.lo".to_owned(),
                full_name: "Lò Thị Mai".to_owned(),
                ..pb::ImportUser::default()
            }],
            ..pb::ImportDirectoryRequest::default()
        };
        let by = &account.administrator;
        world.imports().import_directory(world.from(by, request)).await.unwrap();
        let users = world.users().list_users(world.from(by, pb::ListUsersRequest::default())).await.unwrap();
        let mai = users.into_inner().users.into_iter().find(|user| user.sign_in_name == "mai.lo").unwrap();
        let credentials = async || {
            let request = pb::GetCredentialsRequest { user_id: mai.id.clone() };
            world.credentials().get_credentials(world.from(by, request)).await.unwrap().into_inner()
        };
        assert!(!credentials().await.has_password);
        let request = pb::ResetPasswordRequest { user_id: mai.id.clone(), ..Default::default() };
        let answer = world.credentials().reset_password(world.from(by, request)).await.unwrap().into_inner();
        let told = credentials().await;
        assert!(told.has_password);
        assert_eq!(told.temporary_password_expire_time, answer.expire_time);
        let session = world.sign_in("mai.lo", &answer.temporary_password).await.unwrap().session.unwrap();
        assert!(session.must_change_password);
    }
}
