//! congvan
fn main() {}
