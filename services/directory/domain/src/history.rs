use base::{Date, Timestamp, Uuid};

use crate::{Period, Place, Unit, UnitKind};

/// A unit through time: what it was called and where it stood, day by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitHistory {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change; 1 when new.
    pub revision: i64,
    /// What it was, period after period without a gap; never empty.
    pub versions: Vec<Version>,
    /// What it was known as; the code covers every day of the unit.
    pub identifiers: Vec<Identifier>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a unit was during a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When.
    pub period: Period,
    /// What.
    pub traits: Traits,
    /// The agency it belonged to; itself, if it was one.
    pub agency_id: Uuid,
}

/// What may change about a unit from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// Official name.
    pub name: String,
    /// What stands for it in the symbol of documents.
    pub abbreviation: String,
    /// What it is.
    pub kind: UnitKind,
    /// The unit directly above; none for a root.
    pub parent_id: Option<Uuid>,
    /// Official mailbox; may be empty.
    pub email: String,
    /// Postal address; may be empty.
    pub address: String,
    /// Telephone; may be empty.
    pub phone: String,
}

/// The traits that a change sets; the others stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch {
    /// Official name.
    pub name: Option<String>,
    /// Abbreviation.
    pub abbreviation: Option<String>,
    /// The unit directly above; `Some(None)` makes it a root.
    pub parent_id: Option<Option<Uuid>>,
    /// What it is.
    pub kind: Option<UnitKind>,
    /// Mailbox.
    pub email: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// An identifier that a unit bore during a period.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identifier {
    /// By which rule it was given.
    pub scheme: Scheme,
    /// The identifier.
    pub value: String,
    /// Whether it was made up for sample data.
    pub synthetic: bool,
    /// When.
    pub period: Period,
}

/// By which rule an identifier was given; see `congvan.directory.v1.IdentifierScheme`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// Decision 20/2020/QĐ-TTg: up to 35 characters, level 1 at the left. The code of the unit.
    Decision20,
    /// Decision 28/2018/QĐ-TTg: 13 characters in four groups, level 1 at the right.
    Decision28,
    /// Statistical code of a commune, five digits.
    Statistical,
    /// Any other list.
    Other,
}

/// Why a unit cannot be changed from the day asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotThen {
    /// It does not exist on that day.
    Absent,
    /// Something is recorded for a later day already, which the change would contradict.
    LaterChange(Date),
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 4] = [Self::Decision20, Self::Decision28, Self::Statistical, Self::Other];

    /// Its name in the contracts, without prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decision20 => "DECISION_20",
            Self::Decision28 => "DECISION_28",
            Self::Statistical => "STATISTICAL",
            Self::Other => "OTHER",
        }
    }

    /// The scheme with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// The scheme with this number in the contracts.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }
}

impl UnitHistory {
    /// A unit that begins with these traits. Its agency is settled by the tree.
    pub fn begin(id: Uuid, traits: Traits, code: Identifier, now: Timestamp) -> Self {
        let version = Version { period: code.period, traits, agency_id: id };
        let (created_at, updated_at) = (now, now);
        Self { id, revision: 1, versions: vec![version], identifiers: vec![code], created_at, updated_at }
    }

    /// The days on which it exists.
    pub fn period(&self) -> Period {
        let first = self.versions.first().map_or(Period::END, |version| version.period.from);
        let last = self.versions.last().map_or(Period::END, |version| version.period.until);
        Period { from: first, until: last }
    }

    /// What it was on a day.
    pub fn version(&self, on: Date) -> Option<&Version> {
        self.versions.iter().find(|version| version.period.contains(on))
    }

    /// Where it stood on a day.
    pub fn place(&self, on: Date) -> Option<Place> {
        let version = self.version(on)?;
        Some(Place { kind: version.traits.kind, parent_id: version.traits.parent_id })
    }

    /// The identifier of a scheme that it bore on a day.
    pub fn identifier(&self, scheme: Scheme, on: Date) -> Option<&Identifier> {
        self.identifiers.iter().find(|one| one.scheme == scheme && one.period.contains(on))
    }

