"""The files of a report as staff look at them: what the sender has stated, what is missing, a preview, and the file.

Pictures are drawn small for staff's page alone; all else is a download. Nothing of a file is public before staff have
ticked that it may be.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from dashboard import formats
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.evidence_store import EvidenceStore
from dashboard.campaign.reporting.published_files import name_file
from dashboard.errors import UserError
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import file_at_once, messages
from dashboard.ui.pieces.file_at_once import File

_PREVIEW = (360, 270)
"""The most pixels of a preview, across and down."""
_GONE = UserError(N_("The file is no longer kept."), N_("Ask its sender for it."))


@dataclass(frozen=True)
class QueuedFile:
    """A file that came with a waiting report.

    Attributes:
        name: What the sender called it.
        facts: Its kind and size.
        statements: What the sender has stated of it, or has not.
        tick: The words by which staff confirm that it may be public; empty where it may not.
        file: As it is kept.
    """

    name: str
    facts: str
    description: str
    rights: str
    statements: tuple[str, ...]
    tick: str
    file: SentFile


def describe_file(t: Translator, file: SentFile) -> QueuedFile:
    """Describe a file, and what its publication lacks."""
    facts = (file.media_type.partition("/")[2].upper(), formats.format_bytes(file.size, t.language))
    tick = N_("I have looked at it: it names no child, and may be public.")
    if file.is_picture:
        tick = N_("I have looked at it: no child can be recognised, or the consent is written. It may be public.")
    statements = (
        (file.has_no_child, N_("The sender says: no child can be recognised in it.")),
        (file.has_consent, N_("The sender says: child and guardian have consented in writing.")),
        (not file.description.strip(), N_("It cannot be public: the sender has not said what it shows.")),
        (not file.rights.strip(), N_("It cannot be public: the sender has not said whose rights in it are.")),
        (
            file.is_picture and not (file.has_no_child or file.has_consent),
            N_("It cannot be public: the sender has not answered about children in it."),
        ),
        (file.withdrawn_on is not None, N_("It cannot be public: the sender has withdrawn it.")),
    )
    return QueuedFile(
        file.name,
        " · ".join(facts),
        file.description,
        file.rights,
        tuple(t(words) for applies, words in statements if applies),
        t(tick) if file.can_be_public else "",
        file,
    )


def show(view: View, report_no: str, files: Sequence[QueuedFile], lang: str, *, has_ticks: bool = True) -> None:
    """Draw the files of a report, each with its preview, and the links that download them.

    Args:
        view: The page.
        report_no: The number of the report.
        files: Its files.
        lang: The language in which their sender writes.
        has_ticks: Whether staff may confirm them, and see previews; not so of a case of abuse.
    """
    t = view.t
    for one in files:
        preview = _draw_preview(one.file) if has_ticks and one.file.is_picture else ""
        image = f'<img class="report-preview" src="{preview}" alt="{escape(one.description)}">' if preview else ""
        words = ((t("What it shows"), one.description), (t("Whose rights in it are"), one.rights))
        facts = "".join(f'<dt>{escape(a)}</dt><dd lang="{escape(lang)}">{escape(b)}</dd>' for a, b in words if b)
        notes = "".join(map(messages.note, one.statements)) if has_ticks else ""
        title = f"<p><bdi>{escape(one.name)}</bdi> · {escape(one.facts)}</p>"
        st.html(f'{title}{image}<dl class="action-facts">{facts}</dl>{notes}')
        if has_ticks and one.tick:
            st.checkbox(one.tick, key=name_tick(report_no, one.file))
    if files:
        links = [
            File(
                f"report-file-{one.file.sha256[:12]}",
                t("Download {file}", file=one.name),
                lambda file=one.file: _read(file),  # type: ignore[misc]
                f"{report_no}_{number}{Path(name_file(one.file)).suffix}",
                one.file.media_type,
            )
            for number, one in enumerate(files, start=1)
        ]
        file_at_once.show(view, f"staff-report-files-{report_no}", report_no, *links)


def name_tick(report_no: str, file: SentFile) -> str:
    """Name the tick of a file in the session."""
    return f"staff-report-file-{report_no}-{file.sha256[:12]}"


def _draw_preview(file: SentFile) -> str:
    """Draw a kept picture small, as a data address; empty where it is gone or cannot be read."""
    path = _find(file)
    try:
        return _draw(path) if path else ""
    except (OSError, ValueError):
        return ""


@lru_cache(64)
def _draw(path: Path) -> str:
    from PIL import Image

    with Image.open(path) as picture:
        picture.draft("RGB", _PREVIEW)
        picture.thumbnail(_PREVIEW)
        content = io.BytesIO()
        picture.convert("RGB").save(content, "JPEG", quality=75)
    return f"data:image/jpeg;base64,{base64.b64encode(content.getvalue()).decode()}"


def _find(file: SentFile) -> Path | None:
    return EvidenceStore(Settings.from_environment().campaign / "private").find(file.sha256)


def _read(file: SentFile) -> bytes:
    """Read a file for its download.

    Raises:
        UserError: it is gone.
    """
    path = _find(file)
    if path is None:
        raise _GONE
    return path.read_bytes()
