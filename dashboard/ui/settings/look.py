"""The section Look: templates and the logo, cleaned and judged by a worker before they join the changes."""

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import streamlit as st

from dashboard.campaign.folder import LOGO, TEMPLATES
from dashboard.campaign.reporting.evidence_store import MB, cleaners
from dashboard.campaign.settings_words import name_design
from dashboard.errors import SnapshotError, UserError, sentence, unpack
from dashboard.files.briefings.order import BRIEFING_FORMATS, BriefingRequest, submit_briefing
from dashboard.i18n import N_
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.snapshot.selection import Selection
from dashboard.theme import GRID
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import forms, messages
from dashboard.ui.settings import basket
from dashboard.ui.settings.changes import Way, show_sentences, show_ways

MOST_MB = 30
_CHECK, _DRAW = "dashboard.files.briefings.design.template_check", "dashboard.files.briefings.design.logo_drawing"
_MOST_CHECKED = 6
"""The checked files that the server keeps: those in force, and the last that were chosen."""
_TRIAL = ("status-overview", "completion-by-region", "completion-by-theme")


class Place(NamedTuple):
    """What may be uploaded: kind, names in the campaign folder, purpose, endings; previews: words, worker, width."""

    kind: str
    names: tuple[str, ...]
    note: str
    endings: tuple[str, ...]
    about_preview: str
    job: str = _CHECK
    width: str = "auto"


PLACES = (
    Place(
        "pptx",
        TEMPLATES["pptx"],
        N_("Every deck has its layouts, colours and typefaces."),
        ("pptx", "potx"),
        N_("How the template’s layouts are used"),
        width="320px",
    ),
    Place(
        "docx",
        TEMPLATES["docx"],
        N_("Every document has its styles, header and footer; it fills content controls by their tags."),
        ("docx", "dotx"),
        N_("How the template’s styles look"),
    ),
    Place(
        "logo",
        (LOGO,),
        N_(
            "It stands on pictures, pages, mails, PDF, and decks and documents without a template; readers hear the "
            "publisher’s name for it."
        ),
        ("svg", "png", "jpg", "jpeg", "webp"),
        N_("Logo"),
        _DRAW,
        "160px",
    ),
)


def show(view: Frame) -> None:
    """Draw each template and the logo: the one in force, a new one, how to remove it."""
    for place in PLACES:
        with st.container(border=True, key=f"settings-look-{place.kind}"):
            messages.show_card_title(view.t(name_design(place.names[0])))
            st.markdown(view.t(place.note))
            _show_place(view, place)


def _show_place(view: Frame, place: Place) -> None:
    t, folder = view.t, basket.folder()
    present = next(filter(None, map(folder.find_design, place.names)), None)
    stamp = forms.stamp(*map(basket.read, place.names))
    if present is not None:
        _show_checked(view, place, present.read_bytes())
        _show_trial(view, place, present.parent)
        remove = Way(
            f"look-remove-{place.kind}", t("Remove"), "delete", basket.change, (dict.fromkeys(place.names, ""),)
        )
        show_ways([remove])
    key = f"settings-look-file-{place.kind}-{stamp}"
    label = f"{t('Another file') if present else t('A file')}{t(': ')}{t(name_design(place.names[0]))}"
    file = st.file_uploader(label, type=list(place.endings), key=key, max_upload_size=MOST_MB)
    if file is None:
        return
    if file.size > MOST_MB * MB:
        words = sentence(N_("{name} is larger than {n} MB."), name=file.name, n=MOST_MB)
        messages.show_error(view, UserError(words, N_("Take large pictures and films out of it.")))
    elif (content := _show_checked(view, place, file.getvalue())) is not None:
        files = {**dict.fromkeys(place.names, ""), place.names[0]: content}
        show_ways([Way(f"look-take-{place.kind}", t("Add to the changes"), "check", basket.change, (files,), True)])


def _show_checked(view: Frame, place: Place, content: bytes) -> bytes | None:
    """Draw what a worker says of a file; return the cleaned one, or None where it is refused."""
    t = view.t
    try:
        with st.spinner(t("Looking through the file …")):
            report, cleaned = _check(place.job, sha256(content).hexdigest(), view.lang, content)
    except UserError as error:
        messages.show_error(view, error)
        return None
    if report["kind"] != place.kind:
        messages.show_error(view, UserError(N_("This is a file for the other template.")))
        return None
    for words, name in ((N_("Taken out:"), "removed"), (N_("To mind:"), "lacking")):
        if report[name]:
            st.markdown(t(words))
            show_sentences(view, [t(unpack(one)) for one in report[name]])
    addresses = [f"data:image/svg+xml,{quote(one)}" for one in report["previews"]]  # a page's HTML would lose an SVG
    if place.kind == "logo":
        addresses.append(f"data:image/png;base64,{b64encode(cleaned).decode()}")
    style = f"width:{place.width};max-width:100%;margin:2px;border:1px solid {GRID}"
    about = escape(t(place.about_preview))
    st.html("".join(f'<img src="{one}" alt="{about}" style="{style}">' for one in addresses))
    return cleaned


@st.cache_resource(max_entries=_MOST_CHECKED, show_spinner=False)
def _check(job: str, digest: str, lang: str, _content: bytes) -> tuple[dict[str, Any], bytes]:
    """Have a worker clean and judge a file, once for all sessions; the server keeps a few of them.

    Raises:
        UserError: it cannot be taken.
    """
    with Scratch("evidence") as folder:
        path = Path(folder) / "original"
        path.write_bytes(_content)
        result = cleaners.start(job, text=json.dumps({"path": str(path), "lang": lang})).result()
    return result.report, result.content


def _show_trial(view: Frame, place: Place, folder: Path) -> None:
    """Draw the download of a short briefing in the template of a folder."""
    if place.kind not in BRIEFING_FORMATS:
        return
    try:
        snapshot = current()
    except SnapshotError:
        return
    settings = Settings.from_environment().model_copy(update={"campaign": folder})
    request = BriefingRequest(_TRIAL, Selection(lang=view.lang))
    st.download_button(
        view.t("Download a trial"),
        lambda: submit_briefing(snapshot, request, place.kind, settings).result().content,
        file_name=f"trial.{place.kind}",
        mime=BRIEFING_FORMATS[place.kind],
        key=f"settings-look-trial-{place.kind}",
        icon=":material/download:",
        on_click="ignore",
    )
