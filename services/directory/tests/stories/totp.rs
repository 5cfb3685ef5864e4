use congvan_proto::directory::v1 as pb;
use directory::SignInConfig;
use tonic::Code;

use crate::{
    accounts::attempt,
    world::{PASSWORD, World, fact, fields, reason, who},
};

pub(crate) fn with_code(password: &str, second_factor: &str) -> pb::SignInRequest {
    pb::SignInRequest { second_factor: second_factor.to_owned(), ..attempt(password) }
}

#[tokio::test]
async fn with_an_app_the_password_alone_opens_nothing() {
    for world in World::all().await {
        let account = world.account().await;
        let (app, _) = world.set_up_totp(&account.me).await;
        let status = world.attempt(attempt(PASSWORD)).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::Unauthenticated, "SECOND_FACTOR_REQUIRED")
        );
        for code in ["", &app.shows(&world, 0)] {
            let status = world.attempt(with_code("sai mật khẩu", code)).await.unwrap_err();
            assert_eq!(
                reason(&status),
                "WRONG_CREDENTIALS",
                "who does not know the password learns nothing of it"
            );
        }
        let code = app.shows(&world, 0);
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        let session = world.attempt(with_code(PASSWORD, &spaced)).await.unwrap().session.unwrap();
        assert_eq!(session.opening(), pb::SessionOpening::PasswordAndTotp);
    }
}

#[tokio::test]
async fn an_app_is_set_up_with_its_first_code() {
    for world in World::all().await {
        let account = world.account().await;
        let request = pb::BeginTotpRequest {
            password: PASSWORD.to_owned(),
            request_id: "01900000-0000-7000-8000-000000000001".to_owned(),
        };
        let begun = world
            .credentials()
            .begin_totp(world.from(&account.me, request.clone()))
            .await
            .unwrap()
            .into_inner();
        assert!(
            begun.uri.starts_with("otpauth://totp/C%C3%B4ng%20V%C4%83n:chung.cv?secret="),
            "{}",
            begun.uri
        );
        assert!(begun.uri.contains(&begun.secret));
        let again =
            world.credentials().begin_totp(world.from(&account.me, request)).await.unwrap().into_inner();
        assert_eq!(again, pb::BeginTotpResponse::default(), "told once");
        world.attempt(attempt(PASSWORD)).await.expect("not asked for before it is confirmed");

        let app = crate::accounts::App::new(&begun.secret);
        let request = pb::ConfirmTotpRequest {
            code: app.shows(&world, 0),
            request_id: "01900000-0000-7000-8000-000000000002".to_owned(),
        };
        let codes = world
            .credentials()
            .confirm_totp(world.from(&account.me, request.clone()))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(codes.recovery_codes.len(), 10);
        let again =
            world.credentials().confirm_totp(world.from(&account.me, request)).await.unwrap().into_inner();
        assert!(again.recovery_codes.is_empty(), "told once");
        let request = pb::GetCredentialsRequest::default();
        let told =
            world.credentials().get_credentials(world.from(&account.me, request)).await.unwrap().into_inner();
        assert_eq!((told.recovery_codes_left, told.totp_confirm_time.is_some()), (10, true));
        let session = world.verify(&account.token).await.unwrap();
        assert_eq!(session.opening(), pb::SessionOpening::PasswordAndTotp, "this session has proved both");

        let written = world.written().await;
        assert!(!written.contains(&begun.secret) && !written.contains(&codes.recovery_codes[0]), "{written}");
        assert_eq!(reason(&world.begin_totp(&account.me).await.err().unwrap()), "TOTP_ENROLLED");
        let status = world.confirm_totp(&account.me, "000000").await.unwrap_err();
        assert_eq!(reason(&status), "TOTP_ENROLLED");
    }
}

#[tokio::test]
async fn what_is_wrong_with_setting_up_an_app_is_said() {
    for world in World::all().await {
        let account = world.account().await;
        let request = pb::BeginTotpRequest { password: String::new(), request_id: "7".to_owned() };
        let status = world.credentials().begin_totp(world.from(&account.me, request)).await.unwrap_err();
        assert_eq!(fields(&status), ["requestId", "password"]);
        let request = pb::BeginTotpRequest { password: "đoán".to_owned(), ..Default::default() };
        let status = world.credentials().begin_totp(world.from(&account.me, request)).await.unwrap_err();
        assert_eq!(reason(&status), "WRONG_PASSWORD", "a session left open does not become the account");
        assert_eq!(fields(&world.confirm_totp(&account.me, "").await.unwrap_err()), ["code"]);
        assert_eq!(
            reason(&world.confirm_totp(&account.me, "123456").await.unwrap_err()),
            "TOTP_NOT_ENROLLED"
        );

        let first = world.begin_totp(&account.me).await.unwrap();
        let second = world.begin_totp(&account.me).await.unwrap();
        let status = world.confirm_totp(&account.me, &first.shows(&world, 0)).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::PermissionDenied, "WRONG_SECOND_FACTOR")
        );
        world.wait(15 * 60);
        let status = world.confirm_totp(&account.me, &second.shows(&world, 0)).await.unwrap_err();
        assert_eq!(reason(&status), "TOTP_NOT_ENROLLED", "begun too long ago");
        world.set_up_totp(&account.me).await;
    }
}

