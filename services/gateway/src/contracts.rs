//! What the descriptors say beyond types: comments and field behaviour.

use std::{collections::HashMap, sync::LazyLock};

use prost_reflect::{
    EnumDescriptor, EnumValueDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor,
    MethodDescriptor, ServiceDescriptor, Value,
};

/// Numbers of `google.api.FieldBehavior`.
const REQUIRED: i32 = 2;
const OUTPUT_ONLY: i32 = 3;

/// What `google.api.field_behavior` says of a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Behaviour {
    /// Must be given.
    pub(crate) required: bool,
    /// Given in answers; dropped from requests.
    pub(crate) output_only: bool,
}

/// Options are decoded on every look: far too slow for each field of each request.
static BEHAVIOURS: LazyLock<HashMap<String, Behaviour>> = LazyLock::new(|| {
    let pool = congvan_proto::descriptor_pool();
    let extension = pool.get_extension_by_name("google.api.field_behavior").expect("the protos import it");
    let fields = pool.all_messages().flat_map(|message| message.fields().collect::<Vec<_>>());
    fields
        .filter_map(|field| {
            let options = field.options();
            let said = options.get_extension(&extension);
            let numbers: Vec<_> = said.as_list()?.iter().filter_map(Value::as_enum_number).collect();
            let behaviour = Behaviour {
                required: numbers.contains(&REQUIRED),
                output_only: numbers.contains(&OUTPUT_ONLY),
            };
            (behaviour != Behaviour::default()).then(|| (field.full_name().to_owned(), behaviour))
        })
        .collect()
});

static COMMENTS: LazyLock<HashMap<(String, Vec<i32>), String>> = LazyLock::new(|| {
    let pool = congvan_proto::descriptor_pool();
    pool.file_descriptor_protos()
        .flat_map(|file| {
            let locations = file.source_code_info.as_ref().map(|info| info.location.as_slice());
            locations.unwrap_or_default().iter().filter_map(|location| {
                let comment = location.leading_comments.as_ref()?;
                Some(((file.name().to_owned(), location.path.clone()), one_paragraph(comment)))
            })
        })
        .collect()
});

/// What must and must not be given for this field.
pub(crate) fn behaviour(field: &FieldDescriptor) -> Behaviour {
    BEHAVIOURS.get(field.full_name()).copied().unwrap_or_default()
}

/// Something with a comment in the protos.
pub(crate) trait Commented {
    /// Its comment; empty if it has none.
    fn comment(&self) -> &'static str;
}

macro_rules! commented {
    ($($descriptor:ty),*) => {$(
        impl Commented for $descriptor {
            fn comment(&self) -> &'static str {
                comment_at(&self.parent_file(), self.path())
            }
        }
    )*};
}

commented!(
    ServiceDescriptor,
    MethodDescriptor,
    MessageDescriptor,
    FieldDescriptor,
    EnumDescriptor,
    EnumValueDescriptor
);

fn comment_at(file: &FileDescriptor, path: &[i32]) -> &'static str {
    COMMENTS.get(&(file.name().to_owned(), path.to_vec())).map_or("", String::as_str)
}

fn one_paragraph(comment: &str) -> String {
    comment.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The first sentence of a comment, without its full stop.
pub(crate) fn first_sentence(comment: &str) -> &str {
    comment.split_once(". ").map_or(comment, |(first, _)| first).trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_behaviour_come_from_the_protos() {
        let pool = congvan_proto::descriptor_pool();
        let unit = pool.get_message_by_name("congvan.directory.v1.Unit").unwrap();
        assert_eq!(unit.comment(), "A unit: an agency, or an inner unit of one.");
        let id = unit.get_field_by_name("id").unwrap();
        assert_eq!(behaviour(&id), Behaviour { required: false, output_only: true });
        let name = unit.get_field_by_name("name").unwrap();
        assert_eq!(behaviour(&name), Behaviour { required: true, output_only: false });
        assert_eq!(behaviour(&unit.get_field_by_name("email").unwrap()), Behaviour::default());
        assert_eq!(first_sentence(name.comment()), "Official name, up to 200 characters");
    }
}
