//! People of a file compared with the directory: what is new, what differs, what cannot be.

use std::collections::{HashMap, HashSet};

use base::{Date, Uuid};
use directory_domain::{Capacity, Period, Position, Roles, Staff, Tenure, User, Wanted};

use super::{
    columns::people as column,
    mistake::{Change, Mistake},
    outcome::{Around, Outcome},
    posts::{self, Codes},
    wish::{PersonWish, PostWish},
};

/// What of the directory the people of a file touch.
#[derive(Clone)]
pub(crate) struct Known {
    /// The people that are there, by sign-in name, with their posts of the day.
    pub(crate) users: HashMap<String, User>,
    /// Codes of the units.
    pub(crate) codes: Codes,
    /// Positions and appointments.
    pub(crate) staff: Staff,
}

/// What a file does to people.
pub(crate) struct PeoplePlan {
    /// For each wish, in order.
    pub(crate) outcomes: Vec<Outcome>,
    /// Those who are new.
    pub(crate) created: Vec<User>,
    /// Those who differ.
    pub(crate) changed: Vec<User>,
    /// Positions and appointments, as they will be.
    pub(crate) staff: Staff,
    /// Appointments that become the main post of their person.
    pub(crate) promoted: Vec<(Uuid, Uuid)>,
}

/// A wish being compared.
struct Draft<'a> {
    row: u32,
    wish: &'a PersonWish,
    user: User,
    is_new: bool,
    /// The posts to be given, each with its row.
    missing: Vec<(u32, Wanted)>,
    /// The appointment that is the main one already, if it is to be.
    primary: Option<Uuid>,
    changes: Vec<Change>,
    mistakes: Vec<Mistake>,
}

/// Compares the rows with what is known. Posts that end free their seats before any is given, whatever the order of rows.
pub(crate) fn plan(known: Known, wishes: &[(u32, &PersonWish)], around: Around<'_>) -> PeoplePlan {
    let Known { users, codes, mut staff } = known;
    let mut drafts: Vec<_> = wishes
        .iter()
        .map(|(row, wish)| Draft::new(*row, wish, users.get(&wish.sign_in_name), around))
        .collect();
    for draft in drafts.iter_mut().filter(|draft| !draft.wish.posts.is_empty()) {
        draft.leave(&mut staff, &codes, around);
    }
    let mut promoted = Vec::new();
    for draft in &mut drafts {
        draft.enter(&mut staff, &codes, around, &mut promoted);
    }
    let mut plan =
        PeoplePlan { outcomes: Vec::new(), created: Vec::new(), changed: Vec::new(), staff, promoted };
    for draft in drafts {
        let known = (!draft.is_new).then_some(draft.user.id);
        let outcome = Outcome::of(known, draft.changes, draft.mistakes);
        let mut user = draft.user;
        if draft.is_new {
            plan.created.push(user);
        } else if !outcome.changes.is_empty() {
            user.touch(around.now);
            plan.changed.push(user);
        }
        plan.outcomes.push(outcome);
    }
    plan
}

impl<'a> Draft<'a> {
    fn new(row: u32, wish: &'a PersonWish, known: Option<&User>, around: Around<'_>) -> Self {
        let before = known.cloned().unwrap_or_else(|| nobody(wish, around));
        let mut user = before.clone();
        user.full_name.clone_from(&wish.full_name);
        let mut changes = Vec::new();
        if known.is_none() {
            changes.extend(Change::between(column::SIGN_IN_NAME.field, "", &wish.sign_in_name));
        }
        changes.extend(Change::between(column::FULL_NAME.field, &before.full_name, &user.full_name));
        for (column, wanted, now, held) in [
            (&column::EMAIL, &wish.email, &mut user.email, &before.email),
            (&column::PHONE, &wish.phone, &mut user.phone, &before.phone),
        ] {
            if let Some(wanted) = wanted {
                now.clone_from(wanted);
                changes.extend(Change::between(column.field, held, wanted));
            }
        }
        let withdrawn = known.filter(|known| known.is_withdrawn).map(|_| {
            let heading = column::SIGN_IN_NAME.vi;
            Mistake::new(row, heading, posts::withdrawn())
        });
        Self {
            row,
            wish,
            user,
            is_new: known.is_none(),
            missing: Vec::new(),
            primary: None,
            changes,
            mistakes: withdrawn.into_iter().collect(),
        }
    }

