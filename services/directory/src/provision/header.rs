use kit::Text;

use super::{columns::Column, mistake::Mistake};
use crate::sheet::{Cell, Line};

/// Where the columns of a file stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header {
    columns: Vec<Placed>,
    /// How many columns the file names.
    pub(crate) width: usize,
}

#[derive(Debug, Clone)]
struct Placed {
    field: &'static str,
    place: usize,
    /// As the file calls it.
    heading: String,
}

impl Header {
    /// Reads the first line of a file that may have these columns.
    pub(crate) fn read(line: &Line, known: &[Column]) -> (Self, Vec<Mistake>) {
        let mut header = Self::default();
        let mut mistakes = Vec::new();
        for (place, cell) in line.cells.iter().enumerate() {
            let Cell::Text(heading) = cell else {
                let text = Text::new("tiêu đề cột phải là chữ", "the heading of a column must be text");
                mistakes.push(Mistake::new(line.number, &letter(place), text));
                continue;
            };
            let heading = base::clean(heading);
            if heading.is_empty() {
                continue;
            }
            header.width = place + 1;
            match known.iter().find(|column| column.is_headed(&heading)) {
                Some(column) if header.place(column).is_some() => {
                    let text = Text::new("cột này có hai lần", "this column is there twice");
                    mistakes.push(Mistake::new(line.number, &heading, text));
                }
                Some(column) => header.columns.push(Placed { field: column.field, place, heading }),
                None => mistakes.push(Mistake::new(line.number, &heading, unknown(known))),
            }
        }
        let missing = known.iter().filter(|column| column.required && header.place(column).is_none());
        mistakes.extend(missing.map(|column| Mistake::new(line.number, column.vi, missing_column(column))));
        (header, mistakes)
    }

    /// Where a column stands, and what the file calls it.
    pub(crate) fn place(&self, column: &Column) -> Option<(usize, &str)> {
        let placed = self.columns.iter().find(|placed| placed.field == column.field)?;
        Some((placed.place, &placed.heading))
    }
}

/// A column without a name, as spreadsheets call it.
fn letter(place: usize) -> String {
    let letter = |index: usize| char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
    if place < 26 {
        letter(place).to_string()
    } else {
        [letter(place / 26 - 1), letter(place)].iter().collect()
    }
}

fn unknown(known: &[Column]) -> Text {
    let names = |name: fn(&Column) -> &'static str| known.iter().map(name).collect::<Vec<_>>().join(", ");
    Text::new(
        format!(
            "không có cột nào tên như vậy; hãy xóa cột hoặc dùng một trong các tên: {}",
            names(|one| one.vi)
        ),
        format!("is the name of no column; delete it or use one of: {}", names(|one| one.en)),
    )
}

fn missing_column(column: &Column) -> Text {
    Text::new(
        format!("thiếu cột bắt buộc “{}”", column.vi),
        format!("the required column “{}” is missing", column.en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provision::columns::{people, units};

    fn line(headings: &[&str]) -> Line {
        let cells = headings.iter().map(|heading| Cell::Text((*heading).to_owned())).collect();
        Line { number: 1, cells }
    }

    #[test]
    fn columns_stand_in_any_order_and_language() {
        let (header, mistakes) =
            Header::read(&line(&["Kind", "tên", "", "MÃ", "Viết tắt *", "ngày bắt đầu"]), units::ALL);
        assert_eq!(mistakes, []);
        assert_eq!(header.place(&units::CODE), Some((3, "MÃ")));
        assert_eq!(header.place(&units::START), Some((5, "ngày bắt đầu")));
        assert_eq!((header.place(&units::PARENT), header.width), (None, 6));
    }

    #[test]
    fn unknown_double_and_missing_columns_are_told_together() {
        let (_, mistakes) = Header::read(&line(&["Tài khoản", "tên đăng nhập", "Mật khẩu"]), people::ALL);
        let columns: Vec<_> = mistakes.iter().map(|mistake| mistake.column.as_str()).collect();
        assert_eq!(columns, ["tên đăng nhập", "Mật khẩu", "Họ và tên"]);
        assert!(mistakes[1].vi.contains("Tên đăng nhập, Họ và tên"), "{}", mistakes[1].vi);
    }
}
