//! Refusals about the files of drafts and about comments.

use base::Uuid;
use documents_domain::StageName;
use kit::{Fault, Text};
use tonic::Code;

use super::{DOMAIN, fault, stage_text};

/// The file does not belong to the document any more.
pub(crate) fn attachment_removed(id: Uuid) -> Fault {
    fault(
        Code::FailedPrecondition,
        "ATTACHMENT_REMOVED",
        "Tệp này đã được gỡ khỏi dự thảo hoặc đã được thay bằng tệp khác. Hãy tải lại văn bản.",
        "This file was taken off the draft before, or another came in its place. Read the document again.",
    )
    .with("attachment_id", id)
}

/// The draft has as many files as may be.
pub(crate) fn too_many_attachments(limit: usize) -> Fault {
    fault(
        Code::FailedPrecondition,
        "TOO_MANY_ATTACHMENTS",
        &format!("Văn bản đã có {limit} tệp, là số tối đa. Hãy gỡ bớt hoặc gộp các phụ lục."),
        &format!("The document has {limit} files, which is the most. Remove or combine appendices."),
    )
    .with("limit", limit)
}

/// All files together are larger than may be.
pub(crate) fn attachments_too_large(limit: u64) -> Fault {
    let megabytes = limit >> 20;
    fault(
        Code::FailedPrecondition,
        "ATTACHMENTS_TOO_LARGE",
        &format!("Tổng dung lượng các tệp của văn bản vượt giới hạn {megabytes} MiB. Hãy gỡ bớt hoặc nén các phụ lục."),
        &format!("All files of the document together exceed {megabytes} MiB. Remove or compress appendices."),
    )
    .with("limit_bytes", limit)
}

/// Nobody comments any more.
pub(crate) fn comments_closed(stage: StageName) -> Fault {
    let (vi, en) = stage_text(stage);
    let (then_vi, then_en) = match stage {
        StageName::Issued => (
            " Nếu có sai sót, văn thư cơ quan đính chính, thay thế hoặc thu hồi.",
            " The document office corrects, replaces or recalls what is wrong.",
        ),
        _ => ("", ""),
    };
    let text = Text::new(
        format!("Văn bản đang ở bước “{vi}” nên không góp ý được nữa.{then_vi}"),
        format!("The document is {en}, and nobody comments on it any more.{then_en}"),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "COMMENTS_CLOSED", text).with("stage", stage.code())
}

/// Somebody was faster.
pub(crate) fn comment_resolved(by: &str) -> Fault {
    fault(
        Code::FailedPrecondition,
        "COMMENT_RESOLVED",
        &format!(
            "Ý kiến này đã được {by} đánh dấu là đã giải quyết. Nếu chưa thỏa đáng, hãy viết ý kiến mới."
        ),
        &format!("{by} marked this comment as resolved before. If it is not, write another one."),
    )
}
