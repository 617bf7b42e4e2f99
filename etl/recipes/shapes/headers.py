"""Headers taken apart: group, question, choice. One reading a family of shapes.

A reading is a guess from the headers alone; `shape` keeps those that the cells below bear out.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from etl.readers.sheets import PreviewRow
from etl.recipes.shapes import words
from etl.recipes.shapes.model import Tool
from etl.texts.plain import plain

_XML_NAME = re.compile(r"^[A-Za-z_][\w./:-]*$")
_LIME = re.compile(r"^(?P<code>[A-Za-z]\w*)(?P<subs>(\[[^\]]*\])*)(?:\.\s+(?P<text>.*))?$", re.DOTALL)
_IN_BRACKETS = re.compile(r"^(?P<question>.*\S)\s*\[(?P<choice>[^\[\]]+)\]\s*$", re.DOTALL)
_DASH = re.compile(r"\s+[-–—]\s+")
_QUALTRICS_PART = re.compile(r"^(?P<name>.+?)_(?P<part>\d+)(?P<text>_TEXT)?$")
_SELECTED = re.compile(
    r"\s+[-–—]\s+(selected choice|ausgewählte auswahl|choix sélectionné|opción seleccionada)\s*$", re.IGNORECASE
)
_TEXT_PART = re.compile(r"\s+[-–—]\s+(text|texte|texto)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class HeaderParts:
    """One column's header in its parts.

    Attributes:
        question: The question's text or name.
        group: The common part of one question's columns; None for a single column.
        choice: The choice's text or name, where the header has one.
        name: The tool's name for the question.
        full_text: The text to use where the column turns out to be a separate question.
        is_other: Whether the cells hold what people wrote under "Other".
    """

    question: str | None
    group: str | None = None
    choice: str | None = None
    name: str | None = None
    full_text: str | None = None
    is_other: bool = False


def read_headers(tool: Tool, rows: Sequence[PreviewRow], group_separators: Sequence[str]) -> list[HeaderParts]:
    """Read the headers of every column."""
    if tool is Tool.QUALTRICS:
        return _qualtrics(rows)
    if tool is Tool.LIMESURVEY:
        return [_limesurvey(cell) for cell in rows[0]]
    if len(rows) > 1 and any(rows[1]):
        return _two_rows(rows[0], rows[1])
    if tool is Tool.ALCHEMER:
        return _alchemer(rows[0])
    return _one_row(rows[0], group_separators)


def _clean(text: str | None) -> str | None:
    """Return a header on one line, without the mark-up that some tools leave in it."""
    if text is None:
        return None
    return re.sub(r"\s+", " ", re.sub(r"<[^<>]{1,60}>", " ", text)).strip() or None


def _is_other(choice: str | None) -> bool:
    return bool(words.OTHER.search(plain(choice)))


def _one_row(row: PreviewRow, separators: Sequence[str]) -> list[HeaderParts]:
    full = {cell for cell in row if cell}
    prefixes = Counter(cell.rpartition(s)[0] for cell in full for s in separators if s in cell)
    dashed = Counter(parts[0] for cell in full if (parts := _dash(cell)))
    bracketed = Counter(in_brackets["question"] for cell in full if (in_brackets := _IN_BRACKETS.match(cell)))
    readings = []
    for cell in row:
        if cell is None:
            readings.append(HeaderParts(None))
            continue
        reading = _by_path(cell, full, prefixes, separators)
        if reading.group is None and (parts := _dash(cell)) and (parts[0] in full or dashed[parts[0]] > 1):
            reading = _choice(parts[0], parts[1], cell)
        in_brackets = _IN_BRACKETS.match(cell) if reading.group is None else None
        if in_brackets and bracketed[in_brackets["question"]] > 1:
            reading = _choice(in_brackets["question"], in_brackets["choice"], cell)
        readings.append(reading)
    groups = {reading.group for reading in readings} - {None}
    # A question's own column, beside those of its choices, is in the group that is called like it.
    reading_of_cell = {
        cell: HeaderParts(_clean(_tail(cell, full, prefixes, separators)), cell)
        for cell in row
        if cell in groups and cell
    }
    return [reading_of_cell.get(cell or "", reading) for cell, reading in zip(row, readings, strict=True)]


def _dash(cell: str) -> tuple[str, str] | None:
    """`question - option` at its last dash; the option may itself be followed by nothing else."""
    dashes = list(_DASH.finditer(cell))
    if not dashes or dashes[-1].start() == 0:
        return None
    return cell[: dashes[-1].start()], cell[dashes[-1].end() :]


def _choice(question: str, choice: str, header: str, tail: str | None = None) -> HeaderParts:
    text = _clean(tail or question)
    return HeaderParts(text, question, _clean(choice), None, _clean(header), _is_other(choice))


def _by_path(cell: str, full: set[str], prefixes: Counter[str], separators: Sequence[str]) -> HeaderParts:
    """`group/question` and `group/question/choice`; the question's own column beside its choices tells them apart."""
    tail = _tail(cell, full, prefixes, separators)
    for separator in separators:
        positions = [i for i in range(len(cell)) if cell.startswith(separator, i)]
        for position in reversed(positions):
            prefix, choice = cell[:position], cell[position + len(separator) :]
            if prefix in full and choice:
                question = _tail(prefix, full, prefixes, separators)
                return _choice(prefix, choice, tail, question)
        if positions and prefixes[cell.rpartition(separator)[0]] > 1:
            prefix, _, choice = cell.rpartition(separator)
            return _choice(prefix, choice, tail, _tail(prefix, full, prefixes, separators))
    return HeaderParts(_clean(tail), None, None, None, _clean(tail), _is_other(tail))


