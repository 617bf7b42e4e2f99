"""The files that stakeholders hand in: `private/evidence/`, each under the hash of its content, with who sent it.

A file is kept as a worker has cleaned it (`evidence_cleaning`), never as it came. Whose it is tells an empty file
beside it, `<sha256>.by-<link>`. One that no report names a day later, and that is not public, is removed.
Reports that staff have set aside name theirs for `DASHBOARD_SET_ASIDE_DAYS`.
"""

import hashlib
import json
import logging
import re
import shutil
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.published_files import list_published_files
from dashboard.campaign.reporting.reports import FOLDER as REPORTS
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportState
from dashboard.errors import BusyError, UserError, sentence
from dashboard.faults import computer_faults
from dashboard.ground.files import locking
from dashboard.ground.files.writing import PRIVATE, for_owner, remove, write_file
from dashboard.ground.processes.runner import Words, Workers
from dashboard.i18n import N_
from dashboard.scratch import Scratch, list_left
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
FOLDER = "evidence"
MB = 10**6
MOST_MB = 20
MOST_FILES_A_LINK, MOST_MB_A_LINK = 25, 100
SECONDS = 60.0
"""How long a worker may take for a file."""
WAIT = 10.0
"""How long a file waits for another one that is written."""
HOURS_UNNAMED, HOURS_LEFT = 24, 1
"""After how many hours a file goes that no report names, and one as it came, which a killed process has left."""
_LONGEST_NAME, _LONGEST_ENDING = 120, 10
_PORTION = 1 << 20
_HASH = re.compile(r"[0-9a-f]{64}")
_JOINERS = "\u200c\u200d"
_CLEANING = "dashboard.campaign.reporting.evidence_cleaning"
_BY = ".by-"
_ORIGINAL = "dashboard-evidence-"
_BEGINNINGS = {
    "image/jpeg": rb"\xff\xd8\xff",
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/webp": rb"RIFF....WEBP",
    "application/pdf": rb".*%PDF-",
}
_ELSEWHERE = N_("Give the address of a page where it stands instead, or write to the secretariat.")
_WORDS = Words(
    full=(N_("Too many files are being handed in at once."), N_("Try again in a minute.")),
    late=(
        N_("Looking through the file took too long and was stopped."),
        N_("Make it smaller, and choose the new file."),
    ),
    cancelled=(N_("Looking through the file was stopped."), N_("Try again in a minute.")),
    broken=(
        N_("Looking through the file stopped before it was done."),
        N_("Open it, save it anew, and choose the new file; or try again in a few minutes."),
    ),
)
cleaners = Workers(processes=2, waiting=8, seconds=SECONDS, words=_WORDS)
"""What cleans files: two at a time, and eight that wait."""


