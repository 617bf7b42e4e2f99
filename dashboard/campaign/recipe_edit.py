"""Change a recipe by staff's answers about the columns of one file: its remarks and all its other parts stay.

A column is identified by its header in the recipe. Columns of one question with a column a choice get one answer
together. `use` is a field's name, one of `KEPT`, a field's name behind `CHOICE` or `RESULT`, or nothing.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

import tomlkit
from tomlkit.items import Array, Table

Headers = tuple[str, ...]
KEPT = {"personal": "personal", "staff": "staff_only", "nothing": "set_aside"}
"""The uses of a column besides a field, in the commands' words, and the part of the recipe that lists them."""
CHOICE = "choice of "
"""The prefix of a field's name where a column is one choice of it: each of its columns means a member."""
RESULT = "result "
"""The prefix of a field's name where a column is part of a result: a number promised or reached."""
RESULT_NUMBERS = tuple(RESULT + name for name in ("target", "actual", "baseline"))
"""The uses of columns with the numbers of an indicator: the member that such a column means is the indicator."""
RESULT_USES = (*RESULT_NUMBERS, f"{RESULT}indicator", f"{RESULT}unit")
ID = "submission_id"
_ID_NAMES = ("action_id", "response_id", ID)
_WAYS = ("headers", "first_of", "all_of")
_BESIDES = ("use", "rounds", "questions")
"""The parts of a recipe that classify columns, besides its fields."""
_RESULT = re.compile(r"(?m)^\[\[results\]\][ \t]*(#[ \t]*CHECK:)?")
_DOUBTFUL = re.compile(r"(?m)^\[fields\.(\w+)\][ \t]*#[ \t]*CHECK:")
_MARK = re.compile(r"(?m)[ \t]*#[ \t]*CHECK:.*$")
_ADVICE = re.compile(r"(?m)^# (Save it as <campaign>|and try it: python -m etl check|date_order = ).*\n")
_REST = re.compile(r"(?ms)^# Left open: nothing of these columns.*\Z")


@dataclass(frozen=True)
class RecipeAnswers:
    """A person's answers about a file.

    Attributes:
        uses: The use of each column, by its headers; empty for none.
        separators: The separator of several values in a cell, by field; none without one.
        date_order: `dmy` or `mdy`, where the file leaves it open; empty for no answer.
        members: The member that each column of a choice means, by its header; a column without one is no choice. Of
            a result's number, the indicator (`money_spent`), with its unit behind a bar where it is not the usual one.
    """

    recipe_id: str
    title: str
    uses: Mapping[Headers, str]
    separators: Mapping[str, str] = field(default_factory=dict)
    date_order: str = ""
    members: Mapping[str, str] = field(default_factory=dict)
    guessed: frozenset[tuple[str, str]] = frozenset()


class Head(NamedTuple):
    """A recipe's statements about the whole file; an empty order of day and month where it has none."""

    title: str
    holds: str
    date_order: str


def read_head(text: str) -> Head:
    """Read a recipe's statements about the whole file."""
    content = tomllib.loads(text)
    return Head(str(content["title"]), str(content["holds"]), str(content.get("read", {}).get("date_order", "")))


def is_columns_alone(text: str) -> bool:
    """Return whether a recipe declares columns by whole headers in its fields alone: by no shared sets and the like."""
    content = tomllib.loads(text)
    named_headers = (header for _, headers in _list_uses(content) for header in headers)
    if any(content.get(part) for part in _BESIDES) or any("*" in header for header in named_headers):
        return False
    return all(
        block.keys() <= {"indicator", "unit", "fields"}
        and all(
            RESULT + name in RESULT_USES and mapping.keys() == {"headers"} for name, mapping in block["fields"].items()
        )
        for block in content.get("results", ())
    )


def read_uses(text: str, columns: Iterable[Headers]) -> dict[Headers, str]:
    """Read the uses of columns in a recipe; empty for none."""
    content = tomllib.loads(text)
    uses_by_header = {_fold(header): use for use, headers in _list_uses(content) for header in headers}
    return {headers: next((use for h in headers if (use := uses_by_header.get(_fold(h)))), "") for headers in columns}


