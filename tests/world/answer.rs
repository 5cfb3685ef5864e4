use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

/// What came back over HTTP.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The JSON of a call that must have succeeded.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// Status and reason of a call that must have failed.
    #[track_caller]
    pub fn refused(&self) -> (u16, String) {
        assert!(!self.status.is_success(), "{}: {}", self.status, String::from_utf8_lossy(&self.body));
        (self.status.as_u16(), self.json()["reason"].as_str().unwrap_or_default().to_owned())
    }

    /// A header as text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The fields that were at fault, in order.
    pub fn violated_fields(&self) -> Vec<String> {
        let json = self.json();
        let violations = json["violations"].as_array().cloned().unwrap_or_default();
        violations
            .iter()
            .map(|violation| violation["field"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}
