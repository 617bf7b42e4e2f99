"""What differs between two states of a campaign's settings, in words of the reader's language.

The files themselves are compared, whoever changed them and however: `Title (French): “…” → “…”`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError

from dashboard.campaign import codelist_changes
from dashboard.campaign.codelists import CODELISTS
from dashboard.campaign.folder import Campaign
from dashboard.campaign.licences import ANY
from dashboard.campaign.settings_basket import CAMPAIGN
from dashboard.campaign.settings_fields import find_setting
from dashboard.formats import format_count, format_date, format_language, join_list
from dashboard.i18n import Translator

_LONGEST = 120

Flat = dict[tuple[str, str], Any]
"""Values by field and language, a wave of a survey or a source as its field's first part."""


def describe(t: Translator, name: str, before: str, after: str) -> list[str]:
    """What a file of settings says otherwise, a sentence each.

    Args:
        t: The reader's language.
        name: Its path inside the campaign folder.
        before: Its text before; empty for none.
        after: Its text after; empty for none.
    """
    if name == CAMPAIGN:
        sentences = list(_describe_campaign(t, before, after))
        return sentences or ([t("Remarks and spelling of {file}", file=name)] if before != after else [])
    if name.startswith("recipes/") and before != after:
        return [_describe_recipe(t, before, after)]
    if (codelist := PurePosixPath(name).stem) in CODELISTS:
        sentences = codelist_changes.describe(t, codelist, before, after)
        return sentences or _describe_lines(t, name, before, after)
    return _describe_lines(t, name, before, after)


def _describe_recipe(t: Translator, before: str, after: str) -> str:
    """A recipe by what staff call the files that it reads."""
    try:
        title = str(tomllib.loads(after or before)["title"])
    except (tomllib.TOMLDecodeError, KeyError):
        title = "?"
    if not before:
        return t("New: how files “{title}” are read", title=title)
    if not after:
        return t("Removed: how files “{title}” are read", title=title)
    return t("How files “{title}” are read", title=title)


def _describe_lines(t: Translator, name: str, before: str, after: str) -> list[str]:
    """How many lines of a file were added and removed; its content is not compared."""
    old, new = before.splitlines(), after.splitlines()
    added, removed = (sum(line not in reference for line in one) for one, reference in ((new, old), (old, new)))
    if not added and not removed:
        return []
    return [t("{file}: {added} lines added, {removed} removed", file=name, added=added, removed=removed)]


def _describe_campaign(t: Translator, before: str, after: str) -> Iterator[str]:
    old, new = _flatten(before), _flatten(after)
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) == new.get(key):
            continue
        yield t(
            "{field}: {before} → {after}",
            field=_name(t, *key),
            before=_say(t, key[0], old.get(key)),
            after=_say(t, key[0], new.get(key)),
        )


def _flatten(text: str) -> Flat:
    """What a `campaign.toml` says, each value by its field and language; nothing where it cannot be used."""
    try:
        campaign = Campaign.model_validate(tomllib.loads(text.removeprefix("\ufeff")))
    except (ValidationError, tomllib.TOMLDecodeError):
        return {}
    flat: Flat = {}
    for field in ("title", "start", "submission_deadline", "action_deadline", "end", "default_language", "languages"):
        _add(flat, field, getattr(campaign, field))
    for table in ("limits", "individuals", "publisher"):
        for field, value in getattr(campaign, table):
            _add(flat, f"{table}.{field}", value)
    for survey in campaign.survey:
        flat[f"survey:{survey.wave}", ""] = True
        _add(flat, f"survey.answer_by:{survey.wave}", survey.answer_by)
        _add(flat, f"survey.link:{survey.wave}", survey.link)
    for source in campaign.source:
        flat[f"source:{source.label}", ""] = source.model_dump(mode="json")
    return flat


def _add(flat: Flat, field: str, value: Any) -> None:
    if field == "publisher.licence":
        names = [name for lang, name in value.name.items() if lang] or list(value.name.values())
        value = value.spdx or "; ".join(filter(None, (*names, value.url)))
    if isinstance(value, Mapping):
        flat.update({(field, lang): text for lang, text in value.items()})
    else:
        flat[field, ""] = value


def _name(t: Translator, key: str, lang: str) -> str:
    field, _, of = key.partition(":")
    if field == "survey":
        return t("Progress survey {wave}", wave=of).strip()
    if field == "source":
        return t("Source {source}", source=of)
    label = t(find_setting(field).label)
    inside = [of] if of else []
    if lang != ANY:
        inside.append(format_language(lang, t.language, is_inside=True))
    return f"{label} ({', '.join(inside)})" if inside else label


def _say(t: Translator, field: str, value: Any) -> str:
    """A value in words, as it stands in a sentence."""
    if field in ("languages", "default_language") and value is not None:
        codes = (value,) if isinstance(value, str) else value
        return join_list([format_language(code, t.language, is_inside=True) for code in codes], t.language)
    if value is None or value in ("", ()):
        return t("nothing")
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, date):
        return format_date(value, t.language)
    if isinstance(value, int):
        return format_count(value, t.language)
    if isinstance(value, tuple):
        return join_list([str(one) for one in value], t.language)
    if isinstance(value, dict):
        return t("set up")
    text = str(value)
    return t("“{text}”", text=text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …")
