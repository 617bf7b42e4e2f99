"""The pages of the briefing's file as pictures, which follow every change; a worker draws them, nobody waits."""

import json
from collections.abc import Hashable
from html import escape
from typing import Any

import streamlit as st

from dashboard.cache import Cache
from dashboard.errors import UserError
from dashboard.files.briefings.order import BriefingRequest, find_templates, submit_briefing
from dashboard.ground.processes.runner import Handle
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, messages

_FORMS = {"pptx": N_("Slides"), "pdf": N_("Pages of the PDF"), "docx": N_("Pages of the Word document")}
_PLACES = {"pptx": N_("Slide {n} of {total}")}
_MOST_BYTES = 48_000_000
_pictures: Cache[Hashable, bytes] = Cache(_MOST_BYTES, len)
"""The pages of briefings, by build, content, form and template."""
_WORK, _SHOWN = "preview at work", "preview shown"


def show(view: View, request: BriefingRequest) -> None:
    """Draw the choice of what is previewed, and the pages; those of the last choice while others are being made."""
    t = view.t
    names = {name: t(words) for name, words in _FORMS.items()}
    form = st.segmented_control(
        t("Preview"), list(names), format_func=names.__getitem__, key="preview-form", help=t("Each page as it will be.")
    )
    if form is None:
        _give_up()
        return
    templates = find_templates(Settings.from_environment().campaign)
    template = templates.get(form)
    stamp = template.stat().st_mtime_ns if template is not None and template.is_file() else 0
    key = view.snapshot.build_id, request, form, stamp
    if _pictures.find(key) is None:
        _make(view, key, request, form)
    else:
        _give_up()
        st.session_state[_SHOWN] = key
    if (pages := _pictures.find(st.session_state.get(_SHOWN))) is not None:
        _show_pages(t, form, json.loads(pages))


def _give_up() -> None:
    _, work = st.session_state.pop(_WORK, (None, None))
    if work is not None:
        work.cancel()


def _make(view: View, key: Hashable, request: BriefingRequest, form: str) -> None:
    """Draw how far the pages are; begin them where nobody has."""
    if st.session_state.get(_WORK, (None, None))[0] != key:
        _give_up()
        try:
            st.session_state[_WORK] = key, submit_briefing(view.snapshot, request, form, is_preview=True)
        except UserError as error:
            messages.show_error(view, error)
            return
    st.fragment(_show_work, run_every=campaign_commands.POLL_SECONDS)(view, *st.session_state[_WORK])


def _show_work(view: View, key: Hashable, work: Handle) -> None:
    """Draw the progress of the pages; where they are there, draw the page anew."""
    if not campaign_commands.wait(work):
        share = work.progress.share if work.progress else 0.0
        st.progress(share, text=view.t("Drawing the pages. The files can be taken meanwhile."))
        return
    try:
        with messages.explain_faults(N_("The preview could not be drawn.")):
            _pictures.keep(key, work.result().content)
    except UserError as error:
        messages.show_error(view, error)
        return
    st.rerun()


def _show_pages(t: Translator, form: str, drawn: dict[str, Any]) -> None:
    pages, count = drawn["pages"], drawn["count"]
    if form == "docx":
        messages.show_note(t("Word may begin pages at other places."))
    if len(pages) < count:
        messages.show_note(t("Shown: the first {first} of {total}.", first=len(pages), total=count))
    with st.container(key=f"preview-pages-{form}"):
        for number, page in enumerate(pages, start=1):
            place = t(_PLACES.get(form, N_("Page {n} of {total}")), n=number, total=count)
            alt = t("{name}: {value}", name=place, value=page["title"]) if page["title"] else place
            notes = "".join(_warn(t, text) for text in page["overfull"])
            address = f"data:image/png;base64,{page['picture']}"
            st.html(
                f'<figure><img src="{address}" alt="{escape(alt)}"><figcaption>{number}{notes}</figcaption></figure>'
            )


def _warn(t: Translator, text: str) -> str:
    first = f"{text[:60]}…" if len(text) > 60 else text
    return f"<p>⚠ {escape(t('A text is too long for its place: “{text}”. Shorten it.', text=first))}</p>"
