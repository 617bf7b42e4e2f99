"""What differs between two versions of a codelist, in the reader's words: labels, spellings, order, members."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from dashboard import formats
from dashboard.campaign.codelists import PLACE_LISTS, Code, load_codelist, read_codes
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import CampaignError
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
        code: The member, as it is afterwards; of a removed one as it was.
        what: The language of a label; the column of a field.
        before: What a label or field was; of what is removed, its texts.
        after: What it is; of what is added, its texts.
    """

    kind: str
    code: Code
    what: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def describe(t: Translator, name: str, before: str, after: str) -> list[str]:
    """What differs between two texts of a list's file, a sentence each; nothing where one of them cannot be read.

    Countries and regions that it names are called as in the shipped lists.
    """
    try:
        old, new = (_read(text, name) for text in (before, after))
    except CampaignError:
        return []
    codelists = {**_read_shipped(), name: new}
    return [say(t, change, codelists) for change in compare(old, new)]


def check(name: str, text: str) -> None:
    """See that a list's text can be read.

    Raises:
        CampaignError: a line of it cannot be used.
    """
    _read(text, name)


def compare(before: Sequence[Code], after: Sequence[Code]) -> list[Change]:
    """What one version of a list has that the other has not; members in the order of the later one."""
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


def say(t: Translator, change: Change, codelists: Mapping[str, Sequence[Code]]) -> str:
    """One difference in a sentence.

    Args:
        t: The reader's language.
        change: What to say.
        codelists: The lists whose members are named: countries, regions, statuses, and the list itself as it is
            afterwards, to say behind which member one stands that was moved.
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
            return t("{member}, countries added: {words}", member=name, words=_name(t, change.after, codelists))
        case "countries_removed":
            return t("{member}, countries removed: {words}", member=name, words=_name(t, change.before, codelists))
        case "moved":
            return _say_moved(t, change, codelists.get(change.code.codelist, ()))
    sides = {"before": _name(t, change.before, codelists), "after": _name(t, change.after, codelists)}
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


def _read(text: str, name: str) -> list[Code]:
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    codes = read_codes(plain, name, f"{name}.csv") if plain.strip() else []
    return sorted(codes, key=lambda code: (code.sort_order, code.code))


@cache
def _read_shipped() -> dict[str, list[Code]]:
    folder = CampaignFolder(SHIPPED_CAMPAIGN)
    return {name: load_codelist(folder, name) for name in (*PLACE_LISTS, "statuses")}


def _find_moved(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """The fewest codes whose moving makes one order the other: those outside its longest part that stays in order."""
    places = [before.index(code) for code in after]
    ends: list[int] = []  # the smallest place at which an increasing part of each length ends
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
    """Texts in quotes, the first ones where they are many."""
    more = len(texts) - _MOST_NAMED
    quoted = [t("“{text}”", text=text) for text in texts[:_MOST_NAMED]]
    return _join(t, quoted, more)


def _name(t: Translator, texts: Sequence[str], codelists: Mapping[str, Sequence[Code]]) -> str:
    """The labels of codes of other lists; other texts stay as they are."""
    lists = ("countries", "subregions", "regions", "statuses")
    labels = {code.code: code.labels[t.language] for name in lists for code in codelists.get(name, ())}
    return _join(t, [labels.get(text, text) for text in texts[:_MOST_NAMED]], len(texts) - _MOST_NAMED)


def _join(t: Translator, texts: Sequence[str], more: int) -> str:
    if not texts:
        return t("(empty)")
    joined = ", ".join(texts)
    return t.plural("{listed} and {n} more", "{listed} and {n} more", more, listed=joined) if more > 0 else joined