def read_members(text: str, columns: Iterable[Headers]) -> dict[str, str]:
    """Read the member of each column that is a choice of a field, by header: a code, or a spelling of one."""
    content = tomllib.loads(text)
    members = {
        _fold(header): member
        for mapping in content.get("fields", {}).values()
        for member, column_headers in mapping.get("choices", {}).items()
        for header in _flatten([column_headers])
    }
    members |= {
        _fold(header): "|".join(filter(None, (block.get("indicator"), block.get("unit"))))
        for block in content.get("results", ())
        for name, mapping in block["fields"].items()
        for header in _flatten([mapping.get("headers", [])])
        if RESULT + name in RESULT_NUMBERS
    }
    return {header: members[_fold(header)] for headers in columns for header in headers if _fold(header) in members}


def field_of(use: str) -> str:
    """Return the field of a column's use; a use that is no field stays as it is."""
    return use.removeprefix(CHOICE).removeprefix(RESULT)


def member_field_of(use: str) -> str:
    """Return the field of whose codes a column of this use means one; empty where it means none."""
    return "indicator" if use in RESULT_NUMBERS else use.removeprefix(CHOICE) if use.startswith(CHOICE) else ""


def read_separators(text: str) -> dict[str, str]:
    """Read the separator of several values from a recipe, by field, where it is a single one."""
    separators = {name: one.get("separators") for name, one in tomllib.loads(text).get("fields", {}).items()}
    return {name: signs[0] if signs else "" for name, signs in separators.items() if isinstance(signs, list)}


def read_guesses(text: str) -> list[tuple[str, str, str]]:
    """List the words that a proposal guesses, for review: field, word, code."""
    marked = set(re.findall(r"(?m)^(.+?) = .*#[ \t]*CHECK:", text))
    content = tomllib.loads(text)
    return [
        (name, word, code)
        for name, words in content.get("values", {}).items()
        for word, code in words.items()
        if isinstance(code, str) and {word, f'"{word}"'} & marked
    ]


def list_doubtful(text: str) -> set[str]:
    """List the fields of a proposal with a column for review."""
    return {_plain_name(name) for name in _DOUBTFUL.findall(text)}


def list_doubtful_results(text: str) -> set[str]:
    """List the headers of the columns of results in a proposal that are for review."""
    blocks = zip(_RESULT.finditer(text), tomllib.loads(text).get("results", ()), strict=True)
    return {
        header
        for mark, block in blocks
        for mapping in block["fields"].values()
        for header in _flatten([mapping["headers"]])
        if mark[1]
    }


def write_recipe(text: str, answers: RecipeAnswers) -> str:
    """Write the recipe with staff's answers; they settle the parts marked for checking."""
    document = tomlkit.parse(_settle(text))
    document["id"], document["title"] = answers.recipe_id, answers.title
    _say_uses(document, text, answers)
    for name, separator in answers.separators.items():
        if table := _find_field(document, name):
            table["separators"] = [separator] if separator else []
    if answers.date_order:
        _part(document, "read")["date_order"] = answers.date_order
    for name, word, _ in read_guesses(text):
        if (name, word) not in answers.guessed:
            cast(dict[str, Any], document.get("values", {})).get(name, {}).pop(word, None)
    return _space(tomlkit.dumps(document))


def _say_uses(document: tomlkit.TOMLDocument, text: str, answers: RecipeAnswers) -> None:
    before, members = read_uses(text, answers.uses), read_members(text, answers.uses)
    had_columns = [name for name, table in document.get("fields", {}).items() if _has_columns(table)]
    changed = {headers: use for headers, use in answers.uses.items() if use != before[headers]}
    for headers in changed:
        _take_out(document, headers)
    for headers, use in changed.items():
        if use and not use.startswith((CHOICE, RESULT)):
            _put_in(document, headers, use)
    _say_results(document, answers)
    for headers, use in answers.uses.items():
        for header in headers if use.startswith(CHOICE) else ():
            member = answers.members.get(header, "")
            if member != ("" if headers in changed else members.get(header, "")):
                _put_in_choice(document, header, field_of(use), member)
    fields = cast(dict[str, Any], document.get("fields", {}))
    for name in had_columns:
        if name in fields and not _has_columns(fields[name]):  # none of its choices means a member any more
            del fields[name]
            cast(dict[str, Any], document.get("values", {})).pop(name, None)


