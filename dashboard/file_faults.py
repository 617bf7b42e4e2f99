"""The faults of a file that a person wrote, in words that a page can translate: no TOML, an invalid value."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.errors import N_, CampaignError, Sentence, sentence

_LINE = re.compile(r"\bline (\d+)")
_TWICE = re.compile(r"Cannot overwrite|Cannot declare|Cannot redefine|Duplicate|Redefinition|already exists")
_FAULTS: tuple[tuple[str, str], ...] = (
    ("missing", N_("it is missing")),
    ("extra_forbidden", N_("it is not known here")),
    ("date", N_("this is no date (write it as 2021-07-01)")),
    ("string_too_short", N_("the text is empty")),
    ("string_too_long", N_("the text is longer than {most} signs")),
    ("string_pattern_mismatch", N_("“{value}” is not written as it must be")),
    ("string", N_("this is no text")),
    ("int", N_("this is no whole number")),
    ("float", N_("this is no number")),
    ("greater_than", N_("the least is {least}")),
    ("less_than", N_("the most is {largest}")),
    ("bool", N_("this is neither true nor false")),
    ("literal_error", N_("“{value}” is none of {allowed}")),
    ("enum", N_("“{value}” is none of {allowed}")),
    ("too_short", N_("at least {least} of them is needed")),
    ("too_long", N_("there are too many of them")),
    ("list", N_("this is no list (write it in square brackets)")),
    ("tuple", N_("this is no list (write it in square brackets)")),
    ("dict", N_("this is no table of settings")),
    ("model", N_("this is no table of settings")),
)
"""The fault of a value in words, by the beginning of pydantic's name of it."""
_LONGEST = 80
CORRECT = N_("Correct it there in a text editor.")
"""The remedy for a file that is no TOML."""


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of settings.

    Raises:
        CampaignError: it is not written in UTF-8, or is no TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        what = sentence(N_("{path} is not written in UTF-8."), path=str(path))
        raise CampaignError(what, N_("Save it as UTF-8.")) from error
    except tomllib.TOMLDecodeError as error:
        what = sentence(N_("{path} is not valid TOML: {fault}."), path=str(path), fault=explain_toml(text))
        raise CampaignError(what, CORRECT) from error


def explain_toml(text: str) -> Sentence:
    """Say where a text stops being TOML, as a part of a sentence."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = str(error)
    else:
        return sentence(N_("it says something twice"))  # tomlkit is stricter with that than the standard library
    line, is_twice = _LINE.search(problem), _TWICE.search(problem)
    if line is None:
        return sentence(N_("something in it is begun and not ended: a quotation mark or a bracket is missing"))
    what = N_("line {line} says again what stands above it") if is_twice else N_("line {line} cannot be read")
    return sentence(what, line=int(line[1]))


def name_setting(fault: Mapping[str, Any]) -> str:
    """Name the setting of a fault in a `ValidationError`, as `publisher.email`; empty for the whole file."""
    return ".".join(str(part) for part in fault["loc"])


def explain_value(fault: Mapping[str, Any]) -> Sentence:
    """Explain a wrong value of a `ValidationError`, as a part of a sentence."""
    kind = fault["type"]
    if kind == "value_error":
        return sentence(*fault["ctx"]["error"].args[:1] or (N_("this cannot be so"),))
    template = next((words for name, words in _FAULTS if kind.startswith(name)), N_("this cannot be so"))
    limits = fault.get("ctx", {})
    places: dict[str, str | int] = {
        "most": int(limits.get("max_length", 0)),
        "least": limits.get("ge", limits.get("gt", limits.get("min_length", ""))),
        "largest": limits.get("le", limits.get("lt", "")),
        "value": str(fault.get("input"))[:_LONGEST],
        "allowed": str(limits.get("expected", "")).replace(" or ", ", "),
    }
    return sentence(template, **{name: value for name, value in places.items() if f"{{{name}}}" in template})
