"""What stands in the place of a page whose link cannot be shown: why, what would be allowed, and the way on."""

import difflib
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboard.errors import SelectionError
from dashboard.i18n import Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import OTHER, GoneError
from dashboard.snapshot.selection import FILTERS
from dashboard.ui.frame import page_link, reading
from dashboard.ui.frame.page_link import PageLink


@dataclass(frozen=True)
class RefusalModel:
    """What is said of a link that cannot be shown.

    Attributes:
        heading: What stands in the place of the page's title.
        error: What is wrong with it, as Markdown.
        near: What was meant perhaps, as Markdown; else empty.
        sentence: That nothing is shown, and why.
        allowed: The values that are allowed, each with its label where it has one.
        link: The way on.
    """

    heading: str
    error: str
    near: str
    sentence: str
    allowed: tuple[tuple[str, str], ...]
    link: PageLink


def make_link(error: SelectionError, snapshot: Snapshot, t: Translator) -> RefusalModel:
    """Make the refusal of a link with an unknown parameter or value."""
    parameter = f"`{_plain(error.parameter)}`"
    if error.value is None:
        what = t("The link has an unknown parameter: {parameter}.", parameter=parameter)
    else:
        what = t(
            "The link has an unknown value: {parameter}={value}.",
            parameter=parameter,
            value=f"`{_plain(error.value)}`",
        )
    near = difflib.get_close_matches(error.value or error.parameter, error.allowed, n=3)
    return RefusalModel(
        heading=t("This link cannot be read"),
        error=what,
        near=t("Did you mean {values}?", values=", ".join(f"`{value}`" for value in near)) if near else "",
        sentence=t("Nothing is shown, because the figures would not be those the link asks for. Allowed values:"),
        allowed=_list_allowed(error, snapshot, t.language),
        link=PageLink(t("Open the dashboard without filters"), "overview", (("lang", t.language),)),
    )


def _list_allowed(error: SelectionError, snapshot: Snapshot, lang: str) -> tuple[tuple[str, str], ...]:
    parameter = error.parameter.removeprefix("vs.")
    codelist = next((f.codelist for f in FILTERS if f.parameter == parameter and error.value is not None), "")
    labels = {code: entry.labels[lang] for code, entry in snapshot.codes.get(codelist, {}).items()}
    return tuple((value, labels.get(value, "")) for value in error.allowed)


def make_build(error: GoneError, t: Translator, page_id: str, pairs: tuple[tuple[str, str], ...]) -> RefusalModel:
    """Make the refusal of a link to figures that are no longer kept, or that another program version made.

    `error`: which figures.
    `pairs`: what else the link asks for.
    """
    build = _plain(error.build_id)
    if error.reason == OTHER:
        what = t(OTHER, build=f"`{build}`")
    else:
        what = t("The link asks for the figures of build `{build}`, which is not kept here.", build=build)
    return RefusalModel(
        heading=t("These figures are no longer kept"),
        error=what,
        near="",
        sentence=t("Nothing is shown, because the figures would not be those the link asks for."),
        allowed=(),
        link=PageLink(t("Show the newest figures"), page_id, pairs, ":material/update:"),
    )


def _plain(text: str) -> str:
    """Text of a link, short and without the characters that would end a code span."""
    return text.replace("`", "'")[:80]


def draw(model: RefusalModel) -> None:
    """Draw what is said of a link that cannot be shown."""
    st.html(reading.heading(model.heading, ""))
    st.error(model.error, icon=":material/error:" if model.allowed else None)
    if model.near:
        st.markdown(model.near)
    st.markdown(model.sentence)
    if model.allowed:
        items = (
            f"<li><code>{escape(value)}</code>{' ' + escape(label) if label else ''}</li>"
            for value, label in model.allowed
        )
        st.html(f'<ul class="allowed">{"".join(items)}</ul>')
    page_link.show(model.link)
