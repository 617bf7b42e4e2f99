"""Change a codelist's file as staff do on a page: labels, spellings, order, members added and removed.

Each function takes the file's text and returns the changed one; the rest stays as written (`csv_editor`). A sentence
refuses a change that would make the list contradict itself. People who change many members at once take the list as a
spreadsheet, and it is read back.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dashboard.campaign.codelists import ISO3, LABEL, fold_spellings, is_code, list_kept
from dashboard.errors import UserError, sentence
from dashboard.ground.codelist_codes import BASE_STATUSES, DERIVED_STATUSES, SEPARATOR, UNCLASSIFIED, Code
from dashboard.ground.files.csv_editor import CsvText, Line, parse_rows
from dashboard.i18n import N_

MOST_BYTES = 2_000_000
"""The size limit of a list that is read back; the countries are 0.1 MB."""
MOST_UNPACKED = 30_000_000
_WIDTHS = {"code": 24, "aliases": 80, "sort_order": 11, "countries": 40, "source": 40}
_WIDTH = 32


class SheetError(UserError):
    """A spreadsheet cannot be read as a codelist."""


def write_workbook(text: str, title: str) -> bytes:
    """Write a codelist's text as an Excel workbook of one sheet: every cell as text, so that none is read as a date."""
    from xlsxwriter import Workbook  # not for pages that offer none

    file, target = CsvText(text), io.BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title[:31])
        plain = book.add_format({"num_format": "@", "valign": "top"})
        head = book.add_format({"bold": True, "bottom": 1})
        for number, name in enumerate(file.header):
            sheet.set_column(number, number, _WIDTHS.get(name, _WIDTH), plain)
        sheet.write_row(0, 0, file.header, head)
        for number, line in enumerate(file.lines, start=1):
            for place, cell in enumerate(line.cells):
                sheet.write_string(number, place, cell.value, plain)
        sheet.freeze_panes(1, 1)
    return target.getvalue()


def read_rows(data: bytes, name: str) -> list[dict[str, str]]:
    """Read the rows of a returned list by column: from an Excel workbook its first sheet, else from CSV in UTF-8.

    Raises:
        SheetError: it is neither, it is too large, or it has no column of codes.
    """
    if len(data) > MOST_BYTES:
        raise SheetError(sentence(N_("“{name}” is too large for a codelist."), name=name), N_("Choose another file."))
    lines = _read_workbook(data, name) if data[:2] == b"PK" else _read_csv(data, name)
    header = [cell.strip() for cell in lines[0]] if lines else []
    if "code" not in header:
        raise SheetError(
            sentence(N_("“{name}” has no column code in its first line."), name=name),
            N_("Download the list here and change that file."),
        )
    rows = ({column: cell.strip() for column, cell in zip(header, line, strict=False) if column} for line in lines[1:])
    return [row for row in rows if any(row.values())]


