use std::collections::HashMap;

use base::Uuid;
use directory_domain::{Expression, Group, GroupKind, Member, MemberKind};
use kit::{Fault, Text, Violations, caller::Caller};
use sql::Queries;

use crate::{Directory, permission, store};

/// Notes every member, as written, that is not in the directory or may not stand in this group.
pub(crate) async fn members(
    db: &mut impl Queries,
    service: &Directory,
    caller: &Caller,
    group: &Group,
    (field, written): (&str, &[Member]),
    violations: &mut Violations,
) -> Result<(), Fault> {
    let known = store::group_member::names(db, written, service.today()).await?;
    let nested = written.iter().filter(|member| member.kind == MemberKind::Group).map(|member| member.id);
    let nested = visible(db, caller, nested.collect()).await?;
    for (index, member) in written.iter().enumerate().filter(|(_, member)| !member.id.is_nil()) {
        let text = match member.kind {
            _ if !group.kind.takes(member.kind) => Some(only_people()),
            MemberKind::Group => judge(group, nested.get(&member.id)),
            _ if known.contains_key(member) => None,
            _ => Some(unknown()),
        };
        if let Some(Text { vi, en }) = text {
            violations.add(format!("{field}[{index}].id"), vi, en);
        }
    }
    Ok(())
}

/// Notes the units and groups that an expression names and that there are not, or that may not stand in this group; in an
/// expression without a group, only whether the caller sees them.
pub(crate) async fn references(
    db: &mut impl Queries,
    service: &Directory,
    caller: &Caller,
    holder: Option<&Group>,
    (field, expression): (&str, &Expression),
    violations: &mut Violations,
) -> Result<(), Fault> {
    let units: Vec<_> = expression.units().into_iter().filter(|id| !id.is_nil()).map(Member::unit).collect();
    let known = store::group_member::names(db, &units, service.today()).await?;
    let mut missing: Vec<_> = units.iter().filter(|unit| !known.contains_key(unit)).collect();
    missing.sort_unstable();
    for unit in missing {
        let id = unit.id;
        violations.add(
            field,
            format!("nêu đơn vị {id} không có trong danh bạ"),
            format!("names {id}, which is no unit of the directory"),
        );
    }
    let mut groups: Vec<_> = expression.groups().into_iter().filter(|id| !id.is_nil()).collect();
    groups.sort_unstable();
    let found = visible(db, caller, groups.clone()).await?;
    for id in groups {
        let text = match (holder, found.get(&id)) {
            (Some(holder), found) => judge(holder, found),
            (None, found) => found.is_none().then(unknown),
        };
        if let Some(Text { vi, en }) = text {
            violations.add(field, format!("nêu nhóm {id}: {vi}"), format!("names group {id}: {en}"));
        }
    }
    Ok(())
}

/// Kind and owner of those of the groups that the caller sees.
async fn visible(
    db: &mut impl Queries,
    caller: &Caller,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, (GroupKind, Option<Uuid>)>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = store::group::among(db, ids).await?;
    let seen = found.into_iter().filter(|group| permission::sees(caller, group.owner_agency_id));
    Ok(seen.map(|group| (group.id, (group.kind, group.owner_agency_id))).collect())
}

fn judge(holder: &Group, held: Option<&(GroupKind, Option<Uuid>)>) -> Option<Text> {
    match held {
        None => Some(unknown()),
        Some(&(kind, owner)) if holder.may_hold(kind, owner) => None,
        Some((GroupKind::Recipients, _)) if holder.kind == GroupKind::People => Some(only_people()),
        Some(_) => Some(Text::new(
            "là nhóm riêng của một cơ quan; chỉ nhóm của chính cơ quan đó mới được chứa nó",
            "is a group that an agency keeps for itself; only groups of the same agency may hold it",
        )),
    }
}

fn unknown() -> Text {
    Text::new("không có trong danh bạ", "is not in the directory")
}

fn only_people() -> Text {
    Text::new(
        "nhóm người chỉ gồm người dùng và nhóm người",
        "a group of people holds only users and groups of people",
    )
}
