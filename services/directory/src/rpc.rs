//! The calls. Each file holds one group: authorise, parse with all violations, one transaction, answer.

use base::PageToken;
use kit::{Fault, Violations};

/// The methods of a gRPC service, each to the function that does it.
macro_rules! calls {
    ($service:ident: $($name:ident($request:ident) -> $response:ident = $function:path;)+) => {
        #[tonic::async_trait]
        impl $service for crate::Directory {
            $(async fn $name(
                &self,
                request: tonic::Request<congvan_proto::directory::v1::$request>,
            ) -> Result<tonic::Response<congvan_proto::directory::v1::$response>, tonic::Status> {
                let caller = kit::caller::Caller::of(&request)?;
                Ok(tonic::Response::new($function(self, &caller, request.into_inner()).await?))
            })+
        }
    };
}

mod absence;
mod address_book;
mod api_key;
mod api_key_end;
mod appointment;
mod audit;
mod by_name;
mod credential;
pub(crate) mod dates;
mod export;
mod expression;
mod external_agency;
mod external_agency_form;
mod external_agency_read;
mod group;
mod group_members;
mod group_read;
mod identity;
mod import;
mod import_job;
mod oidc;
mod oidc_session;
mod password_change;
mod password_reset;
mod position;
mod reorganisation;
mod reorganisation_preview;
mod reorganisation_steps;
mod session;
mod session_list;
mod sign_in;
mod signing;
mod signing_fields;
mod signing_read;
mod stand_in;
mod stand_in_rule;
mod totp;
mod totp_end;
mod unit;
mod unit_history;
mod unit_identifiers;
mod unit_read;
mod unit_reopen;
mod unit_structure;
mod unit_work;
mod user;
mod user_activity;
mod user_change;
mod user_history;
mod user_list;
mod user_read;
mod user_search;

pub(crate) use expression::shape as shape_expression;

/// The sort key that a page token holds; the empty one, which sorts before all, for the first page.
fn last_key(list: &str, token: &str) -> Result<String, Fault> {
    let page = PageToken::decode(list, token, 1).map_err(|_| Fault::bad_page_token())?;
    Ok(page.and_then(|mut page| page.after.pop()).unwrap_or_default())
}

/// Cuts a page of `size` from up to one more, and makes the token for what follows.
fn page<T>(mut found: Vec<T>, size: u16, list: &str, key: impl Fn(&T) -> &str) -> (Vec<T>, String) {
    let more = found.len() > usize::from(size);
    found.truncate(usize::from(size));
    let next =
        found.last().filter(|_| more).map(|last| PageToken::encode(list, &[key(last)])).unwrap_or_default();
    (found, next)
}

/// A violation unless it is the revision of something.
fn revision(field: &str, revision: i64, violations: &mut Violations) {
    if revision < 1 {
        violations.add(field, "bắt buộc, từ 1 trở lên", "is required, from 1");
    }
}
