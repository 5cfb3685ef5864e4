use congvan_proto::{
    directory::v1::{self as pb, oidc_service_server::OidcService},
    time_to_proto,
};
use jiff::SignedDuration;
use kit::{Fault, Violations, caller::Caller};

use super::{identity, oidc_session};
use crate::{
    Directory, faults,
    oidc::{Oidc, Trouble},
    permission,
    store::oidc_attempt::{self, Attempt},
    token,
};

calls! { OidcService:
    begin_oidc_sign_in(BeginOidcSignInRequest) -> BeginOidcSignInResponse = begin;
    complete_oidc_sign_in(CompleteOidcSignInRequest) -> CompleteOidcSignInResponse = oidc_session::complete;
    list_linked_identities(ListLinkedIdentitiesRequest) -> ListLinkedIdentitiesResponse = identity::list;
    link_identity(LinkIdentityRequest) -> LinkIdentityResponse = identity::link;
    unlink_identity(UnlinkIdentityRequest) -> UnlinkIdentityResponse = identity::unlink;
}

/// How long a sign-in that was begun can be completed.
const ATTEMPT_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// How many that were never completed are dropped when one begins: they cannot pile up, however many are begun.
const SWEPT: u16 = 10;

/// Begins a sign-in at the provider.
async fn begin(
    service: &Directory,
    caller: &Caller,
    request: pb::BeginOidcSignInRequest,
) -> Result<pb::BeginOidcSignInResponse, Fault> {
    permission::through_gateway(caller)?;
    let mut violations = Violations::default();
    if request.redirect_uri.is_empty() {
        violations.missing("redirectUri");
    } else if !provider(service)?.config.redirect_uris.allow(&request.redirect_uri) {
        violations.add(
            "redirectUri",
            "không có trong oidc.redirect_uris của hệ thống",
            "is none of the addresses in oidc.redirect_uris",
        );
    }
    violations.check()?;

    let oidc = provider(service)?;
    let now = service.clock.now();
    let attempt = Attempt {
        nonce: service.ids.secret(),
        verifier: service.ids.secret(),
        redirect_uri: request.redirect_uri,
        expires_at: now + ATTEMPT_LIFE,
    };
    let state = service.ids.secret();
    let authorization_url = oidc.address(&attempt, &state, now).await.map_err(fault)?;
    let mut tx = service.db.write("begin_oidc_sign_in").await?;
    oidc_attempt::sweep(&mut tx, now, SWEPT).await?;
    oidc_attempt::begin(&mut tx, token::hash(&state), &attempt).await?;
    tx.commit().await?;
    let expire_time = Some(time_to_proto(attempt.expires_at.as_microsecond()));
    Ok(pb::BeginOidcSignInResponse { authorization_url, state, expire_time })
}

/// The provider of the settings.
pub(super) fn provider(service: &Directory) -> Result<&Oidc, Fault> {
    service.oidc.as_ref().ok_or_else(faults::oidc::not_set_up)
}

/// What the caller is told of the provider's trouble; the rest is for our log.
pub(super) fn fault(trouble: Trouble) -> Fault {
    match trouble {
        Trouble::Away(why) => faults::oidc::unavailable(why),
        Trouble::Lied(why) => refused(&why),
    }
}

/// The one refusal for all that is not as it should be.
pub(super) fn refused(why: &str) -> Fault {
    tracing::warn!(why, "a sign-in at the provider was refused");
    faults::oidc::refused()
}
