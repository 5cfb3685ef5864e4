//! Why this service refuses: every reason of `congvan.documents.v1.ErrorReason` with its sentence.

pub(crate) mod draft;
pub(crate) mod drafting;
pub(crate) mod numbers;
mod path;
mod recall;
pub(crate) mod series;

use base::Uuid;
use blobs::BlobError;
use documents_domain::{Gap, Rejection, StageName, Who};
use kit::{Fault, Text, Violations};
use tonic::Code;

mod deliveries;

use deliveries::{decided, files_broken, not_to_circulate, wrong_delivery_status};
pub(crate) use deliveries::{no_delivery, unknown_assignee, unreachable_recipients};
pub(crate) use recall::no_recall;

const DOMAIN: &str = "documents.congvan";

/// How many unknown recipients are named in the metadata: errors travel in headers, which clients limit.
const RECIPIENTS_TOLD: usize = 50;

fn fault(code: Code, reason: &'static str, vi: &str, en: &str) -> Fault {
    Fault::new(code, DOMAIN, reason, Text::new(vi, en))
}

/// A command that the rules refuse.
pub(crate) fn rejected(rejection: Rejection) -> Fault {
    match rejection {
        Rejection::NotAllowed(who) => Fault::not_allowed(&those(who)),
        Rejection::NoMandate(gaps) => no_signing_authority(&gaps),
        Rejection::Outdated { revision } => Fault::stale(revision),
        Rejection::WrongStage { stage, needed } => wrong_stage(stage, needed),
        Rejection::AlreadyIssued { notation } => already_issued(&notation),
        Rejection::Delivered { notation } => path::delivered(&notation),
        Rejection::NumberSpent { notation } => path::number_spent(&notation),
        Rejection::Voided { notation } => path::voided(&notation),
        Rejection::ChecksOpen { names } => path::checks_open(&names),
        Rejection::NoSuchCheck { checks } => path::no_check(checks),
        Rejection::CheckMade { by } => path::check_made(&by),
        Rejection::CheckedOtherHalf { name } => path::checked_other_half(&name),
        Rejection::NotEarlier { level } => path::not_earlier(level),
        Rejection::NoMainFile => fault(
            Code::FailedPrecondition,
            "NO_MAIN_FILE",
            "Văn bản chưa có tệp chính. Hãy đính kèm tệp chính trước.",
            "The document has no main file. Attach it first.",
        ),
        Rejection::MainFilePresent => fault(
            Code::FailedPrecondition,
            "MAIN_FILE_PRESENT",
            "Văn bản đã có tệp chính. Hãy thay tệp chính, hoặc đính kèm tệp này là phụ lục.",
            "The document has a main file already. Replace that one, or attach this one as an appendix.",
        ),
        Rejection::CommentsClosed { stage } => draft::comments_closed(stage),
        Rejection::CommentResolved { by } => draft::comment_resolved(&by),
        Rejection::DraftingClosed { state } => drafting::closed(state),
        Rejection::DraftBegun { document_id } => drafting::begun(document_id),
        Rejection::OtherDraftingUnit => drafting::other_unit(),
        Rejection::NoRecipients => fault(
            Code::FailedPrecondition,
            "NO_RECIPIENTS",
            "Văn bản chưa có nơi nhận. Hãy chọn ít nhất một nơi nhận.",
            "The document has no recipients. Choose at least one.",
        ),
        Rejection::DateBeforeLastNumber { last } => fault(
            Code::FailedPrecondition,
            "DATE_BEFORE_LAST_NUMBER",
            &format!("Số gần nhất trong sổ đã mang ngày {last}; đồng hồ máy chủ đang chậm. Hãy báo bộ phận vận hành."),
            &format!("The last number of the register bears {last}; the server's clock is behind. Tell the operators."),
        )
        .with("last_date", last),
        Rejection::DeliveryDecided(status) => decided(status),
        Rejection::WrongDeliveryStatus { status, needed } => wrong_delivery_status(status, needed),
        Rejection::FilesBroken { files } => files_broken(files),
        Rejection::Recall(why) => recall::rejected(&why),
        Rejection::Relations(flaws) => recall::relations(&flaws),
        Rejection::NotToCirculate(mark) => not_to_circulate(mark),
    }
}

