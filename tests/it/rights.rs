//! Who may do what, seen from outside.

use congvan_tests::World;
use http::Method;
use jiff::SignedDuration;
use serde_json::json;

use crate::issuing::signed;

#[tokio::test]
async fn a_session_opens_everything_and_ends_at_once() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let wrong = json!({ "signInName": "canbo.snv", "password": "guess-after-guess" });
        let refused = world.call(Method::POST, "/v1/sessions", None, Some(&wrong)).await;
        assert_eq!(refused.refused(), (401, "WRONG_CREDENTIALS".to_owned()));
        for token in [None, Some("nonsense"), Some(&*"0".repeat(64))] {
            let refused = world.call(Method::GET, "/v1/documents", token, None).await;
            assert_eq!(refused.refused(), (401, "NOT_SIGNED_IN".to_owned()));
        }
        let officer = world.actor("canbo.snv").await;
        officer.get("/v1/documents").await.ok();
        officer.call(Method::DELETE, "/v1/sessions/current", None).await.ok();
        assert_eq!(officer.get("/v1/documents").await.refused().0, 401, "signed out");

        let sleepy = world.actor("canbo.snv").await;
        world.clock.advance(SignedDuration::from_hours(13));
        assert_eq!(sleepy.get("/v1/documents").await.refused().0, 401, "expired");
        world.end().await;
    }
}

#[tokio::test]
async fn each_step_belongs_to_its_role() {
    let world = World::new(World::engines()[0]).await;
    let communes = world.communes().await;
    let document = signed(&world, &communes[..1]).await;
    for who in ["canbo.snv", "lanhdao.snv", "truong.vp.snv"] {
        let refused = world.actor(who).await.commands(&document, "issue").await;
        assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()), "{who}");
    }
    for who in ["vanthu.stc", "lanhdao.03646", "quantri", "truong.th.snv"] {
        let refused = world.actor(who).await.commands(&document, "issue").await;
        assert_eq!(
            refused.refused(),
            (404, "DOCUMENT_NOT_FOUND".to_owned()),
            "{who} is not even told that it exists"
        );
    }
    world.actor("vanthu.snv").await.does(&document, "issue").await;
    let path = format!("/v1/documents/{}", document["id"].as_str().unwrap());
    world.actor("lanhdao.03646").await.get(&path).await.ok();
    let refused = world.actor("lanhdao.03664").await.get(&path).await;
    assert_eq!(refused.refused().0, 404, "not a recipient");
    let refused = world.actor("lanhdao.03646").await.get(&format!("{path}/board")).await;
    assert_eq!(refused.refused().0, 404, "the board is the sender's");

    let arrived = world.actor("lanhdao.03646").await.inbox().await.remove(0);
    let refused = world.actor("lanhdao.03646").await.refuses(&arrived, "không nhận").await;
    assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()), "the document office decides");
    let refused = world.actor("vanthu.03664").await.refuses(&arrived, "không nhận").await;
    assert_eq!(refused.refused().0, 404);
    let register = format!("/v1/agencies/{}/register", world.actor("vanthu.snv").await.agency_id());
    assert_eq!(world.actor("canbo.snv").await.get(&register).await.refused().0, 403);
    world.end().await;
}

#[tokio::test]
async fn what_is_not_public_is_not_served() {
    let world = World::new(World::engines()[0]).await;
    let officer = world.actor("canbo.snv").await;
    let refused = officer.post("/v1/directory:import", &json!({})).await;
    assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()));
    assert_eq!(officer.get("/v1/nothing").await.refused(), (404, "NO_SUCH_METHOD".to_owned()));
    assert_eq!(officer.call(Method::PUT, "/v1/documents", None).await.status, 405);
    world.end().await;
}

#[tokio::test]
async fn a_key_of_other_software_opens_what_its_scopes_name_until_it_is_revoked() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let clerk = world.actor("vanthu.snv").await;
        let wanted = json!({
            "apiKey": {
                "name": "Phần mềm một cửa",
                "scopes": ["SCOPE_DOCUMENTS_READ"],
                "expireTime": "2027-11-23T00:00:00Z",
            },
            "reason": "Kết nối phần mềm một cửa",
        });
        let made = clerk.post("/v1/apiKeys", &wanted).await.ok();
        let key = made["key"].as_str();
        world.call(Method::GET, "/v1/documents", key, None).await.ok();
        let refused = world.call(Method::GET, "/v1/units", key, None).await;
        assert_eq!(refused.refused(), (403, "SCOPE_MISSING".to_owned()));
        assert_eq!(refused.json()["metadata"]["scope"], "SCOPE_DIRECTORY_READ");
        for (method, path) in [(Method::GET, "/v1/apiKeys"), (Method::DELETE, "/v1/sessions/current")] {
            let refused = world.call(method, path, key, None).await;
            assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()), "{path}");
        }
        let path = format!("/v1/apiKeys/{}:revoke", made["apiKey"]["id"].as_str().unwrap());
        clerk.post(&path, &json!({})).await.ok();
        let refused = world.call(Method::GET, "/v1/documents", key, None).await;
        assert_eq!(refused.refused(), (401, "NOT_SIGNED_IN".to_owned()));
        world.end().await;
    }
}
