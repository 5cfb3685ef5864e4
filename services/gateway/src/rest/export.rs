//! A file made for the call comes out: the bytes as the body, as they are made. There are no ranges: the next call may make
//! another file.

use std::time::Duration;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures::{Stream, stream};
use http::{
    HeaderValue, Method,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use kit::{Fault, transport::Transport};
use prost_reflect::{DynamicMessage, MessageDescriptor, Value};
use tonic::{Status, Streaming, client::Grpc};

use super::{
    call::{Raw, with_claim},
    download::{disposition, header},
    operation::Operation,
};
use crate::failure::{Failure, in_time};

/// A call that makes a file.
pub(super) struct Export<'a> {
    /// The way to the service.
    pub(super) transport: &'a Transport,
    /// The method.
    pub(super) operation: &'a Operation,
    /// In whose name.
    pub(super) claim: &'a str,
    /// How long the service may take to begin.
    pub(super) patience: Duration,
}

impl Export<'_> {
    /// Waits for what is said of the file before its first byte: errors up to here are still told as problems.
    pub(super) async fn answer(self, message: Bytes, verb: &Method) -> Result<Response, Failure> {
        let mut client = Grpc::new(self.transport.clone());
        client.ready().await.map_err(|error| Fault::unavailable(error.to_string()))?;
        let path = self.operation.path.clone();
        let begun = in_time(self.patience, async {
            let request = with_claim(message, self.claim);
            let mut parts = client.server_streaming(request, path, Raw).await?.into_inner();
            Ok((parts.message().await?, parts))
        });
        let (first, parts) = begun.await?;
        let shape = self.operation.method.output();
        let first = first.map(|first| DynamicMessage::decode(shape.clone(), first)).transpose();
        let first = first.map_err(Fault::internal)?;
        let file = first.as_ref().and_then(|first| first.get_field_by_name("file"));
        let file = file.as_deref().and_then(Value::as_message);
        let file = file.ok_or_else(|| Fault::internal("an export did not begin with its file"))?;
        let body =
            if *verb == Method::HEAD { Body::empty() } else { Body::from_stream(chunks(parts, shape)) };
        response(&text(file, "file_name"), &text(file, "media_type"), body)
    }
}

fn text(message: &DynamicMessage, field: &str) -> String {
    let value = message.get_field_by_name(field);
    value.as_deref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn response(name: &str, media_type: &str, body: Body) -> Result<Response, Failure> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, header(media_type)?);
    headers.insert(CONTENT_DISPOSITION, header(&disposition(name))?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}

/// The bytes as they come; an error breaks the body off instead of ending it, so that half a file is never taken for a whole.
fn chunks(
    parts: Streaming<Bytes>,
    shape: MessageDescriptor,
) -> impl Stream<Item = Result<Bytes, Status>> + Send + 'static {
    stream::unfold(Some((parts, shape)), |state| async {
        let (mut parts, shape) = state?;
        let chunk = match parts.message().await {
            Ok(None) => return None,
            Ok(Some(message)) => chunk(&shape, message),
            Err(status) => Err(status),
        };
        match chunk {
            Ok(chunk) => Some((Ok(chunk), Some((parts, shape)))),
            Err(status) => {
                tracing::warn!(code = ?status.code(), "an export broke off");
                Some((Err(status), None))
            }
        }
    })
}

fn chunk(shape: &MessageDescriptor, message: Bytes) -> Result<Bytes, Status> {
    let message = DynamicMessage::decode(shape.clone(), message);
    let message = message.map_err(|error| Status::data_loss(error.to_string()))?;
    let chunk = message.get_field_by_name("chunk");
    let chunk = chunk.as_deref().and_then(Value::as_bytes);
    chunk.cloned().ok_or_else(|| Status::data_loss("a part of an export that is no chunk"))
}
