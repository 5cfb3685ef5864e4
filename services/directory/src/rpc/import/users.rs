use std::collections::{HashMap, HashSet};

use base::{Date, Uuid};
use congvan_proto::directory::v1 as pb;
use directory_domain::{
    Capacity, Period, Roles, Staff, User, Wanted, email, full_name, position, sign_in_name,
};
use kit::Violations;

use super::{Surroundings, units::UnitPlan};
use crate::{
    flaws::note,
    hashing::is_argon2id,
    rpc::{dates, user::few_enough},
    staffing,
};

/// A row that was read. The sign-in name is empty if it could not be.
pub(super) struct UserRow {
    index: usize,
    pub(super) sign_in_name: String,
    full_name: String,
    email: String,
    password_hash: String,
    posts: Vec<PostRow>,
}

struct PostRow {
    unit_code: String,
    position: String,
    roles: Roles,
    start: Option<Date>,
}

/// What the import does to users.
pub(super) struct UserPlan {
    pub(super) created: Vec<User>,
    pub(super) updated: Vec<User>,
    pub(super) hashes: Vec<(Uuid, String)>,
    pub(super) staff: Staff,
}

/// Reads the rows; every violation is noted.
pub(super) fn parse(written: &[pb::ImportUser], violations: &mut Violations) -> Vec<UserRow> {
    let mut seen = HashSet::new();
    let rows = written.iter().enumerate().map(|(index, user)| {
        let field = |name: &str| format!("users[{index}].{name}");
        let row = UserRow {
            index,
            sign_in_name: note(violations, &field("signInName"), sign_in_name(&user.sign_in_name)),
            full_name: note(violations, &field("fullName"), full_name(&user.full_name)),
            email: note(violations, &field("email"), email(&user.email)),
            password_hash: user.password_hash.clone(),
            posts: posts(index, &user.appointments, violations),
        };
        if !row.password_hash.is_empty() && !is_argon2id(&row.password_hash) {
            violations.add(
                field("passwordHash"),
                "phải là chuỗi PHC argon2id phiên bản 19, tối đa m=65536, t=10, p=4",
                "must be an argon2id PHC string of version 19, at most m=65536, t=10, p=4",
            );
        }
        if !row.sign_in_name.is_empty() && !seen.insert(row.sign_in_name.clone()) {
            violations.add(field("signInName"), "tên này đã có ở dòng trên", "stands in a row above already");
        }
        row
    });
    rows.collect()
}

