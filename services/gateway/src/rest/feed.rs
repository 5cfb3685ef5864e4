//! Messages as they come: server-sent events, one for each message, with the message in JSON as its data. A browser follows them
//! with `EventSource`, a person with `curl -N`. The end of the stream is the end of the body; an error breaks it off.

use std::time::Duration;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use kit::{Fault, transport::Transport};
use prost_reflect::{DynamicMessage, MessageDescriptor};
use tonic::{Status, Streaming, client::Grpc};

use super::{
    call::{Raw, with_claim},
    operation::Operation,
    to_json,
};
use crate::failure::{Failure, in_time};

/// A call that is answered by messages as they come.
pub(super) struct Feed<'a> {
    /// The way to the service.
    pub(super) transport: &'a Transport,
    /// The method.
    pub(super) operation: &'a Operation,
    /// In whose name.
    pub(super) claim: &'a str,
    /// How long the service may take to begin.
    pub(super) patience: Duration,
}

impl Feed<'_> {
    /// Waits until the service has taken the call: errors up to here are still told as problems.
    pub(super) async fn answer(self, message: Bytes) -> Result<Response, Failure> {
        let mut client = Grpc::new(self.transport.clone());
        client.ready().await.map_err(|error| Fault::unavailable(error.to_string()))?;
        let path = self.operation.path.clone();
        let begun = in_time(self.patience, async {
            let request = with_claim(message, self.claim);
            Ok(client.server_streaming(request, path, Raw).await?.into_inner())
        });
        let messages = begun.await?;
        let shape = self.operation.method.output();
        let mut response = Response::new(Body::from_stream(events(messages, shape)));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }
}

fn events(
    messages: Streaming<Bytes>,
    shape: MessageDescriptor,
) -> impl Stream<Item = Result<Bytes, Status>> + Send + 'static {
    let messages = stream::unfold(messages, |mut messages| async {
        let next = messages.message().await.transpose()?;
        Some((next, messages))
    });
    messages.map(move |message| {
        let message = DynamicMessage::decode(shape.clone(), message?);
        let message = message.map_err(|error| Status::data_loss(error.to_string()))?;
        let json = to_json(&message).map_err(|error| Status::internal(error.to_string()))?;
        Ok(Bytes::from([b"data: ", json.as_slice(), b"\n\n"].concat()))
    })
}
