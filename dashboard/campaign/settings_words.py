"""Describe the differences between two states of a campaign's settings in the reader's language.

The comparison reads the files themselves, whatever changed them: `Title (French): “…” → “…”`; of a codelist its
labels, spellings, order and members.
"""

import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from pydantic import ValidationError

from dashboard import formats
from dashboard.campaign.codelists import load_codelist, read_codes
from dashboard.campaign.folder import DESIGN_FILES, LOGO, TEMPLATES, Campaign, CampaignFolder
from dashboard.campaign.licences import ANY
from dashboard.campaign.settings_fields import find_setting
from dashboard.campaign.working_copy import BRIEFINGS, CAMPAIGN
from dashboard.errors import CampaignError
from dashboard.formats import format_count, format_date, format_language, join_list
from dashboard.ground.codelist_codes import CODELISTS, PLACE_LISTS, Code
from dashboard.i18n import N_, Translator
from dashboard.paths import SHIPPED_CAMPAIGN

_FIELDS = {
    "base_status": N_("counts as"),
    "region": N_("region"),
    "subregion": N_("subregion"),
    "iso2": N_("two-letter code"),
    "source": N_("source"),
}
_MOST_NAMED = 8


class Change(NamedTuple):
    """One difference.

    Attributes:
        kind: added, removed, label, spellings_added, spellings_removed, countries_added, countries_removed, moved or
            field.
        code: The member, as it is afterwards; a removed one as it was.
        what: The language of a label; the column of a field.
    """

    kind: str
    code: Code
    what: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def describe_codelist(t: Translator, name: str, before: str, after: str) -> list[str]:
    """Describe the differences between two texts of a list's file, a sentence each; none where one cannot be read.

    Countries and regions have their names from the shipped lists.
    """
    try:
        old, new = (read_codelist(text, name) for text in (before, after))
    except CampaignError:
        return []
    codelists = {**_read_shipped(), name: new}
    return [say_change(t, change, codelists) for change in compare(old, new)]


def compare(before: Sequence[Code], after: Sequence[Code]) -> list[Change]:
    """List the differences between two versions of a list; members in the order of the later one."""
    old, new = ({code.code: code for code in codes} for codes in (before, after))
    changes = [Change("removed", code) for code in before if code.code not in new]
    moved = _find_moved([code.code for code in before if code.code in new], [c.code for c in after if c.code in old])
    for code in after:
        if code.code not in old:
            changes.append(Change("added", code))
            continue
        changes += _compare_member(old[code.code], code)
        if code.code in moved:
            changes.append(Change("moved", code))
    return changes


def say_change(t: Translator, change: Change, codelists: Mapping[str, Sequence[Code]]) -> str:
    """Write one difference as a sentence.

    `codelists` are the lists with the members' names, among them the list itself as it is afterwards.
    """
    name = change.code.labels[t.language]
    texts = {"before": _list(t, change.before), "after": _list(t, change.after)}
    match change.kind:
        case "added":
            return t("New: {member} ({code})", member=name, code=change.code.code)
        case "removed":
            return t("Removed: {member} ({code})", member=name, code=change.code.code)
        case "label":
            language = formats.format_language(change.what, t.language, is_inside=True)
            return t("{member}, label in {language}: {before} → {after}", member=name, language=language, **texts)
        case "spellings_added":
            return t("{member}, new spellings: {words}", member=name, words=texts["after"])
        case "spellings_removed":
            return t("{member}, spellings removed: {words}", member=name, words=texts["before"])
        case "countries_added":
            return t("{member}, countries added: {words}", member=name, words=_name_codes(t, change.after, codelists))
        case "countries_removed":
            return t(
                "{member}, countries removed: {words}", member=name, words=_name_codes(t, change.before, codelists)
            )
        case "moved":
            return _say_moved(t, change, codelists.get(change.code.codelist, ()))
    sides = {"before": _name_codes(t, change.before, codelists), "after": _name_codes(t, change.after, codelists)}
    return t("{member}, {field}: {before} → {after}", member=name, field=t(_FIELDS[change.what]), **sides)


def _say_moved(t: Translator, change: Change, order: Sequence[Code]) -> str:
    name = change.code.labels[t.language]
    place = next((number for number, code in enumerate(order) if code.code == change.code.code), None)
    if place is None:
        return t("{member} has another place in the order", member=name)
    if place == 0:
        return t("{member} comes first", member=name)
    return t("{member} comes after {other}", member=name, other=order[place - 1].labels[t.language])


def _compare_member(old: Code, new: Code) -> Iterator[Change]:
    for lang in dict.fromkeys((*new.labels, *old.labels)):
        if old.labels.get(lang) != new.labels.get(lang):
            yield Change("label", new, lang, _one(old.labels.get(lang)), _one(new.labels.get(lang)))
    for kind, was, now in (("spellings", old.aliases, new.aliases), ("countries", old.members, new.members)):
        if added := tuple(text for text in now if text not in was):
            yield Change(f"{kind}_added", new, after=added)
        if removed := tuple(text for text in was if text not in now):
            yield Change(f"{kind}_removed", new, before=removed)
    for column in _FIELDS:
        was, now = (_one(code.extra.get(column)) for code in (old, new))
        if was != now:
            yield Change("field", new, column, was, now)


