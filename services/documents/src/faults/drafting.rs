//! Refusals about assigned drafting.

use base::Uuid;
use documents_domain::DraftingState;
use kit::{Fault, Text};
use tonic::Code;

use super::{DOMAIN, fault};

/// No such assignment, or not for this caller.
pub(crate) fn no_assignment(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "DRAFTING_ASSIGNMENT_NOT_FOUND",
        "Không tìm thấy việc giao soạn thảo này, hoặc bạn không được xem.",
        "There is no such drafting assignment, or you may not read it.",
    )
    .with("drafting_assignment_id", id)
}

/// Somebody took it, did it or withdrew it.
pub(super) fn closed(state: DraftingState) -> Fault {
    let (vi, en) = match state {
        DraftingState::Open => ("chưa có người nhận", "not taken yet"),
        DraftingState::Taken => ("đã có người nhận soạn thảo", "taken by somebody"),
        DraftingState::Done => ("đã hoàn thành: dự thảo đã được trình", "done: its draft was submitted"),
        DraftingState::Withdrawn => ("đã được rút lại", "withdrawn"),
    };
    let text = Text::new(
        format!(
            "Việc soạn thảo này {vi}. Nếu cần, lãnh đạo cơ quan hoặc trưởng đơn vị giao lại hoặc giao việc mới."
        ),
        format!(
            "This drafting is {en}. Leaders of the agency or the head of the unit assign it again, or another one."
        ),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "DRAFTING_CLOSED", text).with("state", state.code())
}

/// A draft is there.
pub(super) fn begun(document_id: Uuid) -> Fault {
    fault(
        Code::FailedPrecondition,
        "DRAFT_BEGUN",
        "Dự thảo của việc này đã được lập. Hãy tiếp tục trên dự thảo đó, hoặc rút lại việc giao rồi giao việc mới.",
        "The draft of this assignment is begun. Go on with that draft, or withdraw the assignment and make another one.",
    )
    .with("document_id", document_id)
}

/// It was assigned to another unit.
pub(super) fn other_unit() -> Fault {
    fault(
        Code::FailedPrecondition,
        "OTHER_DRAFTING_UNIT",
        "Việc soạn thảo này được giao cho đơn vị khác. Hãy lập dự thảo ở đơn vị được giao.",
        "This drafting is assigned to another unit. Begin the draft in the unit that it is assigned to.",
    )
}
