use congvan_proto::documents::v1::{DeliveryBoard, DeliveryStatus};
use std::fmt::Write;

/// The board as text: counts folded, exceptions named.
pub(super) fn render(board: &DeliveryBoard) -> String {
    let mut text =
        format!("\nBảng theo dõi / delivery board  {}  —  {} nơi nhận\n", board.notation, board.total);
    for count in &board.counts {
        let share = usize::try_from(count.count * 40 / board.total.max(1)).unwrap_or(0);
        let bar = "█".repeat(share.max(1));
        writeln!(text, "  {:<28} {:>4}  {bar}", name(count.status()), count.count)
            .expect("writing to a string");
    }
    if !board.exceptions.is_empty() {
        text.push_str("  Cần chú ý / exceptions\n");
    }
    for exception in &board.exceptions {
        let (who, status) = (&exception.recipient_name, name(exception.status()));
        writeln!(text, "    ! {who}: {status} — {}", exception.refusal_reason).expect("writing to a string");
    }
    text
}

fn name(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Unspecified => "?",
        DeliveryStatus::Arrived => "đã đến / arrived",
        DeliveryStatus::Refused => "từ chối / refused",
        DeliveryStatus::Accepted => "đã tiếp nhận / accepted",
        DeliveryStatus::Assigned => "đã phân công / assigned",
        DeliveryStatus::InProgress => "đang xử lý / in progress",
        DeliveryStatus::Completed => "đã hoàn thành / completed",
        DeliveryStatus::Returned => "đã trả lại / returned",
    }
}
