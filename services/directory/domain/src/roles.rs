use crate::Flaw;

/// What a post allows: a set of the roles of `congvan.directory.v1.Role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles(i64);

impl Roles {
    /// No role.
    pub const NONE: Self = Self(0);
    /// Head of the agency.
    pub const AGENCY_HEAD: Self = Self(1 << 1);
    /// Deputy head.
    pub const DEPUTY_HEAD: Self = Self(1 << 2);
    /// Head of an inner unit.
    pub const UNIT_HEAD: Self = Self(1 << 3);
    /// Document office.
    pub const DOCUMENT_OFFICE: Self = Self(1 << 5);
    /// The role that keeps the directory.
    pub const ADMINISTRATOR: Self = Self(1 << 6);
    /// Secretary of a leader.
    pub const SECRETARY: Self = Self(1 << 7);

    /// The highest number of a role in the contracts; the lowest is 1.
    const HIGHEST: i32 = 10;

    /// The names of the roles, the first for number 1.
    const NAMES: [&'static str; Self::HIGHEST as usize] = [
        "AGENCY_HEAD",
        "DEPUTY_HEAD",
        "UNIT_HEAD",
        "OFFICER",
        "DOCUMENT_OFFICE",
        "ADMINISTRATOR",
        "SECRETARY",
        "FOLLOW_UP_OFFICER",
        "FORMAT_CHECKER",
        "ARCHIVIST",
    ];

    /// The roles with these numbers in the contracts; at least one.
    pub fn numbered(numbers: &[i32]) -> Result<Self, Flaw> {
        if numbers.is_empty() {
            return Err(Flaw::Missing);
        }
        numbers.iter().try_fold(Self(0), |Self(bits), &number| {
            let known = (1..=Self::HIGHEST).contains(&number);
            if known { Ok(Self(bits | 1 << number)) } else { Err(Flaw::NoSuchRole) }
        })
    }

    /// Their numbers, ascending.
    pub fn numbers(self) -> Vec<i32> {
        (1..=Self::HIGHEST).filter(|number| self.0 & (1 << number) != 0).collect()
    }

    /// Their names in the contracts, without prefix, in the order of their numbers.
    pub fn names(self) -> Vec<&'static str> {
        let names = Self::NAMES.iter().zip(1..);
        names.filter(|(_, number)| self.0 & (1 << *number) != 0).map(|(name, _)| *name).collect()
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These without the others.
    #[must_use]
    pub fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Whether one of the others is among them.
    pub fn any_of(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether at most one person at a time holds such a position: the head of an agency or of a unit.
    pub fn leads_alone(self) -> bool {
        self.any_of(Self::AGENCY_HEAD.and(Self::UNIT_HEAD))
    }

    /// Two duties that one person must not have at once, if these roles hold such a pair (Decree 30/2020/NĐ-CP, Articles 12
    /// and 32, and Appendix VI: who keeps the system reads no business documents, who prepares for a leader never signs, who
    /// signs does not keep the seal).
    pub fn conflict(self) -> Option<Conflict> {
        let leads = Self::AGENCY_HEAD.and(Self::DEPUTY_HEAD);
        if self.any_of(Self::ADMINISTRATOR) && self.0 & !Self::ADMINISTRATOR.0 != 0 {
            Some(Conflict::AdministratorWithBusiness)
        } else if self.any_of(Self::SECRETARY) && self.any_of(leads.and(Self::UNIT_HEAD)) {
            Some(Conflict::SecretaryWhoSigns)
        } else if self.any_of(Self::DOCUMENT_OFFICE) && self.any_of(leads) {
            Some(Conflict::SealWithSigner)
        } else {
            None
        }
    }

    /// As they are stored: bit n stands for role n.
    pub fn bits(self) -> i64 {
        self.0
    }

    /// As they were stored.
    pub fn from_bits(bits: i64) -> Self {
        Self(bits)
    }
}

/// Duties that must be kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Who keeps the system has no part in business documents.
    AdministratorWithBusiness,
    /// Who prepares for a leader signs nothing.
    SecretaryWhoSigns,
    /// Who signs does not keep the seal and the registers.
    SealWithSigner,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_known_roles() {
        let roles = Roles::numbered(&[5, 4, 5]).unwrap();
        assert_eq!(roles.numbers(), [4, 5]);
        assert_eq!(Roles::from_bits(roles.bits()), roles);
        assert_eq!(Roles::ADMINISTRATOR.numbers(), [6]);
        assert_eq!(Roles::ADMINISTRATOR.and(Roles::AGENCY_HEAD).names(), ["AGENCY_HEAD", "ADMINISTRATOR"]);
        assert_eq!(Roles::numbered(&[]), Err(Flaw::Missing));
        for unknown in [0, 11, -1, i32::MAX] {
            assert_eq!(Roles::numbered(&[4, unknown]), Err(Flaw::NoSuchRole));
        }
    }
}
