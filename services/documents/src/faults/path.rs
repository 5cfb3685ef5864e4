//! What stands in the way from draft to release, and who can clear it.

use documents_domain::{Signatory, StageName};
use kit::{Fault, Text};
use tonic::Code;

use super::{about, fault};

/// The deliveries were made.
pub(super) fn delivered(notation: &str) -> Fault {
    let told = fault(
        Code::FailedPrecondition,
        "DELIVERED",
        &format!(
            "Văn bản {notation} đã đến nơi nhận, không hủy phát hành được nữa. Hãy làm thủ tục thu hồi."
        ),
        &format!(
            "{notation} has reached its recipients and cannot be taken back any more. Recall it instead."
        ),
    );
    about(notation, told)
}

/// It bears a number, which stays.
pub(super) fn number_spent(notation: &str) -> Fault {
    let told = fault(
        Code::FailedPrecondition,
        "NUMBER_SPENT",
        &format!(
            "Văn bản đã mang số {notation} nên không trả lại được. Văn thư hủy số kèm lý do, rồi soạn văn bản mới."
        ),
        &format!(
            "The document bears {notation} and cannot be returned. The document office can void it with a reason; then draft it anew."
        ),
    );
    about(notation, told)
}

/// It was voided.
pub(super) fn voided(notation: &str) -> Fault {
    let told = fault(
        Code::FailedPrecondition,
        "DOCUMENT_VOIDED",
        &format!("Văn bản số {notation} đã bị hủy trước khi phát hành. Hãy soạn văn bản mới."),
        &format!("{notation} was voided before its release. Draft a new document."),
    );
    about(notation, told)
}

/// Checks are missing.
pub(super) fn checks_open(names: &[String]) -> Fault {
    let listed = names.join("; ");
    fault(
        Code::FailedPrecondition,
        "CHECKS_OPEN",
        &format!("Văn bản còn chờ: {listed}. Người được giao thực hiện; xem mục đang chờ của văn bản."),
        &format!("The document still waits for: {listed}. Whom they ask can make them; see what is pending in the document."),
    )
    .with("checks", listed)
}

/// There is no such check.
pub(super) fn no_check(checks: usize) -> Fault {
    fault(
        Code::NotFound,
        "CHECK_NOT_FOUND",
        &format!("Quy trình của văn bản này có {checks} bước kiểm tra; không có bước mang số này."),
        &format!("The process of this document has {checks} check(s), and none with this number."),
    )
    .with("checks", checks)
}

/// The check was made.
pub(super) fn check_made(by: &Signatory) -> Fault {
    let name = &by.full_name;
    fault(
        Code::FailedPrecondition,
        "CHECK_MADE",
        &format!("{name} đã kiểm tra bước này. Nếu có sai sót, hãy trả lại văn bản kèm lý do."),
        &format!("{name} has made this check. If something is wrong, return the document with a reason."),
    )
    .with("officer", name)
}

/// Content and format are checked by different people.
pub(super) fn checked_other_half(name: &str) -> Fault {
    fault(
        Code::PermissionDenied,
        "CHECKED_OTHER_HALF",
        &format!("Bạn đã thực hiện “{name}”; nội dung và thể thức phải do hai người khác nhau kiểm tra."),
        &format!("You have made “{name}”; content and format are checked by different people. Somebody else whom the check asks can make it."),
    )
    .with("check", name)
}

/// There is no such level behind it.
pub(super) fn not_earlier(level: i32) -> Fault {
    fault(
        Code::FailedPrecondition,
        "LEVEL_NOT_EARLIER",
        &format!("Văn bản đang chờ ở cấp {level}; chỉ trả lại được cấp trước đó, hoặc trả người soạn thảo (cấp 0)."),
        &format!("The document waits at level {level}; it can be returned to an earlier one, or to the drafter (level 0)."),
    )
    .with("level", level)
}

/// Who can bring a document from one stage to the one that is needed.
pub(super) fn towards(stage: StageName, needed: StageName) -> Text {
    if stage == StageName::Releasing {
        return Text::new(
            "Văn thư có thể hủy lệnh phát hành khi chưa chuyển đi.",
            "The document office can undo the release while nothing is delivered.",
        );
    }
    match needed {
        StageName::Draft => Text::new(
            "Người duyệt có thể trả lại để soạn tiếp.",
            "Whoever decides on it can return it to the drafter.",
        ),
        StageName::InReview => Text::new("Người soạn thảo trình.", "The drafter submits it."),
        StageName::Approved => {
            Text::new("Người có thẩm quyền ký duyệt dự thảo.", "Whoever may sign it approves the draft.")
        }
        StageName::Signed => Text::new("Người đã duyệt ký.", "Whoever approved the draft signs it."),
        StageName::Numbered => Text::new("Văn thư cấp số.", "The document office numbers it."),
        StageName::Sealed => Text::new("Văn thư đóng dấu.", "The document office seals it."),
        StageName::Releasing | StageName::Issued => {
            Text::new("Văn thư phát hành.", "The document office releases it.")
        }
        StageName::Voided => Text::new("Văn thư hủy số.", "The document office voids it."),
    }
}