def _read_csv(data: bytes, name: str) -> Sequence[Sequence[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(
            sentence(N_("“{name}” is not written in UTF-8."), name=name), N_("Save it as CSV UTF-8.")
        ) from error
    try:
        return parse_rows(text.replace("\r\n", "\n").replace("\r", "\n"))
    except csv.Error as error:
        raise _unreadable(name) from error


def _read_workbook(data: bytes, name: str) -> Sequence[Sequence[str]]:
    import fastexcel  # not for pages that read none

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise _unreadable(name)
        sheet = fastexcel.read_excel(data).load_sheet(0, header_row=None, dtypes="string")
        columns = sheet.to_arrow().to_pydict().values()
    except (fastexcel.FastExcelError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable(name) from error
    return [[_plain(cell) for cell in line] for line in zip(*columns, strict=True)]


def _plain(cell: object) -> str:
    """Return a cell as text; a whole number as it is written."""
    text = "" if cell is None else str(cell)
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _unreadable(name: str) -> SheetError:
    return SheetError(
        sentence(N_("“{name}” cannot be read."), name=name), N_("Save it as an Excel workbook (xlsx) or as CSV UTF-8.")
    )


STEP = 10
"""The distance between the orders of two members after a list is numbered anew."""
LONGEST_CODE = 40
_GIVEN = (*BASE_STATUSES, *DERIVED_STATUSES, UNCLASSIFIED, "global")


class ListError(UserError):
    """A codelist cannot be changed so.

    Attributes:
        field: The faulty part of a member: `labels`, `aliases`, `code` or a further column; empty where none is.
    """

    def __init__(self, what: str, remedy: str, field: str = "") -> None:
        """Keep both sentences and the faulty field."""
        super().__init__(what, remedy)
        self.field = field


class Place(NamedTuple):
    """The place of a member in the order of its list."""

    order: int
    code: str


def propose_code(label: str, used_codes: Iterable[str]) -> str:
    """Propose a code for a new member, made of its first label: well formed, and not in use."""
    letters = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
    stem = (words if words[:1].isalpha() else f"code_{words}".strip("_"))[:LONGEST_CODE].rstrip("_")
    used_codes = set(used_codes)
    numbered = (f"{stem}_{number}" for number in range(2, len(used_codes) + 3))
    return stem if stem not in used_codes else next(code for code in numbered if code not in used_codes)


def split_spellings(text: str) -> tuple[str, ...]:
    """Split spellings at line ends and bars; return each once."""
    parts = (" ".join(part.split()) for part in re.split(r"[\r\n|]+", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def change_member(text: str, codes: Sequence[Code], member: Code, lang: str) -> str:
    """Return the list in which a member has the labels, spellings and further columns of `member`.

    Add a built-in member that the file lacks.

    `codes` are its members in order, built-in ones among them; `lang` names others in refusals.

    Raises:
        ListError: it has no label, a spelling of another member, or lacks a column that its list needs.
    """
    _check(codes, member, lang)
    text = _with_columns(text, member)
    file = CsvText(text)
    line = _find(file, member.code)
    if line is None:
        return file.with_line(_write(member) | {"sort_order": str(member.sort_order)})
    old_cells = file.values(line)
    unlabelled = {name: "" for name in old_cells if name.startswith(LABEL)}
    new_cells = unlabelled | _write(member)
    cells = _list_others(old_cells, new_cells)
    return file.with_cells(line, cells) if cells else text


def add_member(text: str, codes: Sequence[Code], member: Code, lang: str) -> str:
    """Add a member to the list, as the last one before those without a class; arguments as of `change_member`.

    Raises:
        ListError: as `change_member`; or its code is taken or badly written.
    """
    _check_code(codes, member.codelist, member.code)
    _check(codes, member, lang)
    text = _with_columns(text, member)
    present = _list_places(CsvText(text))
    ordinary = [place for place in present if place.code not in (*DERIVED_STATUSES, UNCLASSIFIED)]
    last = ordinary[-1] if ordinary else None
    order = last.order + STEP if last else STEP
    file = CsvText(text)
    added = file.with_line(
        _write(member) | {"code": member.code, "sort_order": str(order)}, after=_find(file, last.code) if last else None
    )
    if any(place.order <= order for place in present if place not in ordinary):
        return move_member(added, member.code, len(ordinary))
    return added


def remove_member(text: str, name: str, code: str) -> str:
    """Return the list without a member.

    Raises:
        ListError: it is built in, or it is not there.
    """
    _refuse_given(name, code)
    file = CsvText(text)
    return file.without_lines([_take(file, code)])


def rename_member(text: str, codes: Sequence[Code], name: str, code: str, to: str) -> str:
    """Return the list in which a member, which must be used nowhere, has another code.

    Raises:
        ListError: it is built in, or the new code is taken or badly written.
    """
    _refuse_given(name, code)
    _check_code(codes, name, to)
    file = CsvText(text)
    return file.with_cells(_take(file, code), {"code": to})


def _refuse_given(name: str, code: str) -> None:
    if code in list_kept(name):
        raise ListError(
            sentence(N_("The code {code} is set by the program."), code=code),
            N_("It cannot be removed; its labels can be changed."),
        )


def move_member(text: str, code: str, to: int) -> str:
    """Move a member to another place of the order, from 0, among those in the file.

    Change one number where there is room between its neighbours; else number all anew.

    Raises:
        ListError: it is not in the file.
    """
    file = CsvText(text)
    line = _take(file, code)
    places = _list_places(file)
    other_places = [place for place in places if place.code != code]
    to = max(0, min(to, len(other_places)))
    if places.index(next(place for place in places if place.code == code)) == to:
        return text
    before = other_places[to - 1].order if to else -1
    after = other_places[to].order if to < len(other_places) else before + 2 * STEP
    between = (before + after) // 2
    if before < between < after:
        return file.with_cells(line, {"sort_order": str(between)})
    ordered = [place.code for place in other_places]
    ordered.insert(to, code)
    return _number(text, ordered)


def take_table(text: str, name: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Take the list as edited elsewhere, in a spreadsheet: rows of cells by column, found by their codes.

    Remove members that `rows` lacks, unless they are built in. A cell that means the same as the file's stays as
    written there. Columns that `rows` lacks stay.

    Raises:
        ListError: two rows have the same code.
    """
    by_code = {row["code"]: row for row in rows if row.get("code")}
    if len(by_code) < sum(bool(row.get("code")) for row in rows):
        codes = [row.get("code", "") for row in rows]
        twice = next(code for code in codes if code and codes.count(code) > 1)
        raise ListError(sentence(N_("The code {code} appears twice."), code=twice), N_("Keep one of the lines."))
    for column in dict.fromkeys(column for row in rows for column, value in row.items() if value):
        if CsvText(text).column(column) is None:
            text = CsvText(text).with_column(column)
    file = CsvText(text)
    lines = [(line, file.values(line)) for line in file.lines]
    text = file.with_all((line, _list_others(cells, by_code.get(cells.get("code", ""), {}))) for line, cells in lines)
    for code, row in by_code.items():
        if all(cells.get("code") != code for _, cells in lines):
            text = CsvText(text).with_line(row)
    for _, cells in lines:
        if (code := cells.get("code", "")) and code not in by_code and code not in list_kept(name):
            text = remove_member(text, name, code)
    return text


def list_order(text: str) -> list[str]:
    """List the codes in a list's file, in their order."""
    return [place.code for place in _list_places(CsvText(text))]


def _number(text: str, ordered: Sequence[str]) -> str:
    """Number the list anew."""
    file = CsvText(text)
    numbers = {code: str(number * STEP) for number, code in enumerate(ordered, start=1)}
    lines = [(line, file.values(line)) for line in file.lines]
    return file.with_all(
        (line, {"sort_order": numbers[cells["code"]]})
        for line, cells in lines
        if cells.get("code") in numbers and cells.get("sort_order") != numbers[cells["code"]]
    )


def _list_places(file: CsvText) -> list[Place]:
    """List the members in a file, in their order."""
    rows = (file.values(line) for line in file.lines)
    places = [Place(_read_order(cells.get("sort_order", "")), cells["code"]) for cells in rows if cells.get("code")]
    return sorted(places)


def _read_order(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _find(file: CsvText, code: str) -> Line | None:
    return next((line for line in file.lines if file.values(line).get("code") == code), None)


def _take(file: CsvText, code: str) -> Line:
    line = _find(file, code)
    if line is None:
        raise ListError(
            sentence(N_("There is no {code} in this list."), code=code),
            N_("Somebody may have removed it: check again."),
        )
    return line


def _with_columns(text: str, member: Code) -> str:
    """Add the columns that a member needs to the file."""
    for name, value in _write(member).items():
        file = CsvText(text)
        if value and file.column(name) is None:
            text = file.with_column(name)
    return text


def _write(code: Code) -> dict[str, str]:
    """Write a member as cells by column, without its place."""
    labels = {f"{LABEL}{lang}": label for lang, label in code.labels.items()}
    cells = {"code": code.code, "aliases": SEPARATOR.join(code.aliases)}
    return cells | labels | {name: value for name, value in code.extra.items() if value or name in code.extra}


def _list_others(cells: Mapping[str, str], new_cells: Mapping[str, str]) -> dict[str, str]:
    """List the cells that differ from their new text."""
    return {column: value for column, value in new_cells.items() if not _says(column, cells.get(column, ""), value)}


def _says(column: str, cell: str, new_cell: str) -> bool:
    """Return whether a cell already holds the new text; blanks between its parts do not matter."""
    if column not in ("aliases", "countries"):
        return cell == new_cell
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()] == new_cell.split(SEPARATOR) or (
        not new_cell and not cell.strip(f" {SEPARATOR}")
    )


def _check_code(codes: Sequence[Code], name: str, code: str) -> None:
    if name == "countries" and not ISO3.fullmatch(code):
        raise ListError(
            sentence(N_("{code} is not a country code."), code=code or "…"),
            N_("Use the three capital letters of ISO 3166."),
            "code",
        )
    if name != "countries" and not is_code(code):
        raise ListError(
            sentence(N_("{code} cannot be a code."), code=code or "…"),
            N_("Use small letters a to z, digits and underscores, such as youth_employment."),
            "code",
        )
    if any(existing.code == code for existing in codes):
        raise ListError(
            sentence(N_("The code {code} is in the list already."), code=code),
            N_("Give the new member another code."),
            "code",
        )


def _check(codes: Sequence[Code], member: Code, lang: str) -> None:
    """Refuse a member that is invalid or the same as another."""
    if not any(label.strip() for label in member.labels.values()):
        raise ListError(
            N_("The member has no label."), N_("Write what readers see, in one language at least."), "labels"
        )
    if any(SEPARATOR in spelling for spelling in member.aliases):
        raise ListError(
            N_("A spelling contains a vertical bar, which separates spellings."), N_("Write it without."), "aliases"
        )
    _check_further(member)
    other_codes = [code for code in codes if code.code != member.code]
    folded = fold_spellings([*member.spellings, *(text for code in other_codes for text in code.spellings)])
    owners = {folded[text]: code for code in other_codes for text in code.spellings if folded[text]}
    for text in member.spellings:
        if owner := owners.get(folded[text]):
            raise ListError(
                sentence(N_("“{text}” already means {owner}."), text=text, owner=owner.labels[lang]),
                N_("Accents, capitals and punctuation do not matter. Remove it there first, or here."),
                "aliases" if text in member.aliases else "labels",
            )


def _check_further(member: Code) -> None:
    """Refuse a status without base status, and a grouping without countries or without source."""
    name, extra = member.codelist, member.extra
    if name == "statuses" and member.code not in _GIVEN and extra.get("base_status") not in BASE_STATUSES:
        raise ListError(N_("The status has no base status."), N_("Choose what it counts as."), "base_status")
    if name != "groupings" or member.code == UNCLASSIFIED:
        return
    if not member.members:
        raise ListError(N_("The grouping has no country."), N_("Choose its countries."), "countries")
    if not extra.get("source", "").strip():
        raise ListError(
            N_("The grouping has no source."),
            N_("Write where its list of countries comes from, and as of when."),
            "source",
        )


def sort_key(label: str) -> str:
    """Return the key for search and alphabetical order of labels, without accents and capitals."""
    return unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold() or label.casefold()


def fill_parents(extra: Mapping[str, str], codelists: Mapping[str, Sequence[Code]]) -> dict[str, str]:
    """Fill in the region of a country from its subregion."""
    region = next(
        (code.extra["region"] for code in codelists["subregions"] if code.code == extra.get("subregion")), None
    )
    return {**extra, "region": region} if region is not None and "subregion" in extra else dict(extra)


def add_members(text: str, words: Sequence[str], lang: str) -> str:
    """Add a line for each word below the present lines of a codelist's file.

    None of the words is a spelling of the list yet; they are in the language `lang`.
    """
    label = f"{LABEL}{lang}"
    if CsvText(text).column(label) is None:
        text = CsvText(text).with_column(label)
    file = CsvText(text)
    present = [file.values(line) for line in file.lines]
    codes = {cells["code"] for cells in present if cells.get("code")}
    order = max((int(cells["sort_order"]) for cells in present if cells.get("sort_order", "").isdigit()), default=0)
    lines = []
    for word in words:
        order += STEP
        code = propose_code(word, codes)
        codes.add(code)
        lines.append({"code": code, label: " ".join(word.split()), "sort_order": str(order)})
    return file.with_lines(lines)