fn posts(user: usize, written: &[pb::ImportAppointment], violations: &mut Violations) -> Vec<PostRow> {
    if !few_enough(&format!("users[{user}].appointments"), written.len(), violations) {
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let posts = written.iter().enumerate().map(|(index, post)| {
        let field = |name: &str| format!("users[{user}].appointments[{index}].{name}");
        let unit_code = post.unit_code.trim().to_owned();
        let position = note(violations, &field("position"), position(&post.position));
        let roles = note(violations, &field("roles"), Roles::numbered(&post.roles).map(Some));
        if !seen.insert((unit_code.clone(), position.clone())) {
            violations.add(field("unitCode"), "chức vụ này đã có ở trên", "names this post twice");
        }
        let start = dates::day(&field("startDate"), &post.start_date, violations);
        PostRow { unit_code, position, roles: roles.unwrap_or(Roles::NONE), start }
    });
    let posts: Vec<PostRow> = posts.collect();
    let roles = posts.iter().fold(Roles::NONE, |all, post| all.and(post.roles));
    staffing::keep_apart(&format!("users[{user}].appointments"), roles, violations);
    posts
}

/// The units in which the rows give posts.
pub(super) fn units(rows: &[UserRow], units: &UnitPlan) -> HashSet<Uuid> {
    let codes = rows.iter().flat_map(|row| &row.posts).map(|post| post.unit_code.as_str());
    codes.filter_map(|code| units.id(code)).collect()
}

impl UserPlan {
    /// Compares the rows with the people as they are today; `units` tells which codes there will be, `staff` who holds what.
    /// What somebody gives up is given up before anybody takes it.
    pub(super) fn compare(
        rows: Vec<UserRow>,
        known: Vec<User>,
        (units, staff): (&UnitPlan, Staff),
        around: &Surroundings<'_>,
        violations: &mut Violations,
    ) -> Self {
        let known: HashMap<String, User> =
            known.into_iter().map(|user| (user.sign_in_name.clone(), user)).collect();
        let mut plan = Self { created: Vec::new(), updated: Vec::new(), hashes: Vec::new(), staff };
        let mut open = Vec::with_capacity(rows.len());
        for mut row in rows {
            let wanted = row.wanted(units, around, violations);
            let hash = std::mem::take(&mut row.password_hash);
            let index = row.index;
            let (user_id, changed) = match known.get(&row.sign_in_name) {
                Some(user) => (user.id, plan.give_up(user.id, &wanted, around)),
                None => {
                    let user = row.user(around);
                    let id = user.id;
                    plan.created.push(user);
                    if !hash.is_empty() {
                        plan.hashes.push((id, hash));
                    }
                    (id, false)
                }
            };
            if let Some(user) = known.get(&row.sign_in_name) {
                plan.note(&row, user, changed, &wanted, around);
            }
            open.push((index, user_id, wanted));
        }
        for (index, user_id, wanted) in open {
            plan.seat(index, user_id, &wanted, around, violations);
        }
        plan
    }

    /// Ends the posts held today that are not wanted any more; whether there were any.
    fn give_up(&mut self, user_id: Uuid, wanted: &[Wanted], around: &Surroundings<'_>) -> bool {
        let kept: HashSet<Uuid> = wanted.iter().filter_map(|post| self.held(user_id, post, around)).collect();
        let held: Vec<Uuid> = self.staff.of(user_id, around.today).iter().map(|(one, _)| one.id).collect();
        let mut changed = false;
        for tenure_id in held.into_iter().filter(|id| !kept.contains(id)) {
            self.staff.end(tenure_id, around.today);
            changed = true;
        }
        changed
    }

    /// The appointment by which the person has this post today, if there is one.
    fn held(&self, user_id: Uuid, post: &Wanted, around: &Surroundings<'_>) -> Option<Uuid> {
        self.staff.has(user_id, &Wanted { period: Period::since(around.today), ..post.clone() })
    }

    /// Notes that a known person changes, if anything does.
    fn note(
        &mut self,
        row: &UserRow,
        known: &User,
        changed: bool,
        wanted: &[Wanted],
        around: &Surroundings<'_>,
    ) {
        let more = wanted.iter().any(|post| self.held(known.id, post, around).is_none());
        if changed || more || known.full_name != row.full_name || known.email != row.email {
            let (full_name, email) = (row.full_name.clone(), row.email.clone());
            let mut user = User { full_name, email, ..known.clone() };
            user.touch(around.now);
            self.updated.push(user);
        }
    }

    /// Gives a person the posts that the person has not got yet.
    fn seat(
        &mut self,
        index: usize,
        user_id: Uuid,
        wanted: &[Wanted],
        around: &Surroundings<'_>,
        violations: &mut Violations,
    ) {
        for (place, post) in (1_u32..).zip(wanted) {
            if post.unit_id.is_nil() || self.held(user_id, post, around).is_some() {
                continue;
            }
            let first = self.staff.of(user_id, around.today).is_empty();
            let post = Wanted { is_primary: first, ..post.clone() };
            if let Err(why) = self.staff.seat(user_id, &post, place, || around.ids.next(), around.now) {
                let field = format!("users[{index}].appointments[{}]", place - 1);
                staffing::refuse(&field, &why, violations);
            }
        }
    }
}

impl UserRow {
    /// The posts wanted; a violation for each unit that there will not be.
    fn wanted(
        &self,
        units: &UnitPlan,
        around: &Surroundings<'_>,
        violations: &mut Violations,
    ) -> Vec<Wanted> {
        let posts = self.posts.iter().enumerate().map(|(index, post)| {
            let field = format!("users[{}].appointments[{index}].unitCode", self.index);
            let unit_id = units.id(&post.unit_code).unwrap_or_else(|| {
                match post.unit_code.as_str() {
                    "" => violations.missing(field),
                    _ => violations.add(
                        field,
                        "không có đơn vị mang mã này trong danh bạ hoặc trong yêu cầu",
                        "is the code of no unit of the directory or the request",
                    ),
                }
                Uuid::nil()
            });
            Wanted {
                unit_id,
                title: post.position.clone(),
                roles: post.roles,
                capacity: Capacity::Holder,
                is_primary: false,
                period: Period::since(post.start.unwrap_or(around.today)),
            }
        });
        posts.collect()
    }

    fn user(&self, around: &Surroundings<'_>) -> User {
        User {
            id: around.ids.next(),
            revision: 1,
            sign_in_name: self.sign_in_name.clone(),
            full_name: self.full_name.clone(),
            email: self.email.clone(),
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
}