#[tokio::test]
async fn no_code_is_taken_twice() {
    for world in World::all().await {
        let account = world.account().await;
        let app = world.begin_totp(&account.me).await.unwrap();
        let first = app.shows(&world, 0);
        world.confirm_totp(&account.me, &first).await.unwrap();
        let status = world.attempt(with_code(PASSWORD, &first)).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::Unauthenticated, "WRONG_SECOND_FACTOR"),
            "used to set up"
        );
        world.wait(30);
        let code = app.shows(&world, 0);
        world.attempt(with_code(PASSWORD, &code)).await.unwrap();
        assert_eq!(
            reason(&world.attempt(with_code(PASSWORD, &code)).await.unwrap_err()),
            "WRONG_SECOND_FACTOR"
        );
        // The clock of the telephone is a step ahead, then a step behind.
        world.attempt(with_code(PASSWORD, &app.shows(&world, 30))).await.unwrap();
        world.wait(30);
        let status = world.attempt(with_code(PASSWORD, &app.shows(&world, 0))).await.unwrap_err();
        assert_eq!(reason(&status), "WRONG_SECOND_FACTOR", "taken a step ago");
        world.wait(60);
        world.attempt(with_code(PASSWORD, &app.shows(&world, -30))).await.unwrap();
        let status = world.attempt(with_code(PASSWORD, &app.shows(&world, 60))).await.unwrap_err();
        assert_eq!(reason(&status), "WRONG_SECOND_FACTOR", "two steps are too many");
    }
}

#[tokio::test]
async fn of_two_at_once_one_gets_through() {
    for world in World::all().await {
        let account = world.account().await;
        let app = world.begin_totp(&account.me).await.unwrap();
        let code = app.shows(&world, 0);
        let (first, second) =
            tokio::join!(world.confirm_totp(&account.me, &code), world.confirm_totp(&account.me, &code));
        assert_eq!(
            usize::from(first.is_ok()) + usize::from(second.is_ok()),
            1,
            "two processes confirm at once"
        );
        assert_eq!(reason(&first.clone().err().or(second.clone().err()).unwrap()), "TOTP_ENROLLED");
        let codes = first.or(second).unwrap();
        world.wait(30);
        for factor in [&app.shows(&world, 0), &codes[0]] {
            let (first, second) = tokio::join!(
                world.attempt(with_code(PASSWORD, factor)),
                world.attempt(with_code(PASSWORD, factor)),
            );
            assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "one code, two sign-ins");
            assert_eq!(reason(&first.err().or(second.err()).unwrap()), "WRONG_SECOND_FACTOR");
        }
    }
}

#[tokio::test]
async fn guessing_codes_takes_too_long() {
    for world in World::all().await {
        let account = world.account().await;
        let (app, _) = world.set_up_totp(&account.me).await;
        for wrong in ["000000", "không phải mã", "000000", "0000-0000-0000-0000"] {
            let status = world.attempt(with_code(PASSWORD, wrong)).await.unwrap_err();
            assert_eq!(reason(&status), "WRONG_SECOND_FACTOR");
        }
        assert_eq!(reason(&world.attempt(attempt("sai")).await.unwrap_err()), "WRONG_CREDENTIALS");
        let status = world.attempt(with_code(PASSWORD, &app.shows(&world, 0))).await.unwrap_err();
        assert_eq!(reason(&status), "TOO_MANY_ATTEMPTS", "codes and passwords count together");
        assert_eq!(fact(&status, "retry_after_seconds"), "2");
        let status = world.attempt(attempt(PASSWORD)).await.unwrap_err();
        assert_eq!(
            reason(&status),
            "TOO_MANY_ATTEMPTS",
            "a right password alone does not start the count anew"
        );
        world.wait(2);
        world.attempt(with_code(PASSWORD, &app.shows(&world, 0))).await.unwrap();
    }
}

#[tokio::test]
async fn without_a_seal_key_nobody_sets_up_an_app() {
    for world in World::with(|rules, _| SignInConfig { seal_keys: None, ..rules }).await {
        let account = world.account().await;
        let status = world.begin_totp(&account.me).await.err().unwrap();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "SEAL_KEY_MISSING"));
    }
}

#[tokio::test]
async fn where_the_operator_wants_so_an_administrator_sets_up_an_app_first() {
    for world in World::with(|rules, _| SignInConfig { administrators_need_totp: true, ..rules }).await {
        let account = world.account().await;
        let list = "/congvan.directory.v1.UserService/ListUsers";
        world.opens(&account.token, list).await.expect("an officer needs none");
        let answer = world.sign_in("quantri", PASSWORD).await.unwrap();
        let status = world.opens(&answer.token, list).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::PermissionDenied, "TOTP_ENROLMENT_REQUIRED")
        );
        for name in ["BeginTotp", "ConfirmTotp", "ChangePassword", "GetCredentials"] {
            let method = format!("/congvan.directory.v1.CredentialService/{name}");
            world.opens(&answer.token, &method).await.unwrap();
        }
        let me = who(&answer.session.unwrap());
        let (_, codes) = world.set_up_totp(&me).await;
        world.opens(&answer.token, list).await.expect("from now on everything is open");
        let request = pb::RemoveTotpRequest {
            password: PASSWORD.to_owned(),
            second_factor: codes[0].clone(),
            request_id: String::new(),
        };
        world.credentials().remove_totp(world.from(&me, request)).await.unwrap();
        let status = world.opens(&answer.token, list).await.unwrap_err();
        assert_eq!(reason(&status), "TOTP_ENROLMENT_REQUIRED", "until the app is given up");
    }
}