    /// The unit as it was on a day; none if it did not exist.
    pub fn on(&self, day: Date) -> Option<Unit> {
        let version = self.version(day)?;
        let code = self.identifier(Scheme::Decision20, day);
        let traits = version.traits.clone();
        Some(Unit {
            id: self.id,
            revision: self.revision,
            code: code.map(|code| code.value.clone()).unwrap_or_default(),
            synthetic_code: code.is_some_and(|code| code.synthetic),
            name: traits.name,
            abbreviation: traits.abbreviation,
            kind: traits.kind,
            parent_id: traits.parent_id,
            agency_id: version.agency_id,
            email: traits.email,
            address: traits.address,
            phone: traits.phone,
            period: self.period(),
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }

    /// Changes traits from a day on. What was recorded for later days stays: a trait is carried forward as far as it was the
    /// same as on that day.
    pub fn change(&mut self, from: Date, patch: &Patch) -> Result<(), NotThen> {
        let start = self.split(from)?;
        let versions = &mut self.versions[start..];
        carry(versions, patch.name.as_ref(), |traits| &mut traits.name);
        carry(versions, patch.abbreviation.as_ref(), |traits| &mut traits.abbreviation);
        carry(versions, patch.parent_id.as_ref(), |traits| &mut traits.parent_id);
        carry(versions, patch.kind.as_ref(), |traits| &mut traits.kind);
        carry(versions, patch.email.as_ref(), |traits| &mut traits.email);
        carry(versions, patch.address.as_ref(), |traits| &mut traits.address);
        carry(versions, patch.phone.as_ref(), |traits| &mut traits.phone);
        self.join();
        Ok(())
    }

    /// Gives it an identifier from a day on; the one it bore in that scheme ends.
    pub fn identify(&mut self, identifier: Identifier) -> Result<(), NotThen> {
        let from = identifier.period.from;
        self.version(from).ok_or(NotThen::Absent)?;
        let same = |one: &Identifier| one.scheme == identifier.scheme;
        if let Some(later) = self.identifiers.iter().find(|one| same(one) && one.period.from > from) {
            return Err(NotThen::LaterChange(later.period.from));
        }
        for one in self.identifiers.iter_mut().filter(|one| same(one)) {
            one.period = one.period.ending(from);
        }
        self.identifiers.retain(|one| !one.period.is_empty());
        self.identifiers.push(identifier);
        Ok(())
    }

    /// Ends it: `on` is the first day on which it is no more.
    pub fn close(&mut self, on: Date) -> Result<(), NotThen> {
        let period = self.period();
        if on <= period.from || !period.is_open() && on >= period.until {
            return Err(NotThen::Absent);
        }
        if let Some(later) = self.versions.iter().find(|version| version.period.from >= on) {
            return Err(NotThen::LaterChange(later.period.from));
        }
        for version in &mut self.versions {
            version.period = version.period.ending(on);
        }
        for identifier in &mut self.identifiers {
            identifier.period = identifier.period.ending(on);
        }
        self.identifiers.retain(|identifier| !identifier.period.is_empty());
        Ok(())
    }

    /// Takes back that it ends: what it was on its last day goes on. Tells the day on which it was to end; none if it has no end.
    pub fn reopen(&mut self) -> Option<Date> {
        let Period { until: end, .. } = self.period();
        if end == Period::END {
            return None;
        }
        if let Some(last) = self.versions.last_mut() {
            last.period.until = Period::END;
        }
        for identifier in self.identifiers.iter_mut().filter(|one| one.period.until == end) {
            identifier.period.until = Period::END;
        }
        Some(end)
    }

    /// Gives it its agency on a day and on those after it up to the next version.
    pub(crate) fn settle(&mut self, from: Date, agency_id: Uuid) {
        let known = self.version(from).is_none_or(|version| version.agency_id == agency_id);
        if !known && let Ok(start) = self.split(from) {
            self.versions[start].agency_id = agency_id;
        }
    }

    /// Notes a change.
    pub fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
    }

    /// Begins a version on a day, alike the one of that day; where it stands among the versions.
    fn split(&mut self, from: Date) -> Result<usize, NotThen> {
        let holds = |version: &Version| version.period.contains(from);
        let at = self.versions.iter().position(holds).ok_or(NotThen::Absent)?;
        if self.versions[at].period.from == from {
            return Ok(at);
        }
        let mut next = self.versions[at].clone();
        self.versions[at].period.until = from;
        next.period.from = from;
        self.versions.insert(at + 1, next);
        Ok(at + 1)
    }

    /// Joins versions that follow each other and do not differ.
    pub(crate) fn join(&mut self) {
        self.versions.dedup_by(|next, before| {
            let alike = next.traits == before.traits && next.agency_id == before.agency_id;
            if alike {
                before.period.until = next.period.until;
            }
            alike
        });
    }
}

fn carry<T: PartialEq + Clone>(
    versions: &mut [Version],
    new: Option<&T>,
    field: impl Fn(&mut Traits) -> &mut T,
) {
    let (Some(new), Some(first)) = (new, versions.first_mut()) else { return };
    let old = field(&mut first.traits).clone();
    for version in versions {
        let value = field(&mut version.traits);
        if *value != old {
            break;
        }
        value.clone_from(new);
    }
}
