/// Kind of administrative document (Article 7), in the order of the decree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
}

impl Kind {
    /// Every kind with its case-sensitive abbreviation (Appendix III; công văn and thư công have none).
    pub const ALL: [(Self, &'static str); 29] = [
        (Self::Resolution, "NQ"),
        (Self::Decision, "QĐ"),
        (Self::Directive, "CT"),
        (Self::RegulationCharter, "QC"),
        (Self::Rule, "QyĐ"),
        (Self::Communique, "TC"),
        (Self::Notice, "TB"),
        (Self::Guideline, "HD"),
        (Self::Program, "CTr"),
        (Self::Plan, "KH"),
        (Self::OptionPlan, "PA"),
        (Self::Scheme, "ĐA"),
        (Self::Project, "DA"),
        (Self::Report, "BC"),
        (Self::Minutes, "BB"),
        (Self::Submission, "TTr"),
        (Self::Contract, "HĐ"),
        (Self::OfficialLetter, ""),
        (Self::OfficialTelegram, "CĐ"),
        (Self::Memorandum, "BGN"),
        (Self::Agreement, "BTT"),
        (Self::PowerOfAttorney, "GUQ"),
        (Self::Invitation, "GM"),
        (Self::IntroductionLetter, "GGT"),
        (Self::LeavePermit, "GNP"),
        (Self::DispatchSlip, "PG"),
        (Self::TransferSlip, "PC"),
        (Self::NotificationSlip, "PB"),
        (Self::PublicLetter, ""),
    ];

    /// Its abbreviation; none for công văn and thư công.
    pub fn abbreviation(self) -> Option<&'static str> {
        let (_, abbreviation) = Self::ALL[self as usize];
        (!abbreviation.is_empty()).then_some(abbreviation)
    }

    /// Its number in the contracts and the database: the ordinal in Article 7.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The kind with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index)).map(|(kind, _)| *kind)
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
    const ALL: [Self; 4] = [Self::Normal, Self::Urgent, Self::VeryUrgent, Self::Flash];

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
}

impl Purpose {
    const ALL: [Self; 5] =
        [Self::Execute, Self::Supervise, Self::Report, Self::Coordinate, Self::ForInformation];

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
        for (index, (kind, _)) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
            assert_eq!(Kind::numbered(kind.number()), Some(kind));
        }
        assert_eq!((Kind::numbered(0), Kind::numbered(30), Kind::numbered(-1)), (None, None, None));
        let without: Vec<_> =
            Kind::ALL.into_iter().filter(|(kind, _)| kind.abbreviation().is_none()).collect();
        assert_eq!(without, [(Kind::OfficialLetter, ""), (Kind::PublicLetter, "")]);
    }
}
