use base::Uuid;
use congvan_proto::directory::v1::{self as pb, audit_service_server::AuditService};
use kit::{Fault, Violations, caller::Caller};
use sql::Queries;

use super::{last_key, page};
use crate::{
    Directory, permission, shape,
    store::{self, audit::Filter},
};

calls! { AuditService:
    list_audit_entries(ListAuditEntriesRequest) -> ListAuditEntriesResponse = list;
}

/// How many changes a history shows.
const IN_HISTORY: u16 = 100;

/// The last changes of a thing and of what belongs to it, the newest first; none for whoever may not read the audit.
pub(super) async fn of(
    db: &mut impl Queries,
    caller: &Caller,
    subject_id: Uuid,
) -> Result<Vec<pb::AuditEntry>, Fault> {
    if !permission::reads_audit(caller) {
        return Ok(Vec::new());
    }
    let filter = Filter { subject_id: Some(subject_id), with_related: true, actor_id: None };
    let found = store::audit::list(db, filter, None, IN_HISTORY).await?;
    Ok(found.iter().map(shape::audit_entry).collect())
}

/// Lists changes, the newest first.
async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListAuditEntriesRequest,
) -> Result<pb::ListAuditEntriesResponse, Fault> {
    permission::administrator(caller)?;
    let mut violations = Violations::default();
    let subject_id = violations.optional_id("subjectId", &request.subject_id);
    let actor_id = violations.optional_id("actorId", &request.actor_id);
    let size = violations.page_size(request.page_size, 100, 1000);
    if request.with_related && request.subject_id.is_empty() {
        violations.add("withRelated", "chỉ dùng cùng với subjectId", "goes only with subjectId");
    }
    violations.check()?;
    let filter = Filter { subject_id, with_related: request.with_related, actor_id };
    let list = format!("audit/{filter:?}");
    let before = last_key(&list, &request.page_token)?.parse().ok();
    let mut read = service.db.read("list_audit_entries").await?;
    let found = store::audit::list(&mut read, filter, before, size + 1).await?;
    let entries = found.iter().map(shape::audit_entry).collect();
    let (entries, next_page_token) = page(entries, size, &list, |entry: &pb::AuditEntry| &entry.id);
    Ok(pb::ListAuditEntriesResponse { entries, next_page_token })
}
