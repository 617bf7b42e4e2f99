"""Builds that embeds were frozen at: their snapshots are kept for as long as the embeds may be shown.

`published/kept_for_embeds.json` lists them. Whoever hands out the code of a frozen embed calls `keep`; the build's
publisher removes no snapshot on the list, however many builds come after it; forgetting a person takes builds off it.
"""

import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from dashboard.errors import UserError

LIST = "kept_for_embeds.json"
LOCK = ".kept_for_embeds.lock"
LOCK_SECONDS = 10
_BUILD_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def is_build_id(text: str) -> bool:
    """Whether a text can be the id of a build at all, so that it is safe in a file's name."""
    return _BUILD_ID.fullmatch(text) is not None


def find_snapshot(campaign: Path, build_id: str) -> Path | None:
    """The snapshot file of a build, if it is still there."""
    path = campaign / "published" / f"snapshot-{build_id}.duckdb"
    return path if is_build_id(build_id) and path.is_file() else None


def read_kept(campaign: Path) -> frozenset[str]:
    """The builds on the list.

    Raises:
        UserError: the list is damaged; nothing that might stand on it may be removed.
    """
    return frozenset(_read(campaign))


def keep(campaign: Path, build_id: str) -> None:
    """Put a build on the list; a build that is on it stays there with its date.

    Raises:
        UserError: the build is gone, or the list cannot be written.
    """
    with hold(campaign):
        kept = _read(campaign)
        if find_snapshot(campaign, build_id) is None:
            raise UserError(
                f"Build {build_id!r} is no longer there, so no embed can be frozen at it.",
                "Load the page again and take the code of the build shown now.",
            )
        if build_id not in kept:
            _write(campaign, {**kept, build_id: datetime.now(UTC).isoformat(timespec="seconds")})


def release(campaign: Path, build_ids: Collection[str]) -> None:
    """Take builds off the list; embeds frozen at them will say that the build is gone.

    Raises:
        UserError: the list cannot be read or written.
    """
    with hold(campaign):
        kept = _read(campaign)
        left = {build: since for build, since in kept.items() if build not in build_ids}
        if left != kept:
            _write(campaign, left)


@contextmanager
def hold(campaign: Path) -> Iterator[None]:
    """Hold the list, so that no build is put on it while snapshots are removed.

    Raises:
        UserError: another program holds it for too long, or the folder cannot be written to.
    """
    try:
        with FileLock(campaign / "published" / LOCK, timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise UserError("The list of builds kept for embeds is in use.", "Try again in a minute.") from error
    except PermissionError as error:
        raise UserError(
            f"The folder {campaign / 'published'} cannot be written to, so builds cannot be kept for embeds.",
            "Give the program's user the right to write there.",
        ) from error


def _read(campaign: Path) -> dict[str, str]:
    path = campaign / "published" / LIST
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))["builds"]
        return {str(build): str(since) for build, since in kept.items() if is_build_id(str(build))}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{path} is damaged, so it is not known which builds embeds were frozen at.",
            "Restore the file from a copy, or remove it if no embed was frozen.",
        ) from error


def _write(campaign: Path, kept: dict[str, str]) -> None:
    path = campaign / "published" / LIST
    draft = path.with_name(f"{LIST}.new")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(json.dumps({"builds": dict(sorted(kept.items()))}, indent=1) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
