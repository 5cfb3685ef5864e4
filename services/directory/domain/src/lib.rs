//! directory-domain
