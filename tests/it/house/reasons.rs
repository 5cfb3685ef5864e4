//! The reasons of refusals: what the contracts list and what the services say are the same.

use std::collections::BTreeSet;

use super::{rust, text};

/// The reasons that an `error.proto` lists, without prefix and without the zero value.
fn listed(package: &str) -> BTreeSet<String> {
    let pool = congvan_proto::descriptor_pool();
    let reasons = pool.get_enum_by_name(&format!("{package}.ErrorReason")).expect("every package has one");
    let values = reasons.values().filter(|value| value.number() != 0);
    values.map(|value| value.name().trim_start_matches("ERROR_REASON_").to_owned()).collect()
}

/// The reasons that the sources name, tests aside: literals of capitals and underscores.
fn said(paths: &[&str]) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for path in paths {
        let text = text(path);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let literals = code.split('"').skip(1).step_by(2);
        let is_reason = |literal: &&str| {
            literal.len() > 3 && literal.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        };
        said.extend(literals.filter(is_reason).map(str::to_owned));
    }
    said
}

#[test]
fn every_refusal_has_a_reason_of_the_contracts_and_every_reason_is_given() {
    for service in ["directory", "documents", "notifications"] {
        let path = format!("services/{service}/src/faults");
        let mut sources = rust(&format!("services/{service}/src"));
        sources.retain(|source| source.starts_with(&path));
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        assert_eq!(said(&sources), listed(&format!("congvan.{service}.v1")), "{path}");
    }
}

#[test]
fn the_reasons_of_subscriptions_are_those_that_the_publisher_gives() {
    assert_eq!(said(&["services/events/src/publisher.rs"]), listed("congvan.events.v1"));
}

#[test]
fn the_common_reasons_are_those_that_kit_and_gateway_give() {
    let common = said(&["services/kit/src/faults.rs", "services/gateway/src/failure.rs"]);
    assert_eq!(common, listed("congvan.errors.v1"));
}
