use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Post, StandInRule, handed_over};
use kit::{Fault, Text, Violations, caller::Caller};
use serde_json::json;
use sql::{Write, answers::Once};

use super::dates::reason;
use crate::{
    Directory, changes, faults,
    permission::agency::{belongs_to, heads, is_secretary_for},
    shape::stand_in as shape,
    stand_in_text,
    store::{self, audit::Entry},
};

/// Most positions that stand in for one.
const SUBSTITUTES: usize = 10;

/// The substitutes in the request.
const FIELD: &str = "standInRule.substitutePositionIds";

/// Sets who stands in for a position during absences.
pub(super) async fn set(
    service: &Directory,
    caller: &Caller,
    request: pb::SetStandInRuleRequest,
) -> Result<pb::SetStandInRuleResponse, Fault> {
    let caller_id = caller.person()?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("SetStandInRule", caller_id, &request.request_id, &request, &mut violations);
    let written = request.stand_in_rule.unwrap_or_default();
    let position_id = violations.id("standInRule.positionId", &written.position_id);
    let substitutes = substitutes(&written.substitute_position_ids, position_id, &mut violations);
    let why = reason(&request.reason, &mut violations);

    let now = service.clock.now();
    let mut tx = service.db.write("set_stand_in_rule").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let post = position(service, &mut tx, position_id).await?;
    may_set(service, &mut tx, caller, position_id, post.as_ref()).await?;
    if let Some(post) = &post {
        fit(service, &mut tx, post, &substitutes, &mut violations).await?;
    }
    violations.check()?;
    if post.is_none() {
        return Err(faults::no_position(position_id));
    }
    let before = store::stand_in_rule::find(&mut tx, position_id).await?;
    if before.revision != written.revision {
        return Err(Fault::stale(before.revision));
    }
    let rule = StandInRule { position_id, revision: before.revision + 1, substitutes };
    store::stand_in_rule::set(&mut tx, &rule, now).await?;
    let state = |rule: &StandInRule| json!({ "substitutePositionIds": &rule.substitutes });
    let entry = Entry {
        action: "position.set_stand_in_rule",
        subject_kind: "position",
        subject_id: position_id,
        reason: why,
        before: Some(state(&before)),
        after: Some(state(&rule)),
    };
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    events::append(&mut tx, vec![changes::stand_in_rule_changed(&service.ids, &rule, now)]).await?;
    let answer = pb::SetStandInRuleResponse { stand_in_rule: Some(shape::rule(&rule)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The positions that are to stand in, each once and none for itself.
fn substitutes(written: &[String], position_id: Uuid, violations: &mut Violations) -> Vec<Uuid> {
    let count = written.len();
    if count > SUBSTITUTES {
        violations.add(
            FIELD,
            format!("có {count} chức vụ, tối đa {SUBSTITUTES}"),
            format!("has {count} positions, at most {SUBSTITUTES} are allowed"),
        );
        return Vec::new();
    }
    let mut ids = Vec::with_capacity(count);
    for (index, written) in written.iter().enumerate() {
        let field = format!("{FIELD}[{index}]");
        let id = violations.id(&field, written);
        if id.is_nil() {
            continue;
        }
        if id == position_id {
            violations.add(field, "không thể tự làm thay", "cannot stand in for itself");
        } else if ids.contains(&id) {
            violations.add(field, "chức vụ này đã có ở trên", "names this position twice");
        } else {
            ids.push(id);
        }
    }
    ids
}

/// A position as it is today.
async fn position(service: &Directory, tx: &mut Write, id: Uuid) -> Result<Option<Post>, Fault> {
    Ok(store::chart::posts(tx, vec![id], service.today()).await?.remove(&id))
}

/// Only a holder of the position, the head of its agency, a secretary for a leader's, administrators.
async fn may_set(
    service: &Directory,
    tx: &mut Write,
    caller: &Caller,
    position_id: Uuid,
    post: Option<&Post>,
) -> Result<(), Fault> {
    let (caller_id, today) = (caller.person()?.user_id, service.today());
    let holders = store::stand_in::holders(tx, position_id).await?;
    let own = holders.iter().any(|(holder, period)| *holder == caller_id && period.contains(today));
    let above = post.is_some_and(|post| {
        heads(caller, post.agency_id) || is_secretary_for(caller, post.agency_id, post.roles)
    });
    if own || above || caller.is_administrator() {
        return Ok(());
    }
    Err(Fault::not_allowed(&Text::new(
        "người giữ chức vụ, người đứng đầu cơ quan, thư ký của lãnh đạo và quản trị hệ thống",
        "the holder of the position, the head of the agency, a leader's secretary and the administrators",
    )))
}

/// Notes every position that cannot stand in there: of another agency, or with duties that must be kept apart.
async fn fit(
    service: &Directory,
    tx: &mut Write,
    post: &Post,
    substitutes: &[Uuid],
    violations: &mut Violations,
) -> Result<(), Fault> {
    let found = store::chart::posts(tx, substitutes.to_vec(), service.today()).await?;
    for (index, id) in substitutes.iter().enumerate() {
        let field = format!("{FIELD}[{index}]");
        match found.get(id) {
            Some(substitute) if substitute.agency_id == post.agency_id => {
                let duties = handed_over(post.roles).and(substitute.roles);
                if let Some(conflict) = duties.conflict() {
                    let Text { vi, en } = stand_in_text::apart(conflict);
                    violations.add(field, vi, en);
                }
            }
            _ => violations.add(
                field,
                "không phải là chức vụ của cùng cơ quan",
                "is no position of the same agency",
            ),
        }
    }
    Ok(())
}

/// Reads who stands in for a position during absences.
pub(super) async fn get(
    service: &Directory,
    caller: &Caller,
    request: pb::GetStandInRuleRequest,
) -> Result<pb::GetStandInRuleResponse, Fault> {
    let mut violations = Violations::default();
    let position_id = violations.id("positionId", &request.position_id);
    violations.check()?;
    let mut read = service.db.read("get_stand_in_rule").await?;
    let posts = store::chart::posts(&mut read, vec![position_id], service.today()).await?;
    // Who may not read it does not learn either that there is none.
    belongs_to(caller, posts.get(&position_id).map(|post| post.agency_id).unwrap_or_default())?;
    if !posts.contains_key(&position_id) {
        return Err(faults::no_position(position_id));
    }
    let rule = store::stand_in_rule::find(&mut read, position_id).await?;
    Ok(pb::GetStandInRuleResponse { stand_in_rule: Some(shape::rule(&rule)) })
}
