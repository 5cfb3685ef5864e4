use base::Uuid;

use crate::{Act, CheckSort, Document, Duty, Officer, Place, Post, Process, Rejection, Signatory};

/// Whom a check asks: everybody with a duty in a unit or in a whole agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Asked {
    /// The unit or agency.
    pub unit_id: Uuid,
    /// Whether any unit of it will do: it is an agency.
    pub anywhere: bool,
    /// The duty.
    pub duty: Duty,
}

/// A check of a document, as its process wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// On which level of the process: 1, 2, 3 …
    pub level: i32,
    /// What it is about.
    pub sort: CheckSort,
    /// What the agency calls it.
    pub name: String,
    /// Who makes it.
    pub asked: Asked,
    /// That it was made; none before.
    pub made: Option<Made>,
}

/// That a check was made: what is wrong is not checked but returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// By whom and when.
    pub act: Act,
    /// What was said with it; may be empty.
    pub opinion: String,
}

/// The way of a document through the process that was in force when it was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The version of the process; 0 is the built-in one.
    pub version: i32,
    /// Whether the approval comes before the checks.
    pub approval_first: bool,
    /// The checks in order of their levels. A check is known by its place here: 1, 2, 3 …
    pub checks: Vec<Check>,
    /// Why it was last returned to an earlier level.
    pub returned: Option<String>,
}

impl Asked {
    /// Whether a post makes its holder one of them.
    pub fn is(&self, post: &Post) -> bool {
        let place = if self.anywhere { post.agency_id } else { post.unit_id };
        place == self.unit_id && post.has(self.duty)
    }

    /// How lists find it: what asks the same people has the same key.
    pub fn key(&self) -> String {
        let place = if self.anywhere { "agency" } else { "unit" };
        format!("{place}/{}/{}", self.unit_id, self.duty.number())
    }
}

impl Post {
    /// Whether it brings a duty.
    pub fn has(&self, duty: Duty) -> bool {
        match duty {
            Duty::Member => self.drafts,
            Duty::UnitHead => self.heads_unit,
            Duty::FormatChecker => self.checks_format || self.keeps_registers,
            Duty::DocumentOffice => self.keeps_registers,
            Duty::Leader => self.leads,
        }
    }

    /// Everything that it may be asked as.
    pub fn asked(&self) -> impl Iterator<Item = Asked> {
        let places = [(self.unit_id, false), (self.agency_id, true)];
        let duties = Duty::ALL.into_iter().filter(|duty| self.has(*duty));
        duties.flat_map(move |duty| places.map(|(unit_id, anywhere)| Asked { unit_id, anywhere, duty }))
    }
}

impl Review {
    /// The way of a document of this agency and drafting unit through a process, from its beginning.
    pub fn begin(process: &Process, agency_id: Uuid, drafting_unit_id: Uuid) -> Self {
        let asked = |place, duty| match (place, duty) {
            (Place::DraftingUnit, Duty::UnitHead) if drafting_unit_id == agency_id => {
                Asked { unit_id: agency_id, anywhere: true, duty: Duty::Leader }
            }
            (Place::DraftingUnit, duty) => Asked { unit_id: drafting_unit_id, anywhere: false, duty },
            (Place::Agency, duty) => Asked { unit_id: agency_id, anywhere: true, duty },
            (Place::Unit(unit_id), duty) => Asked { unit_id, anywhere: false, duty },
        };
        let levels = (1..).zip(&process.levels);
        let checks = levels.flat_map(|(level, rules)| {
            rules.iter().map(move |rule| Check {
                level,
                sort: rule.sort,
                name: rule.name.clone(),
                asked: asked(rule.place, rule.duty),
                made: None,
            })
        });
        let (version, approval_first) = (process.version, process.approval_first);
        Self { version, approval_first, checks: checks.collect(), returned: None }
    }

    /// The level whose checks are waited for; one beyond the last when all are made.
    pub fn level(&self) -> i32 {
        let open = self.checks.iter().find(|check| check.made.is_none());
        let last = self.checks.last().map_or(0, |check| check.level);
        open.map_or(last + 1, |check| check.level)
    }

    /// The checks that are waited for, each with its place: 1, 2, 3 …
    pub fn open(&self) -> impl Iterator<Item = (i32, &Check)> {
        let level = self.level();
        let numbered = (1..).zip(&self.checks);
        numbered.filter(move |(_, check)| check.level == level && check.made.is_none())
    }

    /// Whether every check is made.
    pub fn is_complete(&self) -> bool {
        self.checks.iter().all(|check| check.made.is_some())
    }