def _say_results(document: tomlkit.TOMLDocument, answers: RecipeAnswers) -> None:
    """Write the results anew: a block an indicator, and one for the numbers whose indicator stands in a column."""
    text, answered_headers = tomlkit.dumps(document), {_fold(header) for headers in answers.uses for header in headers}
    former_uses = [(use, tuple(headers)) for use, headers in _list_uses(document) if use.startswith(RESULT)]
    unanswered_uses = [
        (use, headers) for use, headers in former_uses if headers and answered_headers.isdisjoint(map(_fold, headers))
    ]
    members = {**read_members(text, [headers for _, headers in unanswered_uses]), **answers.members}
    blocks: dict[str, dict[str, Headers]] = {}
    for use, headers in [*((use, headers) for headers, use in answers.uses.items()), *unanswered_uses]:
        if use.startswith(RESULT):
            member = members.get(headers[0], "") if use in RESULT_NUMBERS else ""
            blocks.setdefault(member, {})[field_of(use)] = headers
    document.pop("results", None)
    tables = tomlkit.aot()
    for member, columns in blocks.items():
        if not {RESULT + name for name in columns} & set(RESULT_NUMBERS):
            continue
        indicator, _, unit = member.partition("|")
        tables.append(make_result(indicator, unit, columns))
    if tables:
        document["results"] = tables


def make_result(indicator: str, unit: str, columns: Mapping[str, Iterable[str]]) -> Table:
    """Make the block of one result: its indicator and unit where they are known, and its headers by field."""
    table = tomlkit.table()
    for name, text in (("indicator", indicator), ("unit", unit)):
        if text:
            table.add(name, text)
    fields = tomlkit.table(is_super_table=True)
    for name, headers in columns.items():
        fields.add(name, tomlkit.table().add("headers", _write_list(headers)))
    return table.add("fields", fields)


def _space(text: str) -> str:
    """Put a blank line before each separate part of a recipe."""
    spaced = re.sub(r"(?m)^(?!#)(.+)\n(?=\[)", r"\1\n\n", text)
    return spaced if tomllib.loads(spaced) == tomllib.loads(text) else text


def _settle(text: str) -> str:
    """Return a proposal without its marks and its advice for an editor; any other recipe as it is."""
    cleaned = _REST.sub("", _ADVICE.sub("", _MARK.sub("", text)))
    cleaned = re.sub(r"\n{3,}", "\n\n", cleaned)
    return cleaned if tomllib.loads(cleaned) == tomllib.loads(text) else text


def _list_uses(content: Mapping[str, Any]) -> Iterable[tuple[str, list[str]]]:
    for name, mapping in content.get("fields", {}).items():
        yield _plain_name(name), _flatten([mapping.get(way, []) for way in _WAYS])
        yield CHOICE + _plain_name(name), _flatten(list(mapping.get("choices", {}).values()))
    for block in content.get("results", ()):
        for name, mapping in block["fields"].items():
            yield RESULT + name, _flatten([mapping.get(way, []) for way in _WAYS])
    for use, part in KEPT.items():
        yield use, _flatten(content.get(part, {}).get("headers", []))


def _flatten(nested: Any) -> list[str]:
    return [nested] if isinstance(nested, str) else [text for one in nested for text in _flatten(one)]


def _plain_name(name: str) -> str:
    return ID if name in _ID_NAMES else name


def _fold(header: str) -> str:
    return " ".join(header.casefold().split())


def _find_field(document: tomlkit.TOMLDocument, use: str) -> Table | None:
    fields = cast(Mapping[str, Any], document.get("fields", {}))
    names = _ID_NAMES if use == ID else (use,)
    return next((cast(Table, fields[name]) for name in names if name in fields), None)


