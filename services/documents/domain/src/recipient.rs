use base::Uuid;
use sha2::{Digest, Sha256};

use crate::{Purpose, RecipientKind};

/// To whom a document goes, as the drafter wrote it down or as it is resolved for a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Id of what is addressed; of a rule, made from what it says.
    pub unit_id: Uuid,
    /// Its name when it was written down; empty for a rule.
    pub name: String,
    /// What the document is received for.
    pub purpose: Purpose,
    /// What is addressed.
    pub address: Address,
}

/// What is addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// An agency.
    Agency,
    /// An inner unit of the issuing agency.
    Unit,
    /// A person of the issuing agency.
    Person,
    /// Whoever holds a position of the issuing agency on the day of issue.
    Position,
    /// Whoever belongs to a group on the day of issue.
    Group,
    /// Whoever a rule finds on the day of issue; the rule as the directory's contract encodes it.
    Rule(Vec<u8>),
    /// An agency outside this system.
    External,
}

impl Address {
    /// Its name in the database.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Agency => "AGENCY",
            Self::Unit => "UNIT",
            Self::Person => "PERSON",
            Self::Position => "POSITION",
            Self::Group => "GROUP",
            Self::Rule(_) => "RULE",
            Self::External => "EXTERNAL",
        }
    }

    /// The address with this name; a rule says what is given with it.
    pub fn coded(code: &str, rule: Vec<u8>) -> Option<Self> {
        Some(match code {
            "AGENCY" => Self::Agency,
            "UNIT" => Self::Unit,
            "PERSON" => Self::Person,
            "POSITION" => Self::Position,
            "GROUP" => Self::Group,
            "RULE" => Self::Rule(rule),
            "EXTERNAL" => Self::External,
            _ => return None,
        })
    }

    /// What a delivery to it is made to; none for what stands for others, or is not reached.
    pub fn kind(&self) -> Option<RecipientKind> {
        match self {
            Self::Agency => Some(RecipientKind::Agency),
            Self::Unit => Some(RecipientKind::Unit),
            Self::Person => Some(RecipientKind::Person),
            Self::Position | Self::Group | Self::Rule(_) | Self::External => None,
        }
    }
}

/// Somebody who was addressed more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// The one delivery that is made.
    pub recipient: Recipient,
    /// The purposes that were named, the strongest first.
    pub purposes: Vec<Purpose>,
}

/// Folds those who are addressed more than once into one, for the strongest of the purposes, in the place where they stood first.
pub fn fold(recipients: Vec<Recipient>) -> (Vec<Recipient>, Vec<Folded>) {
    let mut kept: Vec<Recipient> = Vec::with_capacity(recipients.len());
    let mut places = std::collections::HashMap::new();
    let mut named: std::collections::BTreeMap<usize, Vec<Purpose>> = std::collections::BTreeMap::new();
    for recipient in recipients {
        let Some(&place) = places.get(&recipient.unit_id) else {
            places.insert(recipient.unit_id, kept.len());
            kept.push(recipient);
            continue;
        };
        let first: &mut Recipient = &mut kept[place];
        let purposes = named.entry(place).or_insert_with(|| vec![first.purpose]);
        purposes.push(recipient.purpose);
        if recipient.purpose.strength() > first.purpose.strength() {
            first.purpose = recipient.purpose;
        }
    }
    let folded = named.into_iter().map(|(place, mut purposes)| {
        purposes.sort_by_key(|purpose| std::cmp::Reverse(purpose.strength()));
        Folded { recipient: kept[place].clone(), purposes }
    });
    let folded = folded.collect();
    (kept, folded)
}

/// The id by which a rule is known among recipients: the same for the same rule.
pub fn rule_id(rule: &[u8]) -> Uuid {
    let hash: [u8; 32] = Sha256::digest(rule).into();
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(id)
}