    /// Records that a check was made. Content and format are never checked by the same person (Article 12).
    pub(crate) fn make(&mut self, number: i32, by: &Officer, made: &Made) -> Result<(), Rejection> {
        let level = self.level();
        let check = self.has(number)?;
        if let Some(before) = &check.made {
            return Err(Rejection::CheckMade { by: before.act.by.clone() });
        }
        if check.level != level {
            return Err(Rejection::ChecksOpen { names: self.open_names() });
        }
        let mut others = self.checks.iter().filter(|other| other.is_other_half(check.sort));
        if let Some(other) = others.find(|other| other.is_by(by.user_id)) {
            return Err(Rejection::CheckedOtherHalf { name: other.name.clone() });
        }
        let places = (1..).zip(&mut self.checks);
        places.filter(|(place, _)| *place == number).for_each(|(_, check)| check.made = Some(made.clone()));
        Ok(())
    }

    /// Makes the checks from a level on void.
    pub(crate) fn void_from(&mut self, level: i32) {
        self.checks.iter_mut().filter(|check| check.level >= level).for_each(|check| check.made = None);
    }

    /// What a check is called, and what was said with it.
    pub(crate) fn said(&self, number: i32) -> Option<String> {
        let check = self.get(number)?;
        let opinion = check.made.as_ref().map(|made| &*made.opinion).filter(|opinion| !opinion.is_empty());
        Some(opinion.map_or_else(|| check.name.clone(), |opinion| format!("{}: {opinion}", check.name)))
    }

    /// The check with this place, which must be there.
    pub(crate) fn has(&self, number: i32) -> Result<&Check, Rejection> {
        self.get(number).ok_or(Rejection::NoSuchCheck { checks: self.checks.len() })
    }

    fn get(&self, number: i32) -> Option<&Check> {
        usize::try_from(number).ok().and_then(|number| self.checks.get(number.checked_sub(1)?))
    }

    /// What the checks are called that are waited for.
    pub(crate) fn open_names(&self) -> Vec<String> {
        self.open().map(|(_, check)| check.name.clone()).collect()
    }

    /// In which post the officer is asked by a check; by a given one, or by any that is waited for.
    pub(crate) fn asks(&self, number: Option<i32>, by: &Officer) -> Option<Signatory> {
        let asked: Vec<Asked> = match number {
            Some(number) => self.get(number).map(|check| check.asked).into_iter().collect(),
            None => self.open().map(|(_, check)| check.asked).collect(),
        };
        by.acting(|post| asked.iter().any(|asked| asked.is(post)))
    }
}

impl Check {
    fn is_other_half(&self, sort: CheckSort) -> bool {
        matches!(
            (self.sort, sort),
            (CheckSort::Content, CheckSort::Format) | (CheckSort::Format, CheckSort::Content)
        )
    }

    fn is_by(&self, user_id: Uuid) -> bool {
        self.made.as_ref().is_some_and(|made| made.act.by.user_id == user_id)
    }
}

/// What a document waits for, and who can supply it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pending<'a> {
    /// The drafter submits it.
    Submission,
    /// A check, known by its place.
    Check(i32, &'a Check),
    /// The approval of whoever may sign it.
    Approval,
    /// The signature of the one who approved it.
    Signature(&'a Signatory),
    /// A number from the document office.
    Number,
    /// The seal, by the document office in person.
    Seal,
    /// The release by the document office.
    Release,
}

impl Document {
    /// What it waits for now; nothing when it is on its way or at its end.
    pub fn pending(&self) -> Vec<Pending<'_>> {
        use crate::StageName;
        let review = self.review.as_ref();
        let checks =
            || review.into_iter().flat_map(Review::open).map(|(place, check)| Pending::Check(place, check));
        match (self.stage.name(), self.stage.approval()) {
            (StageName::Draft, _) => vec![Pending::Submission],
            (StageName::InReview, _) => {
                let checks: Vec<_> = checks().collect();
                let first = review.is_some_and(|review| review.approval_first);
                if first || checks.is_empty() { vec![Pending::Approval] } else { checks }
            }
            (StageName::Approved, Some(approval)) => {
                let checks: Vec<_> = checks().collect();
                if checks.is_empty() { vec![Pending::Signature(&approval.by)] } else { checks }
            }
            (StageName::Signed, _) => vec![Pending::Number],
            (StageName::Numbered, _) => vec![Pending::Seal],
            (StageName::Sealed, _) => vec![Pending::Release],
            _ => Vec::new(),
        }
    }
}
