"""The letters of a batch as files: a ZIP of `.eml` files, or a workbook for mail merge with one row a letter.

Run as a module it is a worker's job (see `dashboard.ground.processes.runner`): the server never loads openpyxl.
"""

import io
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.campaign.brand import PLAIN, Look, read_look
from dashboard.campaign.folder import CampaignFolder
from dashboard.files.extracts.workbook import layout
from dashboard.files.extracts.workbook.archive import save
from dashboard.ground.files.row_workbooks import RowsWorkbook
from dashboard.ground.processes.child import answer
from dashboard.ground.processes.progress import tell_progress
from dashboard.mail.letter_batch import Addressed, open_job, write_batch
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
"""The workbook's columns, without spaces in their headers, so that mail merge uses them as the names of its fields."""
WITHOUT_ADDRESS = "without address"
_DRAFT = {"X-Unsent": "1"}
"""Mail programs open such a file as a draft, with a button to send it."""


def write_file(snapshot: Snapshot, folder: CampaignFolder, batch_id: str, form: str, settings: Settings) -> bytes:
    """Write the letters of a batch to a file: `xlsx` for a workbook, `eml` for a ZIP of mails.

    Raises:
        CampaignError: `campaign.toml` cannot be read.
    """
    letters = write_batch(snapshot, folder, batch_id, settings.base_url)
    if form == "xlsx":
        return write_workbook(letters)
    sender = "" if settings.mail_sender == NOBODY else settings.mail_sender  # whoever opens a draft is its sender
    return write_mails(letters, sender, folder.load().publisher.email, read_look(folder.root))


def write_mails(letters: Sequence[Addressed], sender: str, reply_to: str, look: Look = PLAIN) -> bytes:
    """Write a ZIP with a mail a letter; letters without an address are texts in a separate folder.

    Without a sender, the mails are from whoever opens them.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(letters, start=1):
            if one.address:
                archive.writestr(f"{number:05}.eml", _make_draft(one, sender, reply_to, look))
            else:
                archive.writestr(f"{WITHOUT_ADDRESS}/{number:05}.txt", f"{one.letter.subject}\n\n{one.letter.text}")
            tell_progress(number, len(letters))
    return content.getvalue()


def _make_draft(one: Addressed, sender: str, reply_to: str, look: Look) -> bytes:
    head, blank, body = one.make_mail(sender or NOBODY, reply_to, look, _DRAFT).partition(b"\r\n\r\n")
    if not sender:
        head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith((b"From: ", b"Message-ID: ")))
    return head + blank + body


def write_workbook(letters: Sequence[Addressed]) -> bytes:
    """Write a workbook with one row a letter, for mail merge; no cell counts as a formula."""
    book = RowsWorkbook()
    sheet = book.create_sheet("Letters")
    layout.lay_out_rows(sheet, COLUMNS, len(letters), "Letters", freeze="A2")
    sheet.append([layout.header_cell(sheet, column.header, False) for column in COLUMNS])
    writer = layout.CellWriter(sheet, COLUMNS, layout.number_formats("en"), " […]")
    for number, one in enumerate(letters, start=1):
        sheet.append(writer.row(_list_cells(one)))
        tell_progress(number, len(letters))
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
    """Do a worker's job: write the letters of a batch (`letter_batch.describe_job`) in a `form` to a file.

    Raises:
        SnapshotError: the file is gone or holds another build.
        CampaignError: `campaign.toml` cannot be read.
    """
    job = open_job(arguments)
    content = write_file(*job, arguments["batch_id"], arguments["form"], Settings.from_environment())
    Path(arguments["to"]).write_bytes(content)
    return {}


if __name__ == "__main__":
    sys.exit(answer(answer_job))
