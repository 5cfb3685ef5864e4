//! Who may depend on whom.

use super::{manifest, members, none};

const SERVICES: [&str; 4] = ["directory", "documents", "notifications", "gateway"];

/// What each crate may use of the house. Nothing points up, and no service to another.
const ARROWS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("congvan-proto", &["base"]),
    ("kit", &["base", "congvan-proto"]),
    ("sql", &["base", "kit", "congvan-proto"]),
    ("events", &["base", "kit", "congvan-proto", "sql"]),
    ("blobs", &["base", "kit"]),
    ("directory-domain", &["base"]),
    ("documents-domain", &["base"]),
    ("directory", &["base", "kit", "congvan-proto", "sql", "events", "directory-domain"]),
    ("documents", &["base", "kit", "congvan-proto", "sql", "events", "blobs", "documents-domain"]),
    ("notifications", &["base", "kit", "congvan-proto", "sql", "events"]),
    ("gateway", &["base", "kit", "congvan-proto"]),
    (
        "congvan",
        &[
            "base",
            "kit",
            "congvan-proto",
            "sql",
            "events",
            "blobs",
            "directory",
            "documents",
            "notifications",
            "gateway",
        ],
    ),
];

/// The crate that may use everything.
const TESTS: &str = "congvan-tests";

/// Crates that compute and do nothing else.
const PURE: [&str; 5] = ["jiff", "sha2", "unicode-normalization", "zeroize", "zxcvbn"];

/// A crate and the names of what it depends on.
struct Crate {
    name: String,
    /// For itself.
    needs: Vec<String>,
    /// For its build script and its tests.
    needs_beside: Vec<String>,
}

impl Crate {
    fn read(folder: &str) -> Self {
        let manifest = manifest(folder);
        let section = |name: &str| -> Vec<String> {
            manifest
                .get(name)
                .and_then(|table| table.as_table())
                .into_iter()
                .flat_map(|table| table.keys().cloned())
                .collect()
        };
        Self {
            name: manifest["package"]["name"].as_str().expect("a name").to_owned(),
            needs: section("dependencies"),
            needs_beside: [section("build-dependencies"), section("dev-dependencies")].concat(),
        }
    }

    fn needs_anyhow(&self) -> impl Iterator<Item = &String> {
        self.needs.iter().chain(&self.needs_beside)
    }
}

fn crates() -> Vec<Crate> {
    members().iter().map(|folder| Crate::read(folder)).collect()
}

fn is_ours(name: &str) -> bool {
    name == TESTS || ARROWS.iter().any(|(one, _)| *one == name)
}

#[test]
fn no_arrow_points_up() {
    let mut offenders = Vec::new();
    for one in crates().iter().filter(|one| one.name != TESTS) {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == one.name) else {
            offenders.push(format!("{} has no place among the arrows", one.name));
            continue;
        };
        let wrong = one.needs_anyhow().filter(|need| is_ours(need) && !allowed.contains(&need.as_str()));
        offenders.extend(wrong.map(|need| format!("{} -> {need}", one.name)));
    }
    none(&offenders);
}

#[test]
fn services_never_depend_on_each_other() {
    let mut offenders = Vec::new();
    for one in crates().iter().filter(|one| SERVICES.contains(&one.name.as_str())) {
        let wrong = one.needs_anyhow().filter(|need| SERVICES.contains(&need.as_str()));
        offenders.extend(wrong.map(|need| format!("{} -> {need}", one.name)));
    }
    none(&offenders);
}

#[test]
fn a_domain_crate_needs_nothing_but_base_and_pure_computation() {
    let domains: Vec<_> = crates().into_iter().filter(|one| one.name.ends_with("-domain")).collect();
    assert_eq!(domains.len(), 2);
    let mut offenders = Vec::new();
    for one in &domains {
        let wrong = one.needs.iter().filter(|need| *need != "base" && !PURE.contains(&need.as_str()));
        offenders.extend(wrong.map(|need| format!("{} -> {need}", one.name)));
    }
    none(&offenders);
}

#[test]
fn only_sql_depends_on_the_database_drivers() {
    let crates = crates();
    let users = crates.iter().filter(|one| one.needs_anyhow().any(|need| need == "sqlx"));
    assert_eq!(users.map(|one| one.name.as_str()).collect::<Vec<_>>(), ["sql"]);
}

#[test]
fn the_gateway_keeps_nothing() {
    let gateway = crates().into_iter().find(|one| one.name == "gateway").expect("it is a member");
    let stores = ["sql", "events", "blobs", "sqlx", "object_store"];
    none(&gateway.needs.into_iter().filter(|need| stores.contains(&need.as_str())).collect::<Vec<_>>());
}
