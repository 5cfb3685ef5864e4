//! Lists of one kind of resource, and of all kinds together: people first, then groups.

use axum::response::Response;
use http::StatusCode;

use super::{
    Call, answer,
    error::Result,
    filter::{Mistake, parse, parse_for_any},
    groups, list,
    query::Query,
    route::{Kinds, Route},
    schema::{GROUP, USER},
    users,
};

/// Answers a page.
pub(super) async fn search(call: &Call, route: &Route, query: &Query) -> Result<Response> {
    let kinds = route.kinds();
    let filter = query.filter.as_deref();
    let read = if kinds == Kinds::All { parse_for_any } else { parse };
    let mut resources = Vec::new();
    let mut total = 0;
    if kinds != Kinds::Groups {
        let filter = filter.map(|filter| read(filter, &USER)).transpose().map_err(Mistake::in_filter)?;
        (resources, total) = users::list(call, query, filter.as_ref()).await?;
    }
    if kinds != Kinds::Users {
        let filter = filter.map(|filter| read(filter, &GROUP)).transpose().map_err(Mistake::in_filter)?;
        let rest = Query {
            start: query.start.saturating_sub(total),
            count: query.count - resources.len(),
            ..query.clone()
        };
        let (groups, more) = groups::list(call, &rest, filter.as_ref()).await?;
        resources.extend(groups);
        total += more;
    }
    Ok(answer::json(StatusCode::OK, &list::page(&resources, total, query.start)))
}
