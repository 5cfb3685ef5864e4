//! Why recalls, and what is recalled, are refused.

use base::{Uuid, legal_date};
use documents_domain::{NoticeFlaw, PartyState, RecallRejection, RecallState, RelationFlaw};
use kit::{Fault, Text, Violations};
use tonic::Code;

use super::{DOMAIN, fault};

/// No such recall, or not for this caller.
pub(crate) fn no_recall(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "RECALL_NOT_FOUND",
        "Không tìm thấy yêu cầu thu hồi này, hoặc bạn không được xem.",
        "There is no such recall, or you may not read it.",
    )
    .with("recall_id", id)
}

/// What the rules of recalls refuse.
pub(super) fn rejected(why: &RecallRejection) -> Fault {
    let failed = |reason, vi: &str, en: &str| fault(Code::FailedPrecondition, reason, vi, en);
    match why {
        RecallRejection::Recalled(state) => recalled(*state),
        RecallRejection::NoNotice(flaw) => no_notice(*flaw),
        RecallRejection::Closed(state) => closed(*state),
        RecallRejection::Agreed => failed(
            "RECALL_AGREED",
            "Đã có nơi nhận đồng ý và hủy văn bản; không thể rút lại yêu cầu thu hồi. Nơi đã hủy cần văn bản thì ban hành văn bản mới.",
            "A recipient has agreed and destroyed the document; the recall cannot be taken back. Issue a new document to whoever needs it.",
        ),
        RecallRejection::NotAsked => failed(
            "RECALL_NOT_ASKED",
            "Không có yêu cầu thu hồi nào chờ cơ quan trả lời đối với văn bản này.",
            "No recall of this document waits for an answer of the agency.",
        ),
        RecallRejection::Answered(state) => answered(*state),
        RecallRejection::DeadlinePassed(deadline) => {
            let day = legal_date(*deadline);
            failed(
                "RECALL_DEADLINE_PASSED",
                &format!("Thời hạn trả lời yêu cầu thu hồi đã hết ngày {day}. Văn thư cơ quan gửi có thể gửi lại yêu cầu."),
                &format!("The deadline of the recall passed on {day}. The document office of the sender can ask again."),
            )
            .with("deadline", deadline)
        }
        RecallRejection::AwaitsAnswer => failed(
            "RECALL_AWAITS_ANSWER",
            "Cơ quan gửi yêu cầu thu hồi văn bản này. Văn thư cơ quan nhận phải đồng ý hoặc từ chối thu hồi trước.",
            "The sender recalls this document. The document office of the recipient has to agree or refuse first.",
        ),
        RecallRejection::Destroyed => failed(
            "DELIVERY_DESTROYED",
            "Văn bản đã bị thu hồi và hủy tại cơ quan nhận; chỉ còn số đến và thông tin về việc thu hồi.",
            "The document was recalled and destroyed at the recipient; only the arrival number and the trace of the recall are left.",
        ),
    }
}

fn state_text(state: RecallState) -> (&'static str, &'static str) {
    match state {
        RecallState::UnderWay => ("đang thu hồi", "under way"),
        RecallState::Complete => ("đã thu hồi xong", "complete"),
        RecallState::Incomplete => {
            ("đã kết thúc, còn nơi giữ văn bản", "over, and somebody still has the document")
        }
        RecallState::Cancelled => ("đã rút lại", "taken back"),
    }
}

fn recalled(state: RecallState) -> Fault {
    let (vi, en) = state_text(state);
    let text = Text::new(
        format!(
            "Văn bản đã bị thu hồi ({vi}) nên bị đóng băng; không thể chuyển tiếp, đôn đốc, thay đổi hoặc thu hồi lần nữa."
        ),
        format!(
            "The document was recalled (the recall is {en}) and is frozen; it is not forwarded, urged, changed or recalled again."
        ),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "DOCUMENT_RECALLED", text).with("state", state.code())
}

fn closed(state: RecallState) -> Fault {
    let (vi, en) = state_text(state);
    let text = Text::new(
        format!("Yêu cầu thu hồi không còn hiệu lực ({vi})."),
        format!("The recall is not under way any more; it is {en}."),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "RECALL_CLOSED", text).with("state", state.code())
}

