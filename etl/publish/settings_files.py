"""Settings that a draft brings: files as they will stand in the campaign folder, and what stood there before.

In `<draft>/settings/` lie `campaign.toml`, `codelists/<name>.csv` and `recipes/<name>.toml`, those that change; an
empty one stands for a file that is taken out. Publishing the draft puts them in place and keeps both sides of the
change in `private/settings/<draft id>/`, so that it can be told and taken back.
"""

import json
import re
import shutil
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.ground.files.writing import put_file, write_file
from etl.publish.kept_inputs import make_private
from etl.readers.files import hash_file
from etl.recipes.recipe_file import load_recipes
from etl.steps import Step, reached

SETTINGS = "settings"
"""The folder of a draft's settings, and of the changes that are kept."""
BEFORE, AFTER = "before", "after"
CHANGE = "change.json"
_NAMES = re.compile(r"campaign\.toml|codelists/[a-z_]+\.csv|recipes/[a-z0-9_]+\.toml")


def list_brought(place: Path) -> list[str]:
    """The files of settings that a draft brings, by their paths inside a campaign folder.

    Raises:
        UserError: a file is none that a draft may bring.
    """
    settings = place / SETTINGS
    names = sorted(path.relative_to(settings).as_posix() for path in settings.rglob("*") if path.is_file())
    for name in names:
        if not _NAMES.fullmatch(name):
            raise UserError(
                f"{name} is not a settings file.", "A preview takes campaign.toml, codelists/*.csv and recipes/*.toml."
            )
    return names


def find_overlay(place: Path) -> Path | None:
    """The folder through which a draft's settings are read; None where it brings none."""
    return place / SETTINGS if list_brought(place) else None


def check(folder: CampaignFolder) -> None:
    """See that a campaign's settings can be used, where there is no export to build from.

    Raises:
        UserError: one cannot.
    """
    folder.load()
    load_codelists(folder)
    load_recipes(folder)


def hash_present(folder: CampaignFolder, names: Collection[str]) -> dict[str, str | None]:
    """The hashes of the folder's own files of these names; None where there is none."""
    paths = {name: folder.root / name for name in names}
    return {name: hash_file(path) if path.is_file() else None for name, path in paths.items()}


def hash_brought(place: Path) -> dict[str, str]:
    """The hashes of the files that a draft brings.

    Raises:
        UserError: a file is none that a draft may bring.
    """
    return {name: hash_file(place / SETTINGS / name) for name in list_brought(place)}


def is_in_place(place: Path, name: str, sha256: str | None) -> bool:
    """Whether a file of the campaign, None for none, is already what a draft brings under its name."""
    draft_file = place / SETTINGS / name
    return sha256 == (hash_file(draft_file) if draft_file.stat().st_size else None)


def put_in_place(
    folder: CampaignFolder, place: Path, names: Collection[str], builds: tuple[str | None, str | None]
) -> None:
    """Put a draft's settings in place, with both sides of the change kept; called again, it goes on where it was.

    Args:
        folder: The campaign.
        place: The draft.
        names: The files that it brings.
        builds: The builds that are published before and after; None for none.
    """
    if not names:
        return
    change_folder = make_private(folder, SETTINGS, place.name)
    _keep(folder, place, names, change_folder)
    for name in names:
        reached(Step.PUT_SETTINGS)
        draft_file, target = place / SETTINGS / name, folder.root / name
        if not draft_file.stat().st_size:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(exist_ok=True)
        put_file(draft_file, target, is_copy=True, mode=0o644)
    note = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": list(names),
        "build_before": builds[0],
        "build_id": builds[1],
    }
    write_file(change_folder / CHANGE, json.dumps(note, indent=1) + "\n")


def _keep(folder: CampaignFolder, place: Path, names: Collection[str], change_folder: Path) -> None:
    """Keep what stands there now, once and as a whole: it is not there any more where a killed command goes on."""
    reached(Step.PUT_SETTINGS)
    if (change_folder / BEFORE).is_dir():
        return
    shutil.copytree(place / SETTINGS, change_folder / AFTER, dirs_exist_ok=True)
    draft = change_folder / f"{BEFORE}.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    for name in names:
        if (path := folder.root / name).is_file():
            (draft / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(path, draft / name)
    draft.replace(change_folder / BEFORE)
