use base::{Date, Uuid};

use super::{Absence, StandIn, handed_over};
use crate::{Conflict, Period, Roles};

/// A stand-in that somebody wants to name, with what must be known to judge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The position.
    pub position_id: Uuid,
    /// The agency of the position.
    pub agency_id: Uuid,
    /// What the position allows.
    pub roles: Roles,
    /// The appointments of the holder who will be away, to this position.
    pub held: Vec<Period>,
    /// That holder.
    pub absent_person_id: Uuid,
    /// Who is to stand in.
    pub person_id: Uuid,
    /// The posts of that person.
    pub posts: Vec<OwnPost>,
    /// When.
    pub period: Period,
    /// The day on which it is proposed.
    pub today: Date,
}

/// A post of whoever is to stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnPost {
    /// The agency.
    pub agency_id: Uuid,
    /// What it allows.
    pub roles: Roles,
    /// The days of the appointment.
    pub period: Period,
}

/// Why somebody cannot stand in like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandInFlaw {
    /// It ends on its first day, or before.
    EndsBeforeItBegins,
    /// It begins before today: nobody can have done the work of a day gone by.
    BeginsInThePast,
    /// Nobody stands in for oneself.
    ForOneself,
    /// The person who is away does not hold the position all that time.
    NotHeld,
    /// Whoever is to stand in has no post in the agency all that time.
    NotOfTheAgency,
    /// The duties of both must be kept apart.
    Apart(Conflict),
    /// This stand-in is named for the same holder and position at the same time.
    Overlaps(Uuid),
    /// They would stand in for each other: this is the other way round.
    Circle(Uuid),
    /// Whoever is to stand in is stood in for at that time.
    IsStoodInFor(Uuid),
    /// Whoever is to stand in is absent at that time.
    IsAbsent(Uuid),
}

impl Proposal {
    /// Everything that is wrong with it; `others` are the stand-ins and `absences` the absences of all whom it concerns.
    pub fn flaws(&self, others: &[StandIn], absences: &[Absence]) -> Vec<StandInFlaw> {
        let mut flaws = Vec::new();
        if self.period.is_empty() {
            flaws.push(StandInFlaw::EndsBeforeItBegins);
        }
        if self.period.from < self.today {
            flaws.push(StandInFlaw::BeginsInThePast);
        }
        if !self.held.iter().any(|held| held.covers(self.period)) {
            flaws.push(StandInFlaw::NotHeld);
        }
        if self.person_id == self.absent_person_id {
            flaws.push(StandInFlaw::ForOneself);
            return flaws;
        }
        flaws.extend(self.flaws_of_posts());
        for other in others.iter().filter(|other| other.period.overlaps(self.period)) {
            let same =
                other.position_id == self.position_id && other.absent_person_id == self.absent_person_id;
            let is_away = other.absent_person_id == self.person_id;
            if same {
                flaws.push(StandInFlaw::Overlaps(other.id));
            } else if is_away && other.person_id == self.absent_person_id {
                flaws.push(StandInFlaw::Circle(other.id));
            } else if is_away {
                flaws.push(StandInFlaw::IsStoodInFor(other.id));
            }
        }
        let absent = absences.iter().filter(|absence| absence.person_id == self.person_id);
        let then = absent.filter(|absence| absence.period.overlaps(self.period));
        flaws.extend(then.map(|absence| StandInFlaw::IsAbsent(absence.id)));
        flaws
    }

    /// What the own posts of whoever is to stand in have against it.
    fn flaws_of_posts(&self) -> Vec<StandInFlaw> {
        let here = |post: &OwnPost| post.agency_id == self.agency_id && post.period.covers(self.period);
        let belongs = self.posts.iter().any(here);
        let then = self.posts.iter().filter(|post| post.period.overlaps(self.period));
        let duties = then.fold(handed_over(self.roles), |duties, post| duties.and(post.roles));
        let apart = duties.conflict().map(StandInFlaw::Apart);
        (!belongs).then_some(StandInFlaw::NotOfTheAgency).into_iter().chain(apart).collect()
    }
}
