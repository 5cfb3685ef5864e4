"""Writes cong-van.pdf, a one-page official letter (công văn) laid out after Appendix I of Decree 30/2020/NĐ-CP.

Usage: python cong-van.py FONT_DIRECTORY OUTPUT.pdf
Needs fpdf2. FONT_DIRECTORY holds LiberationSerif-{Regular,Bold,Italic,BoldItalic}.ttf.
"""

import sys
import unicodedata
from datetime import datetime, timedelta, timezone
from pathlib import Path

from fpdf import FPDF

TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 20  # margins in mm
WIDTH = 210 - LEFT - RIGHT
AGENCY = (LEFT, 68)  # left edge and width of a column, mm
ABOUT = (LEFT + 6, 56)  # narrower, so that the abstract breaks into even lines
NATION = (LEFT + 70.5, WIDTH - 70.5)
SIGNER = (LEFT + 80, WIDTH - 80)
BLANK = "\u00a0" * 7  # filled in at issue: the number and the date are not the drafter's to give

ABSTRACT = "V/v tăng cường tiếp nhận, xử lý văn bản trên hệ thống quản lý văn bản và điều hành"
BODY = [
    "Thực hiện Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư, để bảo đảm "
    "văn bản điện tử được tiếp nhận và giải quyết kịp thời, Sở Nội vụ đề nghị Ủy ban nhân dân các xã, phường "
    "thực hiện một số nội dung sau:",
    "1. Chỉ đạo văn thư cơ quan kiểm tra hệ thống quản lý văn bản và điều hành thường xuyên; tiếp nhận, đăng ký "
    "văn bản đến và trình người có thẩm quyền ngay trong ngày, chậm nhất là trong ngày làm việc tiếp theo.",
    "2. Phân công, theo dõi và cập nhật kết quả giải quyết văn bản trên hệ thống; văn bản gửi sai nơi nhận thì "
    "trả lại nơi gửi trên hệ thống và nêu rõ lý do.",
    "3. Báo cáo kết quả về Sở Nội vụ trước ngày 15 tháng 12 năm 2026 để tổng hợp, báo cáo Ủy ban nhân "
    "dân tỉnh.",
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị liên hệ Văn phòng Sở Nội vụ để được hướng "
    "dẫn, giải quyết./.",
]
COPIES = ["- Như trên;", "- UBND tỉnh (báo cáo);", "- Lưu: VT, VP."]


class Letter(FPDF):
    def __init__(self, fonts: Path):
        super().__init__(format="A4")
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(False)
        self.c_margin = 0
        for style, name in {"": "Regular", "B": "Bold", "I": "Italic", "BI": "BoldItalic"}.items():
            self.add_font("serif", style, fonts / f"LiberationSerif-{name}.ttf")
        self.set_title(ABSTRACT)
        self.set_author("Sở Nội vụ tỉnh Sơn La")
        self.set_lang("vi-VN")
        # Fixed, so that the same source gives the same file.
        self.set_creation_date(datetime(2026, 1, 5, 8, tzinfo=timezone(timedelta(hours=7))))
        self.add_page()

    def centred(self, column, y, text, style, size, line=5.2):
        """Writes text centred in a column from y mm down."""
        self.set_font("serif", style, size)
        self.set_xy(column[0], y)
        self.multi_cell(column[1], line, unicodedata.normalize("NFC", text), align="C")

    def rule(self, column, y, length):
        """Draws a line in the middle of a column."""
        x = column[0] + (column[1] - length) / 2
        self.set_line_width(0.25)
        self.line(x, y, x + length, y)


def heading(pdf: Letter):
    pdf.centred(NATION, TOP, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "B", 12)
    pdf.centred(NATION, TOP + 5.2, "Độc lập - Tự do - Hạnh phúc", "B", 13)
    pdf.rule(NATION, TOP + 11.4, pdf.get_string_width("Độc lập - Tự do - Hạnh phúc"))
    pdf.centred(AGENCY, TOP, "ỦY BAN NHÂN DÂN TỈNH SƠN LA", "", 12)
    pdf.centred(AGENCY, TOP + 5.2, "SỞ NỘI VỤ", "B", 12)
    pdf.rule(AGENCY, TOP + 11.4, pdf.get_string_width("SỞ NỘI VỤ") / 2)
    pdf.centred(AGENCY, TOP + 15, f"Số:{BLANK}/SNV-VP", "", 13)
    pdf.centred(ABOUT, TOP + 21, ABSTRACT, "", 12, 5)
    pdf.centred(NATION, TOP + 15, f"Sơn La, ngày{BLANK}tháng{BLANK}năm 2026", "I", 13)


def content(pdf: Letter):
    """Writes addressees and text; the y below them."""
    pdf.centred((LEFT, WIDTH), TOP + 45, "Kính gửi: Ủy ban nhân dân các xã, phường", "", 14)
    pdf.set_y(TOP + 57)
    pdf.set_font("serif", "", 14)
    with pdf.text_columns(text_align="JUSTIFY", line_height=1.3) as column:
        for text in BODY:
            with column.paragraph(first_line_indent=12.7, bottom_margin=6 * 25.4 / 72) as paragraph:
                paragraph.write(unicodedata.normalize("NFC", text))
    return pdf.get_y()


def signature(pdf: Letter, y):
    pdf.centred(SIGNER, y, "GIÁM ĐỐC", "B", 14)
    pdf.centred(SIGNER, y + 35, "Lò Văn Thuận", "B", 14)  # room between for the signature's picture
    pdf.set_xy(LEFT, y)
    pdf.set_font("serif", "BI", 12)
    pdf.cell(0, 5.2, "Nơi nhận:")
    pdf.set_font("serif", "", 11)
    for index, text in enumerate(COPIES):
        pdf.set_xy(LEFT, y + 5.4 + 4.6 * index)
        pdf.cell(0, 4.6, text)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    fonts, output = map(Path, sys.argv[1:])
    pdf = Letter(fonts)
    heading(pdf)
    signature(pdf, content(pdf) + 6)
    pdf.output(output)


if __name__ == "__main__":
    main()
