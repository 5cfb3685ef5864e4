use congvan_tests::World;
use http::Method;
use serde_json::json;

use super::{Software, refused};

#[tokio::test]
async fn what_is_wrong_is_told_in_the_words_of_the_standard() {
    let world = World::new(World::engines()[0]).await;
    let hr = Software::new(&world).await;
    let path = format!("/Users/{}", hr.person("bac.vi").await);
    for (filter, told) in [
        ("userName is \"x\"", "The filter is wrong at character 10: the operator must be"),
        ("userName eq", "The filter is wrong at character 12: a value must stand here"),
        ("nickName eq \"x\"", "The filter is wrong at character 1: there is no attribute nickName"),
        ("userName eq \"x\" and (", "The filter is wrong at character 22: an attribute must stand here"),
        ("groups pr", "there is no attribute groups"),
    ] {
        let (status, kind, detail) = refused(&hr.find("Users", filter).await);
        assert_eq!((status, kind.as_str()), (400, "invalidFilter"), "{filter}");
        assert!(detail.contains(told), "{detail}");
    }
    let answer =
        hr.post("/Users", &json!({"userName": "x y", "displayName": "á".repeat(101), "emails": ["@"]})).await;
    let (status, kind, detail) = refused(&answer);
    assert_eq!((status, kind.as_str()), (400, "invalidValue"));
    for field in ["user.signInName", "user.fullName", "user.email"] {
        assert!(detail.contains(field), "{detail}");
    }
    let taken = json!({"userName": "BAC.VI", "displayName": "Bắc"});
    assert_eq!(refused(&hr.post("/Users", &taken).await).1, "uniqueness");
    for (operation, expected) in [
        (json!({"op": "replace", "path": "id", "value": "7"}), "mutability"),
        (json!({"op": "replace", "path": "meta.version", "value": "7"}), "mutability"),
        (json!({"op": "remove", "path": "userName"}), "mutability"),
        (json!({"op": "replace", "path": "emails[", "value": "7"}), "invalidPath"),
        (json!({"op": "remove"}), "noTarget"),
        (json!({"op": "shout", "path": "userName"}), "invalidSyntax"),
    ] {
        assert_eq!(refused(&hr.patch(&path, &json!([operation])).await).1, expected, "{operation}");
    }
    for (query, expected) in [
        ("sortBy=title", "invalidPath"),
        ("count=x", "invalidValue"),
        ("attributes=id&excludedAttributes=name", "invalidValue"),
    ] {
        assert_eq!(refused(&hr.get(&format!("/Users?{query}")).await).1, expected, "{query}");
    }
    let answer =
        hr.world.send(Method::POST, "/scim/v2/Users", Some(&hr.token), "{\"a\": ", "application/json").await;
    assert_eq!((refused(&answer).0, refused(&answer).1.as_str()), (400, "invalidSyntax"));
    let answer = hr.world.send(Method::POST, "/scim/v2/Users", Some(&hr.token), "<a/>", "text/xml").await;
    assert_eq!(refused(&answer).0, 415);
    let answer = hr.call(Method::DELETE, "/Users", None, ("", "")).await;
    assert_eq!((refused(&answer).0, answer.header("allow")), (405, "GET, POST"));
    world.end().await;
}

#[tokio::test]
async fn only_who_may_change_people_comes_in() {
    let world = World::new(World::engines()[0]).await;
    let nobody = Software { world: &world, token: "nothing".to_owned() };
    let answer = nobody.get("/Users").await;
    assert_eq!((refused(&answer).0, answer.header("www-authenticate")), (401, "Bearer realm=\"scim\""));
    nobody.get("/ServiceProviderConfig").await.ok(); // the same for all

    let reader = Software::with_key(&world, "SCOPE_DIRECTORY_READ").await;
    assert_eq!(refused(&reader.get("/Users").await).0, 403, "another scope");
    let hr = Software::with_key(&world, "SCOPE_SCIM").await;
    hr.get("/Users?count=1").await.ok();
    let outside = world.call(Method::GET, "/v1/users", Some(&hr.token), None).await;
    assert_eq!(outside.status, 403, "a key for SCIM opens nothing else");

    let officer = Software { world: &world, token: world.actor("canbo.snv").await.token.clone() };
    let person = json!({"userName": "bac.vi", "displayName": "Bắc"});
    assert_eq!(refused(&officer.post("/Users", &person).await).0, 403);
    world.end().await;
}

#[tokio::test]
async fn nobody_withdraws_oneself() {
    let world = World::new(World::engines()[0]).await;
    let hr = Software::with_key(&world, "SCOPE_SCIM").await;
    let found = hr.find("Users", &format!("userName eq \"{}\"", congvan::sample::ADMINISTRATOR)).await.ok();
    let path = format!("/Users/{}", found["Resources"][0]["id"].as_str().unwrap());
    let off = json!([{"op": "replace", "value": {"active": false}}]);
    for answer in [hr.delete(&path).await, hr.patch(&path, &off).await] {
        let (status, _, detail) = refused(&answer);
        assert_eq!(status, 409);
        assert!(detail.contains("Ask another administrator"), "{detail}");
    }
    hr.get(&path).await.ok();
    world.end().await;
}
