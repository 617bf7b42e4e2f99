"""Where public files stand: a folder that a plain web server shows."""

import os
import shutil
from pathlib import Path
from typing import Protocol

from dashboard.errors import UserError


class Place(Protocol):
    """Named files, each of which is replaced in one step. Names have slashes."""

    @property
    def title(self) -> str:
        """What people call it."""

    def read(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""

    def put(self, name: str, file: Path) -> None:
        """Put a file in place under a name; `file` may be gone afterwards."""

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""


class Folder:
    """A folder of this computer."""

    def __init__(self, root: Path) -> None:
        """Take the folder, made if need be.

        Raises:
            UserError: it cannot be made.
        """
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise say_unwritable(root, error) from error

    @property
    def title(self) -> str:
        """Its path."""
        return str(self.root)

    def read(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return (self.root / name).exists()

    def put(self, name: str, file: Path) -> None:
        """Put a file in place, in one step also where it comes from another disk."""
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            shutil.move(file, draft)
            draft.chmod(0o644)  # a web server of another user reads it
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Take a file away, and the folders that are empty then."""
        path = self.root / name
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.root or not folder.is_dir() or any(folder.iterdir()):
                return
            folder.rmdir()


def say_unwritable(root: Path, error: OSError) -> UserError:
    """What to tell of a folder that refuses."""
    return UserError(f"{root} cannot be written: {error.strerror}.", "Choose another folder.")
