use congvan_tests::World;
use serde_json::{Value, json};

use super::{Software, listed, refused};

#[tokio::test]
async fn a_group_of_people_is_kept_with_its_members() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let hr = Software::with_key(&world, "SCOPE_SCIM").await;
        let (bac, nam) = (hr.person("bac.vi").await, hr.person("nam.vi").await);
        let written = json!({"displayName": "Tổ số hóa", "externalId": "g-1", "members": [{"value": bac}]});
        let answer = hr.post("/Groups", &written).await;
        assert_eq!((answer.status.as_u16(), answer.header("etag")), (201, "W/\"1\""));
        let group = answer.ok();
        let address = format!("https://congvan.sonla.gov.vn/scim/v2/Users/{bac}");
        assert_eq!(group["members"], json!([{"value": bac, "$ref": address, "type": "User"}]));
        let path = format!("/Groups/{}", group["id"].as_str().unwrap());

        let add = json!([{"op": "Add", "path": "members", "value": [{"value": nam}, {"value": bac}]}]);
        assert_eq!(hr.patch(&path, &add).await.ok()["members"].as_array().unwrap().len(), 2, "each once");
        for filter in [
            format!("members.value eq \"{nam}\""),
            format!("members[type eq \"User\" and value eq \"{nam}\"]"),
            "displayName sw \"tổ\" and externalId eq \"g-1\"".to_owned(),
        ] {
            assert_eq!(listed(hr.find("Groups", &filter).await, "displayName").0, ["Tổ số hóa"], "{filter}");
        }
        let person = hr.get(&format!("/Users/{nam}?attributes=groups")).await.ok();
        assert_eq!(
            (&person["groups"][0]["display"], &person["userName"]),
            (&json!("Tổ số hóa"), &Value::Null)
        );

        // Some software names the members to remove in the value.
        let remove = json!([{"op": "remove", "path": "members", "value": [{"value": bac}]}]);
        assert_eq!(hr.patch(&path, &remove).await.ok()["members"][0]["value"], nam.as_str());
        let remove = json!([{"op": "remove", "path": format!("members[value eq \"{nam}\"]")}]);
        assert_eq!(hr.patch(&path, &remove).await.ok()["members"], Value::Null);
        assert_eq!(refused(&hr.post("/Groups", &json!({"displayName": "Tổ số hóa"})).await).1, "uniqueness");
        let nobody = json!({"displayName": "Khác", "members": [{"value": "7"}]});
        assert_eq!(refused(&hr.post("/Groups", &nobody).await).1, "invalidValue");
        assert_eq!(hr.delete(&path).await.status, 204);
        assert_eq!(refused(&hr.get(&path).await).0, 404);
        world.end().await;
    }
}

#[tokio::test]
async fn a_search_over_everything_lists_people_first_and_groups_after() {
    let world = World::new(World::engines()[0]).await;
    let hr = Software::new(&world).await;
    hr.person("bac.vi").await;
    hr.post("/Groups", &json!({"displayName": "Vi Văn Bắc"})).await.ok();
    let search = |start| json!({"filter": "displayName eq \"vi văn bắc\"", "startIndex": start, "count": 1});
    for (start, kind) in [(1, "User"), (2, "Group")] {
        let page = hr.post("/.search", &search(start)).await.ok();
        assert_eq!((&page["totalResults"], &page["itemsPerPage"]), (&json!(2), &json!(1)));
        assert_eq!(page["Resources"][0]["meta"]["resourceType"], kind);
    }
    let (names, total) = listed(hr.find("", "userName eq \"bac.vi\"").await, "userName");
    assert_eq!((names, total), (vec!["bac.vi".to_owned()], 1), "groups have no such attribute");
    world.end().await;
}
