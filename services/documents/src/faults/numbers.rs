//! Why reservations and copies are refused.

use base::Uuid;
use documents_domain::{Medium, NoCopy, SeriesCode};
use kit::{Fault, Text};
use tonic::Code;

use super::{DOMAIN, fault};

/// The numbers of this series follow the order and time of issue.
pub(crate) fn no_reservation_allowed(series: SeriesCode) -> Fault {
    fault(
        Code::FailedPrecondition,
        "RESERVATION_NOT_ALLOWED",
        "Không được giữ số: số của văn bản hành chính lấy theo thứ tự và thời gian ban hành (Điều 15 Nghị định 30/2020/NĐ-CP). Chỉ \
         giữ được số trong dãy số chuyên ngành mà quyết định của người đứng đầu cơ quan quản lý ngành cho phép.",
        "No number is kept: those of administrative documents follow the order and time of issue (Article 15, Decree 30/2020/NĐ-CP). \
         Only in the series of a sector are numbers kept, where the decision of the head of the sector authority lets them be.",
    )
    .with("series", series)
}

/// A number is kept for the document already.
pub(crate) fn reserved(number: i32) -> Fault {
    let text = Text::new(
        format!("Văn bản này đã được giữ số {number:02}. Hãy hủy giữ số đó trước."),
        format!("Number {number:02} is kept for this document already. Cancel that first."),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "RESERVATION_PRESENT", text).with("number", number)
}

/// No number is kept for the document.
pub(crate) fn not_reserved(document_id: Uuid) -> Fault {
    fault(
        Code::FailedPrecondition,
        "NO_RESERVATION",
        "Văn bản này không được giữ số nào, hoặc việc giữ số đã hết hạn.",
        "No number is kept for this document, or not any more.",
    )
    .with("document_id", document_id)
}

/// There is no such copy.
pub(crate) fn no_copy(why: NoCopy) -> Fault {
    let (vi, en) = match why {
        NoCopy::Forward => (
            "Không có sao y, sao lục từ văn bản điện tử sang văn bản điện tử (Điều 25): hãy chuyển tiếp bản gốc điện tử.",
            "From electronic to electronic form there is no sao y or sao lục (Article 25): forward the electronic original.",
        ),
        NoCopy::NotFromTrueCopy => (
            "Sao lục chỉ được lập từ bản sao y; sao y và trích sao lập từ bản gốc hoặc bản chính (Điều 3, Điều 25).",
            "A sao lục is made from a sao y alone; sao y and trích sao from the original or master (Articles 3, 25).",
        ),
        NoCopy::OtherSource(Medium::Paper) => (
            "Bản sao y được nêu là bản giấy; hãy chọn hình thức nguồn là bản giấy.",
            "The sao y that is named is on paper: state paper as the source.",
        ),
        NoCopy::OtherSource(Medium::Electronic) => (
            "Bản sao y được nêu là bản điện tử; hãy chọn hình thức nguồn là điện tử.",
            "The sao y that is named is in electronic form: state this as the source.",
        ),
    };
    fault(Code::FailedPrecondition, "COPY_NOT_ALLOWED", vi, en)
}

/// The document has no such copy.
pub(crate) fn no_source_copy(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "COPY_NOT_FOUND",
        "Văn bản này không có bản sao đó. Số bản sao có trong sổ đăng ký bản sao của cơ quan.",
        "The document has no such copy. The agency's register of copies tells which there are.",
    )
    .with("copy_id", id)
}
