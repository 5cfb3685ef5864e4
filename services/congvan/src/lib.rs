//! congvan
