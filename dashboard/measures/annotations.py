"""What stakeholders say beside their actions, and the documents and pictures that they handed in with reports.

A reply changes no figure. A file is public where the build names it and its copy stands beside the builds: the copy of
a file that was withdrawn is gone at once, so that no kept build shows it either.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from dashboard.campaign.reporting.evidence import PICTURES
from dashboard.campaign.reporting.published_files import find_published_file
from dashboard.i18n import N_
from dashboard.measures.register import plain_rows
from dashboard.snapshot.database import Snapshot

REPLY = "reply"
WITHDRAWN = N_("This file was withdrawn.")
"""The words in place of a file that the build names and whose copy is gone."""


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """A reply, a document or a picture; None for unknown values.

    Attributes:
        post_id: The event or story that it belongs to; None for the action's own.
        words: The reply, the document's title, or what the picture shows.
        file: The name of its copy; None for a reply.
        size: Of the copy, in bytes; None where there is none, or none any more.
    """

    annotation_no: str
    kind: str
    action_id: str | None
    post_id: str | None
    said_on: date | None
    words: str
    language: str | None
    file: str | None
    media_type: str | None
    rights: str | None
    size: int | None = None

    @property
    def is_reply(self) -> bool:
        """Whether it is the stakeholder's reply."""
        return self.kind == REPLY

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture that can be shown."""
        return self.media_type in PICTURES and self.size is not None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it is a file whose copy is gone."""
        return self.file is not None and self.size is None


def list_annotations(
    snapshot: Snapshot,
    *,
    action_id: str | None = None,
    post_ids: Collection[str] | None = None,
    file: str | None = None,
    until: date | None = None,
) -> list[Annotation]:
    """List annotations, the latest first: those of an action, of events and stories, of a file, or all.

    `until`: leaves out those said after a chosen day.
    """
    parameters = {"action_id": action_id, "file": file, "said_until": until}
    ids = sorted(post_ids) if post_ids is not None else None
    frame = snapshot.query("annotations", parameters | {"post_ids": ids})
    return [Annotation(**row, size=_find_size(snapshot, row["file"])) for row in plain_rows(frame)]


def _find_size(snapshot: Snapshot, file: str | None) -> int | None:
    path = find_published_file(snapshot.path.parent, file) if file else None
    try:
        return path.stat().st_size if path else None
    except OSError:  # withdrawn in this moment
        return None
