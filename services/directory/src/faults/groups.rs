//! Refusals of groups, of external agencies and of identifiers.

use base::{Date, Uuid};
use directory_domain::Scheme;
use kit::Fault;
use tonic::Code;

use super::fault;
use crate::{shape, store::identifier::Bearer};

/// Most ids and names told in one sentence.
const TOLD: usize = 10;

/// No such external agency.
pub(crate) fn no_external_agency(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "EXTERNAL_AGENCY_NOT_FOUND",
        "Không tìm thấy cơ quan ngoài hệ thống này trong danh bạ.",
        "There is no such external agency in the directory.",
    )
    .with("external_agency_id", id)
}

/// Somebody else bears the identifier on some of the days.
pub(crate) fn identifier_taken(bearer: &Bearer) -> Fault {
    let value = &bearer.identifier.value;
    let (start, end) = (shape::start(bearer.identifier.period), shape::end(bearer.identifier.period));
    let days = |from: &str, until: &str, always: &str| match (start.is_empty(), end.is_empty()) {
        (true, true) => always.to_owned(),
        (false, true) => format!("{from} {start}"),
        (true, false) => format!("{until} {end}"),
        (false, false) => format!("{from} {start} {until} {end}"),
    };
    fault(
        Code::AlreadyExists,
        "IDENTIFIER_TAKEN",
        &format!(
            "Mã {value} thuộc về {} ({}). Hãy kiểm tra lại mã hoặc thời gian hiệu lực.",
            bearer.name,
            days("từ ngày", "đến trước ngày", "không thời hạn")
        ),
        &format!(
            "The identifier {value} belongs to {} ({}). Check the identifier or its days.",
            bearer.name,
            days("from", "until before", "without an end")
        ),
    )
    .with("scheme", bearer.identifier.scheme.name())
    .with("value", value)
    .with("bearer_id", bearer.id)
    .with("bearer_name", &bearer.name)
    .with("start_date", &start)
    .with("end_date", &end)
}

/// Nobody bore the identifier on that day.
pub(crate) fn no_bearer(scheme: Scheme, value: &str, on: Date) -> Fault {
    fault(
        Code::NotFound,
        "IDENTIFIER_NOT_FOUND",
        &format!(
            "Không có đơn vị hoặc cơ quan nào mang mã {value} vào ngày {on}. Hãy kiểm tra lại mã và ngày."
        ),
        &format!("No unit or external agency bore the identifier {value} on {on}. Check identifier and day."),
    )
    .with("scheme", scheme.name())
    .with("value", value)
    .with("date", on)
}

/// No such group, or none that the caller may see.
pub(crate) fn no_group(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "GROUP_NOT_FOUND",
        "Không tìm thấy nhóm này trong danh bạ.",
        "There is no such group in the directory.",
    )
    .with("group_id", id)
}

/// Another group of the same kind and owner has the name.
pub(crate) fn group_name_taken(name: &str, id: Uuid) -> Fault {
    fault(
        Code::AlreadyExists,
        "GROUP_NAME_TAKEN",
        &format!("Đã có nhóm tên “{name}”. Hãy chọn tên khác."),
        &format!("There is a group with the name “{name}”. Choose another name."),
    )
    .with("group_id", id)
}

/// The group would belong to itself: the groups of the circle, the same one at both ends.
pub(crate) fn group_circle(circle: &[(Uuid, String)]) -> Fault {
    let way = circle.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" → ");
    fault(
        Code::FailedPrecondition,
        "GROUP_CIRCLE",
        &format!("Nhóm không thể chứa chính nó: {way}. Hãy bỏ một nhóm khỏi vòng này."),
        &format!("A group cannot hold itself: {way}. Take one group out of this circle."),
    )
    .with("group_ids", ids(circle))
}

/// Groups would be nested too deeply.
pub(crate) fn group_too_deep(depth: usize, limit: usize) -> Fault {
    fault(
        Code::FailedPrecondition,
        "GROUP_TOO_DEEP",
        &format!("Các nhóm lồng nhau {depth} tầng, tối đa {limit}. Hãy đưa thành viên thẳng vào nhóm."),
        &format!(
            "Groups would be nested {depth} deep, at most {limit} are allowed. Name the members themselves."
        ),
    )
    .with("depth", depth)
    .with("limit", limit)
}

/// Other groups hold the group.
pub(crate) fn group_in_use(users: &[(Uuid, String)]) -> Fault {
    let told = &users[..users.len().min(TOLD)];
    let names = told.iter().map(|(_, name)| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    let count = users.len();
    fault(
        Code::FailedPrecondition,
        "GROUP_IN_USE",
        &format!("Nhóm đang nằm trong {count} nhóm khác: {names}. Hãy bỏ nhóm khỏi các nhóm đó trước."),
        &format!("The group belongs to {count} other group(s): {names}. Take it out of them first."),
    )
    .with("group_ids", ids(told))
}

/// The group would have too many members.
pub(crate) fn group_too_large(members: usize, limit: usize) -> Fault {
    fault(
        Code::FailedPrecondition,
        "GROUP_TOO_LARGE",
        &format!("Nhóm sẽ có {members} thành viên, tối đa {limit}. Hãy chia thành nhiều nhóm."),
        &format!(
            "The group would have {members} members, at most {limit} are allowed. Make several groups of it."
        ),
    )
    .with("members", members)
    .with("limit", limit)
}

fn ids(groups: &[(Uuid, String)]) -> String {
    groups.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(",")
}
