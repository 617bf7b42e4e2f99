"""The settings of `campaign.toml` as fields of forms: the model's description of each, their writing and refusals.

Comments, order and all else of the file stay as they are.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, get_args, get_origin

import tomlkit
from annotated_types import MaxLen
from pydantic import BaseModel, ValidationError
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from dashboard.campaign.folder import Campaign
from dashboard.campaign.working_copy import CAMPAIGN
from dashboard.errors import CampaignError, Sentence, sentence
from dashboard.file_faults import CORRECT, explain_toml, explain_value
from dashboard.formats import format_language
from dashboard.i18n import N_, Translator

Value = str | int | bool | date | list[str] | dict[str, str]
Path = tuple[str | int, ...]
"""The place of a setting: the keys that lead to it, and numbers in lists."""

_MARK = "\ufeff"


def read_settings(text: str) -> dict[str, Any]:
    """Read a `campaign.toml` as plain values.

    Raises:
        CampaignError: it is no TOML.
    """
    settings: dict[str, Any] = _parse(text).unwrap()
    return settings


def edit(text: str, edits: Mapping[Path, Value | None]) -> str:
    """Change the values of some settings; None removes one. A setting that has its value already stays as written.

    A path whose number is the length of a list begins a further table of it, `[[survey]]`.

    Raises:
        CampaignError: the text is no TOML.
    """
    document = _parse(text)
    for path, value in edits.items():
        _set(document, path, value)
    return _write(text, document)


def take_from_list(text: str, name: str, number: int) -> str:
    """Remove one of the tables of a list, `[[survey]]`; the remarks below it belong to the next part.

    Raises:
        CampaignError: the text is no TOML, or states the list in another way.
    """
    settings = read_settings(text)
    lines = text.splitlines(keepends=True)
    starts = [place for place, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line)]
    del settings[name][number]
    if number < len(starts):
        start, rest = starts[number], range(starts[number] + 1, len(lines))
        table_heading = re.compile(rf"\s*\[(?!\[?\s*{name}\s*\.)")  # tables inside of it go with it
        end = next((place for place in rest if table_heading.match(lines[place])), len(lines))
        while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
            end -= 1
        after = "".join([*lines[:start], *lines[end:]]).rstrip() + ("\r\n" if "\r\n" in text else "\n")
        if read_settings(after) == {key: value for key, value in settings.items() if key != name or value}:
            return after
    raise CampaignError(
        sentence(N_("{file} has no table [[{list}]] of its own for it."), file=CAMPAIGN, list=name),
        N_("Take it out of campaign.toml by hand."),
    )


def _parse(text: str) -> tomlkit.TOMLDocument:
    content = text.removeprefix(_MARK)
    try:
        return tomlkit.parse(content)
    except TOMLKitError as error:
        what = sentence(N_("{path} is not valid TOML: {fault}."), path=CAMPAIGN, fault=explain_toml(content))
        raise CampaignError(what, CORRECT) from error


def _write(before: str, document: tomlkit.TOMLDocument) -> str:
    """Write the document as text, with the byte-order mark and the line ends of the file."""
    text = tomlkit.dumps(document)
    if "\r\n" in before:
        text = re.sub(r"(?<!\r)\n", "\r\n", text)
    return (_MARK if before.startswith(_MARK) else "") + text


def _set(document: Any, path: Path, value: Value | None) -> None:
    *way, last = path
    holder = document
    for place, key in enumerate(way):
        if isinstance(key, int):
            if key == len(holder):
                holder.append(tomlkit.table())
                holder[key].trivia.indent = "\n"
        elif key not in holder:
            if value is None:
                return
            is_list = isinstance(path[place + 1], int)
            table = tomlkit.table() if holder is document else tomlkit.inline_table()
            _add(holder, key, tomlkit.aot() if is_list else table)
        holder = holder[key]
    is_there = isinstance(last, int) or last in holder
    if value is None:
        if is_there:
            del holder[last]
    elif not is_there:
        _add(holder, str(last), _inline(value) if isinstance(value, dict) else value)
    elif _plain(holder[last]) != value:
        holder[last] = _inline(value) if isinstance(value, dict) else value


def _add(holder: Any, key: str, value: Any) -> None:
    """Add a setting after the last one of its table: the remarks that follow belong to the next table."""
    if not isinstance(holder, Table):
        holder[key] = value
        return
    body, remarks = holder.value.body, []
    while body and body[-1][0] is None:
        remarks.append(body.pop())
    holder[key] = value
    body.extend(reversed(remarks))


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _inline(texts: Mapping[str, str]) -> Any:
    """Write texts by language on one line, as `name = { en = "…" }`."""
    table = tomlkit.inline_table()
    table.update(texts)
    return table


LONGEST = 500
"""The most characters of a text without a limit in the model."""


class Kind(StrEnum):
    """The type of a setting."""

    TEXT = "text"
    TEXTS = "texts"  # by language
    DAY = "day"
    NUMBER = "number"
    FLAG = "flag"
    CHOICES = "choices"


_KINDS = {dict: Kind.TEXTS, tuple: Kind.CHOICES, date: Kind.DAY, bool: Kind.FLAG, int: Kind.NUMBER}


class Setting(NamedTuple):
    """A setting in the model: its name and purpose, its type, the longest text, the words of its only values.

    Words are in English.
    """

    label: str
    help: str
    kind: Kind
    longest: int
    options: Mapping[str, str]


def find_setting(path: str, root: type[BaseModel] = Campaign) -> Setting:
    """Find the model's description of the setting `publisher.email`; for the wave of a survey, `survey.link`.

    `root`: its model, where that is not the campaign's.

    Raises:
        KeyError: there is no such setting.
    """
    model: Any = root
    *tables, name = path.split(".")
    for table in tables:
        annotation = model.model_fields[table].annotation
        model = next(iter(get_args(annotation)), annotation)
    field = model.model_fields[name]
    types = (get_origin(field.annotation), field.annotation, *get_args(field.annotation))
    kind = next((kind for value_type, kind in _KINDS.items() if value_type in types), Kind.TEXT)
    lengths = (rule.max_length for rule in field.metadata if isinstance(rule, MaxLen))
    options = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    words = {value: str(text) for value, text in options.items()}
    return Setting(field.title or name, field.description or "", kind, next(lengths, LONGEST), words)


def write(text: str, changed: Mapping[str, Any], root: Path = ()) -> str:
    """Write a `campaign.toml` in which some settings have other values; remove empty ones.

    `changed` are values by the paths of settings (`publisher.email`), texts by language; `root` is the start of these
    paths: the wave of a survey.

    Raises:
        CampaignError: the text is no TOML.
    """
    settings = read_settings(text)
    edits: dict[Path, Value | None] = {}
    for name, value in changed.items():
        path = (*root, *name.split("."))
        if isinstance(value, Mapping):
            edits |= _want_texts(path, value, _find(settings, path))
        else:
            edits[path] = None if value in ("", None) else value
    return edit(text, edits)


def _find(settings: Any, path: Path) -> Any:
    for key in path:
        if isinstance(key, str) and key not in settings:
            return None
        settings = settings[key]
    return settings


def _want_texts(path: Path, texts: Mapping[str, str], old_setting: Any) -> dict[Path, Value | None]:
    """Return a text by language; a single text stays while it is the same in every language."""
    if not any(texts.values()):
        return {path: None}
    if isinstance(old_setting, str):
        forms = dict.fromkeys(texts.values())
        return {path: next(iter(forms)) if len(forms) == 1 else {lang: one for lang, one in texts.items() if one}}
    return {(*path, lang): one or None for lang, one in texts.items()}


def find_faults(t: Translator, text: str, root: Path = ()) -> dict[str, str]:
    """List all faults that the model finds in a `campaign.toml`: sentences by the settings' paths, the rest by ""."""
    try:
        Campaign.model_validate(tomllib.loads(text.removeprefix("\ufeff")))
    except ValidationError as error:
        faults: dict[str, str] = {}
        for fault in error.errors():
            refusal = explain_value(fault)
            place = fault["loc"] or _place(refusal)
            name = ".".join(map(str, place[len(root) :] if place[: len(root)] == root else ()))
            faults.setdefault(name, _say(t, refusal))
        return faults
    return {}


def _place(refusal: Sentence) -> Path:
    """Find the setting of a fault about several: the one that it names, and its language."""
    setting = next((refusal.values[name] for name in ("day", "setting", "last") if name in refusal.values), "")
    return tuple(filter(None, (setting, refusal.values.get("language", ""))))


def _say(t: Translator, refusal: Sentence) -> str:
    values = dict(refusal.values)
    for name, value in values.items():
        if name in ("day", "setting", "first", "last", "all"):
            values[name] = t("“{text}”", text=t(find_setting(value).label))
        elif name == "language":
            values[name] = format_language(value, t.language, is_inside=True)
    words = t(sentence(refusal.template, **values))
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}"
