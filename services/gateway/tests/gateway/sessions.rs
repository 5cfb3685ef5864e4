use axum::body::Body;
use gateway::{Backends, GatewayConfig};
use http::Request;
use jiff::SignedDuration;
use kit::{Fault, caller::Role, transport::Transport};
use serde_json::json;

use crate::{
    backend::{AGENCY, SESSION, USER},
    world::World,
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
