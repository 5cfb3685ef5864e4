use std::collections::{BTreeSet, HashSet};

use base::{Timestamp, Uuid};

use crate::{Expression, Flaw, limits, names::line};

/// A named list of members, kept by an agency or for the whole directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change; 1 when new.
    pub revision: i64,
    /// Its name, unique among the groups of its kind that its owner keeps.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What it may hold.
    pub kind: GroupKind,
    /// The agency that keeps it; none for a group of the whole directory.
    pub owner_agency_id: Option<Uuid>,
    /// Who belongs to it by name.
    pub members: BTreeSet<Member>,
    /// Who else belongs to it, by rule.
    pub expression: Option<Expression>,
    /// What another system calls it; may be empty.
    pub external_id: String,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a group may hold; see `congvan.directory.v1.GroupKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupKind {
    /// Whoever a document can be sent to.
    Recipients,
    /// People and groups of people.
    People,
}

/// What belongs to a group; see `congvan.directory.v1.MemberKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MemberKind {
    /// An agency or inner unit.
    Unit,
    /// A partner outside this directory.
    ExternalAgency,
    /// A post, whoever holds it.
    Position,
    /// A person.
    User,
    /// All that belongs to another group.
    Group,
}

/// One that belongs to a group, by kind and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Member {
    /// What it is.
    pub kind: MemberKind,
    /// Which one.
    pub id: Uuid,
}

impl Member {
    /// A unit.
    pub fn unit(id: Uuid) -> Self {
        Self { kind: MemberKind::Unit, id }
    }
}

impl Group {
    /// Every other group that this one holds, by name or in its expression.
    pub fn linked(&self) -> HashSet<Uuid> {
        let by_name = self.members.iter().filter(|member| member.kind == MemberKind::Group);
        let mut linked: HashSet<Uuid> = by_name.map(|member| member.id).collect();
        if let Some(expression) = &self.expression {
            linked.extend(expression.groups());
        }
        linked
    }

    /// Whether it may hold a group of this kind and owner: no more people may see a group through another than may see the
    /// group itself.
    pub fn may_hold(&self, kind: GroupKind, owner_agency_id: Option<Uuid>) -> bool {
        (self.kind == GroupKind::Recipients || kind == GroupKind::People)
            && (owner_agency_id.is_none() || owner_agency_id == self.owner_agency_id)
    }

    /// Notes a change.
    pub fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
    }
}

impl GroupKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Recipients, Self::People];

    /// Its name in the contracts, without prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recipients => "RECIPIENTS",
            Self::People => "PEOPLE",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind with this number in the contracts.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// Whether such a group may hold such a member.
    pub fn takes(self, member: MemberKind) -> bool {
        self == Self::Recipients || matches!(member, MemberKind::User | MemberKind::Group)
    }
}

impl MemberKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Unit, Self::ExternalAgency, Self::Position, Self::User, Self::Group];

    /// Its name in the contracts, without prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "UNIT",
            Self::ExternalAgency => "EXTERNAL_AGENCY",
            Self::Position => "POSITION",
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind with this number in the contracts.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }
}

/// The name of a group.
pub fn group_name(text: &str) -> Result<String, Flaw> {
    line(text, limits::GROUP_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn group(kind: GroupKind, owner: Option<u128>) -> Group {
        Group {
            id: id(1),
            revision: 1,
            name: "Các xã vùng cao".to_owned(),
            description: String::new(),
            kind,
            owner_agency_id: owner.map(id),
            members: BTreeSet::new(),
            expression: None,
            external_id: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn names_and_numbers_lead_back_to_the_kind() {
        for kind in MemberKind::ALL {
            assert_eq!(MemberKind::named(kind.name()), Some(kind));
            assert_eq!(MemberKind::numbered(kind.number()), Some(kind));
        }
        for kind in GroupKind::ALL {
            assert_eq!(GroupKind::named(kind.name()), Some(kind));
            assert_eq!(GroupKind::numbered(kind.number()), Some(kind));
        }
        assert_eq!((MemberKind::numbered(0), GroupKind::numbered(3)), (None, None));
    }

    #[test]
    fn a_group_shows_no_more_than_its_readers_may_see() {
        use GroupKind::{People, Recipients};
        for (holder, held, may) in [
            ((Recipients, None), (Recipients, None), true),
            ((Recipients, None), (People, None), true),
            ((Recipients, None), (Recipients, Some(7)), false),
            ((Recipients, Some(7)), (Recipients, None), true),
            ((Recipients, Some(7)), (Recipients, Some(7)), true),
            ((Recipients, Some(7)), (Recipients, Some(8)), false),
            ((People, None), (Recipients, None), false),
            ((People, None), (People, None), true),
        ] {
            let holder_group = group(holder.0, holder.1);
            assert_eq!(holder_group.may_hold(held.0, held.1.map(id)), may, "{holder:?} {held:?}");
        }
        assert!(!People.takes(MemberKind::Unit) && People.takes(MemberKind::User));
        assert!(MemberKind::ALL.into_iter().all(|member| Recipients.takes(member)));
    }

    #[test]
    fn groups_are_held_by_name_and_by_rule() {
        let mut group = group(GroupKind::Recipients, None);
        group.members.insert(Member { kind: MemberKind::Group, id: id(2) });
        group.members.insert(Member::unit(id(3)));
        group.expression = Some(Expression::Union(vec![Expression::Group(id(4)), Expression::Group(id(2))]));
        assert_eq!(group.linked(), HashSet::from([id(2), id(4)]));
    }
}
