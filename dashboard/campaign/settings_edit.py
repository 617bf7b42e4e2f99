"""Single settings of `campaign.toml` written otherwise, as by hand: comments, order and all else stay as they are."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from dashboard.campaign.settings_basket import CAMPAIGN
from dashboard.errors import CampaignError, sentence
from dashboard.file_faults import CORRECT, explain_toml
from dashboard.i18n import N_

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
    """The file without one of the tables of a list; without the list where it was the last one.

    Raises:
        CampaignError: the text is no TOML.
    """
    document = _parse(text)
    tables: Any = document[name]
    del tables[number]
    if not tables:
        del document[name]
    return _write(text, document).rstrip() + ("\r\n" if "\r\n" in text else "\n")


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