/// What is missing, as the directory explained it in the language of the call.
fn no_signing_authority(gaps: &[Gap]) -> Fault {
    let reasons: Vec<_> = gaps.iter().map(|gap| gap.reason.as_str()).collect();
    let explained: Vec<_> = gaps.iter().map(|gap| gap.explanation.as_str()).collect();
    let explained = if explained.is_empty() {
        Text::new(
            "Cơ quan ban hành không còn là cơ quan trong danh bạ; hãy soạn lại ở cơ quan kế thừa.",
            "The issuing agency is no agency of the directory any more; draft it anew at its successor.",
        )
    } else {
        Text::new(explained.join(" "), explained.join(" "))
    };
    let text = Text::new(
        format!("Hôm nay bạn không được duyệt và ký văn bản này. {}", explained.vi),
        format!("You may not approve and sign this document today. {}", explained.en),
    );
    Fault::new(Code::PermissionDenied, DOMAIN, "NO_SIGNING_AUTHORITY", text).with("gaps", reasons.join(","))
}

fn wrong_stage(stage: StageName, needed: StageName) -> Fault {
    let (now_vi, now_en) = stage_text(stage);
    let (needed_vi, needed_en) = stage_text(needed);
    let hint = path::towards(stage, needed);
    let text = Text::new(
        format!("Văn bản đang ở bước “{now_vi}”; việc này cần bước “{needed_vi}”. {}", hint.vi),
        format!("The document is {now_en}; this needs it to be {needed_en}. {}", hint.en),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "WRONG_STAGE", text)
        .with("stage", stage.code())
        .with("needed", needed.code())
}

fn already_issued(notation: &str) -> Fault {
    let text = Text::new(
        format!("Văn bản đã được ban hành với số {notation}."),
        format!("The document was issued before as {notation}."),
    );
    about(notation, Fault::new(Code::FailedPrecondition, DOMAIN, "ALREADY_ISSUED", text))
}

/// Tells number and symbol.
fn about(notation: &str, fault: Fault) -> Fault {
    let (number, symbol) = notation.split_once('/').unwrap_or((notation, ""));
    fault.with("number", number).with("symbol", symbol)
}

fn stage_text(stage: StageName) -> (&'static str, &'static str) {
    match stage {
        StageName::Draft => ("dự thảo", "a draft"),
        StageName::InReview => ("trình duyệt", "in review"),
        StageName::Approved => ("đã duyệt", "approved"),
        StageName::Signed => ("đã ký", "signed"),
        StageName::Numbered => ("đã cấp số", "numbered"),
        StageName::Sealed => ("đã đóng dấu", "sealed"),
        StageName::Releasing => ("chờ phát hành", "about to be released"),
        StageName::Issued => ("đã ban hành", "issued"),
        StageName::Voided => ("đã hủy", "voided"),
    }
}

/// Who may do it, in words.
fn those(who: Who) -> Text {
    match who {
        Who::MemberOfDraftingUnit => {
            Text::new("người thuộc đơn vị soạn thảo", "the members of the drafting unit")
        }
        Who::Drafter => Text::new("người soạn thảo văn bản", "the drafter of the document"),
        Who::DrafterOrAuthor => Text::new(
            "người soạn thảo văn bản hoặc người viết ý kiến",
            "the drafter of the document, or who wrote the comment",
        ),
        Who::Decider => Text::new(
            "lãnh đạo cơ quan ban hành, người đang được chờ kiểm tra hoặc ký, và văn thư sau khi ký",
            "the leaders of the issuing agency, whoever is to check or sign it now, and the document office after the signature",
        ),
        Who::Asked => Text::new("người được giao kiểm tra ở bước này", "whom the check asks"),
        Who::AssignedDrafter => Text::new(
            "người được giao soạn thảo, hoặc người thuộc đơn vị được giao nếu chưa nêu tên",
            "the person to whom the drafting is assigned, or the members of the unit where none is named",
        ),
        Who::DraftingDirector => Text::new(
            "lãnh đạo cơ quan, trưởng đơn vị soạn thảo trong phạm vi đơn vị, và người đã giao việc",
            "the leaders of the agency, within the unit its head, and who assigned it",
        ),
        Who::Approver => Text::new("người đã duyệt dự thảo", "who approved the draft"),
        Who::DocumentOffice => {
            Text::new("văn thư cơ quan ban hành", "the document office of the issuing agency")
        }
        Who::DocumentOfficeInPerson => Text::new(
            "văn thư cơ quan ban hành trực tiếp làm, không qua người làm thay hay khóa API",
            "the document office of the issuing agency in person, not somebody standing in nor an API key",
        ),
        Who::RecipientDocumentOffice => {
            Text::new("văn thư cơ quan nhận", "the document office of the receiving agency")
        }
        Who::RecipientInPerson => Text::new(
            "người thuộc đơn vị nhận, hoặc đúng người nhận",
            "the members of the unit, or the person, to whom it was sent",
        ),
        Who::RecipientDirector => Text::new(
            "lãnh đạo, văn thư cơ quan nhận, hoặc người đứng đầu đơn vị được giao",
            "leaders and document office of the receiving agency, or the head of the unit concerned",
        ),
        Who::RecipientOverseer => Text::new(
            "lãnh đạo và văn thư cơ quan nhận",
            "leaders and document office of the receiving agency",
        ),
        Who::Handler => Text::new(
            "người được giao xử lý, hoặc người có quyền phân công",
            "the person to whom it is assigned, or whoever may assign it",
        ),
    }
}

