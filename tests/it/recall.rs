//! A document is taken back: by everybody, by some, by nobody; and what becomes of documents by later ones.

mod copies;
mod destroying;
mod ending;
mod faults;
mod relations;
mod story;
