//! Why kinds, number series and numbers are refused.

use base::Uuid;
use documents_domain::{NoSeries, Register};
use kit::{Fault, Text};
use tonic::Code;

use super::{DOMAIN, fault};

/// No such series in the year.
pub(crate) fn no_series(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "NUMBER_SERIES_NOT_FOUND",
        "Cơ quan không có dãy số này trong năm. Hãy xem danh sách dãy số của cơ quan.",
        "The agency has no such number series in the year. See the list of its series.",
    )
    .with("number_series_id", id)
}

/// A kind that is not in the catalogue of the agency.
pub(crate) fn no_kind(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "DOCUMENT_KIND_NOT_FOUND",
        "Không có loại văn bản này trong danh mục của cơ quan. Văn thư hoặc lãnh đạo cơ quan có thể bổ sung vào danh mục.",
        "There is no such kind in the agency's catalogue. Its document office or leaders can add it.",
    )
    .with("other_kind_id", id)
}

/// Numbers were taken: what is numbered how does not change in the year any more.
pub(crate) fn numbers_taken(register: Register, last: i64) -> Fault {
    let Register { series, year, .. } = register;
    let (vi, en) = if series.is_common() {
        ("dãy số chung".to_owned(), "the common series".to_owned())
    } else {
        (format!("dãy số {series}"), format!("series {series}"))
    };
    let next = year + 1;
    let text = Text::new(
        format!(
            "Năm {year}, {vi} đã cấp đến số {last}; cách đánh số chỉ đổi được trước số đầu tiên của năm (Điều 15 Nghị định \
             30/2020/NĐ-CP). Hãy đặt cho năm {next}."
        ),
        format!(
            "In {year}, {en} has come to number {last}; how an agency numbers changes only before the first number of the year \
             (Article 15, Decree 30/2020/NĐ-CP). Lay it down for {next}."
        ),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "NUMBERS_TAKEN", text)
        .with("series", series)
        .with("year", year)
        .with("last_number", last)
}

/// The law demands a series of its own, and there is none.
pub(crate) fn no_own_series(missing: NoSeries, id: Uuid) -> Fault {
    let (name, vi, en) = match missing {
        NoSeries::Body => (
            "issuing_body_id",
            "Tổ chức tư vấn đứng tên ban hành phải có dãy số riêng (Điều 15)",
            "An advisory body that is shown as issuer needs a number series of its own (Article 15)",
        ),
        NoSeries::Normative => (
            "other_kind_id",
            "Mỗi loại văn bản quy phạm pháp luật phải có dãy số riêng (Điều 15)",
            "A legal normative kind needs a number series of its own (Article 15)",
        ),
    };
    let text = Text::new(
        format!("{vi}. Lãnh đạo hoặc văn thư cơ quan cần đặt dãy số trước."),
        format!("{en}. The agency's leaders or document office must lay it down first."),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "NO_NUMBER_SERIES", text).with(name, id)
}

/// Number and symbol are unique in an agency and a year.
pub(crate) fn notation_taken(notation: &str) -> Fault {
    let text = Text::new(
        format!(
            "Trong năm, cơ quan đã có văn bản mang số {notation} (Điều 15.1). Hãy đổi tên viết tắt của đơn vị đứng tên ban hành trong \
             danh bạ."
        ),
        format!(
            "Another document of the agency bears {notation} in this year (Article 15.1). Change the abbreviation of the issuing \
             unit in the directory."
        ),
    );
    Fault::new(Code::AlreadyExists, DOMAIN, "NOTATION_TAKEN", text).with("notation", notation)
}
