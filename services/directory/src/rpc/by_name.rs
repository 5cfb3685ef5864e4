//! Lists by name. Names may be alike, so that the id decides which of two comes first.

use base::{PageToken, Uuid, fold};
use kit::Fault;

/// Name and id that a page token holds; those before all others for the first page.
pub(super) fn after(list: &str, token: &str) -> Result<(String, Uuid), Fault> {
    let page = PageToken::decode(list, token, 2).map_err(|_| Fault::bad_page_token())?;
    let Some(mut page) = page else { return Ok((String::new(), Uuid::nil())) };
    let id = page.after.pop().and_then(|id| id.parse().ok()).ok_or_else(Fault::bad_page_token)?;
    Ok((page.after.pop().unwrap_or_default(), id))
}

/// Cuts a page of `size` from up to one more, and makes the token for what follows.
pub(super) fn page<T>(
    mut found: Vec<T>,
    size: u16,
    list: &str,
    key: impl Fn(&T) -> (&str, Uuid),
) -> (Vec<T>, String) {
    let more = found.len() > usize::from(size);
    found.truncate(usize::from(size));
    let token = |last: &T| {
        let (name, id) = key(last);
        PageToken::encode(list, &[&fold(name), &id.to_string()])
    };
    let next = found.last().filter(|_| more).map(token).unwrap_or_default();
    (found, next)
}
