//! Refusals about signing authorities, stand-ins and absences.

use base::{Date, Uuid};
use kit::Fault;
use tonic::Code;

use super::fault;

/// No such authority.
pub(crate) fn no_signing_authority(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "SIGNING_AUTHORITY_NOT_FOUND",
        "Không tìm thấy việc giao ký này.",
        "There is no such signing authority.",
    )
    .with("signing_authority_id", id)
}

/// The authority was revoked or has ended before the day asked for.
pub(crate) fn signing_authority_ended(id: Uuid, since: Date) -> Fault {
    fault(
        Code::FailedPrecondition,
        "SIGNING_AUTHORITY_ENDED",
        &format!("Việc giao ký này không còn hiệu lực từ ngày {since}; không cần thu hồi nữa."),
        &format!("This signing authority has not held since {since}; there is nothing to revoke."),
    )
    .with("signing_authority_id", id)
    .with("date", since)
}

/// No such stand-in.
pub(crate) fn no_stand_in(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "STAND_IN_NOT_FOUND",
        "Không tìm thấy việc cử người làm thay này.",
        "There is no such stand-in.",
    )
    .with("stand_in_id", id)
}

/// The stand-in has ended before the day asked for.
pub(crate) fn stand_in_ended(id: Uuid, since: Date) -> Fault {
    fault(
        Code::FailedPrecondition,
        "STAND_IN_ENDED",
        &format!("Việc cử người làm thay này đã kết thúc từ ngày {since}."),
        &format!("This stand-in has ended on {since} already."),
    )
    .with("stand_in_id", id)
    .with("date", since)
}

/// No such absence.
pub(crate) fn no_absence(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "ABSENCE_NOT_FOUND",
        "Không tìm thấy thời gian vắng mặt này.",
        "There is no such absence.",
    )
    .with("absence_id", id)
}

/// The absence has ended before the day asked for.
pub(crate) fn absence_ended(id: Uuid, since: Date) -> Fault {
    fault(
        Code::FailedPrecondition,
        "ABSENCE_ENDED",
        &format!("Thời gian vắng mặt này đã kết thúc từ ngày {since}."),
        &format!("This absence has ended on {since} already."),
    )
    .with("absence_id", id)
    .with("date", since)
}
