/// Where a document stands at a recipient; the codes of the exchange (Decision 28/2018/QĐ-TTg, Article 10.2h) in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeliveryStatus {
    /// In the inbox (01).
    Arrived,
    /// Refused (02).
    Refused,
    /// Accepted (03).
    Accepted,
    /// Assigned to whoever is to handle it (04).
    Assigned,
    /// Being handled (05).
    InProgress,
    /// Handled (06).
    Completed,
    /// Sent back after it had been accepted: it came to the wrong place, and that was found late (told as 02).
    Returned,
}

impl DeliveryStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Arrived,
        Self::Refused,
        Self::Accepted,
        Self::Assigned,
        Self::InProgress,
        Self::Completed,
        Self::Returned,
    ];

    /// Whether a delivery with this status may get that one next: 01 → 02 or 03; 03 → 04 → 05 → 06, of which 04 and 05 may be
    /// skipped; back to the sender until it is completed. What is assigned may be assigned anew.
    pub fn leads_to(self, next: Self) -> bool {
        match self {
            Self::Arrived => matches!(next, Self::Refused | Self::Accepted),
            Self::Accepted | Self::Assigned => {
                matches!(next, Self::Assigned | Self::InProgress | Self::Completed | Self::Returned)
            }
            Self::InProgress => matches!(next, Self::Completed | Self::Returned),
            Self::Refused | Self::Completed | Self::Returned => false,
        }
    }

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Arrived => "ARRIVED",
            Self::Refused => "REFUSED",
            Self::Accepted => "ACCEPTED",
            Self::Assigned => "ASSIGNED",
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Returned => "RETURNED",
        }
    }

    /// The status with this name.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The status with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}
