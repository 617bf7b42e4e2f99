"""Replace a folder by another in one step: readers see the old one or the new one, whole."""

import ctypes
import errno
import os
import shutil
from pathlib import Path

from dashboard.ground.files.writing import sync_folder
from dashboard.scratch import Scratch, is_left
from etl.backup.manifest import BackupError
from etl.publish.expired import FORMER

_AT_CWD = -100
_EXCHANGE = 2
_STAGED = ".restored-"
_PASSED_OVER = ("lost+found",)
_MOVING = "moving"


def is_empty(target: Path) -> bool:
    """Return whether a folder is still empty; hidden files and those of the disk itself do not count."""
    return not target.exists() or all(_is_nothing(entry, target) for entry in target.iterdir())


def _is_nothing(entry: Path, target: Path) -> bool:
    if entry.is_dir():
        return entry.name in _PASSED_OVER or entry.name.startswith(_prefix(target))
    return entry.name.startswith(".")


def _prefix(target: Path) -> str:
    return f".{target.name}{_STAGED}"


def remove_left(target: Path) -> None:
    """Remove the leftovers of a killed restoring, also those that it had moved in already."""
    for folder in (*target.parent.glob(f"{_prefix(target)}*"), *target.glob(f"{_prefix(target)}*")):
        if folder.is_symlink() or not folder.is_dir() or not is_left(folder):
            continue
        if (folder / _MOVING).is_file() and folder.parent == target:
            for name in (folder / _MOVING).read_text(encoding="utf-8").splitlines():
                shutil.rmtree(target / Path(name).name, ignore_errors=True)
                (target / Path(name).name).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def make_stage(target: Path) -> Scratch:
    """Make a folder on the disk of `target`, to prepare its replacement in.

    It is beside the target, or inside where that is a disk of its own (a volume of a container).

    Raises:
        BackupError: the target is a disk of its own and holds something.
    """
    beside = target.parent
    if _is_fixed(target):
        if not is_empty(target):
            raise BackupError(
                f"{target} cannot be put aside in one step: it is a disk of its own, or lies in a folder that this "
                "program may not write to.",
                "Restore into an empty folder inside of it (--campaign), and name that in DASHBOARD_CAMPAIGN.",
            )
        beside = target
    return Scratch("work", beside, prefix=_prefix(target))


def _is_fixed(target: Path) -> bool:
    return target.is_dir() and (os.path.ismount(target) or not os.access(target.parent, os.W_OK | os.X_OK))


def put_in_place(new_root: Path, target: Path, moment: str) -> Path | None:
    """Put the folder `new_root` in the place of `target`; return the path of the former one, None for none.

    Raises:
        BackupError: the system cannot; the target is as it was.
    """
    if _is_fixed(target):
        _give(new_root, target)
        # All moves into an empty folder that stays; the entry point of readers comes last, in one step.
        entries = sorted(new_root.iterdir(), key=lambda path: path.name == "published")
        (new_root.parent / _MOVING).write_text("\n".join(entry.name for entry in entries), encoding="utf-8")
        for entry in entries:
            entry.rename(target / entry.name)
        sync_folder(target)
        return None
    if target.exists():
        shutil.copymode(target, new_root)
        _give(new_root, target)
    if is_empty(target):
        for hidden in target.iterdir() if target.exists() else ():
            hidden.unlink()
        if os.name == "nt" and target.exists():
            target.rmdir()
        new_root.replace(target)  # on Linux and macOS an empty folder is replaced in one step
        sync_folder(target.parent)
        return None
    former = target.with_name(f"{target.name}{FORMER}{moment}")
    new_root.rename(former)
    if not _exchange(former, target):
        new_root = former.rename(new_root)
        target.rename(former)
        new_root.rename(target)
    sync_folder(target.parent)
    return former


def _give(new_root: Path, target: Path) -> None:
    """Where root restores, give the files to the owner of the folder that they replace."""
    if os.name != "posix" or os.geteuid() != 0:
        return
    owner = target.stat()
    for path in (new_root, *new_root.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step, as Linux can; False where the system or the disk cannot."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    if call(_AT_CWD, os.fsencode(first), _AT_CWD, os.fsencode(second), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(second))
