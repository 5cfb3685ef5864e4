//! A whole file compared with the directory as it is.

use std::collections::HashSet;

use sql::{Queries, Result};

use super::{
    BATCH,
    carried::Carried,
    outcome::Around,
    plan_people::{self, Known},
    plan_units,
    staged::{File, Staged},
    wish::{PersonWish, UnitWish, Wishes},
};
use crate::{
    staffing::{self, Stored},
    store,
};

/// Compares a file; its units or people in the order in which they are to be written.
pub(crate) async fn compare(db: &mut impl Queries, file: File, around: Around<'_>) -> Result<Vec<Staged>> {
    let mut staged = match file {
        File::Units(wishes) => units(db, wishes, around).await?,
        File::People(wishes) => people(db, wishes, around).await?,
    };
    for (place, row) in (1..).zip(&mut staged) {
        row.place = place;
    }
    Ok(staged)
}

/// Units, those above before those below: so each part of them can be written by itself.
async fn units(db: &mut impl Queries, wishes: Wishes<UnitWish>, around: Around<'_>) -> Result<Vec<Staged>> {
    let before = store::history::all(db).await?;
    let wanted: Vec<_> = wishes.things.iter().map(|thing| (thing.row, &thing.wish)).collect();
    let partners = plan_units::partners(db, wanted.iter().map(|(_, wish)| *wish)).await?;
    let plan = plan_units::plan(&before, &partners, &wanted, around);
    let mut staged: Vec<(u32, Staged)> = Vec::with_capacity(wishes.things.len());
    for ((thing, outcome), depth) in wishes.things.into_iter().zip(plan.outcomes).zip(plan.depths) {
        let row = Staged::new(thing.row, &thing.wish.code, &thing.wish, thing.mistakes, outcome);
        staged.push((depth, row));
    }
    staged.sort_by_key(|(depth, row)| (*depth, row.row));
    let header = Staged::header(wishes.mistakes);
    Ok(header.into_iter().chain(staged.into_iter().map(|(_, row)| row)).collect())
}

/// People, part by part in the order of the file.
async fn people(
    db: &mut impl Queries,
    wishes: Wishes<PersonWish>,
    around: Around<'_>,
) -> Result<Vec<Staged>> {
    let mut staged: Vec<Staged> = Staged::header(wishes.mistakes).into_iter().collect();
    let mut carried = Carried::default();
    for part in wishes.things.chunks(usize::from(BATCH)) {
        let wanted: Vec<_> = part.iter().map(|thing| (thing.row, &thing.wish)).collect();
        let known = known(db, &wanted, around, &carried).await?;
        let plan = plan_people::plan(known, &wanted, around);
        carried.add(&plan.staff);
        for (thing, outcome) in part.iter().zip(plan.outcomes) {
            let mistakes = thing.mistakes.clone();
            staged.push(Staged::new(thing.row, &thing.wish.sign_in_name, &thing.wish, mistakes, outcome));
        }
    }
    Ok(staged)
}

/// What of the directory these people touch, after what was carried.
pub(super) async fn known(
    db: &mut impl Queries,
    wanted: &[(u32, &PersonWish)],
    around: Around<'_>,
    carried: &Carried,
) -> Result<Known> {
    let names = wanted.iter().map(|(_, wish)| wish.sign_in_name.clone()).collect();
    let users = store::user::named(db, names, around.on).await?;
    let posts = wanted.iter().flat_map(|(_, wish)| &wish.posts);
    let named: HashSet<String> = posts.map(|post| post.unit_code.clone()).collect();
    let mut codes = store::codes::coded(db, named.into_iter().collect()).await?;
    let ids = users.iter().map(|user| user.id).collect();
    let Stored { mut positions, mut tenures, belongings } =
        staffing::read(db, codes.units().collect(), ids).await?;
    let others: HashSet<_> = positions.iter().map(|position| position.unit_id).collect();
    let known: HashSet<_> = codes.units().collect();
    store::codes::complete(db, &mut codes, others.difference(&known).copied().collect()).await?;
    carried.merge(&mut positions, &mut tenures);
    let users = users.into_iter().map(|user| (user.sign_in_name.clone(), user)).collect();
    Ok(Known { users, codes, staff: directory_domain::Staff::new(positions, tenures, belongings) })
}
