use base::{PageToken, Uuid};
use congvan_proto::documents::v1::{self as pb, comment_service_server::CommentService};
use documents_domain::{Comment, Document, HistoryLine, Officer, Remark, Scope, limits};
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};
use tonic::{Request, Response, Status};

use super::{
    events,
    history::after,
    read::{outline_at_sender, page},
};
use crate::{Documents, faults, officer, shape, store};

#[tonic::async_trait]
impl CommentService for Documents {
    async fn comment_on_document(
        &self,
        request: Request<pb::CommentOnDocumentRequest>,
    ) -> Result<Response<pb::CommentOnDocumentResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.comment(&officer, request.into_inner()).await?))
    }

    async fn list_document_comments(
        &self,
        request: Request<pb::ListDocumentCommentsRequest>,
    ) -> Result<Response<pb::ListDocumentCommentsResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.comments(&officer, request.into_inner()).await?))
    }

    async fn resolve_comment(
        &self,
        request: Request<pb::ResolveCommentRequest>,
    ) -> Result<Response<pb::ResolveCommentResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.resolve(&officer, request.into_inner()).await?))
    }
}

impl Documents {
    async fn comment(
        &self,
        officer: &Officer,
        request: pb::CommentOnDocumentRequest,
    ) -> Result<pb::CommentOnDocumentResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let remark = remark(&request, &mut violations);
        let once =
            Once::new("CommentOnDocument", officer.user_id, &request.request_id, &request, &mut violations);
        violations.check()?;
        let now = self.clock.now();
        let mut tx = self.db.write("comment_on_document").await?;
        if let Some(answer) = once.recall(&mut tx, now).await? {
            return Ok(answer);
        }
        let document = lock(&mut tx, officer, id).await?;
        let count = store::comment::count(&mut tx, id).await?;
        let written = Comment::write(&document, count + 1, remark, officer, now);
        let (comment, line) = written.map_err(faults::rejected)?;
        check_references(&mut tx, &comment.remark, id, count).await?;
        store::comment::insert(&mut tx, &comment).await?;
        self.told(&mut tx, "congvan.documents.document.commented", &comment, &line).await?;
        let answer = pb::CommentOnDocumentResponse { comment: Some(shape::comment::comment(&comment)) };
        once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        self.changed.wake();
        Ok(answer)
    }

    async fn comments(
        &self,
        officer: &Officer,
        request: pb::ListDocumentCommentsRequest,
    ) -> Result<pb::ListDocumentCommentsResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let size = violations.page_size(request.page_size, 50, 200);
        violations.check()?;
        let unresolved_only = request.unresolved_only;
        let name = format!("comments/{id}/{unresolved_only}");
        let [last] = after(&name, &request.page_token)?;
        let mut read = self.db.read("list_comments").await?;
        outline_at_sender(&mut read, officer, id).await?;
        let found = store::comment::of(&mut read, id, last, unresolved_only, size + 1).await?;
        let (page, next) =
            page(found, size, |comment| PageToken::encode(&name, &[&comment.number.to_string()]));
        let comments = page.iter().map(shape::comment::comment).collect();
        Ok(pb::ListDocumentCommentsResponse { comments, next_page_token: next })
    }

    async fn resolve(
        &self,
        officer: &Officer,
        request: pb::ResolveCommentRequest,
    ) -> Result<pb::ResolveCommentResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        if request.number < 1 {
            violations.add("number", "bắt buộc, từ 1 trở lên", "is required, from 1");
        }
        let once =
            Once::new("ResolveComment", officer.user_id, &request.request_id, &request, &mut violations);
        violations.check()?;
        let now = self.clock.now();
        let mut tx = self.db.write("resolve_comment").await?;
        if let Some(answer) = once.recall(&mut tx, now).await? {
            return Ok(answer);
        }
        let document = lock(&mut tx, officer, id).await?;
        let Some(comment) = store::comment::find(&mut tx, id, request.number).await? else {
            let mut violations = Violations::default();
            unknown(&mut violations, "number", store::comment::count(&mut tx, id).await?);
            return Err(violations.check().expect_err("it holds a violation"));
        };
        let (comment, line) = comment.resolve(&document, officer, now).map_err(faults::rejected)?;
        store::comment::resolve(&mut tx, &comment).await?;
        self.told(&mut tx, "congvan.documents.document.comment_resolved", &comment, &line).await?;
        let answer = pb::ResolveCommentResponse { comment: Some(shape::comment::comment(&comment)) };
        once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        self.changed.wake();
        Ok(answer)
    }

    /// Writes the line of the history and the event.
    async fn told(
        &self,
        tx: &mut Write,
        kind: &'static str,
        comment: &Comment,
        line: &HistoryLine,
    ) -> Result<(), Fault> {
        store::history::append_beside(tx, line).await?;
        ::events::append(tx, vec![events::commented(self.ids.next(), kind, comment, line.at)]).await?;
        Ok(())
    }
}

/// The document, locked, if the officer may read it at the sender.
async fn lock(tx: &mut Write, officer: &Officer, id: Uuid) -> Result<Document, Fault> {
    let document = store::document::lock(tx, id).await?;
    document.filter(|document| Scope::of(officer).reads(document)).ok_or_else(|| faults::no_document(id))
}

/// What a comment is to say; every violation is noted.
fn remark(request: &pb::CommentOnDocumentRequest, violations: &mut Violations) -> Remark {
    let attachment_id = violations.optional_id("attachmentId", &request.attachment_id);
    if !(0..=limits::PAGES).contains(&request.page) {
        let pages = limits::PAGES;
        violations.add("page", format!("từ 0 đến {pages}"), format!("must be 0 to {pages}"));
    } else if request.page > 0 && request.attachment_id.is_empty() {
        violations.add("attachmentId", "phải nêu tệp có trang này", "must name the file that has this page");
    }
    if request.answered_number < 0 {
        violations.add("answeredNumber", "từ 0 trở lên", "must be 0 or more");
    }
    Remark {
        text: violations.text("text", &request.text, true, limits::COMMENT),
        attachment_id,
        page: (request.page > 0).then_some(request.page),
        answers: (request.answered_number > 0).then_some(request.answered_number),
    }
}

/// Fails if a comment is about a file of another document, or answers a comment that is not there.
async fn check_references(
    tx: &mut Write,
    remark: &Remark,
    document_id: Uuid,
    comments: i32,
) -> Result<(), Fault> {
    let mut violations = Violations::default();
    if let Some(id) = remark.attachment_id {
        let file = store::attachment::find(tx, id).await?;
        if file.is_none_or(|file| file.document_id != document_id) {
            let (vi, en) = ("không phải là tệp của văn bản này", "is no file of this document");
            violations.add("attachmentId", vi, en);
        }
    }
    if remark.answers.is_some_and(|number| number > comments) {
        unknown(&mut violations, "answeredNumber", comments);
    }
    violations.check()
}

/// There is no comment with the number in this field.
fn unknown(violations: &mut Violations, field: &str, comments: i32) {
    match comments {
        0 => violations.add(
            field,
            "văn bản chưa có ý kiến nào",
            "names none: nobody has commented on the document",
        ),
        _ => violations.add(field, format!("từ 1 đến {comments}"), format!("must be 1 to {comments}")),
    }
}
