//! A stored file comes out: the bytes as the body, with entity tag and ranges.

use std::time::Duration;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use congvan_proto::documents::v1::{
    Attachment, DownloadAttachmentRequest, DownloadAttachmentResponse, GetAttachmentRequest,
    attachment_service_client::AttachmentServiceClient, download_attachment_response::Part,
};
use futures::{Stream, stream};
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{
        ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
        CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    },
};
use kit::{Fault, Text, faults::Violation, transport::Transport};
use tonic::{Status, Streaming};

use super::{
    call::with_claim,
    percent,
    range::{self, Wanted},
};
use crate::failure::{Failure, in_time};

/// A request for a file.
pub(super) struct Download<'a> {
    /// The way to the documents service.
    pub(super) transport: &'a Transport,
    /// In whose name.
    pub(super) claim: &'a str,
    /// Which file.
    pub(super) id: String,
    /// GET or HEAD.
    pub(super) verb: &'a Method,
    /// Ranges and conditions.
    pub(super) headers: &'a HeaderMap,
    /// How long the service may take to begin.
    pub(super) patience: Duration,
}

impl Download<'_> {
    /// The answer.
    pub(super) async fn answer(self) -> Result<Response, Failure> {
        let attachment = self.attachment().await?;
        let size = u64::try_from(attachment.size_bytes).unwrap_or(0);
        let wanted = range::wanted(self.headers, size, &tag(&attachment));
        let (first, length) = match wanted {
            Wanted::Unchanged => return response(StatusCode::NOT_MODIFIED, &attachment, Body::empty()),
            Wanted::Unsatisfiable => return Err(unsatisfiable(size)),
            Wanted::Whole => (0, size),
            Wanted::Part { first, last } => (first, last - first + 1),
        };
        let head_only = *self.verb == Method::HEAD;
        let body = if head_only { Body::empty() } else { self.body(first, length).await? };
        let status = if wanted == Wanted::Whole { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
        let mut response = response(status, &attachment, body)?;
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, length.into());
        if let Wanted::Part { first, last } = wanted {
            headers.insert(CONTENT_RANGE, header(&format!("bytes {first}-{last}/{size}"))?);
        }
        Ok(response)
    }

    async fn attachment(&self) -> Result<Attachment, Failure> {
        let mut client = AttachmentServiceClient::new(self.transport.clone());
        let request = with_claim(GetAttachmentRequest { id: self.id.clone() }, self.claim);
        let known = in_time(self.patience, client.get_attachment(request)).await?;
        Ok(known.into_inner().attachment.unwrap_or_default())
    }

    /// Waits for the message that goes before the chunks: errors up to here are still told as problems.
    async fn body(self, first: u64, length: u64) -> Result<Body, Failure> {
        let mut client = AttachmentServiceClient::new(self.transport.clone());
        let request = DownloadAttachmentRequest {
            id: self.id,
            offset_bytes: signed(first),
            length_bytes: signed(length),
        };
        let begun = in_time(self.patience, async {
            let mut parts = client.download_attachment(with_claim(request, self.claim)).await?.into_inner();
            Ok((parts.message().await?.and_then(|message| message.part), parts))
        });
        match begun.await? {
            (Some(Part::Attachment(_)), parts) => Ok(Body::from_stream(chunks(parts, length))),
            _ => Err(Fault::internal("a download did not begin with the attachment").into()),
        }
    }
}

/// The entity tag: the content, by its SHA-256.
fn tag(attachment: &Attachment) -> String {
    format!("\"{}\"", attachment.sha256)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The bytes as they come; an error, or other than `length` of them, breaks the body off instead of ending it.
fn chunks(
    parts: Streaming<DownloadAttachmentResponse>,
    length: u64,
) -> impl Stream<Item = Result<Bytes, Status>> + Send + 'static {
    stream::unfold(Some((parts, length)), |state| async {
        let (mut parts, left) = state?;
        let chunk = match parts.message().await {
            Ok(Some(DownloadAttachmentResponse { part: Some(Part::Chunk(chunk)) })) => chunk,
            Ok(None) if left == 0 => return None,
            Ok(_) => {
                return Some((Err(Status::data_loss("the file is not as long as it was said to be")), None));
            }
            Err(status) => {
                tracing::warn!(code = ?status.code(), "a download broke off");
                return Some((Err(status), None));
            }
        };
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        match left.checked_sub(length) {
            Some(left) => Some((Ok(chunk), Some((parts, left)))),
            None => Some((Err(Status::data_loss("the file is longer than it was said to be")), None)),
        }
    })
}

fn response(status: StatusCode, attachment: &Attachment, body: Body) -> Result<Response, Failure> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let unknown = HeaderValue::from_static("application/octet-stream");
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(&attachment.media_type).unwrap_or(unknown));
    headers.insert(ETAG, header(&tag(attachment))?);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_DISPOSITION, header(&disposition(&attachment.file_name))?);
    // A browser may keep the file, but asks each time whether the reader may still have it.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}

pub(super) fn header(text: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::from_str(text).map_err(|error| Fault::internal(error).into())
}

/// RFC 6266: an ASCII name for old clients, the real one for all others.
pub(super) fn disposition(name: &str) -> String {
    // Without accents it stays readable: "chi-thi-01.pdf".
    let plain: String = base::fold(name)
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '-' })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent::encode_attribute(name))
}

fn unsatisfiable(size: u64) -> Failure {
    let text = Text::new(format!("tệp chỉ có {size} byte"), format!("the file has only {size} bytes"));
    let range = HeaderValue::from_str(&format!("bytes */{size}")).expect("digits are ASCII");
    Failure::from(Fault::invalid(vec![Violation { field: "Range".to_owned(), text }]))
        .answering(StatusCode::RANGE_NOT_SATISFIABLE)
        .with(CONTENT_RANGE, range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_names_reach_every_client() {
        assert_eq!(
            disposition("Chỉ thị \"01\".pdf"),
            "attachment; filename=\"chi-thi--01-.pdf\"; filename*=UTF-8''Ch%E1%BB%89%20th%E1%BB%8B%20%2201%22.pdf"
        );
    }
}
