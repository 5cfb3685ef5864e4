use congvan_tests::World;
use http::Method;
use serde_json::{Value, json};

use super::{Software, change};

/// Who is let through: nobody, an officer, the officer's key for SCIM, the administrator's key for the directory, the
/// administrator, whose key for SCIM. Such a key reads and changes what its person may, at these addresses and nowhere else.
const TABLE: [(&str, &str); 14] = [
    ("GET /ServiceProviderConfig", "++++++"),
    ("GET /Schemas", "++++++"),
    ("GET /Users", "-++-++"),
    ("GET /Users/PERSON", "-++-++"),
    ("POST /.search", "-++-++"),
    ("GET /Groups", "-++-++"),
    ("GET /Groups/GROUP", "-++-++"),
    ("POST /Users", "----++"),
    ("PUT /Users/PERSON", "----++"),
    ("PATCH /Users/PERSON", "----++"),
    ("POST /Groups", "----++"),
    ("PATCH /Groups/GROUP", "----++"),
    ("DELETE /Groups/GROUP", "----++"),
    ("DELETE /Users/PERSON", "----++"),
];

/// A body that is in order and changes something, so that only the right to send it can be wanting; none for what takes no body.
fn body(call: &str, sender: usize) -> Option<Value> {
    let name = format!("Tên thứ {sender}");
    let named = json!([{ "op": "replace", "value": { "displayName": &name } }]);
    match call {
        "POST /.search" => Some(json!({ "count": 1 })),
        "POST /Users" => Some(json!({ "userName": "moi.vi", "displayName": name })),
        "PUT /Users/PERSON" => Some(json!({ "userName": "bac.vi", "displayName": name })),
        "POST /Groups" => Some(json!({ "displayName": name })),
        call if call.starts_with("PATCH") => Some(change(&named)),
        _ => None,
    }
}

async fn softwares(world: &World) -> [Software<'_>; 6] {
    let officer = world.actor("canbo.snv").await;
    let key = json!({ "apiKey": {
        "name": "hr", "scopes": ["SCOPE_SCIM"], "expireTime": "2027-01-01T00:00:00Z",
    }});
    let key = officer.post("/v1/apiKeys", &key).await.ok()["key"].as_str().unwrap().to_owned();
    [
        Software { world, token: "nothing".to_owned() },
        Software { world, token: officer.token.clone() },
        Software { world, token: key },
        Software::with_key(world, "SCOPE_DIRECTORY_WRITE").await,
        Software::new(world).await,
        Software::with_key(world, "SCOPE_SCIM").await,
    ]
}

#[tokio::test]
async fn scim_opens_to_whom_the_directory_opens() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let softwares = softwares(&world).await;
        let person = softwares[4].person("bac.vi").await;
        let group = softwares[4].post("/Groups", &json!({ "displayName": "Nhóm" })).await.ok();
        for (call, expected) in TABLE {
            let (verb, path) = call.split_once(' ').unwrap();
            let path = path.replace("PERSON", &person).replace("GROUP", group["id"].as_str().unwrap());
            let verb: Method = verb.parse().unwrap();
            let mut seen = String::new();
            for (sender, software) in softwares.iter().enumerate() {
                let answer = software.call(verb.clone(), &path, body(call, sender).as_ref(), ("", "")).await;
                let refused = matches!(answer.status.as_u16(), 401 | 403);
                seen.push(if refused { '-' } else { '+' });
            }
            assert_eq!(seen, expected, "{call}");
        }
        world.end().await;
    }
}
