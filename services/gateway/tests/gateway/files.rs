//! The streams of the attachment service, as the documents service would serve them.

use std::{
    pin::Pin,
    sync::{Arc, atomic::Ordering},
};

use bytes::Bytes;
use congvan_proto::documents::v1::{
    Attachment, DownloadAttachmentRequest, DownloadAttachmentResponse, GetAttachmentRequest,
    GetAttachmentResponse, UploadAttachmentHeader, UploadAttachmentRequest, UploadAttachmentResponse,
    attachment_service_server::{AttachmentService, AttachmentServiceServer},
    download_attachment_response, upload_attachment_request,
};
use futures::{Stream, StreamExt, stream};
use kit::{Fault, Text};
use serde_json::{Value, json};
use tonic::{Code, Request, Response, Status, Streaming};

use crate::backend::Backend;

/// Size of the file that can be downloaded, in bytes.
pub(crate) const SIZE: u64 = 1_000_000;

/// Its name for entity tags.
pub(crate) const SHA: &str = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";

/// A file whose stream breaks off half way, and one that ends half way as if that were all.
pub(crate) const BREAKS: &str = "breaks";
pub(crate) const SHORT: &str = "short";

/// An upload with this name is refused after the first chunk.
pub(crate) const REFUSED: &str = "refused.pdf";

/// How an upload ended for the service.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum UploadEnd {
    /// The stream came to its end: this would be stored.
    Finished { header: UploadAttachmentHeader, bytes: u64, sum: u64, largest: usize },
    /// The stream broke.
    Broken { bytes: u64 },
}

/// The byte at a position of every file here.
pub(crate) fn byte_at(position: u64) -> u8 {
    u8::try_from(position % 251).unwrap()
}

/// The bytes of a file from one position to before another.
pub(crate) fn bytes(from: u64, to: u64) -> Vec<u8> {
    (from..to).map(byte_at).collect()
}

/// What GetAttachment tells of the file.
pub(crate) fn known(id: &str) -> Value {
    json!({"attachment": {
        "id": id, "fileName": "Chỉ thị 01.pdf", "mediaType": "application/pdf",
        "sizeBytes": SIZE.to_string(), "sha256": SHA,
    }})
}

/// An upload in progress. One that breaks off may end with an error, or with the call being dropped.
struct Progress {
    backend: Arc<Backend>,
    bytes: u64,
    finished: bool,
}

impl Drop for Progress {
    fn drop(&mut self) {
        if !self.finished {
            self.backend.uploads.lock().unwrap().push(UploadEnd::Broken { bytes: self.bytes });
        }
    }
}

pub(crate) struct Files(Arc<Backend>);

impl Files {
    pub(crate) fn server(backend: Arc<Backend>) -> AttachmentServiceServer<Self> {
        AttachmentServiceServer::new(Self(backend))
    }
}

type Parts = Pin<Box<dyn Stream<Item = Result<DownloadAttachmentResponse, Status>> + Send>>;

#[tonic::async_trait]
impl AttachmentService for Files {
    async fn upload_attachment(
        &self,
        request: Request<Streaming<UploadAttachmentRequest>>,
    ) -> Result<Response<UploadAttachmentResponse>, Status> {
        let mut parts = request.into_inner();
        let first = parts.message().await?.and_then(|message| message.part);
        let Some(upload_attachment_request::Part::Header(header)) = first else {
            return Err(Status::invalid_argument("no header"));
        };
        let mut progress = Progress { backend: self.0.clone(), bytes: 0, finished: false };
        let (mut sum, mut largest) = (0, 0);
        while let Some(message) = parts.message().await? {
            let Some(upload_attachment_request::Part::Chunk(chunk)) = message.part else {
                return Err(Status::invalid_argument("no chunk"));
            };
            if header.file_name == REFUSED {
                let text = Text::new("Tệp không đúng loại.", "The file is of another type.");
                return Err(Fault::new(
                    Code::InvalidArgument,
                    "documents.congvan",
                    "FILE_TYPE_MISMATCH",
                    text,
                )
                .into());
            }
            largest = largest.max(chunk.len());
            let length = u64::try_from(chunk.len()).unwrap();
            progress.bytes += length;
            self.0.arrived.fetch_add(length, Ordering::SeqCst);
            sum += chunk.iter().map(|byte| u64::from(*byte)).sum::<u64>();
        }
        progress.finished = true;
        let bytes = progress.bytes;
        let size_bytes = i64::try_from(bytes).unwrap();
        let attachment = Attachment { size_bytes, sha256: SHA.to_owned(), ..Attachment::default() };
        self.0.uploads.lock().unwrap().push(UploadEnd::Finished { header, bytes, sum, largest });
        Ok(Response::new(UploadAttachmentResponse { attachment: Some(attachment), document_revision: 2 }))
    }

    async fn get_attachment(
        &self,
        _: Request<GetAttachmentRequest>,
    ) -> Result<Response<GetAttachmentResponse>, Status> {
        Err(Status::unimplemented("answered by the backend"))
    }

    async fn download_attachment(
        &self,
        request: Request<DownloadAttachmentRequest>,
    ) -> Result<Response<Parts>, Status> {
        let request = request.into_inner();
        let from = u64::try_from(request.offset_bytes).unwrap();
        let length = u64::try_from(request.length_bytes).unwrap();
        let end = if length == 0 { SIZE } else { from + length };
        let first = DownloadAttachmentResponse {
            part: Some(download_attachment_response::Part::Attachment(Attachment::default())),
        };
        let stop = match request.id.as_str() {
            BREAKS | SHORT => from + (end - from) / 2,
            _ => end,
        };
        let chunks = stream::unfold(from, move |at| async move {
            let next = (at + 60_000).min(stop);
            let part = download_attachment_response::Part::Chunk(Bytes::from(bytes(at, next)));
            (at < stop).then_some((Ok(DownloadAttachmentResponse { part: Some(part) }), next))
        });
        let broken = (request.id == BREAKS).then(|| Err(Status::data_loss("the disk is gone")));
        Ok(Response::new(Box::pin(stream::iter([Ok(first)]).chain(chunks).chain(stream::iter(broken)))))
    }
}
