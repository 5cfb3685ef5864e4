//! Whose call it is: the bearer token of a session becomes a claim that the services verify themselves.

use std::{sync::Arc, time::Duration};

use base::{Clock, Uuid};
use congvan_proto::{
    access::v1::Scope,
    directory::v1::{
        self as proto, VerifySessionRequest, VerifySessionResponse,
        session_service_client::SessionServiceClient,
    },
};
use http::{HeaderMap, header::AUTHORIZATION};
use kit::{
    Fault,
    caller::{Appointment, Person, Role, Signer, StandsInFor},
    layers::claim_was_refused,
    transport::Transport,
};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::failure::{Failure, in_time};

/// Longest token looked at, in characters.
const TOKEN_LIMIT: usize = 512;

/// Domain of the directory's own reasons.
const DOMAIN: &str = "directory.congvan";

/// How long the directory may take to tell whose session it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// Verifies sessions and signs claims.
#[derive(Clone)]
pub(crate) struct Sessions {
    directory: SessionServiceClient<Transport>,
    signer: Signer,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    pub(crate) fn new(directory: &Transport, signer: Signer, clock: Arc<dyn Clock>) -> Self {
        let own = directory.clone().signed_by(signer.clone(), clock.clone());
        Self { directory: SessionServiceClient::new(own), signer, clock }
    }

    /// The claim of whoever holds the session of these headers, for a call of this method. Asked anew on each call: a session that was ended, or a
    /// post that was taken away, counts at once.
    pub(crate) async fn claim(&self, headers: &HeaderMap, method: &str) -> Result<String, Failure> {
        Ok(self.sign(Some(self.person(headers, method).await?)))
    }

    async fn person(&self, headers: &HeaderMap, method: &str) -> Result<Person, Failure> {
        let token = bearer(headers).ok_or_else(Fault::not_signed_in)?.to_owned();
        let mut directory = self.directory.clone();
        let asking = directory.verify_session(VerifySessionRequest { token, method: method.to_owned() });
        let answer = in_time(PATIENCE, async { asking.await.map_err(refused) }).await?;
        let VerifySessionResponse { session, api_key } = answer.into_inner();
        let scopes = api_key.map(|key| key.scopes().map(|scope| scope.as_str_name().to_owned()).collect());
        Ok(Person { scopes, ..person(session.unwrap_or_default())? })
    }

    /// The claim of whoever calls SCIM. There a key with the scope for SCIM may read and change people and groups, which is all
    /// that SCIM does; a session gives what the person may do anyway.
    pub(crate) async fn scim_claim(&self, headers: &HeaderMap) -> Result<String, Failure> {
        let mut person = self.person(headers, "").await?;
        if let Some(scopes) = &mut person.scopes {
            let needed = Scope::Scim.as_str_name();
            if !scopes.iter().any(|scope| scope == needed) {
                return Err(Fault::scope_missing(needed).into());
            }
            *scopes = [Scope::DirectoryRead, Scope::DirectoryWrite]
                .map(|scope| scope.as_str_name().to_owned())
                .into();
        }
        Ok(self.sign(Some(person)))
    }

    /// The claim of the gateway itself, for calls that need no session.
    pub(crate) fn own_claim(&self) -> String {
        self.sign(None)
    }

    fn sign(&self, person: Option<Person>) -> String {
        self.signer.sign(person, self.clock.now())
    }
}

/// The token of `Authorization: Bearer TOKEN`, if there is exactly one.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (all.next(), all.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    let sensible = !token.is_empty() && token.len() <= TOKEN_LIMIT;
    (scheme.eq_ignore_ascii_case("bearer") && sensible).then_some(token)
}

/// What the directory says of a token that opens nothing is not for the caller, except that nothing is opened; why one does not
/// open this method is.
fn refused(status: Status) -> Status {
    match status.code() {
        Code::PermissionDenied
            if status.get_details_error_info().is_some_and(|info| info.domain == DOMAIN) =>
        {
            status
        }
        Code::Unauthenticated if claim_was_refused(&status) => Fault::internal(status).into(),
        Code::Unauthenticated | Code::NotFound | Code::InvalidArgument => Fault::not_signed_in().into(),
        _ => Fault::upstream(status).into(),
    }
}

fn person(session: proto::Session) -> Result<Person, Failure> {
    let user = session.user.unwrap_or_default();
    Ok(Person {
        user_id: id(&user.id)?,
        full_name: user.full_name,
        session_id: id(&session.id)?,
        appointments: user.appointments.into_iter().map(appointment).collect::<Result<_, _>>()?,
        scopes: None,
    })
}

fn appointment(post: proto::Appointment) -> Result<Appointment, Failure> {
    Ok(Appointment {
        agency_id: id(&post.agency_id)?,
        unit_id: id(&post.unit_id)?,
        position: post.position,
        // A role that this version does not know grants nothing here.
        roles: post.roles.into_iter().filter_map(Role::numbered).collect(),
        inherited_agency_ids: post
            .inherited_agency_ids
            .iter()
            .map(|one| id(one))
            .collect::<Result<_, _>>()?,
        stands_in_for: post.stands_in_for.as_ref().map(stands_in_for).transpose()?,
    })
}

fn stands_in_for(of: &proto::StandsInFor) -> Result<StandsInFor, Failure> {
    Ok(StandsInFor { position_id: id(&of.position_id)?, user_id: id(&of.user_id)? })
}

fn id(text: &str) -> Result<Uuid, Failure> {
    text.parse().map_err(|error: uuid::Error| Fault::internal(error).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_bearer_token_counts() {
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, value.parse().unwrap());
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(read(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(read(&["bearer  abc "]).as_deref(), Some("abc"));
        for wrong in [&[][..], &["abc"], &["Bearer "], &["Basic abc"], &["Bearer a", "Bearer b"]] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
        assert_eq!(read(&[&format!("Bearer {}", "a".repeat(TOKEN_LIMIT + 1))]), None);
    }
}
