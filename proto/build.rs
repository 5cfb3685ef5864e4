//! Compiles the protos with protox: no protoc to install.

use std::{env, fs, path::Path};

use prost::Message;

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script by the environment where to write")]
fn main() {
    let files = protos("congvan");
    let mut compiler = protox::Compiler::new(["."]).expect("the proto folder is here");
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(&files).unwrap_or_else(|error| panic!("{error:?}"));
    // Encoded by protox itself: prost-types would drop the google.api.http options.
    let bytes = compiler.encode_file_descriptor_set();
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("congvan.bin"), &bytes).expect("OUT_DIR is writable");

    let set = prost_types::FileDescriptorSet::decode(bytes.as_slice()).expect("protox encodes well");
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names().type_name_domain(["."], "type.googleapis.com"); // events are packed by type name
    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        .generate_default_stubs(true) // stand-ins of tests implement what is asked of them; the matrix of rights asks every method
        .bytes(".congvan.documents.v1")
        .bytes(".congvan.directory.v1.StageImportRequest")
        .bytes(".congvan.directory.v1.ExportUnitsResponse")
        .bytes(".congvan.directory.v1.ExportPeopleResponse")
        .compile_fds_with_config(set, config)
        .expect("the protos generate");
    println!("cargo:rerun-if-changed=congvan");
    println!("cargo:rerun-if-changed=google");
}

/// Every proto below `folder`, in a fixed order.
fn protos(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("folder is readable") {
            let path = entry.expect("entry is readable").path();
            let name = path.to_str().expect("names are ASCII").to_owned();
            if path.is_dir() {
                folders.push(name);
            } else if path.extension().is_some_and(|ending| ending == "proto") {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}
