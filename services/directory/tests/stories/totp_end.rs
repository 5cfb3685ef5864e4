use congvan_proto::directory::v1 as pb;
use sql::{Queries, Statement, statement};
use tonic::Status;

use crate::{
    accounts::attempt,
    totp::with_code,
    world::{PASSWORD, Who, World, fields, reason},
};

async fn remove(world: &World, by: &Who, password: &str, code: &str) -> Result<(), Status> {
    let request = pb::RemoveTotpRequest {
        password: password.to_owned(),
        second_factor: code.to_owned(),
        request_id: String::new(),
    };
    world.credentials().remove_totp(world.from(by, request)).await.map(drop)
}

async fn reset(world: &World, by: &Who, user_id: &str, why: &str) -> Result<i32, Status> {
    let request = pb::ResetTotpRequest {
        user_id: user_id.to_owned(),
        reason: why.to_owned(),
        request_id: String::new(),
    };
    Ok(world.credentials().reset_totp(world.from(by, request)).await?.into_inner().sessions_ended)
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    for world in World::all().await {
        let account = world.account().await;
        let (_, codes) = world.set_up_totp(&account.me).await;
        let typed = codes[3].to_uppercase().replace('-', "");
        let session = world.attempt(with_code(PASSWORD, &typed)).await.unwrap().session.unwrap();
        assert_eq!(session.opening(), pb::SessionOpening::PasswordAndRecoveryCode);
        for again in [&typed, &codes[3]] {
            let status = world.attempt(with_code(PASSWORD, again)).await.unwrap_err();
            assert_eq!(reason(&status), "WRONG_SECOND_FACTOR");
        }
        world.wait(1);
        world.attempt(with_code(PASSWORD, &codes[4])).await.unwrap();
        let entries = world.audit(&account.administrator, &account.id).await;
        let used: Vec<_> = entries.iter().filter(|entry| entry.action == "user.use_recovery_code").collect();
        assert_eq!(used.len(), 2);
        assert_eq!(used[0].after, r#"{"recovery_codes_left":8}"#);
    }
}

#[tokio::test]
async fn an_app_is_removed_with_password_and_code() {
    for world in World::all().await {
        let account = world.account().await;
        assert_eq!(
            reason(&remove(&world, &account.me, PASSWORD, "123456").await.unwrap_err()),
            "TOTP_NOT_ENROLLED"
        );
        let (app, codes) = world.set_up_totp(&account.me).await;
        assert_eq!(
            fields(&remove(&world, &account.me, "", "").await.unwrap_err()),
            ["password", "secondFactor"]
        );
        let code = app.shows(&world, 0);
        assert_eq!(reason(&remove(&world, &account.me, "đoán", &code).await.unwrap_err()), "WRONG_PASSWORD");
        assert_eq!(
            reason(&remove(&world, &account.me, PASSWORD, "000000").await.unwrap_err()),
            "WRONG_SECOND_FACTOR"
        );
        remove(&world, &account.me, PASSWORD, &code).await.unwrap();
        world.attempt(attempt(PASSWORD)).await.expect("no code is asked for");
        let entry = world.audit(&account.administrator, &account.id).await.remove(0);
        assert_eq!((entry.action.as_str(), entry.actor_id), ("user.remove_totp", account.id.clone()));

        let (_, new) = world.set_up_totp(&account.me).await;
        assert!(
            remove(&world, &account.me, PASSWORD, &codes[0]).await.is_err(),
            "the old codes went with the old app"
        );
        remove(&world, &account.me, PASSWORD, &new[0]).await.unwrap();
    }
}

#[tokio::test]
async fn an_administrator_helps_who_lost_everything_and_says_why() {
    for world in World::all().await {
        let account = world.account().await;
        let Who::Person(keeper) = &account.administrator else { panic!("a person") };
        let by = &account.administrator;
        assert_eq!(
            reason(&reset(&world, by, &account.id, "mất máy").await.unwrap_err()),
            "TOTP_NOT_ENROLLED"
        );
        world.set_up_totp(&account.me).await;
        assert_eq!(fields(&reset(&world, by, "", " ").await.unwrap_err()), ["userId", "reason"]);
        assert_eq!(
            reason(&reset(&world, &account.me, &account.id, "mất máy").await.unwrap_err()),
            "NOT_ALLOWED"
        );
        let own = keeper.user_id.to_string();
        assert_eq!(
            reason(&reset(&world, by, &own, "mất máy").await.unwrap_err()),
            "NOT_ALLOWED",
            "not for oneself"
        );
        assert_eq!(reset(&world, by, &account.id, "mất máy").await.unwrap(), 1);
        assert!(world.verify(&account.token).await.is_err(), "the sessions have ended");
        world.attempt(attempt(PASSWORD)).await.expect("no code is asked for");
        let entry = world.audit(by, &account.id).await.remove(0);
        assert_eq!((entry.action.as_str(), entry.reason.as_str()), ("user.reset_totp", "mất máy"));
    }
}

#[tokio::test]
async fn whoever_reads_the_database_has_no_second_factor() {
    const KEPT: Statement = statement(
        "KEPT",
        "SELECT totp.sealed_secret, recovery_code.code_hash FROM totp
            JOIN recovery_code ON recovery_code.person_id = totp.person_id LIMIT 1",
    );
    for world in World::all().await {
        let account = world.account().await;
        let request = pb::BeginTotpRequest { password: PASSWORD.to_owned(), ..Default::default() };
        let begun =
            world.credentials().begin_totp(world.from(&account.me, request)).await.unwrap().into_inner();
        let app = crate::accounts::App::new(&begun.secret);
        world.confirm_totp(&account.me, &app.shows(&world, 0)).await.unwrap();
        let row = world.db.read("test").await.unwrap().one(&KEPT, vec![]).await.unwrap();
        let sealed: Vec<u8> = row.get("sealed_secret").unwrap();
        let secret = totp_rs::Secret::try_from_base32(&begun.secret).unwrap();
        assert!(!sealed.windows(20).any(|part| part == secret.as_bytes()));
        assert_eq!(row.get::<Vec<u8>>("code_hash").unwrap().len(), 32);
    }
}
