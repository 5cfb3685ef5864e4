//! Processes, checks, and what a document waits for.

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Act, Asked, Check, CheckRule, Document, Pending, Place, Process, Signatory};

use super::{act, officer};

/// A process of an agency; who laid it down, unless it is the built-in one.
pub(crate) fn process(agency_id: Uuid, process: &Process, creation: Option<&Act>) -> pb::ReviewProcess {
    let level = |checks: &Vec<CheckRule>| pb::ReviewLevel { checks: checks.iter().map(rule).collect() };
    pb::ReviewProcess {
        agency_id: agency_id.to_string(),
        version: process.version,
        approval: order(process.approval_first).into(),
        levels: process.levels.iter().map(level).collect(),
        creation: creation.map(act),
    }
}

/// Where the approval stands.
pub(super) fn order(approval_first: bool) -> pb::ApprovalOrder {
    if approval_first { pb::ApprovalOrder::BeforeChecks } else { pb::ApprovalOrder::AfterChecks }
}

fn rule(rule: &CheckRule) -> pb::ReviewCheck {
    let (place, unit_id) = match rule.place {
        Place::DraftingUnit => (pb::CheckPlace::DraftingUnit, String::new()),
        Place::Agency => (pb::CheckPlace::Agency, String::new()),
        Place::Unit(id) => (pb::CheckPlace::Unit, id.to_string()),
    };
    pb::ReviewCheck {
        sort: rule.sort.number(),
        name: rule.name.clone(),
        place: place.into(),
        duty: rule.duty.number(),
        unit_id,
    }
}

/// The checks of a document.
pub(super) fn checks(document: &Document) -> Vec<pb::DocumentCheck> {
    document.review.iter().flat_map(|review| &review.checks).map(check).collect()
}

fn check(check: &Check) -> pb::DocumentCheck {
    pb::DocumentCheck {
        level: check.level,
        sort: check.sort.number(),
        name: check.name.clone(),
        asked: Some(asked(check.asked)),
        act: check.made.as_ref().map(|made| act(&made.act)),
        opinion: check.made.as_ref().map(|made| made.opinion.clone()).unwrap_or_default(),
    }
}

fn asked(asked: Asked) -> pb::CheckAsked {
    let Asked { unit_id, anywhere, duty } = asked;
    pb::CheckAsked { unit_id: unit_id.to_string(), anywhere, duty: duty.number() }
}

/// What a document waits for.
pub(super) fn pending(document: &Document) -> Vec<pb::PendingStep> {
    document.pending().into_iter().map(|pending| step(pending, &document.drafter)).collect()
}

fn step(pending: Pending<'_>, drafter: &Signatory) -> pb::PendingStep {
    use pb::PendingKind;
    let step = |kind: PendingKind| pb::PendingStep { kind: kind.into(), ..pb::PendingStep::default() };
    match pending {
        Pending::Submission => {
            pb::PendingStep { officer: Some(officer(drafter)), ..step(PendingKind::Submission) }
        }
        Pending::Check(place, check) => {
            pb::PendingStep { check: place, asked: Some(asked(check.asked)), ..step(PendingKind::Check) }
        }
        Pending::Approval => step(PendingKind::Approval),
        Pending::Signature(by) => {
            pb::PendingStep { officer: Some(officer(by)), ..step(PendingKind::Signature) }
        }
        Pending::Number => step(PendingKind::Number),
        Pending::Seal => step(PendingKind::Seal),
        Pending::Release => step(PendingKind::Release),
    }
}
