"""The help beside a page's title: what the page shows, three things one can do, what its figures mean.

It is made when it is opened, in a run of its own, so that pages cost nothing more and are not drawn anew.
"""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard.i18n import N_, Translator, translator
from dashboard.measures.definitions import DEFINITIONS
from dashboard.ui.frame import header, ways
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_help_texts import PAGE_HELP, PageHelp

HELP, GLOSSARY = "help", "definitions"
"""The pages that say more."""
_ABOUT = N_("What this page shows, what you can do here, what its figures mean")


@st.fragment
def show(lang: str, page_id: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Draw the button that opens the help.

    `pairs`: what links to other pages carry: the selection and the language.
    """
    t = translator(lang)
    if st.button(t("Help"), icon=":material/help:", key=f"help-{page_id}", help=t(_ABOUT), type="tertiary"):
        title = f"{t('Help')}{t(': ')}{plain(t(header.find(page_id).title))}"
        st.dialog(title, width="medium", icon=":material/help:")(_show_opened)(t, page_id, pairs)


def _show_opened(t: Translator, page_id: str, pairs: Sequence[tuple[str, str]]) -> None:
    st.html(_render(t, page_id, PAGE_HELP[page_id], pairs))


def _render(t: Translator, page_id: str, texts: PageHelp, pairs: Sequence[tuple[str, str]]) -> str:
    """The help of a page as HTML."""
    parts = [f'<p class="shows">{escape(t(texts.shows))}</p>', _head(t("Three things you can do here"))]
    parts.append(f"<ul>{''.join(f'<li>{escape(t(way))}</li>' for way in texts.ways)}</ul>")
    if texts.figures:
        parts += [_head(t("What the figures mean")), explain(t, texts.figures)]
    more = ((GLOSSARY, t("All definitions")), (HELP, t("More help")))
    links = (ways.render(label, ways.address(page_id, to, pairs)) for to, label in more if to != page_id)
    parts.append(f'<p class="more">{" ".join(links)}</p>')
    return f'<div class="page-help">{"".join(parts)}</div>'


def explain(t: Translator, figures: Sequence[str]) -> str:
    """What measures mean, by their ids, as an HTML list of names and sentences."""
    rows = []
    for definition in (DEFINITIONS[name] for name in figures):
        formula = f'<br><span class="formula">{escape(t(definition.formula))}</span>' if definition.formula else ""
        rows.append(f"<dt>{escape(t(definition.name))}</dt><dd>{escape(t(definition.sentence))}{formula}</dd>")
    return f"<dl>{''.join(rows)}</dl>"


def _head(text: str) -> str:
    return f'<h2 class="card-title">{escape(text)}</h2>'
