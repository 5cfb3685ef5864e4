use congvan_proto::directory::v1 as pb;
use directory::Housekeeping;
use kit::worker::Worker;
use sql::{Queries, Statement, statement};

use crate::{
    accounts::attempt,
    world::{PASSWORD, World, fact, reason},
};

fn from_device(password: &str, device_token: &str) -> pb::SignInRequest {
    pb::SignInRequest { device_token: device_token.to_owned(), ..attempt(password) }
}

async fn known(world: &World) -> i64 {
    const KNOWN: Statement = statement(
        "KNOWN",
        "SELECT count(*) AS devices FROM device JOIN person ON person.id = device.person_id
            WHERE person.sign_in_name = 'chung.cv'",
    );
    world.db.read("test").await.unwrap().one(&KNOWN, vec![]).await.unwrap().get("devices").unwrap()
}

#[tokio::test]
async fn what_a_stranger_does_to_a_name_does_not_delay_its_owner() {
    for world in World::all().await {
        let account = world.account().await;
        for _ in 0..13 {
            world.attempt(from_device("đoán thử xem sao", "no device of anybody")).await.unwrap_err();
            world.wait(300);
        }
        world.attempt(attempt("đoán thử xem sao")).await.unwrap_err();
        let status = world.attempt(attempt(PASSWORD)).await.unwrap_err();
        assert_eq!(reason(&status), "TOO_MANY_ATTEMPTS", "an unknown device waits");

        for _ in 0..3 {
            let answer = world.attempt(from_device(PASSWORD, &account.device_token)).await.unwrap();
            assert_eq!(answer.device_token, account.device_token, "it stays known");
        }
        let status = world.attempt(attempt(PASSWORD)).await.unwrap_err();
        assert_eq!(reason(&status), "TOO_MANY_ATTEMPTS", "the stranger gains nothing by it");
        assert_eq!(fact(&status, "retry_after_seconds"), "300");
    }
}

#[tokio::test]
async fn who_takes_a_device_guesses_no_faster() {
    for world in World::all().await {
        let account = world.account().await;
        for _ in 0..5 {
            let status = world.attempt(from_device("đoán", &account.device_token)).await.unwrap_err();
            assert_eq!(reason(&status), "WRONG_CREDENTIALS");
        }
        let status = world.attempt(from_device(PASSWORD, &account.device_token)).await.unwrap_err();
        assert_eq!(reason(&status), "TOO_MANY_ATTEMPTS");
        world.attempt(attempt(PASSWORD)).await.expect("other devices are not delayed");
        world.wait(2);
        world.attempt(from_device(PASSWORD, &account.device_token)).await.unwrap();
        for _ in 0..4 {
            let status = world.attempt(from_device("đoán", &account.device_token)).await.unwrap_err();
            assert_eq!(reason(&status), "WRONG_CREDENTIALS", "the count began anew");
        }
    }
}

#[tokio::test]
async fn a_device_is_known_for_its_person_only() {
    for world in World::all().await {
        let account = world.account().await;
        let other = world.sign_in("quantri", PASSWORD).await.unwrap().device_token;
        assert_eq!((other.len(), account.device_token.len()), (64, 64));
        for _ in 0..5 {
            world.attempt(from_device("đoán", &other)).await.unwrap_err();
        }
        let status = world.attempt(from_device(PASSWORD, &other)).await.unwrap_err();
        assert_eq!(reason(&status), "TOO_MANY_ATTEMPTS", "it counted as any stranger's");
        world.attempt(from_device(PASSWORD, &account.device_token)).await.unwrap();
    }
}

#[tokio::test]
async fn devices_are_few_and_forgotten_in_time() {
    for world in World::all().await {
        let account = world.account().await;
        world.attempt(from_device(PASSWORD, &account.device_token)).await.unwrap();
        for _ in 0..15 {
            world.wait(1);
            world.attempt(attempt(PASSWORD)).await.unwrap();
        }
        assert_eq!(known(&world).await, 10);
        let came_back = world.attempt(from_device(PASSWORD, &account.device_token)).await.unwrap();
        assert_eq!(came_back.device_token, account.device_token, "what never comes back goes first");

        world.wait(90 * 24 * 3600);
        let answer = world.attempt(from_device(PASSWORD, &account.device_token)).await.unwrap();
        assert_ne!(answer.device_token, account.device_token, "not used for 90 days");
        world.wait(1);
        Housekeeping::new(&world.directory).step().await.unwrap();
        assert_eq!(known(&world).await, 1);
    }
}

#[tokio::test]
async fn a_reset_forgets_the_devices() {
    for world in World::all().await {
        let account = world.account().await;
        let temporary = world.reset_password(&account).await;
        assert_eq!(known(&world).await, 0);
        let answer = world.attempt(from_device(&temporary, &account.device_token)).await.unwrap();
        assert_ne!(answer.device_token, account.device_token);
    }
}
