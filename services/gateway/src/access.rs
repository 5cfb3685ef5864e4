//! Who may call a method, in words and for machines, as the contracts state it.

use congvan_proto::access::v1::{Access, Audience, Grant, Relation, Scope};
use kit::Text;
use prost_reflect::MethodDescriptor;
use serde_json::Value;

/// What a method states, in the JSON mapping of `congvan.access.v1.Access`.
pub(crate) fn stated(method: &MethodDescriptor) -> Value {
    let pool = method.parent_pool();
    let extension = pool.get_extension_by_name("congvan.access.v1.access").expect("the protos import it");
    serde_json::to_value(method.options().get_extension(&extension).as_message()).expect("a message is JSON")
}

/// Who may call, in sentences.
pub(crate) fn sentence(access: &Access) -> Text {
    let mut sentences = vec![audiences(access)];
    if access.audiences().any(|audience| matches!(audience, Audience::Person | Audience::Administrator)) {
        sentences.push(keys(access.scope()));
    }
    if !access.grants.is_empty() {
        let ways = listed(access.grants.iter().map(grant), "; ");
        sentences.push(Text::new(format!("Điều kiện: {}.", ways.vi), format!("Needed: {}.", ways.en)));
    }
    if access.hides {
        sentences.push(Text::new(
            "Người không liên quan được trả lời như thể không có gì ở đó.",
            "Who has nothing to do with it is answered as if there were nothing.",
        ));
    }
    if !access.bars.is_empty() {
        let ways = listed(access.bars.iter().map(grant), "; ");
        sentences.push(Text::new(format!("Không được gọi: {}.", ways.vi), format!("Barred: {}.", ways.en)));
    }
    if !access.rule.is_empty() {
        sentences.push(Text::new(&access.rule, &access.rule));
    }
    listed(sentences, " ")
}

fn audiences(access: &Access) -> Text {
    let who = listed(access.audiences().map(kit::access::name), ", ");
    Text::new(format!("Ai được gọi: {}.", who.vi), format!("Who may call: {}.", who.en))
}

fn keys(scope: Scope) -> Text {
    if scope == Scope::Unspecified {
        return Text::new("Không dùng được bằng khóa API.", "Never open to an API key.");
    }
    let scope = scope.as_str_name();
    Text::new(format!("Khóa API cần phạm vi {scope}."), format!("An API key needs the scope {scope}."))
}

fn grant(grant: &Grant) -> Text {
    let mut text = relation(grant.relation());
    if !grant.roles.is_empty() {
        let roles = grant.roles.join(", ");
        text = Text::new(format!("{} ({roles})", text.vi), format!("{} ({roles})", text.en));
    }
    let also = [
        (grant.heirs, Text::new("kể cả cơ quan kế thừa", "or in an agency that took over from it")),
        (grant.in_person, Text::new("không qua người làm thay", "not as a stand-in")),
    ];
    let said = also.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text);
    listed(std::iter::once(text).chain(said), ", ")
}

fn relation(relation: Relation) -> Text {
    match relation {
        Relation::Unspecified => Text::new("không có", "none"),
        Relation::Any => Text::new("chức vụ ở bất kỳ đâu", "a post anywhere"),
        Relation::Own => Text::new("của chính người gọi", "it is the caller's own"),
        Relation::Drafter => {
            Text::new("là người soạn thảo, còn ở đơn vị soạn thảo", "the drafter, still of the drafting unit")
        }
        Relation::DraftingUnit => Text::new("chức vụ ở đơn vị soạn thảo", "a post in the drafting unit"),
        Relation::Agency => Text::new("chức vụ ở cơ quan sở hữu", "a post in the agency that it belongs to"),
        Relation::Recipient => Text::new("chức vụ ở cơ quan nhận", "a post in an agency that received it"),
        Relation::Handler => {
            Text::new("chức vụ ở đơn vị được giao xử lý", "a post in the unit to which it is assigned")
        }
        Relation::Addressee => Text::new(
            "gửi đến đơn vị trực thuộc hoặc đích danh người gọi",
            "it was delivered to an inner unit of the caller, or to the caller in person",
        ),
        Relation::Shared => Text::new("dùng chung cho toàn danh bạ", "it belongs to the whole directory"),
        Relation::Leader => Text::new(
            "việc của lãnh đạo cùng cơ quan với người gọi",
            "it concerns a leader of an agency in which the caller holds a post",
        ),
        Relation::Signer => Text::new(
            "được ký văn bản hôm nay theo danh bạ",
            "may sign the document today, as the directory says",
        ),
        Relation::Unit => Text::new(
            "việc của người cùng đơn vị với người gọi",
            "it concerns a person of a unit in which the caller holds a post",
        ),
    }
}

/// Texts in a row, in both languages.
fn listed(texts: impl IntoIterator<Item = Text>, between: &str) -> Text {
    let (vi, en): (Vec<_>, Vec<_>) = texts.into_iter().map(|text| (text.vi, text.en)).unzip();
    Text::new(vi.join(between), en.join(between))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_says_in_words_who_may_call_it() {
        let told = |path| sentence(congvan_proto::method(path).unwrap().access.as_ref().unwrap()).en;
        assert_eq!(
            told("/congvan.documents.v1.DocumentService/SignDocument"),
            "Who may call: a signed-in person. Never open to an API key. Needed: may sign the document \
             today, as the directory says, not as a stand-in. Who has nothing to do with it is answered as if there were nothing. \
             Who approved the draft signs it."
        );
        assert_eq!(
            told("/congvan.directory.v1.SessionService/SignIn"),
            "Who may call: anybody, through the gateway of the system."
        );
    }
}
