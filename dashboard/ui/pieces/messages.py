"""Words on a page: headings, entries, notes in small print, faults, and texts of the data shown as they are.

An unforeseen fault is a sentence for staff and an entry in the log. The entry holds the activity, the kind of the error
and the lines of code that it passed through, and nothing else (`logs.lines`): the error's own words may quote a cell of
an export.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape

import streamlit as st

from dashboard.errors import UnforeseenError, UserError
from dashboard.faults import raise_explained
from dashboard.ground.logs import lines
from dashboard.i18n import N_, Translator
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame


@contextmanager
def show_entry(key: str, title: str, *notes: str, role: str = "") -> Iterator[None]:
    """Draw one entry; its controls are drawn inside.

    `key`: distinguishes it from others of the page.
    `notes`: facts about it, a line of small print each; empty ones are left out.
    `role`: its role, set apart from its notes.
    """
    words = f'<h3 class="card-title" dir="auto">{escape(title)}</h3>'
    words += f'<p class="card-note"><b>{escape(role)}</b></p>' if role else ""
    with st.container(horizontal=True, vertical_alignment="center", key=f"entry-{key}"):
        st.html(words + "".join(note(line) for line in notes if line), width="stretch")
        yield


LOG = logging.getLogger(__name__)
_REMEDY = N_("Try again; if it happens again, tell the operator of the dashboard.")


@contextmanager
def explain_faults(what: str) -> Iterator[None]:
    """Show any fault inside: a `UserError` as it is, an error of the system in its own words.

    Anything else is told with `what` and a number.

    A run of the page that ends early, because the reader went on, passes.

    `what`: the activity that failed, one sentence in English, marked for translation.

    Raises:
        UserError: something went wrong.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        raise_explained(error)
        raise explain(error, what) from error


def explain(error: Exception, what: str) -> UnforeseenError:
    """Log an error; return the words for staff, with the number of the entry."""
    code = secrets.token_hex(4)
    LOG.error("%s: %s %s", code, what, lines.tell_error(error))
    return UnforeseenError(what, _REMEDY, code)


def show_heading(text: str, level: int = 2) -> None:
    """Draw the heading of a part of a page."""
    st.html(f"<h{level}>{escape(text)}</h{level}>")


def show_card_title(text: str, level: int = 2) -> None:
    """Draw the small heading of a card, or of a list among others (level 3)."""
    st.html(f'<h{level} class="card-title">{escape(text)}</h{level}>')


def show_section(text: str) -> None:
    """Draw the heading of a part of a card."""
    st.html(f'<h3 class="section">{escape(text)}</h3>')


def part(text: str, level: int = 3) -> str:
    """Write the heading of a part of an opened item, close to its content, as HTML."""
    return f'<h{level} class="part">{escape(text)}</h{level}>'


def note(text: str) -> str:
    """Write a line of small print as HTML."""
    return f'<p class="card-note">{escape(text)}</p>'


def show_steps(steps: Iterable[tuple[str, str]]) -> None:
    """Draw steps to follow, with *names of menus* in italics, each with the text to copy, if any."""
    for step, code in steps:
        parts = escape(step).split("*")
        words = "".join(f"<i>{part}</i>" if number % 2 else part for number, part in enumerate(parts))
        st.html(f'<p class="card-note">{words}</p>')
        if code:
            st.code(code, language=None, wrap_lines=True)


def show_finding(text: str) -> None:
    """Draw a sentence that states a finding."""
    st.html(f'<p class="finding">{escape(text)}</p>')


def show_lines(lines: Sequence[str]) -> None:
    """Draw lines of HTML, one below the other; nothing without any."""
    if lines:
        st.html(f'<ul class="about">{"".join(f"<li>{line}</li>" for line in lines)}</ul>')


def show_note(text: str) -> None:
    """Draw a line of small print; Streamlit's own caption is too pale for readers with weak eyes."""
    st.html(note(text))


def show_sample_note(view: Frame) -> None:
    """Explain why nothing can be settled about the fictional sample, and how to try it."""
    t = view.t
    st.info(
        t(
            "These are the sample data: no decisions are kept about them. To try it, load their files on the page "
            "Upload."
        ),
        icon=":material/school:",
    )


def show_error(view: Frame, error: UserError) -> None:
    """Draw a fault with its remedy; the sentences name files, which Markdown must not change."""
    st.error(plain(say_error(view.t, error)), icon=":material/error:")


def say_error(t: Translator, error: UserError) -> str:
    """Write a fault and its remedy in the reader's language."""
    sentences = [t(error.what), t(error.remedy)]
    if isinstance(error, UnforeseenError):
        sentences.append(t("See number {code} in the server’s log.", code=error.code))
    return " ".join(filter(None, sentences))
