//! Where the links in mails lead until there is a desk for the browser: how to open the document meanwhile.

use askama::Template;
use kit::Language;

#[derive(Template)]
#[template(path = "mailbox.html")]
struct Page {
    language: Language,
}

/// The page in one language.
pub(crate) fn page(language: Language) -> String {
    Page { language }.render().expect("writing to a string")
}
