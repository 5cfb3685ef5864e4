use base::Uuid;

use crate::{Document, Officer, Post, Rejection, Signatory, Who};

/// Something an officer may or may not do to a document of the issuing agency by the posts held. Approval and signature need a
/// [`crate::Mandate`] instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Read it.
    Read,
    /// Rewrite, attach, submit.
    Draft,
    /// Return it, whoever's decision it waits for: as a leader.
    SendBack,
    /// Number, release, take the release back, void.
    Issue,
    /// Put the seal of the agency on it.
    Seal,
}

/// Whether the officer may; in which post.
pub fn may(officer: &Officer, action: Action, document: &Document) -> Result<Signatory, Rejection> {
    let agency = document.agency_id;
    let (acting, who) = match action {
        Action::Read => {
            let scope = Scope::of(officer);
            let acting = scope.reads(document).then(|| officer.acting(|_| true)).flatten();
            (acting, Who::MemberOfDraftingUnit)
        }
        Action::Draft => {
            let drafter = document.drafter.user_id == officer.user_id;
            let unit = document.drafting_unit_id;
            let acting = officer.acting(|post| drafter && post.drafts && post.unit_id == unit);
            (acting, Who::Drafter)
        }
        Action::SendBack => (officer.acting(|post| post.leads && post.agency_id == agency), Who::Decider),
        Action::Issue => {
            (officer.acting(|post| post.keeps_registers && post.agency_id == agency), Who::DocumentOffice)
        }
        Action::Seal => {
            let keeps = |post: &Post| post.keeps_registers && post.in_person && post.agency_id == agency;
            (officer.acting(keeps), Who::DocumentOfficeInPerson)
        }
    };
    acting.ok_or(Rejection::NotAllowed(who))
}

/// What an officer may read of what the own agencies send; a list query binds exactly this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Everything of these agencies: the officer leads them or is their document office.
    pub agencies: Vec<Uuid>,
    /// What these units draft: the officer has a drafting post there.
    pub units: Vec<Uuid>,
    /// What checks ask of the officer: the [keys](crate::Asked::key) of every way to be asked.
    pub asked: Vec<String>,
}

impl Scope {
    /// The scope of an officer.
    pub fn of(officer: &Officer) -> Self {
        let units = officer.posts.iter().filter(|post| post.drafts).map(|post| post.unit_id).collect();
        let asked = officer.posts.iter().flat_map(Post::asked).map(|asked| asked.key()).collect();
        Self { agencies: officer.overseen_agencies(), units, asked }
    }

    /// Whether a document lies in it.
    pub fn reads(&self, document: &Document) -> bool {
        let checks = document.review.iter().flat_map(|review| &review.checks);
        self.agencies.contains(&document.agency_id)
            || self.units.contains(&document.drafting_unit_id)
            || checks.into_iter().any(|check| self.asked.contains(&check.asked.key()))
    }
}
