"""The letters of a batch as files: a ZIP of `.eml` files, or a workbook for mail merge with one row a letter.

Run as a module it is a worker's job (see `dashboard.processes.runner`): the server never loads openpyxl.
"""

import io
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import SnapshotError
from dashboard.extracts.workbook import layout
from dashboard.extracts.workbook.archive import save
from dashboard.ground.files.row_workbooks import RowsWorkbook
from dashboard.i18n import N_
from dashboard.letters.batch import Addressed, find_sender, write_batch
from dashboard.mail.message import Mail, make_mail
from dashboard.processes import runner
from dashboard.settings import NOBODY, Settings
from dashboard.snapshot.database import Snapshot

COLUMNS = (
    layout.Column("email", "Email", 32),
    layout.Column("language", "Language", 10),
    layout.Column("subject", "Subject", 50),
    layout.Column("titles", "Titles", 50),
    layout.Column("references", "References", 20),
    layout.Column("survey_link", "SurveyLink", 40),
    layout.Column("letter", "Letter", 80),
    layout.Column("letter_id", "LetterId", 24),
)
"""The workbook's columns: their headers have no spaces, so that mail merge takes them as the names of its fields."""
WITHOUT_ADDRESS = "without address"
_DRAFT = {"X-Unsent": "1"}
"""Mail programs open such a file as a draft, with a button to send it."""


def write_mails(letters: Sequence[Addressed], sender: str, reply_to: str) -> bytes:
    """A ZIP with a mail a letter; those without an address as texts in a folder of their own.

    Args:
        letters: The letters.
        sender: Whom the mails are from, as the setting says; empty for whoever opens them.
        reply_to: Where answers go; empty for the sender.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(letters, start=1):
            if one.address:
                archive.writestr(f"{number:05}.eml", _make_draft(one, sender, reply_to))
            else:
                archive.writestr(f"{WITHOUT_ADDRESS}/{number:05}.txt", f"{one.letter.subject}\n\n{one.letter.text}")
            runner.tell_progress(number, len(letters))
    return content.getvalue()


def find_draft_sender(sender: str) -> str:
    """The sender of drafts: the one that is set, else nobody, so that whoever opens a draft sends it."""
    return "" if sender == NOBODY else sender


def _make_draft(one: Addressed, sender: str, reply_to: str) -> bytes:
    head, blank, body = make_letter_mail(one, sender or NOBODY, reply_to, _DRAFT).partition(b"\r\n\r\n")
    if not sender:
        head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith((b"From: ", b"Message-ID: ")))
    return head + blank + body


def make_letter_mail(one: Addressed, sender: str, reply_to: str, headers: dict[str, str] | None = None) -> bytes:
    """One letter as a mail."""
    letter = one.letter
    mail = Mail(
        recipient=one.address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=letter.lang,
        reply_to=reply_to,
        headers=headers or {},
    )
    return make_mail(mail, sender)


def write_workbook(letters: Sequence[Addressed]) -> bytes:
    """A workbook with one row a letter, for mail merge; no cell is taken for a formula."""
    book = RowsWorkbook()
    sheet = book.create_sheet("Letters")
    layout.lay_out_rows(sheet, COLUMNS, len(letters), "Letters", freeze="A2")
    sheet.append([layout.header_cell(sheet, column.header, False) for column in COLUMNS])
    writer = layout.CellWriter(sheet, COLUMNS, layout.number_formats("en"), " […]")
    for number, one in enumerate(letters, start=1):
        sheet.append(writer.row(_list_cells(one)))
        runner.tell_progress(number, len(letters))
    content = io.BytesIO()
    save(book, content, datetime.now(UTC))
    return content.getvalue()


def _list_cells(one: Addressed) -> tuple[str, ...]:
    letter = one.letter
    links = letter.link or "\n".join(promise.link for promise in letter.promises if promise.link)
    titles = "\n".join(promise.title for promise in letter.promises)
    references = "\n".join(one.action_ids)
    return one.address, letter.lang, letter.subject, titles, references, links, letter.text, one.letter_id


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """A worker's job: open the build that the server read, and no other, and write the letters of a batch.

    Args:
        arguments: `snapshot` (file), `build_id`, `built_at`, `campaign` (folder), `batch_id`, `form` (`eml` or `xlsx`),
            `to`.

    Raises:
        SnapshotError: the file is gone or holds another build.
        CampaignError: `campaign.toml` cannot be read.
    """
    snapshot = Snapshot(Path(arguments["snapshot"]), arguments["build_id"], arguments["built_at"], cache_mb=16)
    if snapshot.campaign["build_id"] != arguments["build_id"]:
        raise SnapshotError(N_("New data was published while the file was being prepared."), N_("Try again."))
    folder = CampaignFolder(Path(arguments["campaign"]))
    letters = write_batch(snapshot, folder, arguments["batch_id"])
    if arguments["form"] == "xlsx":
        content = write_workbook(letters)
    else:
        reply_to = find_sender(folder.load()).email
        content = write_mails(letters, find_draft_sender(Settings.from_environment().mail_sender), reply_to)
    Path(arguments["to"]).write_bytes(content)
    return {"letters": len(letters)}


if __name__ == "__main__":
    sys.exit(runner.answer(answer_job))
