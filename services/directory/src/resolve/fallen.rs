//! What does not exist on the day: since when, until when, and who took over.

use std::collections::HashMap;

use base::{Date, Uuid};
use congvan_proto::directory::v1::{self as pb, FallOutCause as Cause};
use directory_domain::MemberKind;
use sql::{Queries, Result};

use super::kinds::recipient;
use crate::store::{self, recipient::Named};

/// Units that do not exist on the day, by name.
pub(super) async fn units(db: &mut impl Queries, ids: Vec<Uuid>, on: Date) -> Result<Vec<pb::FallenOut>> {
    let versions = store::recipient::versions(db, ids.clone()).await?;
    let heirs = store::recipient::heirs(db, ids, on).await?;
    let mut named: Vec<Uuid> = heirs.values().flatten().copied().collect();
    named.sort_unstable();
    named.dedup();
    let successors = store::recipient::units(db, named, on).await?;
    let successors: HashMap<Uuid, _> = successors.iter().map(|unit| (unit.id, recipient(unit))).collect();
    let mut fallen: Vec<_> = versions
        .values()
        .filter_map(|versions| last(versions, on))
        .map(|last| {
            let heirs = heirs.get(&last.id).into_iter().flatten();
            let mut fallen = absent(MemberKind::Unit, last, on);
            fallen.successors = heirs.filter_map(|heir| successors.get(heir)).cloned().collect();
            fallen.successors.sort_by(|left, right| left.code.cmp(&right.code));
            if !fallen.successors.is_empty() {
                fallen.cause = Cause::Succeeded.into();
            }
            fallen
        })
        .collect();
    fallen.sort_by(|left, right| (&left.name, &left.id).cmp(&(&right.name, &right.id)));
    Ok(fallen)
}

/// The last version that began by the day; the first of all if none did.
fn last(versions: &[Named], on: Date) -> Option<&Named> {
    versions.iter().rev().find(|version| version.period.from <= on).or(versions.first())
}

/// What is not there on the day, with the day when it ends or begins.
pub(super) fn absent(kind: MemberKind, named: &Named, on: Date) -> pb::FallenOut {
    let (cause, date) = if on < named.period.from {
        (Cause::NotYet, named.period.from)
    } else {
        (Cause::Closed, named.period.until)
    };
    pb::FallenOut {
        kind: kind.number(),
        id: named.id.to_string(),
        name: named.name.clone(),
        cause: cause.into(),
        date: date.to_string(),
        successors: Vec::new(),
    }
}