def read_codelist(text: str, name: str) -> list[Code]:
    """Read the members of a list's text, in their order.

    Raises:
        CampaignError: a line of it cannot be used.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    codes = read_codes(plain, name, f"{name}.csv") if plain.strip() else []
    return sorted(codes, key=lambda code: (code.sort_order, code.code))


@cache
def _read_shipped() -> dict[str, list[Code]]:
    folder = CampaignFolder(SHIPPED_CAMPAIGN)
    return {name: load_codelist(folder, name) for name in (*PLACE_LISTS, "statuses")}


def _find_moved(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """Find the fewest codes to move from one order to the other: those outside its longest part that stays in order."""
    places = [before.index(code) for code in after]
    ends: list[int] = []  # the smallest end of an increasing part, by its length
    lengths = []
    for place in places:
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        lengths.append(length)
    staying, target_length, below = set[str](), len(ends) - 1, len(before)
    for code, place, length in zip(reversed(after), reversed(places), reversed(lengths), strict=True):
        if length == target_length and place < below:
            staying.add(code)
            target_length, below = target_length - 1, place
    return frozenset(after) - staying


def _one(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def _list(t: Translator, texts: Sequence[str]) -> str:
    """Write texts in quotes; the first ones where they are many."""
    more = len(texts) - _MOST_NAMED
    quoted = [t("“{text}”", text=text) for text in texts[:_MOST_NAMED]]
    return _join(t, quoted, more)


def _name_codes(t: Translator, texts: Sequence[str], codelists: Mapping[str, Sequence[Code]]) -> str:
    """Name codes of other lists by their labels; other texts stay as they are."""
    lists = ("countries", "subregions", "regions", "statuses")
    labels = {code.code: code.labels[t.language] for name in lists for code in codelists.get(name, ())}
    return _join(t, [labels.get(text, text) for text in texts[:_MOST_NAMED]], len(texts) - _MOST_NAMED)


def _join(t: Translator, texts: Sequence[str], more: int) -> str:
    if not texts:
        return t("(empty)")
    joined = ", ".join(texts)
    return t.plural("{listed} and {n} more", "{listed} and {n} more", more, listed=joined) if more > 0 else joined


_LONGEST = 120

Flat = dict[tuple[str, str], Any]
"""Values by field and language; the first part of a field names its wave of a survey or its source."""


def describe(t: Translator, name: str, before: str, after: str) -> list[str]:
    """Describe the changes of a file of settings, a sentence each.

    `name` is its path inside the campaign folder; an empty text stands for no file.
    """
    if name == CAMPAIGN:
        sentences = list(_describe_campaign(t, before, after))
        return sentences or ([t("Remarks and spelling of {file}", file=name)] if before != after else [])
    if before != after and (name in DESIGN_FILES or name.startswith(f"{BRIEFINGS}/")):
        words = N_("{file}: new") if not before else N_("{file}: replaced") if after else N_("{file}: removed")
        is_design = name in DESIGN_FILES
        title = t(name_design(name)) if is_design else t("Briefing “{title}”", title=_read_title(after or before))
        return [t(words, file=title)]
    if name.startswith("recipes/") and before != after:
        return [_describe_recipe(t, before, after)]
    if (codelist := PurePosixPath(name).stem) in CODELISTS:
        sentences = describe_codelist(t, codelist, before, after)
        return sentences or _describe_lines(t, name, before, after)
    return _describe_lines(t, name, before, after)


def name_design(name: str) -> str:
    """Name a template or the logo, in English."""
    if name == LOGO:
        return N_("Logo")
    return N_("Template for PowerPoint") if name in TEMPLATES["pptx"] else N_("Template for Word")


def _read_title(text: str) -> str:
    """Read staff's name for what a file holds."""
    try:
        return str(tomllib.loads(text)["title"])
    except (tomllib.TOMLDecodeError, KeyError):
        return "?"


def _describe_recipe(t: Translator, before: str, after: str) -> str:
    """Name a recipe by staff's name for its files."""
    title = _read_title(after or before)
    if not before:
        return t("New: how files “{title}” are read", title=title)
    if not after:
        return t("Removed: how files “{title}” are read", title=title)
    return t("How files “{title}” are read", title=title)


def _describe_lines(t: Translator, name: str, before: str, after: str) -> list[str]:
    """Count the added and removed lines of a file, without comparing their content."""
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
    """Read a `campaign.toml` as values by field and language; nothing where it cannot be used."""
    try:
        campaign = Campaign.model_validate(tomllib.loads(text.removeprefix("\ufeff")))
    except (ValidationError, tomllib.TOMLDecodeError):
        return {}
    flat: Flat = {}
    for field in ("title", "start", "submission_deadline", "action_deadline", "end", "default_language", "languages"):
        _add(flat, field, getattr(campaign, field))
    for table in ("limits", "individuals", "brand", "publisher", "reports_by_link", "promises"):
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
    """Write a value in words, for a sentence."""
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
    if ":" not in field and text in (options := find_setting(field).options):
        text = t(options[text])
    return t("“{text}”", text=text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …")
