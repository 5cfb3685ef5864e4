//! A unary gRPC call of bytes: the messages are made and read elsewhere.

use std::time::Duration;

use bytes::{Buf, BufMut, Bytes};
use http::uri::PathAndQuery;
use kit::{Fault, caller::HEADER, transport::Transport};
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    metadata::AsciiMetadataValue,
};

use crate::failure::{Failure, in_time};

/// Largest answer taken from a service, in bytes.
const ANSWER_LIMIT: usize = 64 << 20;

/// Carries messages as the bytes they are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
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

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, target: &mut EncodeBuf<'_>) -> Result<(), Status> {
        target.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(source.copy_to_bytes(source.remaining())))
    }
}

/// Calls a unary method in the name of a claim.
pub(super) async fn unary(
    transport: &Transport,
    path: &PathAndQuery,
    message: Bytes,
    claim: &str,
    limit: Duration,
) -> Result<Bytes, Failure> {
    let mut client = Grpc::new(transport.clone()).max_decoding_message_size(ANSWER_LIMIT);
    client.ready().await.map_err(|error| Fault::unavailable(error.to_string()))?;
    let mut request = with_claim(message, claim);
    request.set_timeout(limit);
    Ok(in_time(limit, client.unary(request, path.clone(), Raw)).await?.into_inner())
}

/// A request in the name of a claim.
pub(crate) fn with_claim<T>(message: T, claim: &str) -> Request<T> {
    let mut request = Request::new(message);
    let claim = AsciiMetadataValue::try_from(claim).expect("a token is ASCII");
    request.metadata_mut().insert(HEADER, claim);
    request
}
