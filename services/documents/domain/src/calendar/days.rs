use base::Date;

/// A day on which it is otherwise than the week says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialDay {
    /// The day.
    pub day: Date,
    /// Whether offices work on it: a Saturday in exchange for a day between holidays.
    pub works: bool,
    /// What it is.
    pub name: &'static str,
    /// Whether it was announced; else it follows from the Labour Code and the lunar calendar, and may be announced otherwise.
    pub announced: bool,
}

/// The first day, and so many from it on.
type Span = (i16, i8, i8, u8, &'static str);

/// Free, as announced for public offices.
const FREE: [Span; 16] = [
    (2024, 1, 1, 1, "Tết Dương lịch"),
    (2024, 2, 8, 7, "Tết Nguyên đán"),
    (2024, 4, 18, 1, "Giỗ Tổ Hùng Vương"),
    (2024, 4, 29, 3, "30/4 và 1/5, hoán đổi ngày 29/4"),
    (2024, 9, 2, 2, "Quốc khánh"),
    (2025, 1, 1, 1, "Tết Dương lịch"),
    (2025, 1, 25, 9, "Tết Nguyên đán"),
    (2025, 4, 7, 1, "Giỗ Tổ Hùng Vương"),
    (2025, 4, 30, 3, "30/4 và 1/5, hoán đổi ngày 2/5"),
    (2025, 9, 1, 2, "Quốc khánh"),
    (2026, 1, 1, 2, "Tết Dương lịch, hoán đổi ngày 2/1"),
    (2026, 2, 14, 9, "Tết Nguyên đán"),
    (2026, 4, 27, 1, "Nghỉ bù Giỗ Tổ Hùng Vương"),
    (2026, 4, 30, 2, "30/4 và 1/5"),
    (2026, 8, 31, 3, "Quốc khánh, hoán đổi ngày 31/8"),
    (2026, 11, 24, 1, "Ngày Văn hóa Việt Nam"),
];

/// Worked, in exchange for a free day of the same year.
const WORKED: [Span; 4] = [
    (2024, 5, 4, 1, "Làm bù ngày 29/4"),
    (2025, 4, 26, 1, "Làm bù ngày 2/5"),
    (2026, 1, 10, 1, "Làm bù ngày 2/1"),
    (2026, 8, 22, 1, "Làm bù ngày 31/8"),
];

/// Free by the Labour Code 2019, Article 112, and the lunar calendar at UTC+7; not announced yet.
const EXPECTED: [Span; 6] = [
    (2027, 1, 1, 1, "Tết Dương lịch"),
    (2027, 2, 5, 7, "Tết Nguyên đán"),
    (2027, 4, 16, 1, "Giỗ Tổ Hùng Vương"),
    (2027, 4, 30, 4, "30/4 và 1/5, nghỉ bù ngày 3/5"),
    (2027, 9, 2, 2, "Quốc khánh"),
    (2027, 11, 24, 1, "Ngày Văn hóa Việt Nam"),
];

/// The days that are known.
pub fn known_days() -> impl Iterator<Item = SpecialDay> {
    let spread = |spans: &'static [Span], works, announced| {
        spans.iter().flat_map(move |(year, month, day, count, name)| {
            let first = Date::new(*year, *month, *day).expect("a day of the calendar");
            let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
            days.take(usize::from(*count)).map(move |day| SpecialDay { day, works, name, announced })
        })
    };
    spread(&FREE, false, true).chain(spread(&WORKED, true, true)).chain(spread(&EXPECTED, false, false))
}
