"""How large a file may be: every limit of the readers, in one place (docs/settings.md, Limits).

A limit keeps one damaged or hostile file from taking all memory, disk or time; real exports are far below them.
"""

from dataclasses import dataclass

MB = 1 << 20
GB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """The most that is read.

    Attributes:
        file_bytes: Size of one file, packed as it is.
        unpacked_bytes: What a workbook or ZIP archive may unpack to.
        ratio: How many times its own size it may unpack to, once that is more than `ratio_from_bytes`.
        ratio_from_bytes: Below this, no ratio is suspicious: blank rows are packed extremely well.
        members: Files in a ZIP archive.
        sheets: Sheets of a workbook.
        rows: Rows of a sheet, as many as two spreadsheets' for text.
        columns: Columns of a sheet; a spreadsheet cannot be wider.
        workbook_cells: Cells of the used range of a workbook's sheet, which is unpacked whole: 32 bytes each.
        text_cells: Rows times columns of a text file.
        line_bytes: Bytes between two line ends of a text file.
        cell_characters: Characters of one cell of a text file; a spreadsheet's holds 32,767.
    """

    file_bytes: int = 2 * GB
    unpacked_bytes: int = 4 * GB
    ratio: int = 200
    ratio_from_bytes: int = 128 * MB
    members: int = 1000
    sheets: int = 250
    rows: int = 5_000_000
    columns: int = 16_384
    workbook_cells: int = 50_000_000
    text_cells: int = 500_000_000
    line_bytes: int = 16 * MB
    cell_characters: int = 4 * MB


INBOX = Limits()
# The page itself looks at a file's size: DASHBOARD_UPLOAD_MB.
UPLOAD = Limits(
    unpacked_bytes=2 * GB,
    members=200,
    sheets=100,
    rows=1_048_576,
    workbook_cells=25_000_000,
    text_cells=200_000_000,
)


def describe_size(size: int) -> str:
    """Return a number of bytes as people say it."""
    return f"{size / GB:.1f} GB" if size >= GB else f"{max(1, round(size / MB)):,} MB"
