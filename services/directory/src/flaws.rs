//! What is wrong with a value, in words.

use directory_domain::Flaw;
use kit::{Text, Violations};

/// The value of a field; a violation and nothing if it has a flaw.
pub(crate) fn note<T: Default>(violations: &mut Violations, field: &str, read: Result<T, Flaw>) -> T {
    match read {
        Ok(value) => value,
        Err(Flaw::Missing) => {
            violations.missing(field);
            T::default()
        }
        Err(flaw) => {
            let Text { vi, en } = text(flaw);
            violations.add(field, vi, en);
            T::default()
        }
    }
}

/// What is wrong, as the end of a sentence that names the field.
pub(crate) fn text(flaw: Flaw) -> Text {
    match flaw {
        Flaw::Missing => Text::new("bắt buộc phải có", "is required"),
        Flaw::TooShort { length, least } => Text::new(
            format!("dài {length} ký tự, tối thiểu {least}"),
            format!("has {length} characters, at least {least} are needed"),
        ),
        Flaw::TooLong { length, limit } => Text::new(
            format!("dài {length} ký tự, tối đa {limit}"),
            format!("has {length} characters, at most {limit} are allowed"),
        ),
        Flaw::ControlCharacters => {
            Text::new("có ký tự điều khiển hoặc xuống dòng", "holds control characters or line breaks")
        }
        Flaw::NotACode => Text::new(
            "chỉ gồm các nhóm chữ số 0-9 và chữ cái A-Z, cách nhau bằng một dấu chấm",
            "must be groups of 0-9 and A-Z with single dots between them",
        ),
        Flaw::SpaceOrSlash => Text::new(
            "không được có khoảng trắng hoặc dấu gạch chéo",
            "must hold no white space and no slash",
        ),
        Flaw::NotASignInName => Text::new(
            "chỉ gồm chữ thường a-z, chữ số, dấu chấm, gạch nối, gạch dưới, @",
            "must be made of a-z, 0-9, dot, hyphen, underscore, @",
        ),
        Flaw::NotAnEmail => Text::new("không phải là địa chỉ thư điện tử", "is no e-mail address"),
        Flaw::HoldsOwnName => Text::new(
            "không được chứa tên đăng nhập hoặc họ tên của người dùng",
            "must hold neither the sign-in name nor a part of the full name",
        ),
        Flaw::EasilyGuessed => Text::new(
            "quá dễ đoán; hãy dùng vài từ không liên quan đến nhau",
            "is too easily guessed; take a few words that have nothing to do with each other",
        ),
        Flaw::Stolen => Text::new(
            "có trong danh sách mật khẩu đã bị lộ; hãy chọn mật khẩu khác",
            "is on the list of stolen passwords; choose another",
        ),
        Flaw::UsedBefore => {
            Text::new("trùng với một trong 5 mật khẩu gần nhất", "is one of the last 5 passwords")
        }
        Flaw::NotAnOldCode => Text::new(
            "phải gồm 13 ký tự chia thành bốn nhóm cách nhau bằng dấu chấm, ví dụ 000.00.05.H56",
            "must be 13 characters in four groups with dots between them, like 000.00.05.H56",
        ),
        Flaw::NotAStatisticalCode => Text::new("phải gồm đúng 5 chữ số 0-9", "must be five digits 0-9"),
        Flaw::NotAWebAddress => Text::new(
            "phải là địa chỉ web bắt đầu bằng https:// hoặc http://",
            "must be a web address that begins with https:// or http://",
        ),
        Flaw::NoSuchRole => Text::new("có vai trò không tồn tại", "names a role that there is not"),
    }
}
