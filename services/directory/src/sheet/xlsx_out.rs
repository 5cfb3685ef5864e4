use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use zip::{
    ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

/// Parts of a workbook with one sheet that never change.
const FRAME: [(&str, &str); 5] = [
    (
        "[Content_Types].xml",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    // Style 0 is the default; style 1 is text ("@"), so that what is typed over a code stays text.
    (
        "xl/styles.xml",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="Times New Roman"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>"#,
    ),
];

/// Writes an XLSX file row by row in bounded memory. Every cell is text, never a formula or a number, so that `=1+1` stays
/// what it is and 03646 keeps its zero.
///
/// Libraries that write XLSX keep the sheet in memory or in a temporary file until the end; 200,000 people would be hundreds
/// of MiB, and a container need not have a place for temporary files.
pub(crate) struct XlsxWriter {
    zip: ZipWriter<StreamWriter<Sink>>,
    sink: Sink,
    rows: usize,
}

impl XlsxWriter {
    /// A file with this header.
    pub(crate) fn new(header: &[&str]) -> Self {
        let sink = Sink::default();
        let mut file = Self { zip: ZipWriter::new_stream(sink.clone()), sink, rows: 0 };
        for (name, text) in FRAME {
            file.begin(name);
            file.put(text);
        }
        file.begin("xl/worksheets/sheet1.xml");
        file.put(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
        );
        file.row(&header.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>());
        file
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[String]) {
        self.rows += 1;
        let mut text = format!("<row r=\"{}\">", self.rows);
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let place = format!("{}{}", column_name(column), self.rows);
            for piece in ["<c r=\"", &place, "\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"] {
                text.push_str(piece);
            }
            escape(cell, &mut text);
            text.push_str("</t></is></c>");
        }
        text.push_str("</row>");
        self.put(&text);
    }

    /// The bytes written since the last call.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.sink.take()
    }

    /// The last bytes of the file.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.put("</sheetData></worksheet>");
        self.zip.finish().expect(TAKES_ANYTHING);
        self.sink.take()
    }

    fn begin(&mut self, part: &str) {
        self.zip.start_file(part, SimpleFileOptions::default()).expect(TAKES_ANYTHING);
    }

    fn put(&mut self, text: &str) {
        self.zip.write_all(text.as_bytes()).expect(TAKES_ANYTHING);
    }
}

const TAKES_ANYTHING: &str = "memory takes any bytes";

/// A, B, … Z, AA, …
fn column_name(index: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(index % 26).expect("below 26"));
    if index < 26 { letter.to_string() } else { format!("{}{letter}", column_name(index / 26 - 1)) }
}

/// XML knows no control characters but three; they have no place in a cell and are left out.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() && !matches!(letter, '\t' | '\n' | '\u{7f}'..) => {}
            _ => out.push(letter),
        }
    }
}

/// Collects what is written until it is taken.
#[derive(Debug, Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().expect("never held across a panic"))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("never held across a panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_spreadsheets() {
        for (index, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")] {
            assert_eq!(column_name(index), name);
        }
    }
}
