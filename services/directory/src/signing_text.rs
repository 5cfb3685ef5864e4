//! What the rules of signing have against something, in words.

use directory_domain::{Gap, GrantFlaw, Rank};
use kit::Text;

/// The field at fault, and what is wrong with it.
#[expect(clippy::too_many_lines, reason = "a table: one sentence for each flaw")]
pub(crate) fn flaw(flaw: GrantFlaw) -> (&'static str, Text) {
    use GrantFlaw as Flaw;
    match flaw {
        Flaw::EndsBeforeItBegins => {
            ("endDate", Text::new("phải sau ngày bắt đầu", "must be after the first day"))
        }
        Flaw::NoEnd => (
            "endDate",
            Text::new(
                "bắt buộc: việc ký thừa ủy quyền (TUQ.) phải có thời hạn",
                "is required: an authorisation (TUQ.) is limited in time",
            ),
        ),
        Flaw::NoBasis => (
            "basis",
            Text::new(
                "bắt buộc: hãy ghi số, ký hiệu của văn bản ủy quyền (TUQ.) hoặc quy chế (TL.)",
                "is required: state number and symbol of the authorisation (TUQ.) or of the regulation (TL.)",
            ),
        ),
        Flaw::NoKinds => (
            "documentKinds",
            Text::new(
                "bắt buộc: ký thừa lệnh (TL.) chỉ áp dụng cho một số loại văn bản nêu trong quy chế",
                "is required: an order (TL.) is for the kinds that the regulation names",
            ),
        ),
        Flaw::NoContent => (
            "documentKinds",
            Text::new(
                "hãy nêu loại văn bản hoặc lĩnh vực: việc ký thừa ủy quyền (TUQ.) phải giới hạn về nội dung",
                "must name kinds, or matters be named: an authorisation (TUQ.) is limited in content",
            ),
        ),
        Flaw::ToItself => (
            "granteePositionId",
            Text::new(
                "trùng với chức vụ giao ký; hãy chọn chức vụ khác",
                "is the position it comes from; choose another",
            ),
        ),
        Flaw::NeverSigns => (
            "granteePositionId",
            Text::new(
                "thư ký và quản trị hệ thống không được giao ký",
                "is a secretary's or an administrator's, who never sign",
            ),
        ),
        Flaw::PassesDelegationOn => (
            "grantorPositionId",
            Text::new(
                "chỉ được ủy quyền (TUQ.) và không được ủy quyền lại (Nghị định 30/2020/NĐ-CP, Điều 13)",
                "was only authorised (TUQ.), which is never passed on (Decree 30/2020/NĐ-CP, Article 13)",
            ),
        ),
        Flaw::GrantorIsNotHead => (
            "grantorPositionId",
            Text::new("phải là chức vụ người đứng đầu cơ quan", "must be the position of the agency's head"),
        ),
        Flaw::NoOrderToPassOn => (
            "grantorPositionId",
            Text::new(
                "phải là người đứng đầu cơ quan, hoặc người đứng đầu đơn vị đang được giao ký thừa lệnh (TL.)",
                "must be the agency's head, or the head of a unit who signs by order (TL.) at that time",
            ),
        ),
        Flaw::GranteeIsNoDeputy => (
            "granteePositionId",
            Text::new(
                "phải là cấp phó của chức vụ giao ký",
                "must be a deputy of the position it comes from",
            ),
        ),
        Flaw::GranteeIsNoUnitHead => (
            "granteePositionId",
            Text::new(
                "phải là người đứng đầu một đơn vị thuộc cơ quan",
                "must be the head of a unit of the agency",
            ),
        ),
        Flaw::GranteeIsNoSubordinateHead => (
            "granteePositionId",
            Text::new(
                "phải là người đứng đầu đơn vị thuộc cơ quan hoặc cơ quan trực thuộc",
                "must be the head of a unit, or of an agency directly below",
            ),
        ),
        Flaw::GrantorNotThere => not_there("grantorPositionId"),
        Flaw::GranteeNotThere => not_there("granteePositionId"),
        Flaw::BeyondGrantor => beyond("grantorPositionId"),
        Flaw::BeyondGrantee => beyond("granteePositionId"),
        Flaw::Overlaps(id) => (
            "startDate",
            Text::new(
                format!("trùng thời gian và phạm vi với việc giao ký {id}; hãy thu hồi việc đó trước"),
                format!("overlaps the signing authority {id} in time and scope; revoke that one first"),
            ),
        ),
    }
}

fn not_there(field: &'static str) -> (&'static str, Text) {
    let text = Text::new(
        "chức vụ hoặc đơn vị của chức vụ này không tồn tại trong suốt thời gian đó",
        "does not exist, or its unit does not, for all of that time",
    );
    (field, text)
}

