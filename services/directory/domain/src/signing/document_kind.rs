/// A kind of administrative document (Decree 30/2020/NĐ-CP, Article 7), known by its name in the contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentKind(&'static str);

impl DocumentKind {
    /// Every kind, by its name in `congvan.documents.v1.DocumentKind` without prefix, in the order of the decree; then
    /// what agencies have beside the 29.
    pub const ALL: [Self; 30] = [
        Self("RESOLUTION"),
        Self("DECISION"),
        Self("DIRECTIVE"),
        Self("REGULATION_CHARTER"),
        Self("RULE"),
        Self("COMMUNIQUE"),
        Self("NOTICE"),
        Self("GUIDELINE"),
        Self("PROGRAM"),
        Self("PLAN"),
        Self("OPTION_PLAN"),
        Self("SCHEME"),
        Self("PROJECT"),
        Self("REPORT"),
        Self("MINUTES"),
        Self("SUBMISSION"),
        Self("CONTRACT"),
        Self("OFFICIAL_LETTER"),
        Self("OFFICIAL_TELEGRAM"),
        Self("MEMORANDUM"),
        Self("AGREEMENT"),
        Self("POWER_OF_ATTORNEY"),
        Self("INVITATION"),
        Self("INTRODUCTION_LETTER"),
        Self("LEAVE_PERMIT"),
        Self("DISPATCH_SLIP"),
        Self("TRANSFER_SLIP"),
        Self("NOTIFICATION_SLIP"),
        Self("PUBLIC_LETTER"),
        Self("OTHER"),
    ];

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.0 == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0
    }
}
