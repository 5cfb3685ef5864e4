//! The invariants of the house, checked against the sources themselves; `services/README.md` says why they hold.

mod arrows;
mod contracts;
mod reasons;
mod sources;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where the workspace begins.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace")
}

/// A text file of the workspace.
fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a folder of the workspace, by their paths from its root; without what is built or kept at run time.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the workspace is readable") {
            let path = entry.expect("an entry is readable").path();
            if path.is_dir() {
                folders.extend((!is_made(&path)).then_some(path));
            } else {
                let path = path.strip_prefix(root()).expect("below the root");
                found.push(path.to_str().expect("names are ASCII").to_owned());
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

/// Whether a folder holds what git, cargo or a run made.
fn is_made(folder: &Path) -> bool {
    let made = [".git", "target", "var"].map(|name| root().join(name));
    made.contains(&folder.to_path_buf()) || folder.ends_with("__pycache__")
}

/// The Rust files below a folder.
fn rust(folder: &str) -> Vec<String> {
    let mut found = files(folder);
    found.retain(|path| Path::new(path).extension().is_some_and(|ending| ending == "rs"));
    assert!(!found.is_empty(), "{folder} holds no Rust");
    found
}

/// Fails with all offenders, one in a line.
#[track_caller]
fn none(offenders: &[String]) {
    assert!(offenders.is_empty(), "{} offender(s):\n  {}", offenders.len(), offenders.join("\n  "));
}

/// The manifest in a folder of the workspace.
fn manifest(folder: &str) -> toml::Table {
    let path = PathBuf::from(folder).join("Cargo.toml");
    let path = path.to_str().expect("names are ASCII");
    text(path).parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The folders of all crates.
fn members() -> Vec<String> {
    let members = manifest("")["workspace"]["members"].as_array().expect("a list").clone();
    members.iter().map(|member| member.as_str().expect("a folder").to_owned()).collect()
}
