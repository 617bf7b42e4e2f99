"""Extracts: the register of a selection as a file to take away, made outside the server's process."""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from dashboard import workers
from dashboard.errors import UserError
from dashboard.selection import FILTERS, Selection
from dashboard.settings import Settings
from dashboard.snapshot import Snapshot


class Format(NamedTuple):
    """A kind of file: its media type, and the module whose worker makes it."""

    media_type: str
    module: str


FORMATS = {
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "dashboard.extract_workbook"),
}
MOST_CODES_NAMED = 3
LONGEST_NAME = 120


@dataclass(frozen=True)
class Export:
    """A file ready to be handed over."""

    content: bytes
    file_name: str
    media_type: str


class Extract:
    """An extract under way."""

    def __init__(self, handle: workers.Handle, file_name: str, media_type: str) -> None:
        """Made by `submit_extract` only."""
        self._handle = handle
        self._file_name = file_name
        self._media_type = media_type

    def done(self) -> bool:
        """Whether `result` answers at once."""
        return self._handle.done()

    def result(self) -> Export:
        """Wait for the file; errors as in `workers.Handle.result`."""
        return Export(self._handle.result().content, self._file_name, self._media_type)

    def cancel(self) -> None:
        """Give it up."""
        self._handle.cancel()


def submit_extract(
    snapshot: Snapshot, selection: Selection, file_format: str = "xlsx", settings: Settings | None = None
) -> Extract:
    """Start making the register of a selection in a worker, or queue it.

    Args:
        snapshot: What the reader sees; the worker opens the same build, whatever is published meanwhile.
        selection: The filters in force; its language is the language of the labels.
        file_format: One of `FORMATS`.
        settings: Where the dashboard is, for the link back; the environment's by default.

    Raises:
        UserError: the format is unknown, or too many exports are being made at once.
    """
    if file_format not in FORMATS:
        raise UserError(f"An extract cannot be written as {file_format!r}.", f"Use one of: {', '.join(FORMATS)}.")
    made = FORMATS[file_format]
    settings = settings or Settings.from_environment()
    job = workers.Job(
        made.module,
        {
            "snapshot": str(snapshot.path),
            "build_id": snapshot.build_id,
            "built_at": snapshot.built_at,
            "query": selection.query_pairs(),
            "base_url": settings.base_url,
        },
    )
    return Extract(workers.submit(job), name_file(snapshot, selection, file_format), made.media_type)


def make_extract(
    snapshot: Snapshot, selection: Selection, file_format: str = "xlsx", settings: Settings | None = None
) -> Export:
    """The register of a selection as a file; waits for the worker. Arguments and errors as in `submit_extract`."""
    return submit_extract(snapshot, selection, file_format, settings).result()


def name_file(snapshot: Snapshot, selection: Selection, file_format: str) -> str:
    """A file name that says what is inside: `2021-actions_africa_education_2021-12-31_fr.xlsx`.

    Fictional data is called `sample` at the very beginning; long filters are only called `filtered`.
    """
    start = f"{snapshot.campaign['starts_on']:%Y}-actions"
    end = (selection.day(snapshot).isoformat(), selection.lang)
    filters = [_name_codes(selection.codes(f), f.attribute) for f in FILTERS if selection.codes(f)]
    filters += [_slug(selection.q) or "filtered"] if selection.q.strip() else []
    if len("_".join(filters)) > LONGEST_NAME:
        filters = ["filtered"]
    parts = (*(["sample"] if snapshot.is_sample else []), start, *filters, *end)
    return f"{'_'.join(parts)}.{file_format}"


def _name_codes(codes: tuple[str, ...], plural: str) -> str:
    if len(codes) > MOST_CODES_NAMED:
        return f"{len(codes)}-{plural}"
    return "-".join(_slug(code) for code in codes)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