def _part(document: tomlkit.TOMLDocument, name: str) -> Table:
    """Return a part of the recipe, made where it is missing: before the fields, with which TOML has the file end."""
    if name not in document:
        document[name] = tomlkit.table()
    return cast(Table, document[name])


def _take_out(document: tomlkit.TOMLDocument, headers: Headers) -> None:
    """Remove columns from every part of the recipe."""
    gone = {_fold(header) for header in headers}
    fields = cast(dict[str, Any], document.get("fields", {}))
    for name in list(fields):
        table = fields[name]
        had_columns = _has_columns(table)
        _take_out_choices(table, gone)
        for way in _WAYS:
            if way in table and gone & {_fold(h) for h in _flatten(table[way])}:
                _keep_others(table, way, gone)
        if had_columns and not _has_columns(table):
            del fields[name]
            cast(dict[str, Any], document.get("values", {})).pop(name, None)
    for part in KEPT.values():
        if part in document:
            _keep_others(cast(Table, document[part]), "headers", gone)
            if "headers" not in cast(Table, document[part]):
                del document[part]


def _take_out_choices(table: dict[str, Any], gone: set[str], but: str = "") -> None:
    """Remove headers from the columns of every member but one; the remarks of other columns stay."""
    choices = table.get("choices", {})
    for member in [one for one in choices if one != but]:
        choice_headers = choices[member]
        remaining = [header for header in _flatten([choice_headers]) if _fold(header) not in gone]
        if not remaining:
            del choices[member]
        elif isinstance(choice_headers, Array):
            for place in reversed(range(len(choice_headers))):
                if _fold(choice_headers[place]) in gone:
                    del choice_headers[place]
    if not choices:
        table.pop("choices", None)


def _put_in_choice(document: tomlkit.TOMLDocument, header: str, name: str, member: str) -> None:
    """Set the member of a field that a column means, and no other; do nothing where there is no member."""
    table = _find_field(document, name)
    if member:
        if table is None:
            table = tomlkit.table(is_super_table=True)
            _fields(document)[name] = table
            table = cast(Table, _fields(document)[name])
        if "choices" not in table:
            table["choices"] = tomlkit.table()
        choices = cast(dict[str, Any], table["choices"])
        choice_headers = choices.get(member, [])
        if isinstance(choice_headers, Array):
            choice_headers.append(header)
        else:
            choices[member] = _write_list([*_flatten([choice_headers]), header])
    if table is not None:
        _take_out_choices(cast(dict[str, Any], table), {_fold(header)}, member)


def _fields(document: tomlkit.TOMLDocument) -> Table:
    if "fields" not in document:
        document["fields"] = tomlkit.table(is_super_table=True)
    return cast(Table, document["fields"])


def _has_columns(table: Mapping[str, Any]) -> bool:
    return any(way in table for way in (*_WAYS, "choices"))


def _keep_others(table: Table, way: str, gone: set[str]) -> None:
    """Remove headers from a list, and the list with its last one; several columns together are no field without one."""
    remaining = [header for header in _flatten(table.get(way, [])) if _fold(header) not in gone]
    if remaining and way == "headers":
        table[way] = _write_list(remaining)
    else:
        table.pop(way, None)


def _put_in(document: tomlkit.TOMLDocument, headers: Headers, use: str) -> None:
    if use in KEPT:
        table = _part(document, KEPT[use])
        table["headers"] = _write_list([*_flatten(table.get("headers", [])), *headers])
        return
    field = _find_field(document, use)
    if field is None:
        new_table = tomlkit.table()
        new_table["headers"] = _write_list(headers)
        _fields(document)[_ID_NAMES[0] if use == ID else use] = new_table
        return
    field.pop("all_of", None)  # several columns together are no field beside one of them alone
    way = "first_of" if "first_of" in field else "headers"
    earlier_headers = field.get(way, [])  # of another file of this kind
    if isinstance(earlier_headers, Array):
        for header in reversed(headers):
            earlier_headers.insert(0, header)
    else:
        field[way] = _write_list([*headers, *_flatten(earlier_headers)])


def _write_list(texts: Iterable[str]) -> Array:
    array = tomlkit.array()
    array.extend(list(texts))
    return array
