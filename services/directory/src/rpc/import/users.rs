use std::collections::{HashMap, HashSet};

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Appointment, Roles, User, email, full_name, position, sign_in_name};
use kit::Violations;

use super::{Surroundings, units::UnitPlan};
use crate::{flaws::note, hashing::is_argon2id, rpc::user::few_enough};

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
}

/// What the import does to users.
#[derive(Default)]
pub(super) struct UserPlan {
    pub(super) created: Vec<User>,
    pub(super) updated: Vec<User>,
    pub(super) hashes: Vec<(Uuid, String)>,
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
        PostRow { unit_code, position, roles: roles.unwrap_or(Roles::from_bits(0)) }
    });
    posts.collect()
}

impl UserPlan {
    /// Compares the rows with the people as they are; `units` tells which codes there will be.
    pub(super) fn compare(
        rows: Vec<UserRow>,
        known: Vec<User>,
        units: &UnitPlan,
        surroundings: &Surroundings<'_>,
        violations: &mut Violations,
    ) -> Self {
        let known: HashMap<String, User> =
            known.into_iter().map(|user| (user.sign_in_name.clone(), user)).collect();
        let mut plan = Self::default();
        for row in rows {
            let wanted = row.appointments(units, violations);
            match known.get(&row.sign_in_name) {
                Some(known) => plan.update(&row, known, wanted, surroundings),
                None => plan.create(row, wanted, surroundings),
            }
        }
        plan
    }

    fn create(&mut self, mut row: UserRow, wanted: Vec<Appointment>, around: &Surroundings<'_>) {
        let hash = std::mem::take(&mut row.password_hash);
        let user = row.into_user(wanted, around);
        if !hash.is_empty() {
            self.hashes.push((user.id, hash));
        }
        self.created.push(user);
    }

    fn update(&mut self, row: &UserRow, known: &User, wanted: Vec<Appointment>, around: &Surroundings<'_>) {
        let same_posts = known.appointments.len() == wanted.len()
            && known.appointments.iter().zip(&wanted).all(|(held, wanted)| is_same(held, wanted));
        if same_posts && known.full_name == row.full_name && known.email == row.email {
            return;
        }
        let mut user = User {
            full_name: row.full_name.clone(),
            email: row.email.clone(),
            appointments: wanted,
            ..known.clone()
        };
        user.touch(around.now);
        self.updated.push(user);
    }
}

/// Whether it is the same post. The agency follows from the unit and is not compared.
fn is_same(held: &Appointment, wanted: &Appointment) -> bool {
    held.unit_id == wanted.unit_id && held.position == wanted.position && held.roles == wanted.roles
}

impl UserRow {
    /// The posts wanted; a violation for each unit that there will not be.
    fn appointments(&self, units: &UnitPlan, violations: &mut Violations) -> Vec<Appointment> {
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
            Appointment { unit_id, agency_id: unit_id, position: post.position.clone(), roles: post.roles }
        });
        posts.collect()
    }

    fn into_user(self, appointments: Vec<Appointment>, surroundings: &Surroundings<'_>) -> User {
        User {
            id: surroundings.ids.next(),
            revision: 1,
            sign_in_name: self.sign_in_name,
            full_name: self.full_name,
            email: self.email,
            is_administrator: false,
            appointments,
            created_at: surroundings.now,
            updated_at: surroundings.now,
        }
    }
}
