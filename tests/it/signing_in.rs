//! Signing in, seen from outside: through REST, with all services behind it.

use axum::body::Body;
use congvan::sample;
use congvan_tests::World;
use http::{Method, Request};
use serde_json::{Value, json};

const OWN: &str = "con trâu gặm cỏ non";

async fn sign_in(world: &World, body: &Value) -> congvan_tests::Answer {
    world.call(Method::POST, "/v1/sessions", None, Some(body)).await
}

#[tokio::test]
async fn a_temporary_password_is_changed_before_any_service_is_reached() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (officer, keeper) = (world.actor("canbo.snv").await, world.actor(sample::ADMINISTRATOR).await);
        let id = officer.session["user"]["id"].as_str().unwrap();
        let path = format!("/v1/users/{id}:resetPassword");
        let refused = officer.post(&path, &json!({})).await.refused();
        assert_eq!(refused, (403, "NOT_ALLOWED".to_owned()));
        let answer = keeper.post(&path, &json!({ "reason": "quên mật khẩu" })).await.ok();
        assert_eq!(officer.get("/v1/documents").await.refused().0, 401, "the sessions have ended");

        let temporary = answer["temporaryPassword"].as_str().unwrap();
        let answer = sign_in(&world, &json!({ "signInName": "canbo.snv", "password": temporary })).await.ok();
        let token = answer["token"].as_str();
        for path in ["/v1/documents", "/v1/units", "/v1/messages", "/v1/sessions"] {
            let refused = world.call(Method::GET, path, token, None).await;
            assert_eq!(refused.refused(), (403, "PASSWORD_CHANGE_REQUIRED".to_owned()), "{path}");
        }
        let session = world.call(Method::GET, "/v1/sessions/current", token, None).await.ok();
        assert_eq!(session["session"]["mustChangePassword"], true);
        let change = json!({ "oldPassword": temporary, "newPassword": OWN });
        world.call(Method::POST, "/v1/credentials:changePassword", token, Some(&change)).await.ok();
        world.call(Method::GET, "/v1/documents", token, None).await.ok();
        world.end().await;
    }
}

#[tokio::test]
async fn a_person_sees_by_which_program_each_session_was_opened() {
    let world = World::new(World::engines()[0]).await;
    let body = json!({ "signInName": "canbo.snv", "password": sample::PASSWORD }).to_string();
    let request = Request::post("/v1/sessions")
        .header("content-type", "application/json")
        .header("user-agent", "Firefox/142.0")
        .header("x-congvan-client", "forged")
        .body(Body::from(body))
        .unwrap();
    let answer = world.request(request).await.ok();
    let token = answer["token"].as_str();
    let sessions = world.call(Method::GET, "/v1/sessions", token, None).await.ok();
    let newest = &sessions["sessions"][0];
    assert_eq!(newest["id"], answer["session"]["id"]);
    assert_eq!(newest["client"], "Firefox/142.0");
    assert_eq!(newest["opening"], "SESSION_OPENING_PASSWORD");
    let path = format!("/v1/sessions/{}:revoke", newest["id"].as_str().unwrap());
    world.call(Method::POST, &path, token, Some(&json!({}))).await.ok();
    assert_eq!(world.call(Method::GET, "/v1/sessions", token, None).await.refused().0, 401);
    world.end().await;
}

#[tokio::test]
async fn an_authenticator_app_is_begun_with_a_key_that_the_system_made_itself() {
    let world = World::new(World::engines()[0]).await;
    let officer = world.actor("canbo.snv").await;
    let begun =
        officer.post("/v1/credentials/totp:begin", &json!({ "password": sample::PASSWORD })).await.ok();
    assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
    let wrong = officer.post("/v1/credentials/totp:confirm", &json!({ "code": "no code" })).await;
    assert_eq!(wrong.refused(), (403, "WRONG_SECOND_FACTOR".to_owned()));
    world.end().await;
}
