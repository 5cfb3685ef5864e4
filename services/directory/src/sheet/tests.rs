use proptest::prelude::*;

use super::*;

fn lines(bytes: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let mut lines = Vec::new();
    read(bytes, "", &mut |line| lines.push(line))?;
    Ok(lines)
}

/// The lines as number and texts.
fn texts(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    let text = |cell| match cell {
        Cell::Text(text) => text,
        other => format!("{other:?}"),
    };
    let lines = lines(bytes).unwrap().into_iter();
    lines.map(|line| (line.number, line.cells.into_iter().map(text).collect())).collect()
}

fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut file = CsvWriter::new(&["a", "b", "c"]);
    let mut bytes = Vec::new();
    for row in rows {
        file.row(row);
        bytes.extend(file.take());
    }
    bytes.extend(file.take());
    bytes
}

fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut file = XlsxWriter::new(&["a", "b", "c"]);
    let mut bytes = Vec::new();
    for row in rows {
        file.row(row);
        bytes.extend(file.take());
    }
    bytes.extend(file.finish());
    bytes
}

/// A workbook of one sheet with this content.
fn book(sheet: &str) -> Vec<u8> {
    let whole = xlsx(&[]);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            let (head, _) = text.split_once("<sheetData>").unwrap();
            text = format!("{head}<sheetData>{sheet}</sheetData></worksheet>");
        }
        if name == "xl/styles.xml" {
            text = text.replace("numFmtId=\"49\"", "numFmtId=\"14\""); // style 1: a date
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut out, text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn the_separator_is_found_and_lines_keep_their_numbers() {
    for separator in [",", ";", "\t"] {
        let text = "a|b|c\r\n\r\n1|\"x, y; z\"|\r\n||\n\n2|d|e\n".replace('|', separator);
        let cells = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let expected =
            [(1, cells(["a", "b", "c"])), (3, cells(["1", "x, y; z", ""])), (6, cells(["2", "d", "e"]))];
        assert_eq!(texts(text.as_bytes()), expected, "{separator:?}");
    }
    assert_eq!(texts(b"sep=;\na,b;c\n")[0], (2, vec!["a,b".to_owned(), "c".to_owned()]));
    assert_eq!(texts(b"\"a;b\",c\n")[0].1, ["a;b", "c"]);
    assert_eq!(texts("\u{feff}mã\nH52".as_bytes())[0].1, ["mã"]);
}

#[test]
fn cells_of_a_spreadsheet_say_what_they_mean() {
    let cells = r#"<row r="3"><c r="A3"><v>3646</v></c><c r="B3" s="1"><v>45658</v></c><c r="C3" t="b"><v>1</v></c>
        <c r="D3" t="str"><f>"S"&amp;"NV"</f><v>SNV</v></c><c r="E3" t="e"><v>#REF!</v></c><c r="G3" t="inlineStr"><is><t>x</t></is></c></row>"#;
    let lines = lines(&book(cells)).unwrap();
    assert_eq!(lines[0].number, 3);
    assert_eq!(
        lines[0].cells,
        [
            Cell::Number(3646.0),
            Cell::Date("2025-01-01".parse().unwrap()),
            Cell::Flag(true),
            Cell::Text("SNV".to_owned()),
            Cell::Failed("#REF!".to_owned()),
            Cell::Text(String::new()),
            Cell::Text("x".to_owned()),
        ]
    );
}

#[test]
fn a_sheet_that_spans_the_whole_grid_costs_no_memory() {
    let cells =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    let lines = lines(&book(cells)).unwrap();
    assert_eq!(lines, [Line { number: 1, cells: vec![Cell::Number(1.0)] }], "too far to the right");
}

#[test]
fn sheets_are_found_by_name() {
    let bytes = xlsx(&[]);
    assert_eq!(read(&bytes, " Sheet1", &mut |_| ()), Ok(()));
    let missing =
        Unreadable::NoSuchSheet { name: "Đơn vị".to_owned(), sheets: vec!["Sheet1".to_owned()] };
    assert_eq!(read(&bytes, "Đơn vị", &mut |_| ()), Err(missing));
}

#[test]
fn what_is_no_table_is_told_as_such() {
    assert_eq!(lines(b""), Err(Unreadable::Empty));
    assert_eq!(lines(b"\xef\xbb\xbf \r\n,,\n"), Err(Unreadable::Empty));
    assert_eq!(lines(&book("")), Err(Unreadable::Empty));
    assert_eq!(lines(b"\xd0\xcf\x11\xe0\xa1\xb1"), Err(Unreadable::OldExcel));
    assert!(matches!(lines(b"PK\x03\x04rubbish"), Err(Unreadable::Broken(_))));
    assert_eq!(lines(b"%PDF-1.7\n\xe2\xe3\xcf"), Err(Unreadable::NotUnicode { line: 2 }));
    let backwards = r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>"#;
    assert!(matches!(lines(&book(backwards)), Err(Unreadable::Broken(_))));
}

#[test]
fn a_file_is_bounded_whatever_it_claims() {
    let long = "á".repeat(1001);
    assert_eq!(lines(format!("a,{long}").as_bytes()).unwrap()[0].cells[1], Cell::TooLong(1001));
    let rows = "x\n".repeat(limits::ROWS + 1);
    assert!(lines(rows.as_bytes()).is_ok());
    assert_eq!(lines(format!("{rows}x\n").as_bytes()), Err(Unreadable::TooManyRows));
    let cell = "x".repeat(1000);
    let wide = format!("{}\n", vec![cell.as_str(); 100].join(",")).repeat(700);
    assert_eq!(lines(wide.as_bytes()), Err(Unreadable::TooMuchText));
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..200 {
        std::io::Write::write_all(&mut bomb, &vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    assert_eq!(lines(&bomb), Err(Unreadable::TooLargeUnpacked));
}

proptest! {
    #[test]
    fn any_bytes_are_a_table_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = lines(&bytes);
        let _ = lines(&[b"PK\x03\x04".as_slice(), &bytes].concat());
    }

    #[test]
    fn a_workbook_with_a_wrong_byte_is_a_table_or_an_error(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = xlsx(&[vec!["1".to_owned(), "2".to_owned(), "3".to_owned()]]);
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = lines(&bytes);
    }

    #[test]
    fn what_is_written_is_read_again(rows in proptest::collection::vec(proptest::collection::vec("[=+@\t'\"a-d;,Đệ <>&\n-]{0,8}", 3), 0..8)) {
        let expected: Vec<Vec<String>> =
            rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).cloned().collect();
        for bytes in [csv(&rows), xlsx(&rows)] {
            let mut read: Vec<_> = texts(&bytes).into_iter().skip(1).map(|(_, cells)| cells).collect();
            // Empty cells at the right need not be there.
            for row in &mut read {
                row.resize(3, String::new());
            }
            prop_assert_eq!(&read, &expected);
        }
    }
}