/// Those who hold a post in an agency, in words.
pub(crate) fn members() -> Text {
    Text::new("người giữ vị trí trong cơ quan", "those who hold a post in the agency")
}

/// Leaders and the document office of an agency, in words.
pub(crate) fn overseers() -> Text {
    Text::new("lãnh đạo và văn thư của cơ quan", "the leaders and the document office of the agency")
}

/// No such document, or not for this caller.
pub(crate) fn no_document(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "DOCUMENT_NOT_FOUND",
        "Không tìm thấy văn bản này, hoặc bạn không được xem.",
        "There is no such document, or you may not read it.",
    )
    .with("document_id", id)
}

/// No such attachment, or not for this caller.
pub(crate) fn no_attachment(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "ATTACHMENT_NOT_FOUND",
        "Không tìm thấy tệp này, hoặc bạn không được xem.",
        "There is no such file, or you may not read it.",
    )
    .with("attachment_id", id)
}

/// A secrecy mark. The sentence is fixed and repeats nothing of the request.
pub(crate) fn secret() -> Fault {
    fault(
        Code::FailedPrecondition,
        "STATE_SECRET",
        "Không được đưa văn bản có độ mật vào hệ thống này; không có nội dung nào được lưu. Hãy liên hệ cán bộ phụ trách \
         bảo vệ bí mật nhà nước của cơ quan.",
        "Documents with a secrecy mark must not enter this system; nothing was stored. Turn to your agency's officer for \
         state secrets.",
    )
}

/// Some recipients are no agencies.
pub(crate) fn unknown_recipients(ids: &[String], violations: Violations) -> Fault {
    let count = ids.len();
    fault(
        Code::InvalidArgument,
        "UNKNOWN_RECIPIENT",
        &format!("Có {count} nơi nhận không phải là cơ quan trong danh bạ. Hãy chọn lại."),
        &format!("{count} recipient(s) are no agency of the directory. Choose again."),
    )
    .with("recipients", ids[..ids.len().min(RECIPIENTS_TOLD)].join(","))
    .at_fields(violations)
}

/// A file without bytes.
pub(crate) fn file_empty() -> Fault {
    fault(Code::InvalidArgument, "FILE_EMPTY", "Tệp không có nội dung.", "The file holds no bytes.")
}

/// A file over the limit.
pub(crate) fn file_too_large(limit: u64) -> Fault {
    let megabytes = limit >> 20;
    fault(
        Code::ResourceExhausted,
        "FILE_TOO_LARGE",
        &format!("Tệp lớn hơn giới hạn {megabytes} MiB."),
        &format!("The file is larger than the limit of {megabytes} MiB."),
    )
    .with("limit_bytes", limit)
}

/// A file that is not what its name says.
pub(crate) fn file_type_mismatch(file_name: &str, found: &str) -> Fault {
    fault(
        Code::InvalidArgument,
        "FILE_TYPE_MISMATCH",
        &format!("Nội dung tệp không đúng với phần mở rộng của tên (nội dung là {found})."),
        &format!("The content of the file is not what its name says (it is {found})."),
    )
    .with("file_name", file_name)
    .with("found", found)
}

/// A type of file that is not taken.
pub(crate) fn file_type_not_allowed(file_name: &str, allowed: &str) -> Fault {
    fault(
        Code::InvalidArgument,
        "FILE_TYPE_NOT_ALLOWED",
        &format!("Không nhận loại tệp này. Các loại được nhận: {allowed}."),
        &format!("Files of this type are not taken. Taken are: {allowed}."),
    )
    .with("file_name", file_name)
    .with("allowed", allowed)
}

/// What the file store answered.
pub(crate) fn blob(error: BlobError) -> Fault {
    if error.is_temporary() { Fault::unavailable(error) } else { Fault::internal(error) }
}
