"""A file before anybody reads a table from it: the limits of reading, the file's kind, and whether it changes.

Every limit of the readers stands here (docs/settings.md, Limits): it keeps one damaged or hostile file from taking all
memory, disk or time; real exports are far below. The first bytes, not the name, separate a workbook from text.
`archives`, `sizes` and `delimited` measure archives and sheets against the limits.
"""

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from dashboard.errors import sentence
from dashboard.ground.files.writing import hash_file
from dashboard.i18n import N_
from etl.readers.sheets import ReadError

MB = 1 << 20
GB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """The limits of reading.

    Attributes:
        file_bytes: Size of one file, packed as it is.
        unpacked_bytes: Size of a workbook or ZIP archive, unpacked.
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


TEXT_EXTENSIONS = frozenset({".csv", ".tsv", ".tab", ".txt", ".ssv", ".psv"})
WORKBOOK_EXTENSIONS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
ARCHIVE_EXTENSIONS = frozenset({".zip"})
POST_EXTENSIONS = frozenset({".xml", ".rss", ".atom", ".ics"})  # items of a website or a calendar
EXTENSIONS = TEXT_EXTENSIONS | WORKBOOK_EXTENSIONS | ARCHIVE_EXTENSIONS | POST_EXTENSIONS

_ZIP_MAGIC = b"PK\x03\x04"
_WORKBOOK_MAGIC = (_ZIP_MAGIC, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_OTHER_MAGIC = (
    (b"%PDF", N_("a PDF document")),
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"\x1f\x8b", N_("a compressed file")),
    (b"7z\xbc\xaf", N_("a compressed file")),
    (b"Rar!", N_("a compressed file")),
    (b"PK", N_("an empty ZIP archive")),
    (b"PAR1", N_("a Parquet file")),
    (b"SQLite format 3", N_("a database")),
    (b"{\\rtf", N_("a text document")),
)
_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|table|meta|style|script|div)\b|<!--|<\?xml|mime-version:", re.IGNORECASE
)
_JSON = re.compile(rb"(?:\{\s*(?:\"|\})|\[\s*(?:\{|\[|\"|\]|-?\d))")
_MARKS = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")
EXPORT_AGAIN = N_("Export it again as CSV or Excel.")
_JSON_FILE = N_("“{name}” is JSON, which cannot be read.")


def is_workbook(path: Path, name: str, limits: Limits) -> bool:
    """Return whether a file is a workbook (or another ZIP archive), by its first bytes; otherwise it is text.

    Raises:
        ReadError: It is neither, is too large, or cannot be read at all.
    """
    head = _read_head(path, name, limits)
    if head.startswith(_WORKBOOK_MAGIC):
        return True
    _refuse_markup(name, _MARKS.sub(b"", head).replace(b"\0", b"").lstrip())
    suffix = Path(name).suffix.lower()
    if suffix in ARCHIVE_EXTENSIONS:
        raise ReadError(
            sentence(N_("“{name}” has the name of a ZIP archive but is not one."), name=name),
            N_("Download or pack it again."),
        )
    if suffix in WORKBOOK_EXTENSIONS:
        raise ReadError(
            sentence(N_("“{name}” has the name of a workbook but is not one."), name=name),
            N_("Export it again; if it is text with separators, rename it to .csv."),
        )
    return False


def _read_head(path: Path, name: str, limits: Limits) -> bytes:
    """Return the first bytes of a file."""
    _refuse_unreadable(path, name, limits)
    with path.open("rb") as stream:
        head = stream.read(4096)
    kind = next(
        (kind for magic, kind in _OTHER_MAGIC if head.startswith(magic) and not head.startswith(_ZIP_MAGIC)), None
    )
    if kind:
        what = sentence(N_("“{name}” is {kind}, not a table."), name=name, kind=sentence(kind))
        raise ReadError(what, EXPORT_AGAIN)
    return head


def holds_posts(path: Path, name: str, limits: Limits) -> bool:
    """Return whether a file is to hold items (of a website, a feed, a calendar), by its extension.

    Raises:
        ReadError: It should, but is a workbook or another kind of file, too large, or cannot be read at all.
    """
    if Path(name).suffix.lower() not in POST_EXTENSIONS:
        return False
    if _read_head(path, name, limits).startswith(_WORKBOOK_MAGIC):
        what = sentence(N_("“{name}” is a workbook or an archive, whatever its name says."), name=name)
        raise ReadError(what, N_("Give it its own extension."))
    return True


def is_zipped(path: Path) -> bool:
    """Return whether a file is a ZIP file, by its first bytes: an old workbook may end with one that it embeds."""
    with path.open("rb") as stream:
        return stream.read(len(_ZIP_MAGIC)) == _ZIP_MAGIC


def _refuse_unreadable(path: Path, name: str, limits: Limits) -> None:
    suffix = Path(name).suffix.lower()
    if path.is_dir():
        next(path.iterdir(), None)  # a locked folder says so itself
        raise ReadError(sentence(N_("“{name}” is a folder, not a file."), name=name), N_("Move the files out of it."))
    if suffix == ".json":
        raise ReadError(sentence(_JSON_FILE, name=name), EXPORT_AGAIN)
    if suffix not in EXTENSIONS:
        raise ReadError(
            sentence(N_("“{name}” is of a kind that cannot be read."), name=name),
            sentence(N_("Accepted: {kinds}."), kinds=", ".join(sorted(EXTENSIONS))),
        )
    if Path(name).name.startswith("~$"):
        raise ReadError(
            sentence(N_("“{name}” is not an export but a lock file: a workbook is open in Excel."), name=name),
            N_("Close the workbook in Excel."),
        )
    _refuse_size(path, name, limits)


def _refuse_size(path: Path, name: str, limits: Limits) -> None:
    try:
        state = path.stat()
    except FileNotFoundError as error:
        what = sentence(N_("“{name}” does not exist."), name=name)
        raise ReadError(what, N_("Check its name and folder.")) from error
    if not stat.S_ISREG(state.st_mode):
        what = sentence(N_("“{name}” is a pipe or a device, not a file."), name=name)
        raise ReadError(what, N_("Remove it and copy the export there."))
    if not state.st_size:
        raise ReadError(sentence(N_("“{name}” is empty (0 bytes)."), name=name), N_("Export it again, or remove it."))
    if state.st_size > limits.file_bytes:
        raise ReadError(
            sentence(
                N_("“{name}” has {size}, more than the limit of {most}."),
                name=name,
                size=describe_size(state.st_size),
                most=describe_size(limits.file_bytes),
            ),
            N_("Export it in parts."),
        )


def _refuse_markup(name: str, head: bytes) -> None:
    if _MARKUP.match(head):
        kind = N_("a web page") if re.match(rb"<(?!\?xml)|mime", head, re.IGNORECASE) else N_("XML")
        raise ReadError(
            sentence(N_("“{name}” is {kind}, not a table, whatever its name says."), name=name, kind=sentence(kind)),
            N_("Open it in a spreadsheet program and save it as .xlsx, or export it again."),
        )
    if _JSON.match(head):
        raise ReadError(sentence(_JSON_FILE, name=name), EXPORT_AGAIN)


class Witness:
    """Remembers a file as it was, to tell whether it is still the same.

    Attributes:
        sha256: Hash of its content; unknown until the file has been read once.
    """

    def __init__(self, path: Path, name: str) -> None:
        """Note the file's size and date; `name` is its name in messages."""
        self._path = path
        self._name = name
        self._state = self._look()
        self.sha256: str | None = None

    def check(self) -> None:
        """Make sure that the file has not changed."""
        try:
            # Reading it all again is only needed where its date or size moved.
            same = self._look() == self._state or hash_file(self._path) == self.sha256
        except OSError:
            same = False
        if not same:
            raise ReadError(
                sentence(N_("“{name}” changed while it was being read."), name=self._name),
                N_("Wait until it is copied or saved, then retry."),
            )

    def _look(self) -> tuple[int, int, int]:
        state = self._path.stat()
        return state.st_size, state.st_mtime_ns, state.st_ino
