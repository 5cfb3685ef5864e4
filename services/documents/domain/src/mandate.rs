use base::{Date, Uuid};

/// In which form a document is signed (Article 13), in the order of the contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningForm {
    /// The head signs alone.
    Direct,
    /// The head signs for the collective: TM.
    ForCollective,
    /// The acting head signs: Q.
    Acting,
    /// The acting head signs for the collective: TM. and Q.
    ActingForCollective,
    /// A deputy signs for the head: KT.
    ForHead,
    /// A deputy signs for the collective in place of the head: TM. and KT.
    ForCollectiveAndHead,
    /// The head of a unit signs by order: TL.
    ByOrder,
    /// A deputy of that unit signs for its head: TL. and KT.
    ByOrderForHead,
    /// By written authorisation: TUQ.
    ByDelegation,
}

impl SigningForm {
    /// Every form, in the order of the contracts.
    pub const ALL: [Self; 9] = [
        Self::Direct,
        Self::ForCollective,
        Self::Acting,
        Self::ActingForCollective,
        Self::ForHead,
        Self::ForCollectiveAndHead,
        Self::ByOrder,
        Self::ByOrderForHead,
        Self::ByDelegation,
    ];

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The form with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}

/// The right by which a document is signed, as it stands above the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// In which form.
    pub form: SigningForm,
    /// What is printed above the signature, line by line (Appendix I, Part I.II.7).
    pub lines: Vec<String>,
    /// The authorities that it rests on, from the head down; none for whoever signs by office.
    pub authority_ids: Vec<Uuid>,
}

impl Mandate {
    /// The mandate of a head who signs alone under this title. Signatures from before mandates were kept had no other.
    pub fn direct(position: &str) -> Self {
        Self { form: SigningForm::Direct, lines: vec![position.to_uppercase()], authority_ids: Vec::new() }
    }
}

/// What the directory answered: whether one officer may sign one document on one day. Asked before the command, and good only for
/// the document as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearance {
    /// The revision of the document that was asked about.
    pub revision: i64,
    /// The legal date that was asked about.
    pub on: Date,
    /// The title under which the officer signs and the mandate, or what is missing.
    pub answer: Result<(String, Mandate), Vec<Gap>>,
}

/// Something that an officer lacks to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Its name in the contracts of the directory, without prefix.
    pub reason: String,
    /// What is missing and who can supply it, in the language of the call.
    pub explanation: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_its_number() {
        for form in SigningForm::ALL {
            assert_eq!(SigningForm::numbered(form.number()), Some(form));
        }
        assert_eq!(SigningForm::numbered(0), None);
        assert_eq!(SigningForm::numbered(10), None);
    }
}
