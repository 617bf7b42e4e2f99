"""The way to what is new since the reader's last visit, of which only the reader's own browser knows."""

from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from dashboard.languages import find_tag
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View

_HERE = Path(__file__)
_MOUNT = st.components.v2.component(
    "last_visit",
    html="<p><a hidden></a> <span></span></p>",
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


def show(view: View, shown: date | None) -> None:
    """Draw the way, or that this is the first visit.

    Args:
        view: The page.
        shown: The day since when the list goes by what became known, if it does.
    """
    t = view.t
    pairs = [pair for pair in link.own_pairs(**{name: None for name in ("since", "by", "entry", link.PAGE)})]
    data = {
        "path": f"{link.site_path(view.page_id)}/{view.page_id}",
        "store": f"dashboard-visit:{link.site_path(view.page_id)}",
        "query": urlencode(pairs),
        "lang": find_tag(view.lang),
        "shown": shown.isoformat() if shown else "",
        "words": {
            "since": t("New since my last visit, {day}", day="{day}"),
            "first": t("This browser has not been on this page before today."),
            "note": t("The day of a visit is kept in this browser only."),
        },
    }
    _MOUNT(key="last-visit", data=data)
