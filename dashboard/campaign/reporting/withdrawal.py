"""The copies of files for the public: made when staff confirm a file, gone at once when its consent is withdrawn.

The copy is made before any row of the inbox speaks of the file. The row that says that it was withdrawn comes with the
next build (`etl/inputs/accepted_reports.py`).
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.evidence_store import EvidenceStore
from dashboard.campaign.reporting.published_files import (
    FOLDER,
    find_published_file,
    list_published_files,
    name_file,
)
from dashboard.campaign.reporting.reports import Report, ReportBox
from dashboard.errors import UserError, sentence
from dashboard.ground.files.writing import put_file
from dashboard.i18n import N_


def find_kept_file(campaign: Path, file: SentFile) -> Path:
    """Find a kept file.

    Raises:
        UserError: it is gone.
    """
    kept_file = EvidenceStore(campaign / "private").find(file.sha256)
    if kept_file is None:
        what = sentence(N_("The file {name} is no longer kept, so it cannot become public."), name=file.name)
        raise UserError(what, N_("Accept the report without it."))
    return kept_file


def make_public_copy(campaign: Path, file: SentFile) -> None:
    """Copy a kept file for the public; whole or not at all, and not again.

    Raises:
        UserError: the kept file is gone.
        OSError: the disk refuses.
    """
    published, name = campaign / "published", name_file(file)
    if find_published_file(published, name) is None:
        kept_file = find_kept_file(campaign, file)
        (published / FOLDER).mkdir(parents=True, exist_ok=True)
        put_file(kept_file, published / FOLDER / name, is_copy=True, mode=0o644)


def remove_public_copies(campaign: Path, sha256: str) -> None:
    """Remove the copies of a file for the public, where there are any."""
    published = campaign / "published"
    for name in list_published_files(published):
        if name.startswith(sha256):
            (published / FOLDER / name).unlink(missing_ok=True)


def withdraw(campaign: Path, link: str | None, sha256: str, today: date) -> list[Report]:
    """Withdraw the consent to a file's publication from all reports of a link that hold it.

    A copy for the public stays where the same file is public by another link: that rests on what its own sender has
    stated. Withdrawing again changes nothing.

    Returns:
        The reports that hold the file, as they are now; none where the link has not sent it.
    """
    box = ReportBox(campaign / "private")

    def mark(report: Report) -> Report:
        files = (
            replace(file, withdrawn_on=today) if file.sha256 == sha256 and file.withdrawn_on is None else file
            for file in report.files
        )
        return replace(report, files=tuple(files))

    numbers = [one.report_no for one in box.list(link=link) if any(file.sha256 == sha256 for file in one.files)]
    reports = [report for number in numbers if (report := box.change(number, mark)) is not None]
    is_public_elsewhere = any(file.sha256 == sha256 and file.is_public for one in box.list() for file in one.files)
    if reports and not is_public_elsewhere:
        remove_public_copies(campaign, sha256)
    return reports
