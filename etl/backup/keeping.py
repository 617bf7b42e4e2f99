"""How many backups a folder keeps: the oldest go, never one of another campaign, and never the last good one."""

from pathlib import Path

from dashboard.errors import UserError
from dashboard.ground.files.writing import remove
from etl.backup.container import open_container
from etl.backup.manifest import Manifest


def list_backups(place: Path, title_hash: str) -> list[tuple[Path, Manifest]]:
    """The whole backups of a campaign in a folder, the newest first."""
    backups = []
    for path in place.glob("dashboard-backup-*.tar"):
        try:
            with open_container(path) as reader:
                if reader.manifest.title_hash == title_hash:
                    backups.append((path, reader.manifest))
        except (UserError, OSError):
            continue  # a broken one counts for nothing, and somebody may want to look at it
    return sorted(backups, key=lambda entry: (entry[1].made_at, entry[0].name), reverse=True)


def list_old(place: Path, title_hash: str, most: int) -> list[Path]:
    """The backups beyond the newest `most`; none where that is 0. The newest that holds all is never one of them."""
    backups = list_backups(place, title_hash)
    if most <= 0:
        return []
    full = next((path for path, manifest in backups if manifest.is_sealed), None)
    return [path for path, _ in backups[most:] if path != full]


def remove_old(place: Path, title_hash: str, most: int) -> list[str]:
    """Remove them; gives their names."""
    old = list_old(place, title_hash, most)
    for path in old:
        remove(path)
    return [path.name for path in old]
