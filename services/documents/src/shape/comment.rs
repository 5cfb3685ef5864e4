use congvan_proto::documents::v1 as pb;
use documents_domain::Comment;

use super::{act, officer, time};

/// A comment.
pub(crate) fn comment(comment: &Comment) -> pb::Comment {
    let Comment { remark, written, .. } = comment;
    pb::Comment {
        document_id: comment.document_id.to_string(),
        number: comment.number,
        text: remark.text.clone(),
        attachment_id: remark.attachment_id.map(|id| id.to_string()).unwrap_or_default(),
        page: remark.page.unwrap_or_default(),
        answered_number: remark.answers.unwrap_or_default(),
        document_revision: comment.revision,
        officer: Some(officer(&written.by)),
        create_time: Some(time(written.at)),
        resolution: comment.resolved.as_ref().map(act),
    }
}
