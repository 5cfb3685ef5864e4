use base::{Timestamp, Uuid};
use congvan_proto::access::v1::Scope;
use jiff::SignedDuration;

/// What every key begins with, so that people, logs and scanners of leaked secrets know it.
pub(crate) const PREFIX: &str = "cvk_";

/// Longest life of a key: a date a year ahead, also in a leap year.
pub(crate) const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Keys of one person that may last at the same time.
pub(crate) const KEYS: i64 = 20;

/// Characters of the name of a key.
pub(crate) const NAME: usize = 100;

/// What an administrator may give to a key that speaks for another person. The others open business documents, in which
/// administrators have no part: whoever sees the key once could read them.
const FOR_OTHERS: [Scope; 4] = [Scope::DirectoryRead, Scope::DirectoryWrite, Scope::AuditRead, Scope::Scim];

/// What is kept of a key; the key itself is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiKey {
    pub(crate) id: Uuid,
    /// In whose name it calls.
    pub(crate) person_id: Uuid,
    pub(crate) name: String,
    pub(crate) scopes: Scopes,
    pub(crate) created_at: Timestamp,
    pub(crate) creator_id: Uuid,
    pub(crate) expires_at: Timestamp,
    /// To within an hour.
    pub(crate) last_used_at: Option<Timestamp>,
    pub(crate) revoked_at: Option<Timestamp>,
}

/// What a key may be used for: bit n stands for scope n of the contracts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Scopes(i64);

impl Scopes {
    /// The scopes of this number.
    pub(crate) fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// Their number.
    pub(crate) fn bits(self) -> i64 {
        self.0
    }

    /// These and one more.
    #[must_use]
    pub(crate) fn with(self, scope: Scope) -> Self {
        Self(self.0 | 1 << i32::from(scope))
    }

    /// Each scope, in the order of the contracts; those that this version does not know are none.
    pub(crate) fn each(self) -> impl Iterator<Item = Scope> {
        (1..63)
            .filter(move |number| self.0 & (1 << number) != 0)
            .filter_map(|number| Scope::try_from(number).ok())
    }
}

/// Whether an administrator may give this scope to a key of another person.
pub(crate) fn may_be_given_to_others(scope: Scope) -> bool {
    FOR_OTHERS.contains(&scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_bits_in_the_order_of_the_contracts() {
        let scopes = Scopes::default().with(Scope::Scim).with(Scope::DirectoryRead).with(Scope::Scim);
        assert_eq!(scopes.each().collect::<Vec<_>>(), [Scope::DirectoryRead, Scope::Scim]);
        assert_eq!(Scopes::from_bits(scopes.bits()), scopes);
        assert_eq!(Scopes::from_bits(1 << 62).each().count(), 0, "of a version to come");
    }

    #[test]
    fn what_opens_business_documents_is_not_for_administrators_to_give() {
        let business =
            [Scope::DocumentsRead, Scope::DocumentsWrite, Scope::DeliveriesWrite, Scope::NotificationsRead];
        assert!(!business.into_iter().any(may_be_given_to_others));
    }
}
