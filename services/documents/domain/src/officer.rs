use base::{Timestamp, Uuid};

use crate::{Clearance, Mandate, Rejection};

/// The person who gives a command, with the posts held now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Id in the directory.
    pub user_id: Uuid,
    /// Full name.
    pub full_name: String,
    /// The posts.
    pub posts: Vec<Post>,
}

/// A post, and what it means for documents.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a power of its own, and any of them go together")]
pub struct Post {
    /// The agency.
    pub agency_id: Uuid,
    /// Agencies that ended and whose inbox and registers that agency took over.
    pub inherited_agency_ids: Vec<Uuid>,
    /// The unit, which may be the agency itself.
    pub unit_id: Uuid,
    /// Official title.
    pub position: String,
    /// Drafts documents.
    pub drafts: bool,
    /// Belongs to the leadership of the agency: head or deputy.
    pub leads: bool,
    /// Is the document office: numbers, issues, receives.
    pub keeps_registers: bool,
    /// Heads the unit.
    pub heads_unit: bool,
    /// Is charged with checking the format (Article 12.2).
    pub checks_format: bool,
    /// Held by the person who calls, and in a session: not stood in for, and not by an API key.
    pub in_person: bool,
}

/// A person as written down at the time of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Id in the directory.
    pub user_id: Uuid,
    /// Full name then.
    pub full_name: String,
    /// Title then.
    pub position: String,
}

/// Something that a person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub by: Signatory,
    /// When.
    pub at: Timestamp,
}

/// A signature, recorded with the right to it as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Who signed under which title, and when.
    pub act: Act,
    /// In which form, and by what right.
    pub mandate: Mandate,
}

impl Post {
    /// The agency and those that it took over from.
    pub fn agencies(&self) -> impl Iterator<Item = Uuid> {
        std::iter::once(self.agency_id).chain(self.inherited_agency_ids.iter().copied())
    }
}

impl Officer {
    /// The person as written down, in the first post for which `power` holds; none if there is none.
    pub fn acting(&self, power: impl Fn(&Post) -> bool) -> Option<Signatory> {
        self.posts.iter().find(|post| power(post)).map(|post| self.as_holder(post))
    }

    /// The person as written down, in one of the own posts.
    pub fn as_holder(&self, post: &Post) -> Signatory {
        let (user_id, full_name) = (self.user_id, self.full_name.clone());
        Signatory { user_id, full_name, position: post.position.clone() }
    }

    /// The person as the signer that a clearance makes of them, and the mandate; refused with what is missing.
    pub fn cleared<'a>(&self, clearance: &'a Clearance) -> Result<(Signatory, &'a Mandate), Rejection> {
        let answer = clearance.answer.as_ref();
        let (position, mandate) = answer.map_err(|gaps| Rejection::NoMandate(gaps.clone()))?;
        let (user_id, full_name) = (self.user_id, self.full_name.clone());
        Ok((Signatory { user_id, full_name, position: position.clone() }, mandate))
    }

    /// Whether the person belongs to the leadership or the document office of the agency.
    pub fn oversees(&self, agency_id: Uuid) -> bool {
        self.posts.iter().any(|post| post.agency_id == agency_id && (post.leads || post.keeps_registers))
    }

    /// The agencies in which the person belongs to the leadership or the document office, with those that they took over from.
    pub fn overseen_agencies(&self) -> Vec<Uuid> {
        let mut agencies: Vec<_> = self
            .posts
            .iter()
            .filter(|post| post.leads || post.keeps_registers)
            .flat_map(Post::agencies)
            .collect();
        agencies.sort_unstable();
        agencies.dedup();
        agencies
    }
}