fn beyond(field: &'static str) -> (&'static str, Text) {
    let text = Text::new(
        "không có một người giữ chức vụ này trong suốt thời gian đó; hãy giao trong thời gian bổ nhiệm",
        "is not held by one person for all of that time; stay within the appointment",
    );
    (field, text)
}

/// What is missing to sign, and who can supply it.
pub(crate) fn gap(gap: Gap) -> Text {
    match gap {
        Gap::NoPosition => Text::new(
            "Người này không giữ chức vụ nào được ký văn bản của cơ quan; làm thay không kèm theo quyền ký. Hãy trình người đứng đầu ký.",
            "The person holds no position that signs for the agency; standing in brings no right to sign. Submit it to the head.",
        ),
        Gap::NeverSigns => Text::new(
            "Thư ký và quản trị hệ thống không được ký văn bản. Hãy trình người đứng đầu ký.",
            "Secretaries and administrators never sign. Submit it to the head.",
        ),
        Gap::InChargeOnly => Text::new(
            "Người phụ trách chỉ ký thay (KT.) khi giữ chức vụ cấp phó. Cơ quan bổ nhiệm cần giao quyền (Q.) hoặc bổ nhiệm cấp phó.",
            "Who is in charge signs (KT.) only as a deputy. The appointing authority can give the powers of head (Q.) or appoint a deputy.",
        ),
        Gap::NoAuthority(Rank::Deputy) => Text::new(
            "Chưa có phân công lĩnh vực ký thay (KT.). Người đứng đầu cần phân công và ghi nhận trong danh bạ.",
            "No field was assigned to sign for the head (KT.). The head can assign one and have it recorded.",
        ),
        Gap::NoAuthority(Rank::UnitHead) => Text::new(
            "Chưa được giao ký thừa lệnh (TL.) trong quy chế, cũng chưa được ủy quyền (TUQ.). Người đứng đầu cơ quan cần giao bằng văn bản.",
            "Neither the regulation orders it (TL.) nor was it authorised (TUQ.). The head of the agency can do so in writing.",
        ),
        Gap::NoAuthority(Rank::Other) => Text::new(
            "Chức vụ này không có hình thức ký nào theo Nghị định 30/2020/NĐ-CP. Hãy trình người đứng đầu ký.",
            "Decree 30/2020/NĐ-CP has no form for this position. Submit it to the head.",
        ),
        Gap::NotYet { from, .. } => Text::new(
            format!(
                "Việc giao ký có hiệu lực từ ngày {from}. Hãy chờ đến ngày đó hoặc trình người đứng đầu."
            ),
            format!("The authority holds from {from} on. Wait until then, or submit it to the head."),
        ),
        Gap::Over { until, .. } => Text::new(
            format!("Việc giao ký hết hiệu lực từ ngày {until}. Người đứng đầu có thể giao lại."),
            format!("The authority has not held since {until}. The head can give it again."),
        ),
        Gap::Revoked { from, .. } => Text::new(
            format!("Việc giao ký bị thu hồi từ ngày {from}. Người đứng đầu có thể giao lại."),
            format!("The authority was revoked from {from} on. The head can give it again."),
        ),
        Gap::OtherKind { .. } => Text::new(
            "Việc giao ký không gồm loại văn bản này. Người đứng đầu có thể giao thêm, hoặc tự ký.",
            "The authority is for other kinds of documents. The head can add this one, or sign it.",
        ),
        Gap::OtherMatter { .. } => Text::new(
            "Việc giao ký không gồm lĩnh vực này. Người đứng đầu có thể giao thêm, hoặc tự ký.",
            "The authority is for other matters. The head can add this one, or sign it.",
        ),
        Gap::NoOrderAbove { .. } => Text::new(
            "Người đứng đầu đơn vị không được giao ký thừa lệnh (TL.) văn bản này, nên cấp phó không ký thay được. Quy chế cần giao trước.",
            "The head of the unit has no order (TL.) for this document that a deputy could sign under. The regulation has to give it first.",
        ),
        Gap::NotPassedOn { .. } => Text::new(
            "Người được ủy quyền (TUQ.) không được ủy quyền lại cho người phụ trách. Người đứng đầu cơ quan cần ủy quyền mới.",
            "An authorisation (TUQ.) is not passed on to who is in charge. The head of the agency can authorise anew.",
        ),
        Gap::NobodyGives { .. } => Text::new(
            "Hiện không có người đứng đầu giữ chức vụ đã giao ký. Hãy trình người đang phụ trách cơ quan.",
            "Nobody holds the position that gave the authority. Submit it to whoever is in charge of the agency.",
        ),
    }
}
