use congvan_tests::World;
use http::Method;
use serde_json::{Value, json};

use super::{Software, change, listed, refused};

#[tokio::test]
async fn a_person_comes_changes_and_goes_and_the_directory_remembers() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let hr = Software::with_key(&world, "SCOPE_SCIM").await;
        let written = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "Mai.Lo@SonLa.gov.vn",
            "externalId": "hr-7",
            "name": {"familyName": "Lo\u{300}", "middleName": "Thị", "givenName": "Mai"},
            "emails": [{"value": "home@x.vn", "type": "home", "primary": true}, {"value": "mai.lo@sonla.gov.vn", "type": "work"}],
            "nickName": "unknown here", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "x"},
        });
        let answer = hr.post("/Users", &written).await;
        assert_eq!(answer.status, 201);
        let mai = answer.clone().ok();
        let id = mai["id"].as_str().unwrap();
        let location = format!("https://congvan.sonla.gov.vn/scim/v2/Users/{id}");
        assert_eq!((answer.header("location"), answer.header("etag")), (location.as_str(), "W/\"1\""));
        assert_eq!(mai["meta"]["location"], location.as_str());
        assert_eq!(
            (&mai["userName"], &mai["displayName"]),
            (&json!("mai.lo@sonla.gov.vn"), &json!("Lò Thị Mai")),
            "small; NFC"
        );
        assert_eq!(mai["emails"], json!([{"value": "mai.lo@sonla.gov.vn", "type": "work"}]));
        assert_eq!((&mai["active"], &mai["nickName"]), (&json!(true), &Value::Null));

        let path = format!("/Users/{id}");
        let off = json!([{"op": "Replace", "path": "active", "value": "False"}]);
        assert_eq!(hr.patch(&path, &off).await.ok()["active"], false);
        // A replacement that says nothing of it activates nobody, and empties what it leaves out.
        let put = hr.put(&path, &json!({"userName": "mai.lo", "displayName": "Lò Thị Mai"})).await.ok();
        assert_eq!(
            (&put["active"], &put["emails"], &put["externalId"]),
            (&json!(false), &Value::Null, &Value::Null)
        );

        assert_eq!(hr.delete(&path).await.status, 204);
        for gone in [
            hr.get(&path).await,
            hr.put(&path, &json!({"userName": "mai.lo", "displayName": "Mai"})).await,
            hr.patch(&path, &off).await,
            hr.delete(&path).await,
        ] {
            assert_eq!(refused(&gone).0, 404);
        }
        assert_eq!(listed(hr.find("Users", &format!("id eq \"{id}\"")).await, "id"), (vec![], 0));
        let again = hr.person("mai.lo").await;
        assert_ne!(again, id, "the name is free again");

        let administrator = world.actor(congvan::sample::ADMINISTRATOR).await;
        let kept = administrator.get(&format!("/v1/users/{id}")).await.ok();
        assert_eq!((&kept["user"]["withdrawn"], &kept["user"]["active"]), (&json!(true), &json!(false)));
        let audit = administrator.get(&format!("/v1/auditEntries?subjectId={id}")).await.ok();
        let actions =
            audit["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap());
        let mut actions = actions.collect::<Vec<_>>();
        actions.sort_unstable();
        assert_eq!(actions, ["user.create", "user.update", "user.update", "user.withdraw"]);
        world.end().await;
    }
}

#[tokio::test]
async fn whoever_means_a_version_changes_no_other() {
    let world = World::new(World::engines()[0]).await;
    let hr = Software::new(&world).await;
    let path = format!("/Users/{}", hr.person("bac.vi").await);
    let call = |verb, body, name, value| {
        let (hr, path) = (&hr, &path);
        async move { hr.call(verb, path, Option::<Value>::as_ref(&body), (name, value)).await }
    };
    let title = |name: &str| change(&json!([{"op": "replace", "path": "displayName", "value": name}]));
    let answer = call(Method::PATCH, Some(title("Một")), "if-match", "W/\"1\"").await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "W/\"2\""));
    for (verb, body) in [
        (Method::PATCH, Some(title("Hai"))),
        (Method::PUT, Some(json!({"userName": "bac.vi", "displayName": "Hai"}))),
        (Method::DELETE, None),
    ] {
        assert_eq!(refused(&call(verb, body, "if-match", "W/\"1\"").await).0, 412);
    }
    assert_eq!(hr.get(&path).await.ok()["displayName"], "Một");
    let known = call(Method::GET, None, "if-none-match", "W/\"2\"").await;
    assert_eq!((known.status.as_u16(), known.body.len(), known.header("etag")), (304, 0, "W/\"2\""));
    assert_eq!(call(Method::GET, None, "if-none-match", "W/\"1\"").await.status, 200);
    assert_eq!(call(Method::DELETE, None, "if-match", "\"2\"").await.status, 204);
    world.end().await;
}

