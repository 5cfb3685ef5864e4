use congvan_proto::directory::v1::{self as pb, session_service_server::SessionService};
use kit::{Fault, Violations, caller::Caller};

use super::{api_key_end, session_list, sign_in};
use crate::{Directory, api_key::PREFIX, permission, sessions, shape, store, token, verifying::Presented};

calls! { SessionService:
    sign_in(SignInRequest) -> SignInResponse = sign_in::sign_in;
    get_session(GetSessionRequest) -> GetSessionResponse = get;
    sign_out(SignOutRequest) -> SignOutResponse = sign_out;
    list_sessions(ListSessionsRequest) -> ListSessionsResponse = session_list::list;
    revoke_session(RevokeSessionRequest) -> RevokeSessionResponse = session_list::revoke;
    revoke_all_sessions(RevokeAllSessionsRequest) -> RevokeAllSessionsResponse = session_list::revoke_all;
    verify_session(VerifySessionRequest) -> VerifySessionResponse = verify;
}

/// Reads the session of the call.
async fn get(
    service: &Directory,
    caller: &Caller,
    _: pb::GetSessionRequest,
) -> Result<pb::GetSessionResponse, Fault> {
    let person = caller.person()?;
    let mut read = service.db.read("get_session").await?;
    let session = store::session::by_id(&mut read, person.session_id, sessions::lasting(service)).await?;
    let session = session.filter(|session| session.user.id == person.user_id);
    let session = session.ok_or_else(Fault::not_signed_in)?;
    let user = sessions::standing(service, &mut read, &session.user).await?;
    Ok(pb::GetSessionResponse { session: Some(shape::session(&session, user)) })
}

/// Ends the session of the call.
async fn sign_out(
    service: &Directory,
    caller: &Caller,
    _: pb::SignOutRequest,
) -> Result<pb::SignOutResponse, Fault> {
    let person = caller.person()?;
    let mut tx = service.db.write("sign_out").await?;
    store::session::end(&mut tx, person.session_id, person.user_id).await?;
    tx.commit().await?;
    Ok(pb::SignOutResponse {})
}

/// Tells whose session a token opens, if it opens the method, or for whom an API key speaks.
async fn verify(
    service: &Directory,
    caller: &Caller,
    request: pb::VerifySessionRequest,
) -> Result<pb::VerifySessionResponse, Fault> {
    permission::gateway_itself(caller)?;
    let mut violations = Violations::default();
    if request.token.is_empty() {
        violations.missing("token");
    }
    violations.check()?;
    if request.token.starts_with(PREFIX) {
        return api_key_end::verify(service, &request.token).await;
    }
    let token_hash = token::hash(&request.token);
    let presented = Presented { token_hash, lasting: sessions::lasting(service) };
    let (mut session, user) = service.verifying.run(presented).await?.ok_or_else(Fault::not_signed_in)?;
    sessions::opens(service, &session, &request.method)?;
    sessions::note_use(service, &mut session).await?;
    Ok(pb::VerifySessionResponse { session: Some(shape::session(&session, user)), api_key: None })
}
