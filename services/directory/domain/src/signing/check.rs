use base::{Date, Uuid};

use super::signers::{Covering, signers};
use crate::{Authority, Capacity, Chart, DocumentKind, GrantForm, Life, Office, Roles, Signer};

/// What somebody lacks to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The person holds no position from which anybody signs for the agency.
    NoPosition,
    /// The person is a secretary or an administrator there, who never sign.
    NeverSigns,
    /// The person is in charge in a head's place but is not a deputy there: the decree has no form for that.
    InChargeOnly,
    /// No authority was ever given to the person's position.
    NoAuthority(Rank),
    /// The authority begins later.
    NotYet {
        /// Which.
        authority_id: Uuid,
        /// The first day.
        from: Date,
    },
    /// The authority has ended.
    Over {
        /// Which.
        authority_id: Uuid,
        /// The first day without it.
        until: Date,
    },
    /// The authority was revoked.
    Revoked {
        /// Which.
        authority_id: Uuid,
        /// The first day without it.
        from: Date,
    },
    /// The authority is for other kinds of documents.
    OtherKind {
        /// Which.
        authority_id: Uuid,
    },
    /// The authority is for other matters.
    OtherMatter {
        /// Which.
        authority_id: Uuid,
    },
    /// The person may sign for the head of the unit, who has no order (TL.) for this document.
    NoOrderAbove {
        /// What the person signs by.
        authority_id: Uuid,
    },
    /// The person is only in charge of the position that was authorised (TUQ.), and that is not passed on.
    NotPassedOn {
        /// Which.
        authority_id: Uuid,
    },
    /// Nobody holds the position that gave the authority, or it leads the agency no more.
    NobodyGives {
        /// Which.
        authority_id: Uuid,
    },
}

/// What a position without any authority could be given, and so who can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// A deputy: the head assigns a field (KT.).
    Deputy,
    /// Head of a unit: the working regulation lays down kinds (TL.), or the head authorises (TUQ.).
    UnitHead,
    /// Anybody else: the decree has no form; the document goes to the head.
    Other,
}

/// How a person may sign a document of this kind and matter for the agency on the day of the chart; otherwise everything that is
/// missing, at least one gap.
pub fn check(
    chart: &Chart,
    kind: DocumentKind,
    matter: &str,
    person_id: Uuid,
) -> Result<Vec<Signer>, Vec<Gap>> {
    let mut signers = signers(chart, kind, matter);
    signers.retain(|signer| signer.person_id == person_id);
    if !signers.is_empty() {
        return Ok(signers);
    }
    let held = chart.offices.iter().filter_map(|office| Some((office, office.held_by(person_id)?.capacity)));
    let covering = Covering { chart, kind, matter };
    let mut gaps: Vec<Gap> = held.flat_map(|(office, capacity)| gaps(&covering, office, capacity)).collect();
    gaps.dedup();
    Err(if gaps.is_empty() { vec![Gap::NoPosition] } else { gaps })
}

/// What is missing in one position of the person.
fn gaps(covering: &Covering<'_>, office: &Office, capacity: Capacity) -> Vec<Gap> {
    let chart = covering.chart;
    if office.never_signs() {
        return vec![Gap::NeverSigns];
    }
    if office.heads(chart.agency_id) {
        return vec![Gap::InChargeOnly]; // a head and an acting head sign everything
    }
    let to_it = |authority: &&Authority| authority.grantee_position_id == office.position_id;
    let given: Vec<_> = chart.authorities.iter().filter(to_it).collect();
    if given.is_empty() {
        return vec![Gap::NoAuthority(rank(office))];
    }
    given.into_iter().map(|authority| gap(covering, authority, capacity)).collect()
}

/// Why an authority to the person's position does not do.
fn gap(covering: &Covering<'_>, authority: &Authority, capacity: Capacity) -> Gap {
    let authority_id = authority.id;
    match authority.on(covering.chart.date) {
        Life::NotYet(from) => Gap::NotYet { authority_id, from },
        Life::Over(until) => Gap::Over { authority_id, until },
        Life::Revoked(from) => Gap::Revoked { authority_id, from },
        Life::Live if !authority.scope.covers_kind(covering.kind) => Gap::OtherKind { authority_id },
        Life::Live if !authority.scope.covers_matter(covering.matter) => Gap::OtherMatter { authority_id },
        Life::Live => match (authority.form, capacity) {
            (GrantForm::ByDelegation, Capacity::InCharge) => Gap::NotPassedOn { authority_id },
            (GrantForm::ForHead | GrantForm::ByOrder, Capacity::InCharge) => Gap::InChargeOnly,
            (GrantForm::ForHead, _) if covering.is_below_head(authority) => {
                Gap::NoOrderAbove { authority_id }
            }
            _ => Gap::NobodyGives { authority_id },
        },
    }
}

fn rank(office: &Office) -> Rank {
    if office.roles.any_of(Roles::DEPUTY_HEAD) {
        Rank::Deputy
    } else if office.roles.any_of(Roles::UNIT_HEAD.and(Roles::AGENCY_HEAD)) {
        Rank::UnitHead
    } else {
        Rank::Other
    }
}