#[tokio::test]
async fn two_who_change_different_parts_at_once_both_succeed() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let hr = Software::new(&world).await;
        let path = format!("/Users/{}", hr.person("bac.vi").await);
        let emails =
            json!([{"op": "add", "path": "emails[type eq \"work\"].value", "value": "bac@sonla.gov.vn"}]);
        let phone = json!([{"op": "add", "path": "phoneNumbers", "value": [{"value": "0212"}]}]);
        let name = json!([{"op": "replace", "path": "name.formatted", "value": "Vi Văn Nam"}]);
        let (one, two, three) =
            tokio::join!(hr.patch(&path, &emails), hr.patch(&path, &phone), hr.patch(&path, &name));
        for answer in [one, two, three] {
            answer.ok();
        }
        let after = hr.get(&path).await.ok();
        assert_eq!(after["emails"][0]["value"], "bac@sonla.gov.vn");
        assert_eq!(
            (&after["phoneNumbers"][0]["value"], &after["displayName"]),
            (&json!("0212"), &json!("Vi Văn Nam"))
        );
        assert_eq!(after["meta"]["version"], "W/\"4\"");
        // All or nothing: the second operation fails, and so does the first.
        let half = json!([
            {"op": "replace", "path": "displayName", "value": "Nửa vời"},
            {"op": "replace", "path": "emails[type eq \"home\"].value", "value": "x@x.vn"},
        ]);
        assert_eq!(refused(&hr.patch(&path, &half).await).1, "noTarget");
        assert_eq!(hr.get(&path).await.ok(), after);
        world.end().await;
    }
}

#[tokio::test]
async fn pages_stand_still_while_people_come() {
    let world = World::new(World::engines()[0]).await;
    let hr = Software::new(&world).await;
    let (all, total) = listed(hr.get("/Users").await, "userName");
    assert_eq!(all.len() as u64, total);
    let mut seen = Vec::new();
    for start in (1..=total).step_by(100) {
        let page = hr.get(&format!("/Users?startIndex={start}&count=100&attributes=userName")).await;
        seen.extend(listed(page, "userName").0);
        world.clock.advance(jiff::SignedDuration::from_secs(1));
        hr.person(&format!("new.{start}")).await; // comes last
    }
    seen.truncate(all.len());
    assert_eq!(seen, all);
    let down = hr.get("/Users?sortBy=userName&sortOrder=descending&startIndex=3&count=4").await;
    let mut names: Vec<_> = listed(hr.get("/Users").await, "userName").0;
    names.sort_unstable();
    names.reverse();
    assert_eq!(listed(down, "userName").0, names[2..6]);
    for (range, expected) in [("startIndex=0&count=0", 0), ("startIndex=100000", 0), ("count=-5", 0)] {
        let (found, total) = listed(hr.get(&format!("/Users?{range}")).await, "userName");
        assert_eq!((found.len(), total), (expected, names.len() as u64), "{range}");
    }
    world.end().await;
}

#[tokio::test]
async fn people_are_found_by_what_the_filter_says() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let hr = Software::new(&world).await;
        let mai = json!({
            "userName": "mai.lo", "displayName": "Lò Thị Mai", "externalId": "HR-7", "active": false,
            "emails": [{"value": "Mai.Lo@sonla.gov.vn"}],
        });
        hr.post("/Users", &mai).await.ok();
        for filter in [
            r#"userName eq "MAI.LO""#,
            r#"externalId eq "HR-7""#,
            r#"emails.value eq "mai.lo@SONLA.gov.vn" and active eq false"#,
            r#"emails[type eq "work" and value sw "mai.lo@"]"#,
            "displayName co \"thi\u{323} mai\" and userName ew \".lo\"",
            r#"name.familyName eq "lò" and name.givenName eq "mai" and active ne true"#,
            r#"meta.lastModified ge "2026-11-23T01:00:00Z" and userName eq "mai.lo""#,
            "not (active eq true) and (externalId pr)",
        ] {
            assert_eq!(
                listed(hr.find("Users", filter).await, "userName"),
                (vec!["mai.lo".to_owned()], 1),
                "{filter}"
            );
        }
        for filter in [
            r#"externalId eq "hr-7""#,
            r#"userName eq "mai.lo\" or \"1\" eq \"1""#,
            r#"userName eq "mai.lo' OR '1'='1""#,
            r#"displayName co "%""#,
            r#"displayName co "thi mai""#,
            r#"id eq "' OR 1=1 --""#,
        ] {
            assert_eq!(listed(hr.find("Users", filter).await, "userName"), (vec![], 0), "{filter}");
        }
        let body = json!({"filter": r#"userName eq "mai.lo" or displayName eq "nobody""#, "attributes": ["userName"]});
        let found = hr.post("/Users/.search", &body).await.ok();
        let only: Vec<_> = found["Resources"][0].as_object().unwrap().keys().collect();
        assert_eq!(only, ["schemas", "id", "userName"]);
        world.end().await;
    }
}
