use base::Uuid;
use kit::{Fault, Violations};
use tonic::Code;

use super::fault;
use crate::{
    provision::Staged,
    sheet::{Unreadable, limits},
};

/// No such job.
pub(crate) fn no_import(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "IMPORT_NOT_FOUND",
        "Không tìm thấy lượt nhập này; các lượt nhập chỉ được giữ 30 ngày.",
        "There is no such import; imports are kept for 30 days.",
    )
    .with("import_id", id)
}

/// The file has more bytes than are taken.
pub(crate) fn too_large() -> Fault {
    let (mib, rows) = (limits::FILE >> 20, limits::ROWS);
    fault(
        Code::InvalidArgument,
        "IMPORT_TOO_LARGE",
        &format!("Tệp quá lớn: tối đa {mib} MiB và {rows} dòng. Hãy chia tệp thành nhiều phần."),
        &format!("The file is too large: at most {mib} MiB and {rows} rows. Split it into parts."),
    )
    .with("limit_bytes", limits::FILE)
    .with("limit_rows", rows)
}

/// The file cannot be read.
pub(crate) fn unreadable(why: &Unreadable) -> Fault {
    let unreadable = |vi: &str, en: &str| fault(Code::InvalidArgument, "IMPORT_UNREADABLE", vi, en);
    match why {
        Unreadable::TooManyRows | Unreadable::TooMuchText | Unreadable::TooLargeUnpacked => too_large(),
        Unreadable::Empty => unreadable(
            "Tệp không có dòng nào. Dòng đầu phải là tên các cột.",
            "The file has no rows. The first one must name the columns.",
        ),
        Unreadable::NotUnicode { line } => unreadable(
            &format!(
                "Dòng {line} không phải Unicode (có thể là TCVN3, VNI hoặc Windows-1258). Hãy chuyển sang Unicode rồi \
                 lưu tệp dạng “CSV UTF-8”, hoặc gửi tệp XLSX."
            ),
            &format!(
                "Line {line} is not Unicode (it may be TCVN3, VNI or Windows-1258). Convert it to Unicode and save it as \
                 “CSV UTF-8”, or send XLSX."
            ),
        )
        .with("line", line),
        Unreadable::OldExcel => unreadable(
            "Tệp là XLS kiểu cũ hoặc có mật khẩu. Hãy bỏ mật khẩu và lưu lại dạng XLSX.",
            "The file is an old XLS or has a password. Remove the password and save it as XLSX.",
        ),
        Unreadable::Broken(_) => unreadable(
            "Tệp bị hỏng, không đọc được như một bảng tính. Hãy mở và lưu lại dạng XLSX hoặc CSV UTF-8.",
            "The file is damaged and cannot be read as a table. Open it and save it as XLSX or CSV UTF-8.",
        )
        .caused_by(why.clone()),
        Unreadable::NoSuchSheet { name, sheets } => unreadable(
            &format!("Tệp không có trang tính “{name}”; có: {}.", sheets.join(", ")),
            &format!("The file has no sheet “{name}”; it has: {}.", sheets.join(", ")),
        ),
    }
}

/// The job is not one that waits for a commit.
pub(crate) fn not_staged(state: &'static str) -> Fault {
    fault(
        Code::FailedPrecondition,
        "IMPORT_NOT_STAGED",
        "Lượt nhập này không ở trạng thái chờ ghi: có thể đã được ghi, đang ghi hoặc đã hủy. Hãy xem lại trạng thái.",
        "This import does not wait to be committed: it may be written, at work or cancelled. Look at its state.",
    )
    .with("state", state)
}

/// The file has mistakes.
pub(crate) fn has_errors(count: i64) -> Fault {
    fault(
        Code::FailedPrecondition,
        "IMPORT_HAS_ERRORS",
        &format!("Tệp còn {count} lỗi. Hãy sửa tệp theo danh sách lỗi rồi tải lên lại."),
        &format!("The file has {count} mistake(s). Correct it by the list of mistakes and stage it again."),
    )
    .with("error_count", count)
}

/// The directory has changed since the file was compared; every row that this concerns.
pub(crate) fn overtaken(rows: &[Staged]) -> Fault {
    let mut violations = Violations::default();
    for row in rows {
        violations.add(
            format!("rows[{}]", row.row),
            format!("{} đã thay đổi trong danh bạ sau khi so sánh", row.key),
            format!("{} has changed in the directory since it was compared", row.key),
        );
    }
    let count = rows.len();
    fault(
        Code::Aborted,
        "IMPORT_OVERTAKEN",
        &format!("Danh bạ đã thay đổi sau khi so sánh, {count} dòng không còn đúng. Hãy tải tệp lên lại."),
        &format!("The directory has changed since the comparison; {count} row(s) no longer hold. Stage the file again."),
    )
    .with("row_count", count)
    .at_fields(violations)
}

/// What is done cannot be given up.
pub(crate) fn is_done() -> Fault {
    fault(
        Code::FailedPrecondition,
        "IMPORT_DONE",
        "Lượt nhập này đã được ghi xong, không thể hủy. Hãy nhập một tệp khác để sửa.",
        "This import is written and cannot be cancelled. Import another file to correct it.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_being_unreadable_is_told_with_what_to_do() {
        for (why, reason) in [
            (Unreadable::Empty, "IMPORT_UNREADABLE"),
            (Unreadable::NotUnicode { line: 7 }, "IMPORT_UNREADABLE"),
            (Unreadable::TooMuchText, "IMPORT_TOO_LARGE"),
            (Unreadable::Broken("no part".to_owned()), "IMPORT_UNREADABLE"),
        ] {
            let fault = unreadable(&why);
            assert_eq!(fault.reason(), reason);
            assert!(
                fault.text().vi.contains("Hãy") || fault.text().vi.contains("phải"),
                "{}",
                fault.text().vi
            );
        }
        assert!(unreadable(&Unreadable::NotUnicode { line: 7 }).text().vi.starts_with("Dòng 7 "));
    }
}
