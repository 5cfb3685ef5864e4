use congvan_proto::directory::v1 as pb;
use directory_domain::{User, email, full_name, limits, phone, sign_in_name};
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::{dates, user_activity};
use crate::{Directory, changes, faults, flaws::note, permission, shape, states, store, store::audit};

/// What may change, as it is named in a mask; all but the last without one.
const FIELDS: [&str; 6] = ["sign_in_name", "full_name", "email", "phone", "external_id", "active"];

/// What is to change: the new value of each field that is named.
struct Change {
    sign_in_name: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    external_id: Option<String>,
    active: Option<bool>,
}

/// Changes what is known of a user. What stays as it was is no change.
pub(super) async fn update(
    service: &Directory,
    caller: &Caller,
    request: pb::UpdateUserRequest,
) -> Result<pb::UpdateUserResponse, Fault> {
    let caller_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("UpdateUser", caller_id, &request.request_id, &request, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    let written = request.user.unwrap_or_default();
    let id = violations.id("user.id", &written.id);
    revision("user.revision", written.revision, &mut violations);
    let mask = request.update_mask.map(|mask| mask.paths).unwrap_or_default();
    let change = Change::read(&written, &mask, &mut violations);
    violations.check()?;

    let mut tx = service.db.write("update_user").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let before = user_activity::find(service, &mut tx, id, written.revision).await?;
    let after = change.made(&before);
    if after.sign_in_name != before.sign_in_name
        && store::user::is_taken(&mut tx, &after.sign_in_name).await?
    {
        return Err(faults::sign_in_name_taken(&after.sign_in_name));
    }
    let after = save(service, caller, &mut tx, Step { action: "user.update", reason, before, after }).await?;
    let answer = pb::UpdateUserResponse { user: Some(shape::user(&after)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

impl Change {
    /// The fields that the mask names; every mistake is noted.
    fn read(written: &pb::User, mask: &[String], violations: &mut Violations) -> Self {
        for (index, path) in mask.iter().enumerate() {
            if !FIELDS.contains(&path.as_str()) {
                violations.add(
                    format!("updateMask[{index}]"),
                    format!("chỉ gồm {}", FIELDS.join(", ")),
                    format!("must be one of {}", FIELDS.join(", ")),
                );
            }
        }
        let named = |field: &str| {
            if mask.is_empty() { field != "active" } else { mask.iter().any(|path| path == field) }
        };
        let mut rule =
            |field: &str,
             json: &str,
             read: fn(&str) -> Result<String, directory_domain::Flaw>,
             value: &str| { named(field).then(|| note(violations, json, read(value))) };
        Self {
            sign_in_name: rule("sign_in_name", "user.signInName", sign_in_name, &written.sign_in_name),
            full_name: rule("full_name", "user.fullName", full_name, &written.full_name),
            email: rule("email", "user.email", email, &written.email),
            phone: rule("phone", "user.phone", phone, &written.phone),
            external_id: named("external_id").then(|| {
                violations.text("user.externalId", &written.external_id, false, limits::EXTERNAL_ID)
            }),
            active: named("active").then_some(written.active),
        }
    }

    fn made(self, before: &User) -> User {
        let mut user = before.clone();
        let Self { sign_in_name, full_name, email, phone, external_id, active } = self;
        for (field, value) in [
            (&mut user.sign_in_name, sign_in_name),
            (&mut user.full_name, full_name),
            (&mut user.email, email),
            (&mut user.phone, phone),
            (&mut user.external_id, external_id),
        ] {
            if let Some(value) = value {
                *field = value;
            }
        }
        user.is_active = active.unwrap_or(user.is_active);
        user
    }
}

/// A change of a user that is about to be stored.
pub(super) struct Step {
    pub(super) action: &'static str,
    pub(super) reason: String,
    pub(super) before: User,
    pub(super) after: User,
}

/// Stores a change with its audit and event, if it is one; ends all sessions of whoever may sign in no more.
pub(super) async fn save(
    service: &Directory,
    caller: &Caller,
    tx: &mut Write,
    step: Step,
) -> Result<User, Fault> {
    let Step { action, reason, before, mut after } = step;
    if after == before {
        return Ok(after);
    }
    after.touch(service.clock.now());
    store::user::change(tx, std::slice::from_ref(&after)).await?;
    if before.is_active && !after.is_active {
        user_activity::end(service, caller, tx, after.id).await?;
    }
    let entry = audit::Entry {
        action,
        subject_kind: "user",
        subject_id: after.id,
        reason,
        before: Some(states::user(&before)),
        after: Some(states::user(&after)),
    };
    audit::append(tx, service, caller, &[entry]).await?;
    events::append(tx, vec![changes::user_changed(&service.ids, &after)]).await?;
    Ok(after)
}

/// A violation if no revision was read.
pub(super) fn revision(field: &str, revision: i64, violations: &mut Violations) {
    if revision < 1 {
        violations.add(field, "bắt buộc, từ 1 trở lên", "is required, from 1");
    }
}
