//! What the sources may say, and what they may not.

use super::{files, manifest, none, root, rust, text};

/// Longest file, in lines: a longer one holds two nouns.
const LONGEST: usize = 400;

/// The files that hold one of these words, each with the word.
fn naming(files: Vec<String>, words: &[&str]) -> Vec<String> {
    let mut offenders = Vec::new();
    for path in files {
        let text = text(&path);
        let found = words.iter().filter(|word| text.contains(**word));
        offenders.extend(found.map(|word| format!("{path}: {word}")));
    }
    offenders
}

#[test]
fn a_domain_crate_knows_no_async_and_no_format() {
    let words = ["async ", ".await", "serde", "prost", "tokio", "std::fs", "std::net", "std::io"];
    for domain in ["services/directory/domain/src", "services/documents/domain/src"] {
        none(&naming(rust(domain), &words));
    }
}

#[test]
fn only_sql_names_the_database_drivers() {
    let mut sources = [rust("services"), rust("proto"), rust("tests")].concat();
    let driver = concat!("sqlx", "::");
    assert!(!naming(rust("services/sql"), &[driver]).is_empty());
    sources.retain(|path| !path.starts_with("services/sql/"));
    none(&naming(sources, &[driver]));
}

#[test]
fn the_directory_calls_nobody() {
    none(&naming(rust("services/directory/src"), &["kit::transport", "Transport", "_client::"]));
}

#[test]
fn time_ids_environment_and_tasks_come_from_one_place_each() {
    let clippy: toml::Table = text("clippy.toml").parse().expect("TOML");
    let banned = clippy["disallowed-methods"].as_array().expect("a list");
    let banned: Vec<_> = banned.iter().filter_map(|method| method["path"].as_str()).collect();
    for method in [
        "std::time::SystemTime::now",
        "jiff::Timestamp::now",
        "uuid::Uuid::now_v7",
        "std::env::var",
        "std::env::vars",
        "std::env::var_os",
        "tokio::spawn",
    ] {
        assert!(banned.contains(&method), "clippy.toml bans {method} no more");
    }
    let exception = concat!("clippy::", "disallowed_methods");
    // What the tests of the system spawn belongs to the test.
    let mut excepted = naming([rust("proto"), rust("services")].concat(), &[exception]);
    for path in &mut excepted {
        path.truncate(path.find(':').expect("path: word"));
    }
    let known = [
        "proto/build.rs", // cargo tells it by the environment where to write
        "services/base/src/clock.rs",
        "services/kit/src/config.rs",
        "services/kit/src/lifecycle.rs",
        "services/sql/src/testing.rs",
    ];
    assert_eq!(excepted, known);
}

#[test]
fn every_crate_is_linted_as_the_workspace_says() {
    // The contracts are generated; their comments are prose and their code is not ours.
    let members = super::members().into_iter().filter(|folder| folder != "proto");
    let linted = |folder: &String| {
        manifest(folder).get("lints").is_some_and(|lints| lints["workspace"].as_bool() == Some(true))
    };
    none(&members.filter(|folder| !linted(folder)).collect::<Vec<_>>());
}

#[test]
fn a_file_holds_one_noun() {
    let sources = [rust("services"), rust("proto"), rust("tests")].concat();
    let lengths = sources.into_iter().map(|path| (text(&path).lines().count(), path));
    let long = lengths.filter(|(lines, _)| *lines > LONGEST);
    none(&long.map(|(lines, path)| format!("{path}: {lines} lines")).collect::<Vec<_>>());
}

/// Every text file of the tree, without those that cargo writes.
fn texts() -> Vec<String> {
    let mut texts = files("");
    texts.retain(|path| path != "Cargo.lock" && std::fs::read_to_string(root().join(path)).is_ok());
    texts
}

#[test]
fn nothing_is_left_for_later() {
    let words =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("unimplemented", "!"), concat!("todo", "!")];
    none(&naming(texts(), &words));
}

#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    let folders = ["work", "root", "home", "Users"].map(|folder| format!("/{folder}/"));
    let mut offenders = naming(texts(), &folders.each_ref().map(String::as_str));
    // The last is an address of SCIM, too.
    offenders.retain(|offender| !(offender.contains("/scim/") && offender.ends_with(&folders[3])));
    none(&offenders);
}
