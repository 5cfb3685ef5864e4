use std::pin::Pin;

use base::Uuid;
use congvan_proto::documents::v1::{
    self as pb, attachment_service_server::AttachmentService, download_attachment_response::Part,
};
use documents_domain::{Officer, Post, Sight, View};
use futures::{Stream, StreamExt, stream};
use kit::{Fault, Violations, caller::Caller};
use tonic::{Request, Response, Status, Streaming};

use super::{files, read::readable, upload};
use crate::{Documents, faults, officer, shape, store, store::attachment::Attachment};

type Download = Pin<Box<dyn Stream<Item = Result<pb::DownloadAttachmentResponse, Status>> + Send>>;

#[tonic::async_trait]
impl AttachmentService for Documents {
    async fn upload_attachment(
        &self,
        request: Request<Streaming<pb::UploadAttachmentRequest>>,
    ) -> Result<Response<pb::UploadAttachmentResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(upload::upload(self, &caller, request.into_inner()).await?))
    }

    async fn remove_attachment(
        &self,
        request: Request<pb::RemoveAttachmentRequest>,
    ) -> Result<Response<pb::RemoveAttachmentResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(files::remove(self, &caller, request.into_inner()).await?))
    }

    async fn arrange_attachments(
        &self,
        request: Request<pb::ArrangeAttachmentsRequest>,
    ) -> Result<Response<pb::ArrangeAttachmentsResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(files::arrange(self, &caller, request.into_inner()).await?))
    }

    async fn get_attachment(
        &self,
        request: Request<pb::GetAttachmentRequest>,
    ) -> Result<Response<pb::GetAttachmentResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        let (attachment, _) = self.attachment(&officer, &request.into_inner().id).await?;
        Ok(Response::new(pb::GetAttachmentResponse { attachment: Some(shape::attachment(&attachment)) }))
    }

    async fn download_attachment(
        &self,
        request: Request<pb::DownloadAttachmentRequest>,
    ) -> Result<Response<Download>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.download(&officer, request.into_inner()).await?))
    }
}

impl Documents {
    /// The attachment with the post in which the officer may read its document; what was taken off the draft, only at the sender.
    async fn attachment(&self, officer: &Officer, id: &str) -> Result<(Attachment, Post), Fault> {
        let mut violations = Violations::default();
        let id: Uuid = violations.id("id", id);
        violations.check()?;
        let mut read = self.db.read("find_attachment").await?;
        let missing = || faults::no_attachment(id);
        let attachment = store::attachment::find(&mut read, id).await?.ok_or_else(missing)?;
        let reading = readable(&mut read, officer, attachment.document_id).await?.ok_or_else(missing)?;
        if attachment.removed_at.is_some() && !reading.at_sender {
            return Err(missing());
        }
        Ok((attachment, reading.post))
    }

    async fn download(
        &self,
        officer: &Officer,
        request: pb::DownloadAttachmentRequest,
    ) -> Result<Download, Fault> {
        let (attachment, post) = self.attachment(officer, &request.id).await?;
        let size = u64::try_from(attachment.size).map_err(Fault::internal)?;
        let mut violations = Violations::default();
        let start = part(&mut violations, "offsetBytes", request.offset_bytes, size);
        let length = part(&mut violations, "lengthBytes", request.length_bytes, size - start);
        violations.check()?;
        let end = if length == 0 { size } else { start + length };
        let digest = attachment.sha256.parse().map_err(Fault::internal)?;
        let body = self.blobs.read(&digest, start..end).await.map_err(faults::blob)?;
        let (document_id, sight) = (attachment.document_id, Sight::File(attachment.id));
        self.views.note(View::new(document_id, sight, officer, &post, self.clock.now()));
        let first = stream::iter([Ok(Part::Attachment(shape::attachment(&attachment)))]);
        let chunks =
            body.map(|chunk| chunk.map(Part::Chunk).map_err(|error| Status::from(faults::blob(error))));
        let parts = first.chain(chunks);
        Ok(Box::pin(parts.map(|part| part.map(|part| pb::DownloadAttachmentResponse { part: Some(part) }))))
    }
}

/// A position or length from 0 to `limit`.
fn part(violations: &mut Violations, field: &str, value: i64, limit: u64) -> u64 {
    u64::try_from(value).ok().filter(|value| *value <= limit).unwrap_or_else(|| {
        violations.add(field, format!("từ 0 đến {limit}"), format!("must be 0 to {limit}"));
        0
    })
}
