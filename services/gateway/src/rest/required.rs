//! Fields that the contracts call REQUIRED, in every message that is present.

use prost_reflect::{DynamicMessage, FieldDescriptor, ReflectMessage, Value};

use super::violations::{self, Mistakes, Place};
use crate::contracts::behaviour;

/// Notes every required field that `message` lacks. Not again what is noted already, and not the fields right below
/// `lenient`: a PATCH names what changes, and its service says what else it needs.
pub(super) fn check(message: &DynamicMessage, lenient: Option<&FieldDescriptor>, mistakes: &mut Mistakes) {
    Check { place: Place::default(), lenient, mistakes }.message(message, true);
}

struct Check<'a> {
    place: Place,
    lenient: Option<&'a FieldDescriptor>,
    mistakes: &'a mut Mistakes,
}

impl Check<'_> {
    fn message(&mut self, message: &DynamicMessage, strict: bool) {
        for field in message.descriptor().fields() {
            self.place.enter_field(field.json_name());
            if message.has_field(&field) {
                self.value(&message.get_field(&field), self.lenient != Some(&field));
            } else if strict && behaviour(&field).required && !self.mistakes.cover(&self.place) {
                self.mistakes.add(&self.place, violations::missing());
            }
            self.place.leave();
        }
    }

    fn value(&mut self, value: &Value, strict: bool) {
        match value {
            Value::Message(message) => self.message(message, strict),
            Value::List(values) => {
                for (index, value) in
                    values.iter().enumerate().filter(|(_, value)| value.as_message().is_some())
                {
                    self.place.enter_element(index);
                    self.value(value, true);
                    self.place.leave();
                }
            }
            _ => {}
        }
    }
}
