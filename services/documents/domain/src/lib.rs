//! documents-domain
