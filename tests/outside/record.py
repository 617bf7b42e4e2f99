"""Record the outside of the program anew: `python -m tests.outside.record`.

With the names of parts only those; with `--bodies FOLDER` every hashed body is written there by its hash, so that
differing answers of two commits can be laid beside each other.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.settings import read_again
from tests.acceptance.published import EXPORTS, account, open_published
from tests.acceptance.test_real_exports import RECIPES, REGISTERS, SURVEYS
from tests.charts_over_http import make_site
from tests.described import BASE
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.outside.asked_routes import ask_routes, list_all_headers
from tests.outside.drawn_pages import describe_pages, is_for_staff, list_views
from tests.outside.entries import RECORDED, Entries, digest, keep_bodies, write_entries
from tests.outside.read_files import describe_files
from tests.outside.run_commands import describe_commands, describe_help
from tests.outside.still import copy_shipped, stand_still

REAL_EXPORTS = (*SURVEYS, *REGISTERS)
SETTINGS = {"DASHBOARD_NEWSLETTER": "on", "DASHBOARD_SECURITY_CONTACT": "security@example.org"}
OVER_HTTP = ("files", "headers", "routes")
"""Parts that leave a campaign unchanged, so that one reuses the requests of another."""


def describe_build(name: str, folder: CampaignFolder) -> Entries:
    """Describe the build of a campaign."""
    try:
        content_id = publish_campaign(folder)["content_id"]
    except UserError as refusal:
        return {(name, "refused"): digest(f"{refusal.what} {refusal.remedy}")}
    accounts = [rows for _, rows in sorted(account(open_published(folder.root)).items())]
    return {(name, "content_id"): content_id, (name, "account"): "; ".join(" ".join(map(str, one)) for one in accounts)}


def describe_exports(folder: Path) -> Entries:
    """Describe the build of each real export in a separate campaign."""
    entries: Entries = {}
    for number, path in enumerate(REAL_EXPORTS):
        export = EXPORTS / path
        campaign = make_campaign(folder / str(number), {export.name: export.read_bytes()}, RECIPES)
        entries |= describe_build(path, campaign)
    return entries


class Outside:
    """The outside of the program, of the sample in a folder, while everything stands still."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        """Publish the sample."""
        self._folder, self._patch = folder, patch
        self._published = folder / "published"
        self._published.mkdir()
        self._sample = describe_build("the sample", copy_shipped(self._published))

    def read_part(self, part: str, *, by_day: bool) -> Entries:
        """Read a part's current entries, from a campaign that no other part changes; by day some of them."""
        campaign = self._folder / ("asked" if part in OVER_HTTP else f"{part} by {'day' if by_day else 'night'}")
        if not campaign.exists():
            shutil.copytree(self._published, campaign)
        self._set(DASHBOARD_CAMPAIGN=str(campaign), DASHBOARD_STAFF="closed", **SETTINGS)
        app = make_site(campaign, self._patch, BASE)
        read_again()
        readers: dict[str, Callable[[], Entries]] = {
            "builds": lambda: self._sample | ({} if by_day else describe_exports(campaign / "exports")),
            "commands": lambda: describe_help() | ({} if by_day else describe_commands(campaign, campaign / "written")),
            "files": lambda: {} if by_day else describe_files(app),
            "headers": lambda: list_all_headers(app, open_published(campaign)),
            "pages": lambda: self._read_pages(by_day=by_day),
            "routes": lambda: ask_routes(app, open_published(campaign), by_day=by_day),
        }
        return readers[part]()

    def _read_pages(self, *, by_day: bool) -> Entries:
        """Public pages as readers see them, the others as staff do."""
        entries: Entries = {}
        views = list_views(by_day=by_day)
        for staff in ("closed", "open"):
            self._set(DASHBOARD_STAFF=staff)
            entries |= describe_pages([view for view in views if is_for_staff(view[0]) == (staff == "open")])
        return entries

    def _set(self, **settings: str) -> None:
        for name, value in settings.items():
            self._patch.setenv(name, value)
        read_again()


PARTS = ("builds", "commands", "files", "headers", "pages", "routes")
"""The recorded parts, a file each."""


def find_file(part: str) -> Path:
    """Find the file of a part."""
    return RECORDED / f"{part}.txt"


@contextmanager
def open_outside() -> Iterator[Outside]:
    """Yield the outside of the program, ready to be read."""
    with tempfile.TemporaryDirectory() as folder, stand_still() as patch:
        yield Outside(Path(folder), patch)


def record(parts: Collection[str]) -> None:
    """Write the files of parts anew."""
    with open_outside() as outside:
        for part in parts:
            entries = outside.read_part(part, by_day=False)
            write_entries(find_file(part), entries)
            print(f"{part}: {len(entries)} entries")


def main() -> None:
    """Read the command line and record."""
    parser = argparse.ArgumentParser(prog="python -m tests.outside.record", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="those alone; default: all")
    parser.add_argument("--bodies", type=Path, help="a folder that keeps all that is hashed")
    chosen = parser.parse_args()
    if chosen.bodies:
        keep_bodies(chosen.bodies)
    if not EXPORTS.is_dir() and (not chosen.parts or "builds" in chosen.parts):
        parser.error(f"the real exports are not here ({EXPORTS}): name the other parts")
    record(chosen.parts or PARTS)


if __name__ == "__main__":
    main()
