use http::{
    HeaderMap, HeaderName, Uri,
    header::HOST,
    uri::{Authority, Scheme},
};
use prost_types::Timestamp as ProtoTime;
use serde_json::{Value as Json, json};

use super::{schema::Schema, user::time, version};

/// Below it everything of SCIM stands.
pub(super) const PATH: &str = "/scim/v2";

/// What stands before the port, if anything does, tells how the caller came.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The address of the root as the caller knows it: `https://congvan.example.vn/scim/v2`.
#[derive(Debug, Clone)]
pub(super) struct Root(String);

impl Root {
    #[cfg(test)]
    pub(super) fn new(address: &str) -> Self {
        Self(address.to_owned())
    }

    /// As the caller addressed it. Whoever writes a false host misleads only itself: nothing is kept of it.
    pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let named = headers.get(HOST).and_then(|host| host.to_str().ok());
        let host =
            uri.authority().map(Authority::as_str).or(named).filter(|host| host.parse::<Authority>().is_ok());
        let forwarded = headers.get(FORWARDED_PROTO).and_then(|scheme| scheme.to_str().ok());
        let scheme = forwarded
            .or(uri.scheme().map(Scheme::as_str))
            .filter(|scheme| ["http", "https"].contains(scheme));
        match host {
            Some(host) => Self(format!("{}://{host}{PATH}", scheme.unwrap_or("http"))),
            None => Self(PATH.to_owned()),
        }
    }

    /// The address of something below.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The address of a resource.
    pub(super) fn of_resource(&self, schema: &Schema, id: &str) -> String {
        self.at(&format!("{}/{id}", schema.endpoint))
    }

    /// What is known of a resource itself.
    pub(super) fn meta(
        &self,
        schema: &Schema,
        id: &str,
        revision: i64,
        created: Option<ProtoTime>,
        changed: Option<ProtoTime>,
    ) -> Json {
        json!({
            "resourceType": schema.name,
            "created": time(created),
            "lastModified": time(changed),
            "location": self.of_resource(schema, id),
            "version": version::of(revision),
        })
    }
}
