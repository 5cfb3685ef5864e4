//! Made-up people whose names are as frequent as they are in Vietnam: a third are Nguyễn, half of the women are Thị.

/// Family names, with how many of a thousand people bear them.
const FAMILIES: [(&str, usize); 32] = [
    ("Nguyễn", 315),
    ("Trần", 109),
    ("Lê", 89),
    ("Phạm", 59),
    ("Hoàng", 51),
    ("Vũ", 39),
    ("Phan", 28),
    ("Võ", 26),
    ("Đặng", 23),
    ("Bùi", 21),
    ("Đỗ", 19),
    ("Hồ", 17),
    ("Ngô", 15),
    ("Dương", 14),
    ("Lò", 14),
    ("Lý", 12),
    ("Hà", 12),
    ("Huỳnh", 12),
    ("Đinh", 11),
    ("Trương", 11),
    ("Lường", 10),
    ("Đào", 10),
    ("Mai", 9),
    ("Quàng", 9),
    ("Cầm", 9),
    ("Tòng", 9),
    ("Giàng", 9),
    ("Sùng", 8),
    ("Vì", 8),
    ("Thào", 8),
    ("Tô", 7),
    ("Cà", 7),
];

/// Middle names, with how many of a thousand people bear them.
const MIDDLES: [(&str, usize); 16] = [
    ("Thị", 290),
    ("Văn", 230),
    ("Đức", 50),
    ("Minh", 50),
    ("Thanh", 50),
    ("Ngọc", 50),
    ("Quốc", 40),
    ("Hữu", 40),
    ("Xuân", 40),
    ("Thu", 30),
    ("Hồng", 30),
    ("Quang", 30),
    ("Công", 20),
    ("Đình", 20),
    ("Kim", 20),
    ("Thị Bích", 10),
];

/// Given names, all as frequent.
const GIVEN: [&str; 56] = [
    "Hương",
    "Lan",
    "Hà",
    "Hoa",
    "Mai",
    "Thảo",
    "Trang",
    "Linh",
    "Ngọc",
    "Hạnh",
    "Hằng",
    "Nga",
    "Thủy",
    "Yến",
    "Dung",
    "Phương",
    "Loan",
    "Oanh",
    "Nhung",
    "Tuyết",
    "Quỳnh",
    "Giang",
    "Thương",
    "Ánh",
    "Bình",
    "An",
    "Anh",
    "Dũng",
    "Hùng",
    "Cường",
    "Tuấn",
    "Nam",
    "Sơn",
    "Long",
    "Hải",
    "Hiếu",
    "Trung",
    "Thành",
    "Thắng",
    "Đạt",
    "Khánh",
    "Phúc",
    "Quân",
    "Tùng",
    "Việt",
    "Vinh",
    "Kiên",
    "Huy",
    "Hưng",
    "Lâm",
    "Nghĩa",
    "Phong",
    "Tài",
    "Tâm",
    "Toàn",
    "Trường",
];

/// The name of a person; the same for the same number on every run.
pub(crate) fn full_name(number: usize) -> String {
    let family = frequent(&FAMILIES, scatter(3 * number));
    let middle = frequent(&MIDDLES, scatter(3 * number + 1));
    let given = GIVEN[scatter(3 * number + 2) % GIVEN.len()];
    format!("{family} {middle} {given}")
}

/// A number in whose place another stands that has nothing to do with its neighbours (splitmix64).
pub(crate) fn scatter(number: usize) -> usize {
    let mut mixed = (number as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((mixed ^ (mixed >> 31)) >> 33).expect("31 bits")
}

fn frequent(names: &[(&'static str, usize)], number: usize) -> &'static str {
    let mut rest = number % 1000;
    for (name, frequency) in names {
        if rest < *frequency {
            return name;
        }
        rest -= frequency;
    }
    names[0].0
}
