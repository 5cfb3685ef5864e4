//! congvan-tests
