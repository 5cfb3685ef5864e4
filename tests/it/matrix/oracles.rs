//! Nobody learns from a refusal whether there is what may not be seen, wherever in a request it is named.

use base::Uuid;
use congvan_tests::{Actor, World};
use kit::caller::Role;
use serde_json::{Value as Json, json};

use super::{cast::sign_in_name, records::Records, scene::Scene};

/// A request about something of the own with a group inside: method and body.
struct Asked {
    path: String,
    body: Box<dyn Fn(&str) -> Json>,
}

impl Asked {
    fn new(path: &str, body: impl Fn(&str) -> Json + 'static) -> Self {
        Self { path: path.to_owned(), body: Box::new(body) }
    }

    /// The answer about the group with this id, which the answer is not to depend on.
    async fn told(&self, by: &Actor<'_>, id: &str) -> (u16, String) {
        let answer = by.post(&self.path, &(self.body)(id)).await;
        let mut told: Json = serde_json::from_slice(&answer.body).unwrap();
        told.as_object_mut().unwrap().remove("instance"); // another for each refusal
        (answer.status.as_u16(), told.to_string().replace(id, "ID"))
    }
}

/// Every request of a document office in which a group can be named beside the one that is addressed.
fn asked(agency: &str, own_group: &str) -> Vec<Asked> {
    let members = |id: &str| json!([{ "kind": "MEMBER_KIND_GROUP", "id": id }]);
    let new = json!({ "name": "Nhóm mới", "kind": "GROUP_KIND_RECIPIENTS", "ownerAgencyId": agency });
    let with = |field: &'static str, value: fn(&str) -> Json| {
        let new = new.clone();
        move |id: &str| {
            let mut group = new.clone();
            group[field] = value(id);
            group
        }
    };
    let add = format!("/v1/groups/{own_group}:addMembers");
    vec![
        Asked::new("/v1/addressBook:resolve", |id| json!({ "groupIds": [id] })),
        Asked::new("/v1/addressBook:resolve", |id| json!({ "expression": { "groupId": id } })),
        Asked::new(
            "/v1/addressBook:resolve",
            |id| json!({ "expression": { "difference": { "of": { "allAgencies": {} }, "except": { "groupId": id } } } }),
        ),
        Asked::new("/v1/groups", with("members", members)),
        Asked::new("/v1/groups", with("expression", |id| json!({ "groupId": id }))),
        Asked::new(&add, move |id| json!({ "members": members(id) })),
    ]
}

#[tokio::test]
async fn a_group_that_may_not_be_seen_is_as_good_as_none() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let scene = Scene::new(&world).await;
        let records = Records::new(&world, &scene).await;
        let [own, hidden, _] = &records.groups;
        let clerk = scene.actor(&sign_in_name(Role::DocumentOffice));
        let missing = Uuid::from_u128(0x0193_76ad_0000_7000_8000_0000_0000_0007).to_string();
        for asked in asked(clerk.agency_id(), &own.id) {
            let (told, nothing) = (asked.told(clerk, &hidden.id).await, asked.told(clerk, &missing).await);
            assert_eq!(told, nothing, "{}", asked.path);
            assert_eq!(told.0, 400, "{}: {}", asked.path, told.1);
        }
        let name = "Nhóm của Sở Hai"; // of the hidden group
        let same =
            json!({ "name": name, "kind": "GROUP_KIND_RECIPIENTS", "ownerAgencyId": clerk.agency_id() });
        clerk.post("/v1/groups", &same).await.ok();
        let of_other = format!("/v1/groups?ownerAgencyId={}", hidden.thing.agency.unwrap());
        let listed = clerk.get(&of_other).await.ok();
        assert_eq!(listed["groups"].as_array().map_or(0, Vec::len), 0, "{listed}");
        world.end().await;
    }
}
