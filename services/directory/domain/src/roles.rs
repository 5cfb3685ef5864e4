use crate::Flaw;

/// What a post allows: a set of the roles of `congvan.directory.v1.Role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles(i64);

impl Roles {
    /// The role that keeps the directory.
    pub const ADMINISTRATOR: Self = Self(1 << 6);

    /// The highest number of a role in the contracts; the lowest is 1.
    const HIGHEST: i32 = 10;

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

    /// As they are stored: bit n stands for role n.
    pub fn bits(self) -> i64 {
        self.0
    }

    /// As they were stored.
    pub fn from_bits(bits: i64) -> Self {
        Self(bits)
    }
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
        assert_eq!(Roles::numbered(&[]), Err(Flaw::Missing));
        for unknown in [0, 11, -1, i32::MAX] {
            assert_eq!(Roles::numbered(&[4, unknown]), Err(Flaw::NoSuchRole));
        }
    }
}
