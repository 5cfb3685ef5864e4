/// Kind of administrative document (Article 7), in the order of the decree; and the kinds of the catalogue beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the contracts, which explain them")]
pub enum Kind {
    Resolution,
    Decision,
    Directive,
    RegulationCharter,
    Rule,
    Communique,
    Notice,
    Guideline,
    Program,
    Plan,
    OptionPlan,
    Scheme,
    Project,
    Report,
    Minutes,
    Submission,
    Contract,
    OfficialLetter,
    OfficialTelegram,
    Memorandum,
    Agreement,
    PowerOfAttorney,
    Invitation,
    IntroductionLetter,
    LeavePermit,
    DispatchSlip,
    TransferSlip,
    NotificationSlip,
    PublicLetter,
    /// A kind of the catalogue beside the 29.
    Other,
}

impl Kind {
    /// The 29 of the decree with name and case-sensitive abbreviation (Appendix III; công văn and thư công have none).
    const TABLE: [(Self, &'static str, &'static str); 29] = [
        (Self::Resolution, "Nghị quyết (cá biệt)", "NQ"),
        (Self::Decision, "Quyết định (cá biệt)", "QĐ"),
        (Self::Directive, "Chỉ thị", "CT"),
        (Self::RegulationCharter, "Quy chế", "QC"),
        (Self::Rule, "Quy định", "QyĐ"),
        (Self::Communique, "Thông cáo", "TC"),
        (Self::Notice, "Thông báo", "TB"),
        (Self::Guideline, "Hướng dẫn", "HD"),
        (Self::Program, "Chương trình", "CTr"),
        (Self::Plan, "Kế hoạch", "KH"),
        (Self::OptionPlan, "Phương án", "PA"),
        (Self::Scheme, "Đề án", "ĐA"),
        (Self::Project, "Dự án", "DA"),
        (Self::Report, "Báo cáo", "BC"),
        (Self::Minutes, "Biên bản", "BB"),
        (Self::Submission, "Tờ trình", "TTr"),
        (Self::Contract, "Hợp đồng", "HĐ"),
        (Self::OfficialLetter, "Công văn", ""),
        (Self::OfficialTelegram, "Công điện", "CĐ"),
        (Self::Memorandum, "Bản ghi nhớ", "BGN"),
        (Self::Agreement, "Bản thỏa thuận", "BTT"),
        (Self::PowerOfAttorney, "Giấy ủy quyền", "GUQ"),
        (Self::Invitation, "Giấy mời", "GM"),
        (Self::IntroductionLetter, "Giấy giới thiệu", "GGT"),
        (Self::LeavePermit, "Giấy nghỉ phép", "GNP"),
        (Self::DispatchSlip, "Phiếu gửi", "PG"),
        (Self::TransferSlip, "Phiếu chuyển", "PC"),
        (Self::NotificationSlip, "Phiếu báo", "PB"),
        (Self::PublicLetter, "Thư công", ""),
    ];

    /// The 29 of the decree, in its order.
    pub fn decreed() -> impl Iterator<Item = Self> {
        Self::TABLE.into_iter().map(|(kind, ..)| kind)
    }

    /// Its name; empty for a kind of the catalogue.
    pub fn name(self) -> &'static str {
        Self::TABLE.get(self as usize).map_or("", |(_, name, _)| name)
    }

    /// Its abbreviation; none for công văn and thư công, and for a kind of the catalogue.
    pub fn abbreviation(self) -> Option<&'static str> {
        let (_, _, abbreviation) = Self::TABLE.get(self as usize)?;
        (!abbreviation.is_empty()).then_some(*abbreviation)
    }

    /// Its number in the contracts and the database: the ordinal in Article 7, then the catalogue.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The kind with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::decreed().chain([Self::Other]).find(|kind| kind.number() == number)
    }
}

/// Urgency mark, rising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// No mark.
    Normal,
    /// Khẩn.
    Urgent,
    /// Thượng khẩn.
    VeryUrgent,
    /// Hỏa tốc.
    Flash,
}

impl Urgency {
    /// All of them, the least urgent first.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Urgent, Self::VeryUrgent, Self::Flash];

    /// Its number in the contracts and the database.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The urgency with this number; normal when none is given (0).
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number.max(1) - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}

/// What a recipient receives a document for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To carry out.
    Execute,
    /// To check or supervise.
    Supervise,
    /// To be reported to.
    Report,
    /// To exchange work.
    Coordinate,
    /// To be informed.
    ForInformation,
    /// To keep on file (lưu): no receipt is asked of it.
    File,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 6] =
        [Self::Execute, Self::Supervise, Self::Report, Self::Coordinate, Self::ForInformation, Self::File];

    /// How much it asks of the recipient: of several purposes, the strongest counts.
    pub fn strength(self) -> u8 {
        match self {
            Self::Execute => 5,
            Self::Coordinate => 4,
            Self::Supervise => 3,
            Self::Report => 2,
            Self::ForInformation => 1,
            Self::File => 0,
        }
    }

    /// Its number in the contracts and the database.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The purpose with this number; to carry out when none is given (0).
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number.max(1) - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_decree() {
        for (index, kind) in Kind::decreed().enumerate() {
            assert_eq!(kind as usize, index);
            assert_eq!(Kind::numbered(kind.number()), Some(kind));
        }
        let other = Kind::Other;
        assert_eq!((other.number(), other.name(), other.abbreviation()), (30, "", None));
        assert_eq!(Kind::numbered(30), Some(other));
        assert_eq!((Kind::numbered(0), Kind::numbered(31), Kind::numbered(-1)), (None, None, None));
        let without: Vec<_> = Kind::decreed().filter(|kind| kind.abbreviation().is_none()).collect();
        assert_eq!(without, [Kind::OfficialLetter, Kind::PublicLetter]);
        assert_eq!((Kind::Rule.name(), Kind::Rule.abbreviation()), ("Quy định", Some("QyĐ")));
    }
}
