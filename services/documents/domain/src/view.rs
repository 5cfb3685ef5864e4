use crate::{Document, Officer, Post, Scope};

/// The post in which an officer reads a document at the sender: the first that gives the right to; none if none does.
pub fn reading_post<'a>(officer: &'a Officer, document: &Document) -> Option<&'a Post> {
    officer.posts.iter().find(|post| {
        let held = Officer { posts: vec![(*post).clone()], ..officer.clone() };
        Scope::of(&held).reads(document)
    })
}
