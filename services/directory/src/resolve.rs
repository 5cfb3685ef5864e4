//! Who stands behind an expression on a day, and who fell out. A handful of statements, whatever the number of recipients.

mod fallen;
mod kinds;

use std::collections::{BTreeMap, HashSet};

use base::{Date, Uuid};
use congvan_proto::directory::v1 as pb;
use directory_domain::{Expression, Leaves, Member, MemberKind, Set};
use sql::{Queries, Result};

use crate::store::{self, recipient::Roll};

/// What is to be resolved.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The rule, in which groups and units that were named are put together.
    pub(crate) expression: Expression,
    /// External agencies named beside it.
    pub(crate) external_agencies: Vec<Uuid>,
    /// Whether only agencies and external agencies count.
    pub(crate) agencies_only: bool,
    /// The day.
    pub(crate) on: Date,
}

/// What stands behind it.
#[derive(Debug, Default)]
pub(crate) struct Resolution {
    /// Each recipient once, under the key by which they are sorted: what it is, then identifier or name, then id.
    pub(crate) recipients: BTreeMap<String, pb::Recipient>,
    /// Who fell out, in the order of kinds and names.
    pub(crate) fallen_out: Vec<pb::FallenOut>,
}

/// Resolves recipients. What is named must be in the directory.
pub(crate) async fn resolve(db: &mut impl Queries, wanted: &Wanted) -> Result<Resolution> {
    let (leaves, mut roll) = leaves(db, wanted).await?;
    let mut set = wanted.expression.evaluate(&leaves);
    set.extend(wanted.external_agencies.iter().map(|&id| Member { kind: MemberKind::ExternalAgency, id }));
    let mut resolution = Resolution::default();
    kinds::units(db, wanted, ids(&set, MemberKind::Unit), &mut roll, &mut resolution).await?;
    kinds::external_agencies(db, wanted, ids(&set, MemberKind::ExternalAgency), &mut resolution).await?;
    kinds::positions(db, wanted, ids(&set, MemberKind::Position), &mut resolution).await?;
    kinds::users(db, wanted, ids(&set, MemberKind::User), &mut resolution).await?;
    Ok(resolution)
}

/// What every leaf of the expression, and of the expressions of the groups in it, holds, and the units in them: one statement for
/// each sort of leaf.
async fn leaves(db: &mut impl Queries, wanted: &Wanted) -> Result<(Leaves, Roll)> {
    let groups = store::recipient::groups(db, wanted.expression.groups().into_iter().collect()).await?;
    let mut leaves = Leaves { groups, ..Leaves::default() };
    let (mut kinds, mut below, mut agencies) = (HashSet::new(), HashSet::new(), false);
    let rules = leaves.groups.values().filter_map(|group| group.expression.as_ref());
    for rule in rules.chain([&wanted.expression]) {
        rule.visit(&mut |set| match set {
            Expression::AllAgencies => agencies = true,
            Expression::Kinds(some) => kinds.extend(some.iter().copied()),
            Expression::Below(part) => {
                below.insert(*part);
            }
            _ => {}
        });
    }
    let mut roll = Roll::new();
    if agencies {
        leaves.agencies = store::recipient::agencies(db, wanted.on, &mut roll).await?;
    }
    leaves.kinds = store::recipient::of_kinds(db, kinds.into_iter(), wanted.on, &mut roll).await?;
    leaves.below = store::recipient::below(db, below.into_iter(), wanted.on, &mut roll).await?;
    Ok((leaves, roll))
}

fn ids(set: &Set, kind: MemberKind) -> Vec<Uuid> {
    set.iter().filter(|member| member.kind == kind).map(|member| member.id).collect()
}