class EvidenceStore:
    """The files of one campaign."""

    def __init__(self, private: Path) -> None:
        """Point at the campaign's private folder; the first file makes its own folder."""
        self._private = private
        self._folder = private / FOLDER

    def keep(self, content: BinaryIO, name: str, link: str) -> SentFile:
        """Clean what is handed in and keep it; return it without what its sender states of it.

        The same content from the same link is one file. A day later it is gone, unless a report names it by then.

        Args:
            content: The file as it came, from its beginning; nothing of it stays but what was cleaned.
            name: What the sender calls it. What the browser says of its kind counts for nothing.
            link: The handle of the link by which it comes, or what else stands for its sender.

        Raises:
            UserError: it is empty, too large, of a kind that is not taken, damaged or protected; or it is one too many.
            ComputerError: the disk refuses; nothing is kept of it.
        """
        name = clean_name(name)
        with computer_faults():
            with Scratch("evidence") as place:
                original = Path(place) / "original"
                _write_original(content, original, name)
                job = {"path": str(original), "media_type": find_media_type(original, name), "name": name}
                cleaned = cleaners.start(_CLEANING, text=json.dumps(job)).result()
            sha256 = hashlib.sha256(cleaned.content).hexdigest()
            sent_file = SentFile(
                sha256=sha256, name=name, media_type=cleaned.report["media_type"], size=len(cleaned.content)
            )
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._hold():
                self._drop(self.list_unnamed())
                self._check_room(sent_file, link)
                if self.find(sha256) is None:
                    write_file(self._folder / sha256, cleaned.content, PRIVATE)
                write_file(self._folder / f"{sha256}{_BY}{quote(link, safe='')}", b"", PRIVATE)
        return sent_file

    def find(self, sha256: str) -> Path | None:
        """Find a kept file by its hash; None where there is none."""
        path = self._folder / sha256
        return path if _HASH.fullmatch(sha256) and path.is_file() else None

    def remove(self, sha256: str) -> None:
        """Remove a kept file and whose it was, whoever names it; nothing where there is none."""
        if _HASH.fullmatch(sha256):
            for path in self._folder.glob(f"{sha256}*"):
                path.unlink(missing_ok=True)

    def list_unnamed(self, now: float | None = None) -> list[Path]:
        """List what goes: files that no report names in time, and what killed processes have left of files."""
        moment = time.time() if now is None else now
        left_since = HOURS_LEFT - (moment - time.time()) / 3600
        unnamed = [path for path in list_left(left_since) if path.name.startswith(_ORIGINAL)]
        unnamed += [path for path in self._folder.glob(".*.new") if _is_older(path, HOURS_LEFT, moment)]
        paths: dict[str, list[Path]] = {}
        for path in self._folder.glob("[!.]*"):
            paths.setdefault(path.name[:64], []).append(path)
        old = {sha256: all(_is_older(path, HOURS_UNNAMED, moment) for path in each) for sha256, each in paths.items()}
        if any(old.values()):
            reports, days = self._private / REPORTS, Settings.from_environment().set_aside_days
            since = datetime.fromtimestamp(moment, UTC).date() - timedelta(days=days) if days else date.min
            named_hashes = _list_named(self._private, reports.stat().st_mtime_ns if reports.is_dir() else 0, since)
            public = {Path(name).stem for name in list_published_files(self._private.parent / "published")}
            gone = [
                sha256
                for sha256 in paths
                if old[sha256] and named_hashes is not None and sha256 not in named_hashes | public
            ]
            unnamed += [path for sha256 in gone for path in paths[sha256]]
        return unnamed

    def remove_unnamed(self, now: float | None = None) -> None:
        """Remove what `list_unnamed` lists, unless it has been handed in again meanwhile.

        Raises:
            UserError: files are being kept.
        """
        with self._hold():
            self._drop(self.list_unnamed(now))

    def _drop(self, paths: list[Path]) -> None:
        for path in paths:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else remove(path)

    @contextmanager
    def _hold(self) -> Iterator[None]:
        refusal = BusyError(N_("Other files are being kept at this moment."), N_("Try again in a moment."))
        with locking.hold(self._folder / ".lock", WAIT, refusal):
            yield

    def _check_room(self, sent_file: SentFile, link: str) -> None:
        """Refuse a file for which its link or the campaign has no room."""
        sizes = {path.name: path.stat().st_size for path in self._folder.glob("[!.]*")}
        ending = f"{_BY}{quote(link, safe='')}"
        of_link = {name.removesuffix(ending) for name in sizes if name.endswith(ending)} - {sent_file.sha256}
        if len(of_link) >= MOST_FILES_A_LINK:
            what = sentence(N_("By one link, {most} files can be handed in, and they are."), most=MOST_FILES_A_LINK)
        elif sum(sizes.get(name, 0) for name in of_link) + sent_file.size > MOST_MB_A_LINK * MB:
            what = sentence(
                N_("By one link, {n} MB can be handed in; with {name} it would be more."),
                n=MOST_MB_A_LINK,
                name=sent_file.name,
            )
        elif (
            sent_file.sha256 not in sizes
            and sum(sizes.values()) + sent_file.size > Settings.from_environment().evidence_mb * MB
        ):
            LOG.warning("The room for files that are handed in (DASHBOARD_EVIDENCE_MB) is used up.")
            what = sentence(N_("The campaign has no room for more files."))
        else:
            return
        raise UserError(what, _ELSEWHERE)


@lru_cache(maxsize=4)
def _list_named(private: Path, _changed_at: int, since: date) -> frozenset[str] | None:
    """List the files that reports name, once for a form of 25; None where a report cannot be read: it may name any.

    A report that was set aside before the day `since` names none any more, unless it tells of a case of abuse.
    """
    reports = ReportBox(private).list()
    if len(reports) < sum(1 for _ in (private / REPORTS).glob("R-*.json")):
        return None
    return frozenset(file.sha256 for report in reports if not _is_over(report, since) for file in report.files)


def _is_over(report: Report, since: date) -> bool:
    is_set_aside = report.state is ReportState.SET_ASIDE and not report.is_case
    return is_set_aside and report.decided_at is not None and report.decided_at.date() < since


def clean_name(name: str) -> str:
    """Write a sender's name of a file as a plain name: no folders, no signs that cannot be seen, not too long."""
    plain = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    plain = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C" or sign in _JOINERS)
    stem, dot, ending = " ".join(plain.split()).lstrip(".").rpartition(".")
    ending = f"{dot}{ending}"[:_LONGEST_ENDING] if stem else ending
    return f"{stem[: _LONGEST_NAME - len(ending)]}{ending}"[:_LONGEST_NAME] or "file"


def find_media_type(path: Path, name: str) -> str:
    """Find the kind of a file in its first bytes, wherever it claims to be another.

    Raises:
        UserError: it is of no kind that is taken.
    """
    with path.open("rb") as stream:
        head = stream.read(1_024)
    for media_type, beginning in _BEGINNINGS.items():
        if re.match(beginning, head, re.DOTALL):
            return media_type
    raise UserError(
        sentence(N_("{name} is neither a picture (JPEG, PNG, WebP) nor a PDF."), name=name),
        N_("Save it as a PDF or as a JPEG, and choose the new file."),
    )


def _write_original(content: BinaryIO, path: Path, name: str) -> None:
    """Write a file as it came, for its cleaner alone.

    Raises:
        UserError: it is empty or too large.
    """
    with open(path, "xb", opener=for_owner) as stream:
        while portion := content.read(_PORTION):
            stream.write(portion)
            if stream.tell() > MOST_MB * MB:
                raise UserError(sentence(N_("{name} is larger than {n} MB."), name=name, n=MOST_MB), _ELSEWHERE)
        if not stream.tell():
            raise UserError(sentence(N_("{name} is empty."), name=name), N_("Choose the file again, or another one."))


def _is_older(path: Path, hours: float, now: float) -> bool:
    try:
        return now - path.stat().st_mtime > hours * 3600
    except OSError:  # it has just gone
        return False
