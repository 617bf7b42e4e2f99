"""Sheets of one workbook with the same actions: the choice of those that count, and answers for the command."""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import NamedTuple

from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.answers.question import Effect, read_effects
from dashboard.campaign.file_names import find_names
from dashboard.i18n import Translator
from dashboard.snapshot.database import Snapshot

COUNTS = "data"
ROUND = "round"
LEFT_OUT = "nothing"
USES = (COUNTS, ROUND, LEFT_OUT)
"""The possible uses of a sheet, in the command's words."""


class SheetKey(NamedTuple):
    """One sheet, by the names of its file and itself."""

    file: str
    sheet: str


class AlikeSheet(NamedTuple):
    """One of several sheets with the same actions.

    Attributes:
        completed: The number of those that it calls completed.
        same: The most of them that another of these sheets has as well.
        effects: The effects on figures of leaving it out; empty where they cannot be counted.
    """

    key: SheetKey
    actions: int
    completed: int
    same: int
    effects: tuple[Effect, ...] = ()


def read_alike(snapshot: Snapshot) -> list[list[AlikeSheet]]:
    """Read the groups of sheets with the same actions: staff must choose those that count."""
    frame = find_names(snapshot.path).show(snapshot.query("alike_sheets"))
    groups: list[dict[SheetKey, AlikeSheet]] = []
    for row in frame.to_dict("records"):
        pair = [
            AlikeSheet(SheetKey(row["source_file"], row[f"{side}sheet"]), row[f"{side}actions"],
                       row[f"{side}completed"], row["same"], read_effects(row[f"{side}effects"]))
            for side in ("", "other_")
        ]  # fmt: skip
        joined: dict[SheetKey, AlikeSheet] = {}
        for group in [group for group in groups if any(sheet.key in group for sheet in pair)]:
            groups.remove(group)
            joined |= group
        for sheet in pair:
            before = joined.get(sheet.key, sheet)
            effects = before.effects or sheet.effects
            joined[sheet.key] = before._replace(same=max(before.same, sheet.same), effects=effects)
        groups.append(joined)
    return [list(group.values()) for group in groups]


def read_settled(snapshot: Snapshot, file: str | None = None) -> dict[SheetKey, str]:
    """Read staff's answers about sheets, as this build applies them; `file` is a handle, None for all."""
    frame = find_names(snapshot.path).show(snapshot.query("settled_sheets", {"file": file}))
    return {SheetKey(row["source_file"], row["sheet"]): row["sheet_use"] for row in frame.to_dict("records")}


def choose(group: Iterable[SheetKey], choices: MutableMapping[SheetKey, str], key: SheetKey, use: str | None) -> None:
    """Take a choice for one sheet of a group, and its consequences for the others.

    Where one sheet counts, the sheets without a choice are left out; where all but one are left out, that one counts.
    """
    if use is None:
        choices.pop(key, None)
        return
    choices[key] = use
    unsaid = [sheet_key for sheet_key in group if sheet_key not in choices]
    if use == COUNTS:
        choices.update(dict.fromkeys(unsaid, LEFT_OUT))
    elif len(unsaid) == 1 and COUNTS not in {choices.get(sheet_key) for sheet_key in group}:
        choices[unsaid[0]] = COUNTS


def find_answers(group: Iterable[SheetKey], choices: Mapping[SheetKey, str]) -> dict[SheetKey, str]:
    """Find the answers to keep so that the choices decide a group; none where they do not decide it.

    A sheet that counts alone needs no answer: those of the others suffice, and a further sheet asks again.
    """
    keys = list(group)
    counting = [key for key in keys if choices.get(key) == COUNTS]
    if not counting or not all(key in choices for key in keys):
        return {}
    return {key: choices[key] for key in keys if choices[key] != COUNTS or len(counting) > 1}


def name_sheet_use(t: Translator, use: str) -> str:
    """Name a sheet's use in the reader's words."""
    if use == ROUND:
        return t("Another round of reports")
    return t("It counts") if use == COUNTS else t("It is left out")


def say_sheet_answer(t: Translator, key: SheetKey, use: str) -> str:
    """Write the answer about a sheet in a line."""
    return f"{t('{file}, sheet {sheet}', file=key.file, sheet=key.sheet)}: {name_sheet_use(t, use)}"


def list_sheet_answers(answers: Mapping[SheetKey, str]) -> list[Answer]:
    """List answers about sheets; an empty answer takes back."""
    return [Answer(0, "sheet", "", key.file, key.sheet, "", use) for key, use in answers.items()]
