use base::{Date, Uuid};

use super::chart::{lead, never_sign};
use crate::{Authority, GrantForm, Period, Roles, Scope, UnitKind};

/// A right to sign that somebody wants to hand on, with what must be known to judge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The agency whose documents are to be signed.
    pub agency_id: Uuid,
    /// How.
    pub form: GrantForm,
    /// The position it comes from.
    pub grantor: Post,
    /// The position it goes to.
    pub grantee: Post,
    /// What may be signed.
    pub scope: Scope,
    /// The first day.
    pub from: Date,
    /// The first day without it; none while no end is stated.
    pub until: Option<Date>,
    /// Number and symbol of the decision or regulation it rests on; may be empty where the law allows that.
    pub basis: String,
}

/// What must be known of a position that gives or gets a right to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub position_id: Uuid,
    /// Its unit.
    pub unit_id: Uuid,
    /// The agency of that unit, on the first day of the grant.
    pub agency_id: Uuid,
    /// What kind of agency that is.
    pub agency_kind: UnitKind,
    /// The agency directly above that one; none for a root.
    pub agency_above: Option<Uuid>,
    /// What the position allows.
    pub roles: Roles,
    /// The days on which both the position and its unit exist.
    pub exists: Period,
    /// The appointments of its holders and acting holders.
    pub held: Vec<Period>,
}

/// Why a right to sign cannot be handed on like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantFlaw {
    /// It ends on its first day, or before.
    EndsBeforeItBegins,
    /// The law limits an authorisation (TUQ.) in time, and no end is stated.
    NoEnd,
    /// The law wants it written, and no basis is stated.
    NoBasis,
    /// The working regulation orders certain kinds (TL.), and none is named.
    NoKinds,
    /// The law limits an authorisation (TUQ.) in content, and neither kinds nor matters are named.
    NoContent,
    /// Both positions are the same.
    ToItself,
    /// The position it goes to is a secretary's or an administrator's.
    NeverSigns,
    /// The position it comes from was only authorised (TUQ.), and that is not passed on.
    PassesDelegationOn,
    /// Only the head of the agency can give it.
    GrantorIsNotHead,
    /// A unit's head passes on only what the head of the agency ordered (TL.), and there is no such order then.
    NoOrderToPassOn,
    /// The position it goes to is no deputy of the one it comes from.
    GranteeIsNoDeputy,
    /// The position it goes to is no head of a unit of the agency.
    GranteeIsNoUnitHead,
    /// The position it goes to is no head of a unit, or of an agency directly below.
    GranteeIsNoSubordinateHead,
    /// The position it comes from, or its unit, does not exist all that time.
    GrantorNotThere,
    /// The position it goes to, or its unit, does not exist all that time.
    GranteeNotThere,
    /// Nobody holds the position it comes from for all that time.
    BeyondGrantor,
    /// Nobody holds the position it goes to for all that time.
    BeyondGrantee,
    /// This authority already gives some of it at the same time.
    Overlaps(Uuid),
}

impl Grant {
    /// When it would hold.
    pub fn period(&self) -> Period {
        Period { from: self.from, until: self.until.unwrap_or(Period::END) }
    }

    /// Everything that is wrong with it; `others` are the authorities of the agency.
    pub fn flaws(&self, others: &[Authority]) -> Vec<GrantFlaw> {
        let mut flaws = self.flaws_of_content();
        if self.period().is_empty() {
            flaws.push(GrantFlaw::EndsBeforeItBegins);
            return flaws;
        }
        if self.grantor.position_id == self.grantee.position_id {
            flaws.push(GrantFlaw::ToItself);
            return flaws;
        }
        flaws.extend(self.flaw_of_grantor(others));
        flaws.extend(self.flaw_of_grantee());
        flaws.extend(self.flaws_of_time());
        let overlaps = |other: &&Authority| {
            other.form == self.form
                && other.grantor_position_id == self.grantor.position_id
                && other.grantee_position_id == self.grantee.position_id
                && self.meets(other)
                && other.scope.meets(&self.scope)
        };
        flaws.extend(others.iter().filter(overlaps).map(|other| GrantFlaw::Overlaps(other.id)));
        flaws
    }

