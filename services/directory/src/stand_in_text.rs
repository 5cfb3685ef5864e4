//! What the rules of standing in have against something, in words.

use directory_domain::{Conflict, StandInFlaw};
use kit::Text;

/// The field at fault, and what is wrong with it.
pub(crate) fn flaw(flaw: StandInFlaw) -> (&'static str, Text) {
    use StandInFlaw as Flaw;
    match flaw {
        Flaw::EndsBeforeItBegins => {
            ("endDate", Text::new("phải sau ngày bắt đầu", "must be after the first day"))
        }
        Flaw::BeginsInThePast => ("startDate", Text::new("sớm nhất là hôm nay", "must be today or later")),
        Flaw::ForOneself => (
            "userId",
            Text::new(
                "không thể tự làm thay; hãy chọn người khác",
                "is the person who is away; choose another",
            ),
        ),
        Flaw::NotHeld => (
            "absentUserId",
            Text::new(
                "không giữ chức vụ này trong suốt thời gian đó; chức vụ trống cần bổ nhiệm người giữ quyền hoặc phụ trách",
                "does not hold the position for all of that time; a vacant one needs an appointment, acting or in charge",
            ),
        ),
        Flaw::NotOfTheAgency => (
            "userId",
            Text::new(
                "không có chức vụ trong cơ quan này trong suốt thời gian đó",
                "has no post in the agency for all of that time",
            ),
        ),
        Flaw::Apart(conflict) => ("userId", apart(conflict)),
        Flaw::Overlaps(id) => (
            "startDate",
            Text::new(
                format!("trùng thời gian với việc làm thay {id}; hãy kết thúc việc đó trước"),
                format!("overlaps the stand-in {id}; end that one first"),
            ),
        ),
        Flaw::Circle(id) => (
            "userId",
            Text::new(
                format!("đang được chính người này làm thay ({id}); không thể làm thay lẫn nhau"),
                format!("is stood in for by that very person ({id}); nobody stands in for each other"),
            ),
        ),
        Flaw::IsStoodInFor(id) => (
            "userId",
            Text::new(
                format!("cũng có người làm thay trong thời gian đó ({id}); hãy chọn người khác"),
                format!("is stood in for at that time ({id}); choose another"),
            ),
        ),
        Flaw::IsAbsent(id) => (
            "userId",
            Text::new(
                format!("cũng vắng mặt trong thời gian đó ({id}); hãy chọn người khác"),
                format!("is absent at that time ({id}); choose another"),
            ),
        ),
    }
}

/// Duties that would come together and must be kept apart.
pub(crate) fn apart(conflict: Conflict) -> Text {
    match conflict {
        Conflict::AdministratorWithBusiness => Text::new(
            "quản trị hệ thống không được làm thay việc xử lý văn bản, và ngược lại",
            "an administrator of the system must not do the work of documents, nor the other way round",
        ),
        Conflict::SecretaryWhoSigns => Text::new(
            "thư ký không được làm thay lãnh đạo, chỉ chuẩn bị",
            "a secretary prepares for a leader and must not stand in for one",
        ),
        Conflict::SealWithSigner => Text::new(
            "văn thư giữ con dấu không được làm thay cấp trưởng, cấp phó, và ngược lại",
            "the document office, which keeps the seal, must not stand in for head or deputy, nor the other way round",
        ),
    }
}