fn answered(state: PartyState) -> Fault {
    let (vi, en) = match state {
        PartyState::Requested | PartyState::TakenBack => ("chưa trả lời", "not answered"),
        PartyState::Agreed => ("đồng ý", "agreed"),
        PartyState::Refused => ("từ chối", "refused"),
        PartyState::Expired => ("để quá thời hạn", "let the deadline pass"),
        PartyState::NotNeeded => ("từ chối tiếp nhận văn bản từ trước", "had refused the document before"),
    };
    let text = Text::new(
        format!("Cơ quan đã trả lời yêu cầu thu hồi này: {vi}."),
        format!("The agency answered this recall before: it {en}."),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "RECALL_ANSWERED", text).with("state", state.code())
}

fn no_notice(flaw: NoticeFlaw) -> Fault {
    let (vi, en) = match flaw {
        NoticeFlaw::Unknown => ("cơ quan không có văn bản này", "the agency has no such document"),
        NoticeFlaw::NotIssued => ("văn bản chưa được ban hành", "it is not issued yet"),
        NoticeFlaw::Kind => {
            ("văn bản không phải là công văn hoặc thông báo", "it is neither công văn nor thông báo")
        }
        NoticeFlaw::OtherDocument => (
            "văn bản không nêu văn bản này là văn bản bị thu hồi",
            "it does not name this document as the one that it recalls",
        ),
    };
    let text = Text::new(
        format!(
            "Việc thu hồi cần văn bản thông báo thu hồi do chính cơ quan ban hành (Điều 18 Nghị định 30/2020/NĐ-CP): {vi}."
        ),
        format!(
            "A recall needs a notice issued by the agency itself (Decree 30/2020/NĐ-CP, Article 18): {en}."
        ),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "NO_RECALL_NOTICE", text).with("flaw", flaw.code())
}

/// Relations to earlier documents that the law does not know, each at its place.
pub(super) fn relations(flaws: &[(usize, RelationFlaw)]) -> Fault {
    let mut violations = Violations::default();
    for (place, flaw) in flaws {
        let (vi, en) = relation_text(flaw);
        violations.add(format!("document.relations[{place}]"), vi, en);
    }
    fault(
        Code::FailedPrecondition,
        "RELATION_NOT_ALLOWED",
        "Văn bản không được đính chính, sửa đổi, thay thế hoặc thu hồi văn bản trước như đã ghi (Điều 18 Nghị định 30/2020/NĐ-CP). \
         Người soạn thảo sửa lại phần văn bản liên quan.",
        "The document may not correct, amend, replace or recall the earlier ones as it says (Decree 30/2020/NĐ-CP, Article 18). Its \
         drafter has to change that.",
    )
    .at_fields(violations)
}

fn relation_text(flaw: &RelationFlaw) -> (String, String) {
    let text = |vi: &str, en: &str| (vi.to_owned(), en.to_owned());
    match flaw {
        RelationFlaw::Unknown => text(
            "cơ quan không có văn bản này; văn bản trả lời có thể nêu văn bản mà cơ quan đã nhận",
            "is no document of the agency; an answer may name one that it received",
        ),
        RelationFlaw::NotIssued => text("chưa được ban hành", "is not issued"),
        RelationFlaw::Recalled => text("đang hoặc đã bị thu hồi", "is being recalled, or was"),
        RelationFlaw::Replaced(by) if by.is_empty() => text(
            "đang được thay thế bằng một văn bản khác",
            "is being replaced by another document at this moment",
        ),
        RelationFlaw::Replaced(by) => (
            format!("đã được thay thế bằng văn bản số {by}; hãy nêu văn bản đó"),
            format!("was replaced by {by}; name that one"),
        ),
        RelationFlaw::NoLetter => text(
            "sai sót về thể thức, kỹ thuật, thủ tục ban hành chỉ được đính chính bằng công văn",
            "an error of form, technique or procedure is corrected by công văn only",
        ),
        RelationFlaw::OtherKind(name) => (
            format!(
                "sai sót về nội dung chỉ được sửa đổi, thay thế bằng văn bản có hình thức tương đương: {name}"
            ),
            format!("an error of content is amended or replaced by the same kind only: {name}"),
        ),
        RelationFlaw::NoNotice => text(
            "chỉ công văn hoặc thông báo được thông báo thu hồi văn bản",
            "only công văn or thông báo tells of a recall",
        ),
    }
}