    /// What the law wants written down.
    fn flaws_of_content(&self) -> Vec<GrantFlaw> {
        let wanted = match self.form {
            GrantForm::ForHead => vec![],
            GrantForm::ByOrder => vec![
                (self.basis.is_empty(), GrantFlaw::NoBasis),
                (self.scope.kinds().is_empty(), GrantFlaw::NoKinds),
            ],
            GrantForm::ByDelegation => vec![
                (self.until.is_none(), GrantFlaw::NoEnd),
                (self.basis.is_empty(), GrantFlaw::NoBasis),
                (!self.scope.is_limited(), GrantFlaw::NoContent),
            ],
        };
        wanted.into_iter().filter(|(lacking, _)| *lacking).map(|(_, flaw)| flaw).collect()
    }

    /// Whether both hold on some day; what was revoked before it began holds on none.
    fn meets(&self, other: &Authority) -> bool {
        !other.in_force().is_empty() && other.in_force().overlaps(self.period())
    }

    fn grantor_is_head(&self) -> bool {
        self.grantor.agency_id == self.agency_id && self.grantor.roles.any_of(Roles::AGENCY_HEAD)
    }

    /// Whether the position it comes from may give it: the head, and for deputies of a unit the unit's head who signs by order.
    fn flaw_of_grantor(&self, others: &[Authority]) -> Option<GrantFlaw> {
        if self.grantor_is_head() {
            return None;
        }
        let given = |form: GrantForm| {
            others.iter().any(|other| {
                other.form == form
                    && other.grantee_position_id == self.grantor.position_id
                    && self.meets(other)
            })
        };
        let (ordered, authorised) = (given(GrantForm::ByOrder), given(GrantForm::ByDelegation));
        match self.form {
            GrantForm::ForHead if ordered => None,
            _ if authorised => Some(GrantFlaw::PassesDelegationOn),
            GrantForm::ForHead => Some(GrantFlaw::NoOrderToPassOn),
            GrantForm::ByOrder | GrantForm::ByDelegation => Some(GrantFlaw::GrantorIsNotHead),
        }
    }

    /// Whether the position it goes to may get it.
    fn flaw_of_grantee(&self) -> Option<GrantFlaw> {
        let grantee = &self.grantee;
        if never_sign(grantee.roles) {
            return Some(GrantFlaw::NeverSigns);
        }
        let inside = grantee.agency_id == self.agency_id && grantee.roles.any_of(Roles::UNIT_HEAD);
        let below = grantee.agency_above == Some(self.agency_id)
            && grantee.agency_id != self.agency_id
            && grantee.roles.any_of(Roles::AGENCY_HEAD);
        match self.form {
            GrantForm::ForHead if self.grantor_is_head() => {
                let deputy = grantee.agency_id == self.agency_id && grantee.roles.any_of(Roles::DEPUTY_HEAD);
                (!deputy).then_some(GrantFlaw::GranteeIsNoDeputy)
            }
            GrantForm::ForHead => {
                let deputy = grantee.unit_id == self.grantor.unit_id && lead(grantee.roles);
                (!deputy).then_some(GrantFlaw::GranteeIsNoDeputy)
            }
            GrantForm::ByOrder => {
                // The office of a provincial People's Committee is an agency of its own and still the unit that signs by its order.
                let office = below && grantee.agency_kind == UnitKind::ProvincialOffice;
                (!inside && !office).then_some(GrantFlaw::GranteeIsNoUnitHead)
            }
            GrantForm::ByDelegation => (!inside && !below).then_some(GrantFlaw::GranteeIsNoSubordinateHead),
        }
    }

    /// Whether both positions are there for all the time. An authorisation (TUQ.) is given by a person to a person: it does not
    /// reach beyond the days for which both are appointed. The other forms belong to the office and outlive who holds it.
    fn flaws_of_time(&self) -> Vec<GrantFlaw> {
        let period = self.period();
        let personal = self.form == GrantForm::ByDelegation;
        let mut flaws = Vec::new();
        for (post, not_there, beyond) in [
            (&self.grantor, GrantFlaw::GrantorNotThere, GrantFlaw::BeyondGrantor),
            (&self.grantee, GrantFlaw::GranteeNotThere, GrantFlaw::BeyondGrantee),
        ] {
            if !post.exists.covers(period) {
                flaws.push(not_there);
            } else if personal && self.until.is_some() && !post.held.iter().any(|held| held.covers(period)) {
                flaws.push(beyond);
            }
        }
        flaws
    }
}
