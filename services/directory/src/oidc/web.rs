use std::{error::Error, time::Duration};

use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde::de::DeserializeOwned;

use super::Trouble;

/// How long the provider may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Largest answer read, in bytes.
const ANSWER_BYTES: usize = 1 << 20;

/// What speaks HTTP to the provider. It follows no redirects: an answer is what the address itself says.
#[derive(Clone)]
pub(super) struct Web {
    client: Client,
}

impl Web {
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none()).build()?;
        Ok(Self { client })
    }

    /// A request to read this address.
    pub(super) fn get(&self, address: &str) -> RequestBuilder {
        self.client.get(address).header("accept", "application/json")
    }

    /// A request that posts a form to this address.
    pub(super) fn post(&self, address: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(address).header("accept", "application/json");
        request.header("content-type", "application/x-www-form-urlencoded").body(body)
    }
}

/// Sends a request that must succeed; the JSON of the answer. `what` names it in our log.
pub(super) async fn read<T: DeserializeOwned>(what: &str, request: RequestBuilder) -> Result<T, Trouble> {
    let (status, body) = send(what, request).await?;
    if status != StatusCode::OK {
        return Err(Trouble::away(what, status));
    }
    parse(what, &body)
}

/// The JSON of an answer.
pub(super) fn parse<T: DeserializeOwned>(what: &str, body: &[u8]) -> Result<T, Trouble> {
    // Only where it went wrong: the text of the error could quote what the answer holds.
    let place = |error: serde_json::Error| format!("{:?} at column {}", error.classify(), error.column());
    serde_json::from_slice(body).map_err(|error| Trouble::away(what, place(error)))
}

/// Sends a request; status and body of whatever the answer is.
pub(super) async fn send(what: &str, request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), Trouble> {
    let failed = |error: reqwest::Error| Trouble::away(what, told(&error.without_url()));
    let mut response = request.send().await.map_err(failed)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_BYTES {
            return Err(Trouble::away(what, "the answer is too long"));
        }
    }
    Ok((response.status(), body))
}

/// An error with its causes.
fn told(error: &dyn Error) -> String {
    let mut causes = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes.join(": ")
}