def _tail(cell: str, full: set[str], prefixes: Counter[str], separators: Sequence[str]) -> str:
    """Return a header without the groups in front: a part is a group where others share it, or where all are names."""
    for separator in separators:
        if separator not in cell:
            continue
        prefix, _, tail = cell.rpartition(separator)
        shared = prefixes[prefix] > 1 or any(p.startswith(prefix + separator) for p in prefixes)
        if tail.strip() and (shared or _XML_NAME.match(cell)):
            return tail.strip()
    return cell


def _two_rows(first: PreviewRow, second: PreviewRow) -> list[HeaderParts]:
    """Read the question over its first option only (carried on), the options below it."""
    readings = []
    question: str | None = None
    group = 0
    for index, (heading, option) in enumerate(zip(first, second, strict=True)):
        if heading is not None or option is None:
            question, group = heading, index
        text = _clean(question)
        if option is None or plain(option) in words.ANSWER_ITSELF or text is None:
            alone = text or _clean(option)
            readings.append(HeaderParts(alone, f"{group}", None, None, alone, _is_other(alone)))
        else:
            header = f"{text} - {_clean(option)}"
            readings.append(HeaderParts(text, f"{group}", _clean(option), None, header, _is_other(option)))
    return readings


def _limesurvey(cell: str | None) -> HeaderParts:
    """`Q[SQ001]`, `Q[SQ001]. text [subtext]` or `text [subtext]`."""
    coded = _LIME.match(cell or "")
    if cell is None or not coded:
        bracketed = _IN_BRACKETS.match(cell or "")
        if cell is None or not bracketed:
            return HeaderParts(_clean(cell), None, None, None, _clean(cell))
        return _choice(bracketed["question"], bracketed["choice"], cell)
    code, subs, text = coded["code"], re.findall(r"\[([^\]]*)\]", coded["subs"]), coded["text"]
    bracketed = _IN_BRACKETS.match(text or "") if subs else None
    question = _clean(bracketed["question"] if bracketed else text)
    header = _clean(text) or code
    if not subs:
        return HeaderParts(question or code, code, None, code, header)
    choice = _clean(bracketed["choice"] if bracketed else None) or subs[-1]
    is_other = subs[-1].lower().endswith(("other", "comment")) or _is_other(choice)
    name = "_".join([code, *subs])
    return HeaderParts(question or code, code, choice, name, header if text else name, is_other)


def _qualtrics(rows: Sequence[PreviewRow]) -> list[HeaderParts]:
    """Names in the first row, texts in the second: `Q7_1`, `Which support? - Selected Choice - Training`."""
    names, texts = rows[0], rows[1] if len(rows) > 1 else (None,) * len(rows[0])
    parts = Counter(part["name"] for name in names if (part := _QUALTRICS_PART.match(name or "")))
    readings = []
    for name, text in zip(names, texts, strict=True):
        part = _QUALTRICS_PART.match(name or "")
        header = _clean(_SELECTED.sub("", text)) if text else None
        if name is None or not part or not (parts[part["name"]] > 1 or part["name"] in names):
            readings.append(
                HeaderParts(header or name, name, None, name, header or name, (name or "").endswith("_TEXT"))
            )
            continue
        is_text = bool(part["text"]) or bool(_TEXT_PART.search(text or ""))
        split = _dash(_TEXT_PART.sub("", text or ""))
        question, choice = (split[0], split[1]) if split else (text or part["name"], part["part"])
        question = _SELECTED.sub("", question + " ").strip() or part["name"]
        readings.append(
            HeaderParts(
                _clean(question), part["name"], _clean(choice), name, header or name, is_text or _is_other(choice)
            )
        )
    return readings


def _alchemer(row: PreviewRow) -> list[HeaderParts]:
    """`option:question`, one column an option."""
    ends = Counter(cell.partition(":")[2].strip() for cell in row if cell and ":" in cell)
    readings = []
    for cell in row:
        option, colon, question = (cell or "").partition(":")
        if colon and option.strip() and ends[question.strip()] > 1 and question.strip():
            readings.append(_choice(question.strip(), option.strip(), f"{question.strip()} - {option.strip()}"))
        else:
            readings += _one_row((cell,), ())
    return readings
