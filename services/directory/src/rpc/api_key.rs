use base::{Timestamp, Uuid};
use congvan_proto::{
    access::v1::Scope,
    directory::v1::{self as pb, api_key_service_server::ApiKeyService},
};
use kit::{
    Fault, Violations,
    caller::{Caller, Person},
};
use sql::{Write, answers::Once};

use super::api_key_end;
use crate::{
    Directory,
    api_key::{ApiKey, KEYS, LONGEST_LIFE, NAME, PREFIX, Scopes, may_be_given_to_others},
    changes, faults, permission, shape,
    store::{self, audit::Entry},
    token,
};

/// Characters of the reason of a change.
pub(super) const REASON: usize = 500;

calls! { ApiKeyService:
    create_api_key(CreateApiKeyRequest) -> CreateApiKeyResponse = create;
    list_api_keys(ListApiKeysRequest) -> ListApiKeysResponse = api_key_end::list;
    revoke_api_key(RevokeApiKeyRequest) -> RevokeApiKeyResponse = api_key_end::revoke;
}

/// Makes a key and shows it, this once.
async fn create(
    service: &Directory,
    caller: &Caller,
    request: pb::CreateApiKeyRequest,
) -> Result<pb::CreateApiKeyResponse, Fault> {
    let person = permission::in_session(caller)?;
    let mut violations = Violations::default();
    let once = Once::new("CreateApiKey", person.user_id, &request.request_id, &request, &mut violations);
    let reason = violations.text("reason", &request.reason, false, REASON);
    let key = parse(service, person, &request.api_key.unwrap_or_default(), &mut violations);
    permission::own(caller, key.person_id)?;
    violations.check()?;

    let secret = format!("{PREFIX}{}", service.ids.secret());
    let mut tx = service.db.write("create_api_key").await?;
    if let Some(answer) = once.recall(&mut tx, key.created_at).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    may_have_one_more(&mut tx, &key).await?;
    store::api_key::insert(&mut tx, &key, token::hash(&secret)).await?;
    let entry = Entry {
        action: "api_key.create",
        subject_kind: "api_key",
        subject_id: key.id,
        reason,
        before: None,
        after: Some(api_key_end::state(&key)),
    };
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    events::append(&mut tx, vec![changes::api_key_changed(&service.ids, &key, key.created_at)]).await?;
    // Only what may be kept is kept: a repeat is answered without the key.
    let kept = pb::CreateApiKeyResponse { api_key: Some(shape::api_key(&key)), key: String::new() };
    once.remember(&mut tx, &kept).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(pb::CreateApiKeyResponse { key: secret, ..kept })
}

/// The key as it is written; every violation is noted.
fn parse(service: &Directory, caller: &Person, written: &pb::ApiKey, violations: &mut Violations) -> ApiKey {
    let now = service.clock.now();
    let person_id = violations.optional_id("apiKey.userId", &written.user_id).unwrap_or(caller.user_id);
    ApiKey {
        id: service.ids.next(),
        person_id,
        name: violations.text("apiKey.name", &written.name, true, NAME),
        scopes: scopes(&written.scopes, person_id == caller.user_id, violations),
        created_at: now,
        creator_id: caller.user_id,
        expires_at: end(written, now, violations),
        last_used_at: None,
        revoked_at: None,
    }
}

fn scopes(written: &[i32], own: bool, violations: &mut Violations) -> Scopes {
    if written.is_empty() {
        violations.missing("apiKey.scopes");
    }
    let mut scopes = Scopes::default();
    for (index, number) in written.iter().enumerate() {
        let field = format!("apiKey.scopes[{index}]");
        match Scope::try_from(*number) {
            Ok(Scope::Unspecified) | Err(_) => {
                violations.add(field, "không có phạm vi này", "is no scope");
            }
            Ok(scope) if own || may_be_given_to_others(scope) => scopes = scopes.with(scope),
            Ok(_) => violations.add(
                field,
                "chỉ chính người dùng mới cấp được cho khóa của mình: quản trị không tham gia xử lý văn bản",
                "only the person can give it to an own key: administrators have no part in documents",
            ),
        }
    }
    scopes
}

fn end(written: &pb::ApiKey, now: Timestamp, violations: &mut Violations) -> Timestamp {
    let Some(time) = &written.expire_time else {
        violations.missing("apiKey.expireTime");
        return now;
    };
    let end = Timestamp::new(time.seconds, time.nanos).ok();
    let end = end.filter(|end| *end > now && *end <= now + LONGEST_LIFE);
    end.unwrap_or_else(|| {
        violations.add(
            "apiKey.expireTime",
            "phải sau lúc này và trong vòng 366 ngày",
            "must be later than now and within 366 days",
        );
        now
    })
}

/// Fails if there is no such person, or one with too many keys already.
async fn may_have_one_more(tx: &mut Write, key: &ApiKey) -> Result<(), Fault> {
    let person_id: Uuid = key.person_id;
    store::user::find(tx, person_id, base::legal_date(key.created_at))
        .await?
        .ok_or_else(|| faults::no_user(person_id))?;
    if store::api_key::count(tx, person_id, key.created_at).await? >= KEYS {
        return Err(faults::access::too_many_keys(KEYS));
    }
    Ok(())
}
