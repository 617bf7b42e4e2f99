"""The settings of `campaign.toml` as fields of forms: what the model says of each, written as by hand, refused.

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
"""Where a setting stands: the keys that lead to it, and numbers in lists."""

_MARK = "\ufeff"


def read_settings(text: str) -> dict[str, Any]:
    """What a `campaign.toml` says, as plain values.

    Raises:
        CampaignError: it is no TOML.
    """
    settings: dict[str, Any] = _parse(text).unwrap()
    return settings


def edit(text: str, edits: Mapping[Path, Value | None]) -> str:
    """The file with some settings of another value; None takes one out. What has its value already stays as written.

    A path whose number is the length of a list begins a further table of it, `[[survey]]`.

    Raises:
        CampaignError: the text is no TOML.
    """
    document = _parse(text)
    for path, value in edits.items():
        _set(document, path, value)
    return _write(text, document)


def take_from_list(text: str, name: str, number: int) -> str:
    """The file without one of the tables of a list, `[[survey]]`; the remarks below it belong to what follows.

    Raises:
        CampaignError: the text is no TOML, or states the list in another way.
    """
    settings = read_settings(text)
    lines = text.splitlines(keepends=True)
    starts = [place for place, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line)]
    del settings[name][number]
    if number < len(starts):
        start, rest = starts[number], range(starts[number] + 1, len(lines))
        others = re.compile(rf"\s*\[(?!\[?\s*{name}\s*\.)")  # tables inside of it go with it
        end = next((place for place in rest if others.match(lines[place])), len(lines))
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
    """The document as text, with the byte-order mark and the line ends that the file had."""
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
    """Texts by language on one line, as `name = { en = "…" }`."""
    table = tomlkit.inline_table()
    table.update(texts)
    return table


LONGEST = 500
"""The characters of a text of which the model says nothing."""


class Kind(StrEnum):
    """What a setting holds."""

    TEXT = "text"
    TEXTS = "texts"  # by language
    DAY = "day"
    NUMBER = "number"
    FLAG = "flag"
    CHOICES = "choices"


_KINDS = {dict: Kind.TEXTS, tuple: Kind.CHOICES, date: Kind.DAY, bool: Kind.FLAG, int: Kind.NUMBER}


class Setting(NamedTuple):
    """What the model says of a setting: its name and what it is for, in English, what it holds, the longest text."""

    label: str
    help: str
    kind: Kind
    longest: int


def find_setting(path: str, root: type[BaseModel] = Campaign) -> Setting:
    """What the model says of the setting `publisher.email`; of the wave of a survey `survey.link`.

    `root`: the model in which it stands, where that is not the campaign's.

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
    return Setting(field.title or name, field.description or "", kind, next(lengths, LONGEST))


def write(text: str, changed: Mapping[str, Any], root: Path = ()) -> str:
    """A `campaign.toml` in which some settings have other values; what is empty is taken out.

    `changed` are values by the paths of settings (`publisher.email`), texts by language; `root` is where these begin:
    at the wave of a survey.

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
    """A text by language; one that is given once for all stays so while it is the same in every language."""
    if not any(texts.values()):
        return {path: None}
    if isinstance(old_setting, str):
        forms = dict.fromkeys(texts.values())
        return {path: next(iter(forms)) if len(forms) == 1 else {lang: one for lang, one in texts.items() if one}}
    return {(*path, lang): one or None for lang, one in texts.items()}


def find_faults(t: Translator, text: str, root: Path = ()) -> dict[str, str]:
    """What the model refuses in a `campaign.toml`, all at once: sentences by the settings' paths, the rest by ""."""
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
    """The setting that a fault of several is about: the one that it names, and its language."""
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
