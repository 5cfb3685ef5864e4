//! What the executable says of itself. (With this test here every test run builds the executable, which other tests start.)

use std::{fmt::Write, process::Command};

#[test]
fn help_explains_every_command() {
    let mut told = String::new();
    for arguments in [
        &["--help"][..],
        &["up", "--help"],
        &["serve", "--help"],
        &["demo", "--help"],
        &["keys", "--help"],
        &["register", "--help"],
        &["register", "verify", "--help"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_congvan")).args(arguments).output().unwrap();
        assert!(output.status.success());
        let help = String::from_utf8(output.stdout).unwrap();
        writeln!(told, "$ congvan {}\n{help}", arguments.join(" ")).unwrap();
    }
    insta::assert_snapshot!(told);
}
