//! Fields that the contracts call REQUIRED. What can be read goes to its service, which tells of those that are missing
//! along with all else that is wrong; here they are told only with what cannot be read, where no service gets a say.

use prost_reflect::{DynamicMessage, FieldDescriptor, ReflectMessage, Value};

use super::violations::{self, Mistakes, Place};
use crate::contracts::behaviour;

/// Notes every required field that a message lacks, in every message that is present. Not again what is noted already. Of
/// what a `partial` request is about, as a PATCH is, nothing is required here: it names only what changes.
pub(super) fn check(message: &DynamicMessage, partial: bool, mistakes: &mut Mistakes) {
    let mut check = Check { place: Place::default(), mistakes };
    for field in message.descriptor().fields() {
        check.field(message, &field, (true, !partial));
    }
}

struct Check<'a> {
    place: Place,
    mistakes: &'a mut Mistakes,
}

impl Check<'_> {
    /// Judges a field and what is inside it, each strictly or not.
    fn field(&mut self, message: &DynamicMessage, field: &FieldDescriptor, (strict, inside): (bool, bool)) {
        self.place.enter_field(field.json_name());
        if message.has_field(field) {
            self.value(&message.get_field(field), inside);
        } else if strict && behaviour(field).required && !self.mistakes.cover(&self.place) {
            self.mistakes.add(&self.place, violations::missing());
        }
        self.place.leave();
    }

    fn value(&mut self, value: &Value, strict: bool) {
        match value {
            Value::Message(message) => {
                for field in message.descriptor().fields() {
                    self.field(message, &field, (strict, true));
                }
            }
            Value::List(values) => {
                for (index, value) in values.iter().enumerate() {
                    self.place.enter_element(index);
                    self.value(value, true);
                    self.place.leave();
                }
            }
            _ => {}
        }
    }
}
