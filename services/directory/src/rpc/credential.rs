use congvan_proto::directory::v1::{self as pb, credential_service_server::CredentialService};
use kit::{
    Fault, Text, Violations,
    caller::{Caller, Person},
};
use sql::Queries;

use super::{password_change, password_reset, session_list::own_or_administrator, totp, totp_end};
use crate::{Directory, faults, permission, shape, store};

calls! { CredentialService:
    get_credentials(GetCredentialsRequest) -> GetCredentialsResponse = get;
    change_password(ChangePasswordRequest) -> ChangePasswordResponse = password_change::change;
    reset_password(ResetPasswordRequest) -> ResetPasswordResponse = password_reset::reset;
    begin_totp(BeginTotpRequest) -> BeginTotpResponse = totp::begin;
    confirm_totp(ConfirmTotpRequest) -> ConfirmTotpResponse = totp::confirm;
    remove_totp(RemoveTotpRequest) -> RemoveTotpResponse = totp_end::remove;
    reset_totp(ResetTotpRequest) -> ResetTotpResponse = totp_end::reset;
}

/// Tells what a person can sign in with.
async fn get(
    service: &Directory,
    caller: &Caller,
    request: pb::GetCredentialsRequest,
) -> Result<pb::GetCredentialsResponse, Fault> {
    let person = caller.person()?;
    let mut violations = Violations::default();
    let user_id = violations.optional_id("userId", &request.user_id).unwrap_or(person.user_id);
    violations.check()?;
    own_or_administrator(caller, person, user_id)?;
    let mut read = service.db.read("get_credentials").await?;
    there_is(service, &mut read, user_id).await?;
    let password = store::credential::of(&mut read, user_id).await?;
    let app = store::totp::find(&mut read, user_id).await?;
    let left = store::totp::codes_left(&mut read, user_id).await?;
    Ok(pb::GetCredentialsResponse {
        has_password: password.is_some(),
        temporary_password_expire_time: password.and_then(|password| password.expires_at).map(shape::time),
        totp_confirm_time: app.and_then(|app| app.confirmed_at).map(shape::time),
        recovery_codes_left: i32::try_from(left).unwrap_or(i32::MAX),
    })
}

/// Fails if there is no such person.
pub(super) async fn there_is(
    service: &Directory,
    db: &mut impl Queries,
    user_id: base::Uuid,
) -> Result<(), Fault> {
    let user = store::user::find(db, user_id, service.today()).await?;
    user.map(drop).ok_or_else(|| faults::no_user(user_id))
}

/// An administrator who acts for somebody else. For the own account there are calls that ask for password and code: whoever
/// took over an administrator's session must not keep the account by it.
pub(super) fn administrator_for(caller: &Caller, user_id: base::Uuid) -> Result<&Person, Fault> {
    let person = permission::administrator(caller)?;
    if person.user_id == user_id {
        return Err(Fault::not_allowed(&Text::new("một quản trị hệ thống khác", "another administrator")));
    }
    Ok(person)
}
