"""Sheets of one workbook that hold the same actions: which of them count, and the answers as a list for the command."""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import NamedTuple

from dashboard.answers.question import Effect, read_effects
from dashboard.campaign.file_names import find_names
from dashboard.i18n import Translator
from dashboard.quality.open_columns import write_list
from dashboard.snapshot.database import Snapshot

COUNTS = "data"
ROUND = "round"
LEFT_OUT = "nothing"
USES = (COUNTS, ROUND, LEFT_OUT)
"""What a sheet can be, in the command's words."""


class SheetKey(NamedTuple):
    """One sheet, by the names of its file and its own."""

    file: str
    sheet: str


class AlikeSheet(NamedTuple):
    """One of several sheets that hold the same actions.

    Attributes:
        actions: How many actions it holds.
        completed: How many of them it says to be completed.
        same: How many of them another of these sheets holds as well, at most.
        effects: What would become of figures if it were left out; empty where that cannot be counted.
    """

    key: SheetKey
    actions: int
    completed: int
    same: int
    effects: tuple[Effect, ...] = ()


def read_alike(snapshot: Snapshot) -> list[list[AlikeSheet]]:
    """Read the groups of sheets that hold the same actions: staff must say which count."""
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
    """What staff said of sheets, as this build applies it; `file` is a handle, None for all."""
    frame = find_names(snapshot.path).show(snapshot.query("settled_sheets", {"file": file}))
    return {SheetKey(row["source_file"], row["sheet"]): row["sheet_use"] for row in frame.to_dict("records")}


def choose(group: Iterable[SheetKey], choices: MutableMapping[SheetKey, str], key: SheetKey, use: str | None) -> None:
    """Take a choice for one sheet of a group, and with it what follows for the others.

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

    A sheet that counts alone needs no word: what is left out says it all, and a further sheet is asked about again.
    """
    keys = list(group)
    counting = [key for key in keys if choices.get(key) == COUNTS]
    if not counting or not all(key in choices for key in keys):
        return {}
    return {key: choices[key] for key in keys if choices[key] != COUNTS or len(counting) > 1}


def name_sheet_use(t: Translator, use: str) -> str:
    """What a sheet is said to be, in the reader's words."""
    if use == ROUND:
        return t("Another round of reports")
    return t("It counts") if use == COUNTS else t("It is left out")


def say_sheet_answer(t: Translator, key: SheetKey, use: str) -> str:
    """What was said of a sheet, in a line."""
    return f"{t('{file}, sheet {sheet}', file=key.file, sheet=key.sheet)}: {name_sheet_use(t, use)}"


def write_sheet_answers(answers: Mapping[SheetKey, str]) -> str:
    """Answers as the list that `python -m etl sheet --list` takes; an empty answer takes back."""
    return write_list(("file", "sheet", "is"), ((key.file, key.sheet, use) for key, use in answers.items()))
