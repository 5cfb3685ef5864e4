use axum::body::Body;
use gateway::{Backends, GatewayConfig};
use http::Request;
use jiff::SignedDuration;
use kit::{Fault, Text, caller::Role, transport::Transport};
use serde_json::json;
use tonic::Code;

use crate::{
    backend::{AGENCY, SESSION, USER},
    world::{World, signed_in},
};

#[tokio::test]
async fn the_session_becomes_a_claim_with_the_posts_of_the_person() {
    let world = World::new().await;
    world.get("/v1/units/7").await;
    let seen = world.backend.seen().remove(0);
    let person = seen.caller.person.unwrap();
    assert_eq!(seen.caller.issuer, "gateway");
    assert_eq!(
        (person.user_id.to_string(), person.session_id.to_string(), person.full_name.as_str()),
        (USER.to_owned(), SESSION.to_owned(), "Lò Thị Mai")
    );
    let post = &person.appointments[0];
    assert_eq!((post.agency_id.to_string(), post.position.as_str()), (AGENCY.to_owned(), "Văn thư"));
    assert_eq!(post.roles, [Role::DocumentOffice, Role::Administrator]);
    assert!(!seen.headers.contains_key("authorization"), "the token goes no further");
}

#[tokio::test]
async fn signing_in_needs_no_session() {
    let world = World::new().await;
    let request = Request::post("/v1/sessions").header("content-type", "application/json");
    let body = json!({"signInName": "mai", "password": "correct horse"}).to_string();
    assert_eq!(world.send(request.body(Body::from(body)).unwrap()).await.status, 200);
    assert!(world.backend.seen()[0].caller.is_service());
}

#[tokio::test]
async fn without_a_good_token_nothing_is_served() {
    let world = World::new().await;
    for token in [None, Some("Bearer forged"), Some("Basic bWFpOng="), Some("Bearer ")] {
        let mut request = Request::get("/v1/units/7");
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.problem(), (401, "NOT_SIGNED_IN".to_owned()), "{token:?}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    assert!(world.backend.seen().is_empty());
}

#[tokio::test]
async fn a_session_that_was_ended_counts_at_once() {
    let world = World::new().await;
    assert_eq!(world.get("/v1/units/7").await.status, 200);
    world.backend.refuse("SessionService/VerifySession", Fault::not_signed_in);
    assert_eq!(world.get("/v1/units/7").await.problem(), (401, "NOT_SIGNED_IN".to_owned()));
}

#[tokio::test]
async fn a_session_that_opens_only_some_methods_says_why() {
    let world = World::new().await;
    let refused = || {
        let text = Text::new("Hãy đổi mật khẩu.", "Change the password.");
        Fault::new(Code::PermissionDenied, "directory.congvan", "PASSWORD_CHANGE_REQUIRED", text)
    };
    world.backend.refuse("SessionService/VerifySession", refused);
    let answer = world.get("/v1/units/7").await;
    assert_eq!(answer.problem(), (403, "PASSWORD_CHANGE_REQUIRED".to_owned()));
    assert_eq!(world.backend.asked_for(), ["/congvan.directory.v1.UnitService/GetUnit"]);
    // What is wrong between gateway and directory is not the caller's business.
    world.backend.refuse("SessionService/VerifySession", || Fault::not_allowed(&Text::new("ai", "who")));
    assert_eq!(world.get("/v1/units/7").await.problem(), (500, "INTERNAL".to_owned()));
}

#[tokio::test]
async fn the_services_learn_which_program_calls_and_believe_no_other_word_of_it() {
    let world = World::new().await;
    let get = |headers: &[(&str, &str)]| {
        let request = headers
            .iter()
            .fold(signed_in("GET", "/v1/units/7"), |request, (name, value)| request.header(*name, *value));
        world.send(request.body(Body::empty()).unwrap())
    };
    get(&[("user-agent", "Firefox"), ("x-congvan-client", "forged")]).await;
    get(&[("x-congvan-client", "forged")]).await;
    let told: Vec<_> = world.backend.seen().into_iter().map(|seen| seen.headers).collect();
    assert_eq!(told[0]["x-congvan-client"], "Firefox");
    assert!(!told[1].contains_key("x-congvan-client"));
}

#[tokio::test]
async fn claims_are_fresh_on_each_call() {
    let world = World::new().await;
    world.get("/v1/units/7").await;
    world.clock.advance(SignedDuration::from_hours(5));
    assert_eq!(world.get("/v1/units/7").await.status, 200);
}

#[tokio::test]
async fn without_the_directory_nobody_is_told_to_sign_in_again() {
    let nobody = Transport::remote("http://127.0.0.1:1").unwrap();
    let world =
        World::build(GatewayConfig::default(), false, |services| Backends { directory: nobody, ..services })
            .await;
    assert_eq!(world.get("/v1/documents/7").await.problem(), (503, "UNAVAILABLE".to_owned()));
}
