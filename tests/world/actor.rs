use http::Method;
use serde_json::{Value, json};

use crate::{Answer, World};

/// A signed-in person who speaks REST.
pub struct Actor<'w> {
    world: &'w World,
    /// The session's token.
    pub token: String,
    /// The session as the sign-in answered it.
    pub session: Value,
}

impl<'w> Actor<'w> {
    pub(crate) fn new(world: &'w World, answer: &Value) -> Self {
        let token = answer["token"].as_str().expect("a sign-in gives a token").to_owned();
        Self { world, token, session: answer["session"].clone() }
    }

    /// The unit of the actor's first post.
    pub fn unit_id(&self) -> &str {
        self.session["user"]["appointments"][0]["unitId"].as_str().expect("actors have posts")
    }

    /// The agency of the actor's first post.
    pub fn agency_id(&self) -> &str {
        self.session["user"]["appointments"][0]["agencyId"].as_str().expect("actors have posts")
    }

    /// Any call with a JSON body, or none.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.world.call(method, path, Some(&self.token), body).await
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    /// POST of a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    /// An official letter to these agencies, drafted in the actor's unit.
    pub fn letter(&self, recipients: &[Value]) -> Value {
        let recipients: Vec<_> = recipients.iter().map(|unit| json!({ "unitId": unit["id"] })).collect();
        json!({
            "draftingUnitId": self.unit_id(),
            "kind": "DOCUMENT_KIND_OFFICIAL_LETTER",
            "abstract": "V/v xử lý văn bản đến trên hệ thống",
            "recipients": recipients,
        })
    }

    /// Drafts a letter to these agencies, without a file.
    pub async fn drafts(&self, recipients: &[Value]) -> Value {
        self.post("/v1/documents", &self.letter(recipients)).await.ok()["document"].clone()
    }

    /// Attaches a PDF as the main file; the attachment with the document's revision.
    pub async fn attaches(&self, document: &Value, bytes: Vec<u8>) -> Value {
        self.uploads(document, "cong-van.pdf", bytes).await.ok()
    }

    /// Tries to attach a file as the main one.
    pub async fn uploads(&self, document: &Value, file_name: &str, bytes: Vec<u8>) -> Answer {
        let (id, revision) = (text(&document["id"]), text(&document["revision"]));
        let path = format!(
            "/v1/documents/{id}/attachments?fileName={file_name}&role=ATTACHMENT_ROLE_MAIN&revision={revision}"
        );
        self.sends_file(&path, bytes).await
    }

    /// POST of a file, byte for byte.
    pub async fn sends_file(&self, path: &str, bytes: Vec<u8>) -> Answer {
        self.world.send(Method::POST, path, Some(&self.token), bytes, "application/octet-stream").await
    }

    /// Gives a document a command: "submit", "approve", "sign", "number", "seal", "issue".
    pub async fn commands(&self, document: &Value, command: &str) -> Answer {
        self.asks(document, command, json!({})).await
    }

    /// The same with more than the revision in the request.
    pub async fn asks(&self, document: &Value, command: &str, mut request: Value) -> Answer {
        let path = format!("/v1/documents/{}:{command}", text(&document["id"]));
        request["revision"] = document["revision"].clone();
        self.post(&path, &request).await
    }

    /// The same, which must succeed; the document after it.
    pub async fn does(&self, document: &Value, command: &str) -> Value {
        self.commands(document, command).await.ok()["document"].clone()
    }

    /// The document as it is now.
    pub async fn reads(&self, document: &Value) -> Value {
        self.get(&format!("/v1/documents/{}", text(&document["id"]))).await.ok()["document"].clone()
    }

    /// The deliveries in the actor's inbox, newest first.
    pub async fn inbox(&self) -> Vec<Value> {
        let answer = self.get("/v1/deliveries").await.ok();
        answer["deliveries"].as_array().cloned().unwrap_or_default()
    }

    /// Accepts a delivery; as it is after it.
    pub async fn accepts(&self, delivery: &Value) -> Value {
        let path = format!("/v1/deliveries/{}:accept", text(&delivery["id"]));
        self.post(&path, &json!({ "revision": delivery["revision"] })).await.ok()["delivery"].clone()
    }

    /// Refuses a delivery with a reason.
    pub async fn refuses(&self, delivery: &Value, reason: &str) -> Answer {
        let path = format!("/v1/deliveries/{}:refuse", text(&delivery["id"]));
        self.post(&path, &json!({ "revision": delivery["revision"], "reason": reason })).await
    }

    /// The board of a document.
    pub async fn board(&self, document: &Value) -> Value {
        let path = format!("/v1/documents/{}/board", text(&document["id"]));
        self.get(&path).await.ok()["board"].clone()
    }
}

/// A JSON value as it stands in an address: 64-bit numbers are strings in JSON already.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
