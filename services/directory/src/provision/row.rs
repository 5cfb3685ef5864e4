use base::Date;
use directory_domain::Flaw;
use kit::Text;

use super::{columns::Column, header::Header, mistake::Mistake, words};
use crate::{
    flaws,
    sheet::{Cell, Line},
};

/// A row being read: each field is asked for once, and what is wrong with it is noted.
pub(crate) struct Row<'a> {
    header: &'a Header,
    line: &'a Line,
    /// All that is wrong.
    pub(crate) mistakes: Vec<Mistake>,
}

impl<'a> Row<'a> {
    /// A line below this header.
    pub(crate) fn new(header: &'a Header, line: &'a Line) -> Self {
        let mut row = Self { header, line, mistakes: Vec::new() };
        let beyond = line.cells.iter().skip(header.width);
        if beyond.into_iter().any(|cell| !matches!(cell, Cell::Text(text) if text.trim().is_empty())) {
            let text = Text::new(
                "dòng có nhiều ô hơn số cột; nếu ô có dấu phân cách thì phải đặt trong dấu nháy kép",
                "has more cells than there are columns; put a cell that holds the separator into quotation marks",
            );
            row.mistakes.push(Mistake::new(line.number, "", text));
        }
        row
    }

    /// Its number.
    pub(crate) fn number(&self) -> u32 {
        self.line.number
    }

    /// Notes a mistake in a column.
    pub(crate) fn note(&mut self, column: &Column, text: Text) {
        let heading = self.header.place(column).map_or(column.vi, |(_, heading)| heading);
        self.mistakes.push(Mistake::new(self.line.number, heading, text));
    }

    /// The text of a column; none if the file has no such column, nothing if the cell cannot be read.
    pub(crate) fn text(&mut self, column: &Column) -> Option<String> {
        let (place, _) = self.header.place(column)?;
        match self.line.cells.get(place) {
            None => Some(String::new()),
            Some(Cell::Text(text)) => Some(base::clean(text)),
            Some(cell) => {
                let text = not_text(cell);
                self.note(column, text);
                None
            }
        }
    }

    /// The value of a column by its rule; none if the file has no such column or its cell has a flaw.
    pub(crate) fn value<T>(
        &mut self,
        column: &Column,
        rule: impl FnOnce(&str) -> Result<T, Flaw>,
    ) -> Option<T> {
        let text = self.text(column)?;
        match rule(&text) {
            Ok(value) => Some(value),
            Err(flaw) => {
                self.note(column, flaws::text(flaw));
                None
            }
        }
    }

    /// The day of a column; none if there is none.
    pub(crate) fn date(&mut self, column: &Column) -> Option<Date> {
        let (place, _) = self.header.place(column)?;
        if let Some(Cell::Date(date)) = self.line.cells.get(place) {
            return Some(*date);
        }
        let text = self.text(column)?;
        let date = date(&text);
        if date.is_none() && !text.is_empty() {
            let text = Text::new(
                "phải là ngày, viết 2026-07-01 hoặc 01/07/2026",
                "must be a date, written 2026-07-01 or 01/07/2026",
            );
            self.note(column, text);
        }
        date
    }

    /// Yes or no of a column; none if nothing stands there.
    pub(crate) fn flag(&mut self, column: &Column) -> Option<bool> {
        let (place, _) = self.header.place(column)?;
        match self.line.cells.get(place) {
            Some(Cell::Flag(flag)) => return Some(*flag),
            Some(Cell::Number(number)) if [0.0, 1.0].contains(number) => return Some(*number > 0.5),
            _ => {}
        }
        let text = self.text(column)?;
        let flag = words::flag(&text);
        if flag.is_none() && !text.is_empty() {
            self.note(column, Text::new("phải là có hoặc không", "must be yes or no"));
        }
        flag
    }
}

/// A day from 1900 to 9998, as 2026-07-01 or 01/07/2026.
fn date(text: &str) -> Option<Date> {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
    let parts = |separator| text.split(separator).map(number).collect::<Option<Vec<i16>>>();
    let [year, month, day] = match (parts('-'), parts('/')) {
        (Some(parts), _) if parts.len() == 3 => [parts[0], parts[1], parts[2]],
        (_, Some(parts)) if parts.len() == 3 => [parts[2], parts[1], parts[0]],
        _ => return None,
    };
    let [month, day] = [month, day].map(|part| i8::try_from(part).unwrap_or(0));
    Date::new(year, month, day).ok().filter(|date| (1900..9999).contains(&date.year()))
}

fn not_text(cell: &Cell) -> Text {
    match cell {
        Cell::Number(_) => Text::new(
            "ô này là số, các chữ số 0 ở đầu đã mất; hãy đặt định dạng cột là Văn bản (Text) rồi nhập lại",
            "is a number, zeros at its beginning are lost; format the column as text and type it again",
        ),
        Cell::Date(_) => Text::new(
            "ô này là ngày; hãy đặt định dạng cột là Văn bản (Text) rồi nhập lại",
            "is a date; format the column as text and type it again",
        ),
        Cell::Flag(_) => Text::new("ô này là đúng/sai, phải là chữ", "is true or false and must be text"),
        Cell::TooLong(length) => Text::new(
            format!("dài {length} ký tự; có thể thiếu dấu nháy kép đóng ở ô này hoặc ô trước"),
            format!("has {length} characters; a closing quotation mark may be missing here or before"),
        ),
        Cell::Failed(shown) => {
            Text::new(format!("công thức bị lỗi ({shown})"), format!("is a formula that failed ({shown})"))
        }
        Cell::Text(_) => Text::new("không đọc được", "cannot be read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provision::columns::units;

    #[test]
    fn days_are_written_in_two_ways() {
        let day = Some("2026-07-01".parse().unwrap());
        for text in ["2026-07-01", "01/07/2026", "1/7/2026"] {
            assert_eq!(date(text), day, "{text}");
        }
        for text in
            ["", "31/02/2026", "2026/07/01", "07-2026", "1/7/26", "2026-07-01 ", "-1/7/2026", "9999-01-01"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn a_cell_says_why_it_cannot_be_read() {
        let heading = |text: &str| Cell::Text(text.to_owned());
        let first = Line {
            number: 1, cells: ["mã", "tên", "ngày bắt đầu", "mã tạm"].map(heading).to_vec()
        };
        let (header, _) = Header::read(&first, units::ALL);
        let cells =
            vec![Cell::Number(3646.0), Cell::TooLong(2000), Cell::Failed("#N/A".to_owned()), heading("?")];
        let line = Line { number: 7, cells: [cells, vec![heading("thừa")]].concat() };
        let mut row = Row::new(&header, &line);
        assert_eq!((row.text(&units::CODE), row.text(&units::NAME)), (None, None));
        assert_eq!((row.date(&units::START), row.flag(&units::SYNTHETIC)), (None, None));
        assert_eq!(row.text(&units::PARENT), None, "there is no such column");
        let told: Vec<_> =
            row.mistakes.iter().map(|mistake| (mistake.row, mistake.column.as_str())).collect();
        assert_eq!(told, [(7, ""), (7, "mã"), (7, "tên"), (7, "ngày bắt đầu"), (7, "mã tạm")]);
        assert!(row.mistakes[1].vi.contains("Văn bản"));
    }
}
