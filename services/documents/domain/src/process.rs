//! How an agency has its drafts checked before they are signed (Decree 30/2020/NĐ-CP, Articles 11 and 12).

use base::Uuid;

/// What a check is about, in the order of the contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckSort {
    /// Content: the head of the drafting unit answers for it (Article 12.1).
    Content,
    /// Format, technique and procedure of issue: whoever is charged with it answers for it (Article 12.2).
    Format,
    /// An opinion (tham gia ý kiến).
    Consultation,
}

/// What makes somebody fit to check, in the order of the contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duty {
    /// Anybody who drafts there.
    Member,
    /// Heads the unit. Where the agency itself drafts, a leader of the agency takes that part.
    UnitHead,
    /// Is charged with checking the format, or is the document office.
    FormatChecker,
    /// Is the document office.
    DocumentOffice,
    /// Leads the agency: head or deputy.
    Leader,
}

/// Where whoever checks is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the unit that drafts.
    DraftingUnit,
    /// Anywhere in the issuing agency.
    Agency,
    /// In this unit of it.
    Unit(Uuid),
}

/// One check of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRule {
    /// What it is about.
    pub sort: CheckSort,
    /// What the agency calls it.
    pub name: String,
    /// Where whoever makes it is.
    pub place: Place,
    /// And what that person is there.
    pub duty: Duty,
}

/// A process, in one version. Levels follow each other; the checks of one level run beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// 1, 2, 3 … in the agency; 0 is the built-in one.
    pub version: i32,
    /// Whether whoever will sign approves before the checks, as the decree orders it, and not after them.
    pub approval_first: bool,
    /// The levels, each with at least one check.
    pub levels: Vec<Vec<CheckRule>>,
}

/// What is wrong with a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessFlaw {
    /// There are none, or more than ten levels.
    Levels,
    /// The level with this index has none, or more than ten checks.
    Checks(usize),
    /// Nobody checks this, which the law wants checked.
    Missing(CheckSort),
}

/// Levels of a process, and checks of a level, at most.
const MOST: usize = 10;

impl CheckSort {
    /// Every sort.
    pub const ALL: [Self; 3] = [Self::Content, Self::Format, Self::Consultation];

    /// Its number in the contracts and the database.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The sort with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.number() == number)
    }
}

impl Duty {
    /// Every duty.
    pub const ALL: [Self; 5] =
        [Self::Member, Self::UnitHead, Self::FormatChecker, Self::DocumentOffice, Self::Leader];

    /// Its number in the contracts and the database.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The duty with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|duty| duty.number() == number)
    }
}

impl Process {
    /// The process of an agency that has laid down none: content, then format, then the approval of whoever signs.
    pub fn built_in() -> Self {
        let check = |sort, name: &str, place, duty| CheckRule { sort, name: name.to_owned(), place, duty };
        let content = check(CheckSort::Content, "Kiểm tra nội dung", Place::DraftingUnit, Duty::UnitHead);
        let format = check(CheckSort::Format, "Kiểm tra thể thức", Place::Agency, Duty::FormatChecker);
        Self { version: 0, approval_first: false, levels: vec![vec![content], vec![format]] }
    }

    /// Everything that is wrong with it; nothing if documents may go through it.
    pub fn flaws(&self) -> Vec<ProcessFlaw> {
        let mut flaws = Vec::new();
        if !(1..=MOST).contains(&self.levels.len()) {
            flaws.push(ProcessFlaw::Levels);
        }
        let wrong = self.levels.iter().enumerate().filter(|(_, checks)| !(1..=MOST).contains(&checks.len()));
        flaws.extend(wrong.map(|(index, _)| ProcessFlaw::Checks(index)));
        let sorts: Vec<_> = self.levels.iter().flatten().map(|check| check.sort).collect();
        let mandatory = [CheckSort::Content, CheckSort::Format];
        flaws.extend(mandatory.into_iter().filter(|sort| !sorts.contains(sort)).map(ProcessFlaw::Missing));
        flaws
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_process_checks_what_the_law_wants() {
        assert_eq!(Process::built_in().flaws(), []);
    }

    #[test]
    fn every_flaw_is_told_at_once() {
        let rule = Process::built_in().levels[0][0].clone();
        let process = Process { levels: vec![vec![rule; 11], Vec::new()], ..Process::built_in() };
        let wanted =
            [ProcessFlaw::Checks(0), ProcessFlaw::Checks(1), ProcessFlaw::Missing(CheckSort::Format)];
        assert_eq!(process.flaws(), wanted);
        let none = Process { levels: Vec::new(), ..process };
        assert_eq!(none.flaws().len(), 3, "no level and neither check");
    }

    #[test]
    fn numbers_are_those_of_the_contracts() {
        assert!(CheckSort::ALL.iter().all(|sort| CheckSort::numbered(sort.number()) == Some(*sort)));
        assert!(Duty::ALL.iter().all(|duty| Duty::numbered(duty.number()) == Some(*duty)));
        assert_eq!((CheckSort::numbered(0), Duty::numbered(6)), (None, None));
    }
}
