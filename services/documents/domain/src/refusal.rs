/// Why a recipient refuses a document or sends it back (Decree 30/2020/NĐ-CP, Article 21.2; Decision 28/2018/QĐ-TTg, Article 9.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The sort of defect.
    pub code: RefusalCode,
    /// In words; only with [`RefusalCode::Other`] there must be any.
    pub reason: String,
}

/// Sorts of defects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    /// It was sent to the wrong place.
    WrongRecipient,
    /// Its matter is not in the recipient's power.
    NotCompetent,
    /// A file is damaged or missing.
    BrokenFile,
    /// Something that belongs to it was not sent.
    Incomplete,
    /// Its form is not the one prescribed.
    BadFormat,
    /// It bears no valid signature.
    NoSignature,
    /// It came before.
    Duplicate,
    /// Something else.
    Other,
}

impl Refusal {
    /// Why, in the words of the recipient, or else in those of the code, as officials in Vietnam read it.
    pub fn words(&self) -> &str {
        if self.reason.is_empty() { self.code.words() } else { &self.reason }
    }
}

impl RefusalCode {
    /// Every code with its name in the database and its words, in the order of the contracts.
    const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::WrongRecipient, "WRONG_RECIPIENT", "Gửi sai nơi nhận"),
        (Self::NotCompetent, "NOT_COMPETENT", "Không thuộc thẩm quyền giải quyết"),
        (Self::BrokenFile, "BROKEN_FILE", "Tệp bị hỏng hoặc bị thiếu"),
        (Self::Incomplete, "INCOMPLETE", "Thiếu phụ lục hoặc tài liệu kèm theo"),
        (Self::BadFormat, "BAD_FORMAT", "Sai thể thức văn bản"),
        (Self::NoSignature, "NO_SIGNATURE", "Không có chữ ký hợp lệ"),
        (Self::Duplicate, "DUPLICATE", "Đã nhận văn bản này trước đó"),
        (Self::Other, "OTHER", "Lý do khác"),
    ];

    /// How it is stored.
    pub fn code(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// What it says to officials.
    pub fn words(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// The code stored as this.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, stored, _)| *stored == code).map(|(code, ..)| code)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The code with this number; another reason when none is given (0).
    pub fn numbered(number: i32) -> Option<Self> {
        if number == 0 {
            return Some(Self::Other);
        }
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index)).map(|(code, ..)| *code)
    }
}
