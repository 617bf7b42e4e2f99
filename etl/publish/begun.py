"""The note of a step that changes several files of a campaign, written before the first change, so that it is finished.

A command that is killed between two files would leave an inbox that nobody chose. The next command of the campaign,
whichever it is, finishes the step in the note `private/begun.json` (`holding.only_build`). Staff call the forgetting of
a person again, since the note does not name the person; by the note it builds anew although nothing is left to clean.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from dashboard.campaign.folder import CampaignFolder
from dashboard.ground.files.json_notes import read_json
from dashboard.ground.files.writing import PRIVATE, write_file
from etl.publish.kept_inputs import make_private
from etl.steps import Step, reached

What = Literal["publish-draft", "restore", "withdraw", "forget", "accept"]
_FILE = "begun.json"


class UnfinishedStep(NamedTuple):
    """An unfinished step, and its preview (the folder), build (the id) or what is accepted (`Acceptance.write`)."""

    what: What
    of: str = ""


@contextmanager
def noted(folder: CampaignFolder, operation: UnfinishedStep) -> Iterator[None]:
    """Note the step inside; the note stays where the step does not come to its end."""
    reached(Step.BEGIN)
    write_file(make_private(folder) / _FILE, json.dumps(operation._asdict()) + "\n", PRIVATE)
    yield
    reached(Step.END)
    drop(folder)


def read(folder: CampaignFolder) -> UnfinishedStep | None:
    """Read the unfinished step; None for none, and where the note is damaged."""
    operation = read_json(_path(folder), lambda note: UnfinishedStep(note["what"], str(note["of"])))
    return operation if operation is not None and operation.what in get_args(What) else None


def drop(folder: CampaignFolder) -> None:
    """Forget the unfinished step."""
    _path(folder).unlink(missing_ok=True)


def _path(folder: CampaignFolder) -> Path:
    return folder.private / _FILE
