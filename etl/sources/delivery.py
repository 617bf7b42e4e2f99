"""Deliver fetched files as an upload of staff: previewed with the inbox, then published at once, or waiting.

So a file that cannot be read, or that has a question to staff, never stands in the way of other builds.
"""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import Origins, Outcome
from dashboard.campaign.sources import Publish, Source
from dashboard.campaign.uploads import DraftError, new_draft
from dashboard.errors import BusyError, UserError
from dashboard.ground.files.writing import hash_file, put_file
from dashboard.ground.processes.progress import Progress
from dashboard.i18n import N_
from etl.inputs.inbox import UnknownExportError, leave_out_first_lines
from etl.pipeline.column_uses import OpenColumnError
from etl.pipeline.open_questions import QuestionError
from etl.publish import drafts, holding

TRIES = 3
"""How often a preview is made again where another build was published meanwhile."""


class Delivered(NamedTuple):
    """The place of the fetched files: published, or in a draft that waits for staff.

    Attributes:
        outcome: Whether it is published or waits.
        waits_in: The draft in which files wait; empty for none.
        refused: Those of its files that could not be read, with the reason.
    """

    outcome: Outcome
    waits_in: str = ""
    refused: Mapping[str, UserError] = {}


class UnknownError(UserError):
    """No recipe reads the files; they wait in a draft until staff settle their columns."""

    def __init__(self, error: UserError, waits_in: str) -> None:
        """Take the sentences of the build."""
        super().__init__(leave_out_first_lines(error.what), error.remedy)
        self.waits_in = waits_in


def deliver(
    folder: CampaignFolder, source: Source, files: Mapping[str, Path], waiting: str, progress: Progress
) -> Delivered:
    """Publish the fetched files, by their names in the inbox, or let them wait for staff.

    A draft of this source that waits already (`waiting`) gives way to the new one.

    Raises:
        UnknownError: no recipe reads them; nothing is published.
        UserError: they cannot be read, or the build does not hold together; nothing is published or left.
    """
    former = folder.private / "drafts" / waiting
    uploads = {path.name: path for path in former.glob(f"{drafts.UPLOADS}/*")} if waiting else {}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    file_origins = {**source_notes.read_of_draft(former), **dict.fromkeys(files, source_notes.name_origin(source, at))}
    files = {**uploads, **files}
    refused: dict[str, UserError] = {}
    for attempt in range(TRIES):
        place = new_draft(folder.root)
        try:
            _fill(place, source, files, file_origins)
            draft = drafts.make_draft(folder, place / drafts.UPLOADS, place, progress)
            refused = {
                one.name: UserError(leave_out_first_lines(one.what), one.remedy)  # without any of the file's content
                for one in draft.refused
            }
            if source.publish is Publish.AT_ONCE:
                holding.publish_draft(folder, place)
        except (QuestionError, OpenColumnError):
            pass  # staff are asked on the page, where the draft waits
        except UnknownExportError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise UnknownError(error, _lay_aside(folder, source, files, file_origins, waiting)) from error
        except (DraftError, BusyError):
            shutil.rmtree(place, ignore_errors=True)
            if attempt + 1 == TRIES:
                raise
            continue
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        if place.is_dir():
            if waiting:
                shutil.rmtree(former, ignore_errors=True)
            return Delivered(Outcome.WAITS, place.name, refused)
        refused_files = {name: path for name, path in files.items() if name in refused}
        return Delivered(Outcome.NEW, _lay_aside(folder, source, refused_files, file_origins, waiting), refused)
    raise UserError(N_("What arrived could not be published."), N_("The program will try again automatically."))


def _lay_aside(
    folder: CampaignFolder, source: Source, files: Mapping[str, Path], file_origins: Origins, waiting: str
) -> str:
    """Let unreadable files wait alone, in place of the former ones; return the draft, empty for none.

    Where the very same files wait already, somebody may be settling their columns: they stay where they are.
    """
    if waiting and _hash_all(files) == _hash_all(
        drafts.list_uploads(folder.private / "drafts" / waiting / drafts.UPLOADS)
    ):
        return waiting
    place = new_draft(folder.root) if files else None
    if place is not None:
        _fill(place, source, files, file_origins)
    if waiting:
        shutil.rmtree(folder.private / "drafts" / waiting, ignore_errors=True)
    return "" if place is None else place.name


def _hash_all(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: hash_file(path) for name, path in files.items()}


def _fill(place: Path, source: Source, files: Mapping[str, Path], file_origins: Origins) -> None:
    for name, path in files.items():
        put_file(path, place / drafts.UPLOADS / name, is_copy=True)
    source_notes.write_of_draft(place, source, {name: origin for name, origin in file_origins.items() if name in files})