    /// Tells the posts wanted from those held; ends what is not wanted any more.
    fn leave(&mut self, staff: &mut Staff, codes: &Codes, around: Around<'_>) {
        let person_id = self.user.id;
        let mut kept: HashSet<Uuid> = HashSet::new();
        let mut kept_posts = Vec::new();
        for post in &self.wish.posts {
            let from = post.start.unwrap_or(around.on);
            let unit_id = match codes.unit(&post.unit_code, from) {
                Ok(unit_id) => unit_id,
                Err(text) => {
                    // An empty code is a mistake of the row itself.
                    if !post.unit_code.is_empty() {
                        self.mistakes.push(Mistake::new(post.row, column::UNIT.vi, text));
                    }
                    continue;
                }
            };
            let held = staff.of(person_id, from.max(around.on));
            let same = held.into_iter().find(|(tenure, position)| {
                !kept.contains(&tenure.id) && is_same(post, unit_id, tenure, position)
            });
            match same {
                Some((tenure, _)) => {
                    kept.insert(tenure.id);
                    kept_posts.push((tenure.id, tenure.is_primary, post));
                    if post.start.is_some_and(|start| start != tenure.period.from) {
                        let text = posts::held_since(tenure.period);
                        self.mistakes.push(Mistake::new(post.row, column::START.vi, text));
                    }
                }
                None => self.missing.push((post.row, wanted(post, unit_id, from))),
            }
        }
        self.choose_primary(&kept_posts);
        if !self.mistakes.is_empty() {
            return; // a post that could not be read may be one of those held
        }
        let held = staff.of(person_id, around.on).into_iter();
        let ending: Vec<_> = held
            .filter(|(tenure, _)| !kept.contains(&tenure.id))
            .map(|(tenure, position)| {
                let keeps_system = position.duties.roles.any_of(Roles::ADMINISTRATOR);
                (tenure.id, codes.describe(position, tenure.capacity), keeps_system)
            })
            .collect();
        for (tenure_id, described, keeps_system) in ending {
            if keeps_system {
                let text = posts::keeps_system(&described);
                self.mistakes.push(Mistake::new(self.row, "", text));
                continue;
            }
            staff.end(tenure_id, around.on);
            self.changes.extend(Change::between("post", &described, ""));
        }
    }

    /// The main post: the one that says so, else the one that is; the first, if there is none and the person gets a post.
    fn choose_primary(&mut self, kept: &[(Uuid, bool, &PostWish)]) {
        let said = self.wish.posts.iter().find(|post| post.primary == Some(true)).map(|post| post.row);
        let current = kept.iter().find(|(_, is_primary, _)| *is_primary);
        let first = self.wish.posts.first().filter(|_| !self.missing.is_empty()).map(|post| post.row);
        let row = said.or(current.map(|(_, _, post)| post.row)).or(first);
        for (missing, wanted) in &mut self.missing {
            wanted.is_primary = Some(*missing) == row;
        }
        let chosen = kept.iter().find(|(_, is_primary, post)| Some(post.row) == row && !is_primary);
        self.primary = chosen.map(|(id, _, _)| *id);
    }

    /// Gives the posts that are missing.
    fn enter(
        &mut self,
        staff: &mut Staff,
        codes: &Codes,
        around: Around<'_>,
        promoted: &mut Vec<(Uuid, Uuid)>,
    ) {
        let person_id = self.user.id;
        let held = staff.of(person_id, around.on).into_iter().map(|(tenure, _)| tenure.place).max();
        let places = held.unwrap_or(0) + 1..;
        for (place, (row, wanted)) in places.zip(&self.missing) {
            let seated = staff.seat(person_id, wanted, place, || around.ids.next(), around.now);
            if let Err(unseated) = seated {
                self.mistakes.push(Mistake::new(*row, column::POSITION.vi, posts::refusal(&unseated)));
                continue;
            }
            let described = codes.describe_wanted(wanted);
            self.changes.extend(Change::between("post", "", &described));
            if wanted.is_primary && !self.is_new {
                promoted.extend(staff.new_tenures.last().map(|tenure| (person_id, tenure.id)));
            }
        }
        if let Some(tenure_id) = self.primary {
            promoted.push((person_id, tenure_id));
            let held = staff.of(person_id, around.on);
            let main = held.iter().find(|(tenure, _)| tenure.id == tenure_id);
            let described = main.map(|(tenure, position)| codes.describe(position, tenure.capacity));
            self.changes.extend(Change::between(column::PRIMARY.field, "", &described.unwrap_or_default()));
        }
        let roles = staff.of(person_id, around.on).into_iter();
        let roles = roles.fold(Roles::NONE, |all, (_, position)| all.and(position.duties.roles));
        if let Some(conflict) =
            roles.conflict().filter(|_| self.mistakes.is_empty() && !self.missing.is_empty())
        {
            self.mistakes.push(Mistake::new(
                self.row,
                column::ROLES.vi,
                crate::staffing::conflict_text(conflict),
            ));
        }
    }
}

fn is_same(post: &PostWish, unit_id: Uuid, tenure: &Tenure, position: &Position) -> bool {
    position.unit_id == unit_id
        && position.duties.title == post.title
        && position.duties.roles == post.roles
        && tenure.capacity == post.capacity
}

fn wanted(post: &PostWish, unit_id: Uuid, from: Date) -> Wanted {
    let PostWish { title, roles, capacity, .. } = post.clone();
    let capacity: Capacity = capacity;
    Wanted { unit_id, title, roles, capacity, is_primary: false, period: Period::since(from) }
}

/// The person that the file brings, still without anything.
fn nobody(wish: &PersonWish, around: Around<'_>) -> User {
    User {
        id: around.ids.next(),
        revision: 1,
        sign_in_name: wish.sign_in_name.clone(),
        full_name: String::new(),
        email: String::new(),
        phone: String::new(),
        external_id: String::new(),
        is_active: true,
        is_withdrawn: false,
        is_administrator: false,
        appointments: Vec::new(),
        created_at: around.now,
        updated_at: around.now,
    }
}
