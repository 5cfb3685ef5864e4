//! A file goes in: the body of the request, byte for byte, in bounded memory.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::body::Body;
use bytes::{Buf, BufMut, Bytes};
use futures::{Stream, StreamExt, stream};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use kit::{Fault, Text, transport::Transport};
use prost::{
    Message,
    encoding::{WireType, encode_key, encode_varint},
};
use prost_reflect::DynamicMessage;
use tonic::{
    Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

use super::{
    body::{content_length, refuse_encoding, unsupported},
    call::with_claim,
    operation::Operation,
};
use crate::failure::{self, Failure};

/// Largest piece handed on at once, in bytes.
const CHUNK: usize = 256 << 10;

/// What a file may be like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// At most so many bytes.
    pub(super) bytes: u64,
    /// Never still for longer than this.
    pub(super) idle: Duration,
}

/// Refuses what can be refused before the first byte.
pub(super) fn check(headers: &HeaderMap, limits: Limits) -> Result<(), Failure> {
    refuse_encoding(headers)?;
    if content_length(headers).is_some_and(|length| length > limits.bytes) {
        return Err(failure::too_large(limits.bytes).into());
    }
    let form = headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"multipart/"));
    if form {
        let text = Text::new(
            "gửi chính tệp làm nội dung (curl --data-binary @tệp), không gửi biểu mẫu multipart",
            "send the file itself as the body (curl --data-binary @FILE), not a multipart form",
        );
        return Err(unsupported("Content-Type", text));
    }
    Ok(())
}

/// Sends header and body to the service and returns its answer. If the body breaks off, the service sees a broken stream,
/// never the end of a file.
pub(super) async fn send(
    transport: &Transport,
    operation: &Operation,
    claim: &str,
    header: &DynamicMessage,
    file: File,
) -> Result<Bytes, Failure> {
    let trouble = file.trouble.clone();
    let [before, chunk] = ["header", "chunk"].map(|part| tag(operation, part));
    let first = Part { tag: before, bytes: header.encode_to_vec().into() };
    let chunks = file.chunks().map(move |bytes| bytes.map(|bytes| Part { tag: chunk, bytes }));
    let parts = stream::iter([Ok(first)]).chain(chunks);
    let mut client = Grpc::new(transport.clone());
    client.ready().await.map_err(|error| Fault::unavailable(error.to_string()))?;
    let answer = client.client_streaming(with_claim(parts, claim), operation.path.clone(), Parts).await;
    let trouble = trouble.lock().expect("never held across a panic").take();
    match (trouble, answer) {
        (Some(trouble), _) => Err(trouble.into()),
        (None, Ok(answer)) => Ok(answer.into_inner()),
        (None, Err(status)) => Err(status.into()),
    }
}

/// The number of a part in the messages of the upload.
fn tag(operation: &Operation, part: &str) -> u32 {
    operation.method.input().get_field_by_name(part).expect("every upload has it").number()
}

/// The file as it comes in.
pub(super) struct File {
    body: Body,
    limits: Limits,
    trouble: Arc<Mutex<Option<Trouble>>>,
}

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    TooLarge(u64),
    TooSlow,
    Broken,
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::TooLarge(limit) => failure::too_large(limit).into(),
            Trouble::TooSlow => Self::from(failure::too_slow()).answering(StatusCode::REQUEST_TIMEOUT),
            Trouble::Broken => failure::broken_body().into(),
        }
    }
}

impl File {
    pub(super) fn new(body: Body, limits: Limits) -> Self {
        Self { body, limits, trouble: Arc::default() }
    }

    /// The bytes in pieces of at most [`CHUNK`]; after an error nothing more.
    fn chunks(self) -> impl Stream<Item = Result<Bytes, Status>> + Send + 'static {
        let Self { body, limits, trouble } = self;
        let state = Some((body.into_data_stream(), Bytes::new(), limits.bytes));
        stream::unfold(state, move |state| {
            let trouble = trouble.clone();
            async move {
                let (mut frames, mut rest, mut left) = state?;
                if rest.is_empty() {
                    match next(&mut frames, limits, &mut left).await {
                        Ok(bytes) => rest = bytes?,
                        Err(found) => {
                            *trouble.lock().expect("never held across a panic") = Some(found);
                            return Some((Err(Status::cancelled("the upload broke off")), None));
                        }
                    }
                }
                let chunk = rest.split_to(rest.len().min(CHUNK));
                Some((Ok(chunk), Some((frames, rest, left))))
            }
        })
    }
}

/// The next bytes that are not empty; none at the end.
async fn next(
    frames: &mut axum::body::BodyDataStream,
    limits: Limits,
    left: &mut u64,
) -> Result<Option<Bytes>, Trouble> {
    loop {
        let frame = tokio::time::timeout(limits.idle, frames.next()).await.map_err(|_| Trouble::TooSlow)?;
        let Some(frame) = frame else { return Ok(None) };
        let bytes = frame.map_err(|_| Trouble::Broken)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        *left = left.checked_sub(length).ok_or(Trouble::TooLarge(limits.bytes))?;
        if !bytes.is_empty() {
            return Ok(Some(bytes));
        }
    }
}

/// A message of an upload: one field, header or chunk, as it is encoded.
struct Part {
    tag: u32,
    bytes: Bytes,
}

/// Carries the parts of any upload. An error among them fails the encoding, and with it the stream: the only way in which a
/// gRPC client can break off instead of ending.
#[derive(Debug, Clone, Copy, Default)]
struct Parts;

impl Codec for Parts {
    type Encode = Result<Part, Status>;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Parts {
    type Item = Result<Part, Status>;
    type Error = Status;

    fn encode(&mut self, item: Self::Item, target: &mut EncodeBuf<'_>) -> Result<(), Status> {
        let Part { tag, bytes } = item?;
        encode_key(tag, WireType::LengthDelimited, target);
        encode_varint(u64::try_from(bytes.len()).unwrap_or(u64::MAX), target);
        target.put(bytes);
        Ok(())
    }
}

impl Decoder for Parts {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(source.copy_to_bytes(source.remaining())))
    }
}
