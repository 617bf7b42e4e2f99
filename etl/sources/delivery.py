"""What came is delivered as an upload of staff would be: previewed with the inbox, then published at once, or waiting.

So a file that cannot be read, or that asks something of staff first, never stands in the way of other builds.
"""

import json
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import DRAFT_OF, Outcome
from dashboard.campaign.sources import Publish, Source
from dashboard.errors import UserError
from etl.build.checks import QuestionError
from etl.build.column_uses import OpenColumnError
from etl.publish import drafts
from etl.publish.kept_inputs import make_private, put_file
from etl.publish.publish import BusyError
from etl.sources.asking import Progress

TRIES = 3
"""How often a preview is made again where another build was published meanwhile."""


class Delivered(NamedTuple):
    """Where what came is now: published, or in a draft that waits for staff."""

    outcome: Outcome
    waits_in: str = ""


def deliver(
    folder: CampaignFolder, source: Source, files: Mapping[str, Path], waiting: str, progress: Progress
) -> Delivered:
    """Publish what came, or let it wait for staff.

    Args:
        folder: The campaign.
        source: Where it came from.
        files: What came, by the names in the inbox.
        waiting: The draft in which something of this source waits already; it gives way to the new one.
        progress: Told how far the build is.

    Raises:
        UserError: it cannot be read, or the build does not hold together; nothing is published or left.
    """
    former = folder.private / "drafts" / waiting
    uploads = {path.name: path for path in former.glob(f"{drafts.UPLOADS}/*")} if waiting else {}
    for attempt in range(TRIES):
        place = make_private(folder, "drafts", secrets.token_hex(16))
        try:
            _fill(place, source, {**uploads, **files})
            drafts.make_draft(folder, place / drafts.UPLOADS, place, progress)
            if source.publish is Publish.AT_ONCE:
                drafts.publish_draft(folder, place)
        except (QuestionError, OpenColumnError):
            pass  # staff are asked on the page, where the draft waits
        except (drafts.DraftError, BusyError):
            shutil.rmtree(place, ignore_errors=True)
            if attempt + 1 == TRIES:
                raise
            continue
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        if waiting:
            shutil.rmtree(former, ignore_errors=True)
        return Delivered(Outcome.WAITS, place.name) if place.is_dir() else Delivered(Outcome.NEW)
    raise UserError("What came could not be published.", "It is fetched again by itself.")


def _fill(place: Path, source: Source, files: Mapping[str, Path]) -> None:
    (place / drafts.UPLOADS).mkdir(mode=0o700)
    for name, path in files.items():
        put_file(path, place / drafts.UPLOADS / name, is_copy=True)
    (place / DRAFT_OF).write_text(json.dumps({"source": source.name}), encoding="utf-8")
