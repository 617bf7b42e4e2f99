"""What a build reads: the files of the inbox (else the samples), opened, recognised and fingerprinted."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from dashboard.campaign import CampaignFolder
from dashboard.codelists import CODELISTS
from dashboard.errors import UserError
from dashboard.paths import PROJECT, QUERIES, SHIPPED_CAMPAIGN
from etl.folding import Folding
from etl.readers import EXTENSIONS, ExportFile, Sheet, open_export
from etl.recipes import Recipe
from etl.recognition import SheetPlan, is_ignored, recognise

_NOT_EXPORTS = ("readme*", ".*", "~$*", "thumbs.db", "desktop.ini")


class InputError(UserError):
    """The inputs cannot be built from: nothing was published."""


@dataclass
class Input:
    """One file of the inbox.

    Attributes:
        name: Its path inside the inbox, with `/`: how the file is called in the snapshot.
        plans: The sheets with the plan that reads each; None for a sheet that no recipe reads.
    """

    name: str
    path: Path
    sha256: str = ""
    plans: list[tuple[Sheet, SheetPlan | None]] = field(default_factory=list)


def list_exports(folder: CampaignFolder) -> tuple[list[tuple[str, Path]], bool]:
    """The exports to build from, by name, and whether they are the fictional samples.

    Raises:
        InputError: the inbox is empty and the campaign has no samples.
    """
    for place, is_sample in ((folder.inbox, False), (folder.samples, True)):
        found = [
            (path.relative_to(place).as_posix(), path)
            for path in sorted(place.rglob("*"))
            if _is_export(path, is_sample)
        ]
        if found:
            return found, is_sample
    raise InputError(
        f"There is nothing to build from: {folder.inbox} is empty.",
        "Copy the exports into that folder and run the build again.",
    )


@contextmanager
def open_input(name: str, path: Path, recipes: Sequence[Recipe], fold: Folding) -> Iterator[tuple[Input, ExportFile]]:
    """Open one export and find the recipe of each of its sheets.

    Raises:
        ReadError: the file cannot be read.
        InputError: no recipe knows any of its sheets.
    """
    with open_export(path) as export:
        found = [
            (sheet, recognise(Path(name).name, sheet, recipes, fold))
            for sheet in export.sheets
            if any(map(any, sheet.preview))
        ]
        used = [plan.recipe for _, plan in found if plan is not None]
        if not used:
            raise InputError(_unknown(name, found), _unknown_remedy(found))
        plans = [(sheet, plan) for sheet, plan in found if plan is not None or not is_ignored(sheet, used)]
        yield Input(name, path, export.sha256, plans), export


def build_id(folder: CampaignFolder, inputs: Iterable[tuple[str, str]], *, is_sample: bool) -> str:
    """The build's content hash: of the inputs (name, sha256), the campaign's files and the program that builds."""
    digest = hashlib.sha256(b"sample" if is_sample else b"inbox")
    for name, sha256 in sorted(inputs):
        digest.update(f"{name}\0{sha256}\0".encode())
    shipped = CampaignFolder(SHIPPED_CAMPAIGN)  # its codelists fill the members that a campaign's own lists leave out
    codelists = [place.codelist_file(name) for name in CODELISTS for place in (folder, shipped)]
    campaign = [folder.campaign_file, *codelists, *folder.recipe_files()]
    program = [*(PROJECT / "etl").rglob("*.py"), *(PROJECT / "etl").rglob("*.sql"), QUERIES / "fold.sql"]
    for path in [*campaign, *sorted(program, key=lambda p: p.relative_to(PROJECT).as_posix())]:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _is_export(path: Path, is_sample: bool) -> bool:
    if any(fnmatchcase(path.name.casefold(), pattern) for pattern in _NOT_EXPORTS):
        return False
    if is_sample:
        return path.is_file() and path.suffix.lower() in EXTENSIONS
    return path.is_file() or path.suffix.lower() in EXTENSIONS


def _unknown(name: str, found: Sequence[tuple[Sheet, SheetPlan | None]]) -> str:
    if not found:
        return f"{name} holds no rows."
    sheet = found[0][0]
    first = next((row for row in sheet.preview if any(row)), ())
    headers = ", ".join(cell for cell in first if cell)
    return f"No recipe recognises {name}. Its first line reads: {headers[:300]}."


def _unknown_remedy(found: Sequence[tuple[Sheet, SheetPlan | None]]) -> str:
    if not found:
        return "Export it again, or take it out of the inbox."
    return "Write a recipe for it (docs/recipes.md), take it out of the inbox, or build with --skip-bad-files."
