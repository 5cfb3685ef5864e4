//! Software that keeps people and groups by SCIM: what the standard's own tester does not ask.

mod groups;
mod mistakes;
mod rights;
mod users;

use axum::body::Body;
use congvan::sample;
use congvan_tests::{Answer, World};
use http::{Method, Request};
use serde_json::{Value, json};

/// Other software, with the session of an administrator or with a key.
struct Software<'a> {
    world: &'a World,
    token: String,
}

impl<'a> Software<'a> {
    async fn new(world: &'a World) -> Self {
        Self { world, token: world.actor(sample::ADMINISTRATOR).await.token.clone() }
    }

    /// The same with a new API key that has just this scope.
    async fn with_key(world: &'a World, scope: &str) -> Self {
        let administrator = world.actor(sample::ADMINISTRATOR).await;
        let key = json!({"apiKey": {"name": "hr", "scopes": [scope], "expireTime": "2027-01-01T00:00:00Z"}});
        let made = administrator.post("/v1/apiKeys", &key).await.ok();
        Self { world, token: made["key"].as_str().unwrap().to_owned() }
    }

    async fn call(&self, verb: Method, path: &str, body: Option<&Value>, header: (&str, &str)) -> Answer {
        let mut request = Request::builder()
            .method(verb)
            .uri(format!("/scim/v2{path}"))
            .header("host", "congvan.sonla.gov.vn")
            .header("x-forwarded-proto", "https")
            .header("accept-language", "en")
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/scim+json");
        if !header.0.is_empty() {
            request = request.header(header.0, header.1);
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.world.request(request.body(body).unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None, ("", "")).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, Some(body), ("", "")).await
    }

    async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PUT, path, Some(body), ("", "")).await
    }

    async fn patch(&self, path: &str, operations: &Value) -> Answer {
        self.call(Method::PATCH, path, Some(&change(operations)), ("", "")).await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None, ("", "")).await
    }

    /// A list with this filter.
    async fn find(&self, kind: &str, filter: &str) -> Answer {
        self.get(&format!("/{kind}?filter={}", encoded(filter))).await
    }

    /// A new person; its id.
    async fn person(&self, user_name: &str) -> String {
        let made =
            self.post("/Users", &json!({"userName": user_name, "displayName": "Vi Văn Bắc"})).await.ok();
        made["id"].as_str().unwrap().to_owned()
    }
}

/// The body of a PATCH.
fn change(operations: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

/// Text as it stands in an address.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out + &char::from(byte).to_string(),
        _ => format!("{out}%{byte:02X}"),
    })
}

/// Status and word of a refusal in the form of the standard, with its sentence.
fn refused(answer: &Answer) -> (u16, String, String) {
    let told = answer.json();
    assert_eq!(answer.header("content-type"), "application/scim+json", "{told}");
    assert_eq!(told["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
    assert_eq!(told["status"], answer.status.as_str(), "as a text");
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), text("scimType"), text("detail"))
}

/// Names of the resources of a list, and how many there are.
fn listed(answer: Answer, name: &str) -> (Vec<String>, u64) {
    let list = answer.ok();
    let resources = list["Resources"].as_array().unwrap().iter();
    let names = resources.map(|resource| resource[name].as_str().unwrap().to_owned()).collect();
    (names, list["totalResults"].as_u64().unwrap())
}
