use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{NameQuery, limits};
use kit::{Fault, Violations, caller::Caller};
use sql::Queries;

use crate::{
    Directory, shape,
    store::{self, person_word::Range},
};

/// A person may have several words that begin alike, and is found by each.
const TIMES: u16 = 4;

/// Finds people by their names: first those whose accents are as typed, if any were, then whole words, then beginnings.
pub(super) async fn search(
    service: &Directory,
    _: &Caller,
    request: pb::SearchUsersRequest,
) -> Result<pb::SearchUsersResponse, Fault> {
    let mut violations = Violations::default();
    let text = violations.text("query", &request.query, true, limits::FULL_NAME);
    let query = NameQuery::new(&text);
    if query.is_none() && !text.is_empty() {
        violations.add("query", "phải có ít nhất một chữ cái hoặc chữ số", "must hold a letter or a digit");
    }
    let size = violations.page_size(request.page_size, 20, 100);
    violations.check()?;

    let mut read = service.db.read("search_users").await?;
    let mut found: Vec<Uuid> = Vec::with_capacity(size.into());
    if let Some(query) = query {
        for ranges in attempts(&query) {
            if found.len() < usize::from(size) {
                look(&mut read, ranges, request.with_inactive, size, &mut found).await?;
            }
        }
    }
    let users = store::people::in_order(&mut read, &found, service.today()).await?;
    Ok(pb::SearchUsersResponse { users: users.iter().map(shape::user).collect() })
}

/// What is looked for, the best first.
fn attempts(query: &NameQuery) -> Vec<Vec<Range>> {
    let whole = |words: &[String]| words.iter().map(|word| Range::of_word(word)).collect();
    let begun = |words: &[String]| words.iter().map(|word| Range::of_prefix(word)).collect();
    let mut attempts = Vec::with_capacity(4);
    if query.has_accents() {
        attempts.extend([whole(&query.typed), begun(&query.typed)]);
    }
    attempts.extend([whole(&query.folded), begun(&query.folded)]);
    attempts
}

async fn look(
    read: &mut impl Queries,
    ranges: Vec<Range>,
    with_inactive: bool,
    size: u16,
    found: &mut Vec<Uuid>,
) -> Result<(), Fault> {
    // Those found before are found again, and do not count.
    let more = store::person_word::find(read, ranges, with_inactive, size * TIMES).await?;
    for id in more {
        if found.len() < usize::from(size) && !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(())
}
