"""The events and stories of an action: each once, in the language of the reader if it can be, with its other ones."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.formats import format_date, format_language
from dashboard.i18n import N_
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages

KINDS = {"event": N_("Event"), "story": N_("Story")}


def show(view: View, posts: pd.DataFrame) -> None:
    """Draw the events and stories of an action, as `register.posts` has them; nothing where there are none."""
    if posts.empty:
        return
    items = "".join(
        _item(view, rows.to_dict("records")) for _, rows in posts.groupby(["kind", "id"], sort=False, dropna=False)
    )
    st.html(f'{messages.part(view.t("Events and stories"))}<ul class="posts">{items}</ul>')


def _item(view: View, texts: list[dict[Any, Any]]) -> str:
    """One event or story: its first text whole, of the others the way to them."""
    first, t = texts[0], view.t
    about = [t(KINDS[first["kind"]]), _say_days(view, first), first["place"]]
    named = " · ".join(str(word) for word in about if word and not pd.isna(word))
    summary = (
        f'<p class="text"{_spoken(first)}>{escape(first["summary"])}</p>' if isinstance(first["summary"], str) else ""
    )
    return (
        f'<li><p class="what">{_link(first, first["title"])}</p><p class="when">{escape(named)}</p>{summary}'
        f"{_list_others(view, texts[1:])}</li>"
    )


def _list_others(view: View, texts: list[dict[Any, Any]]) -> str:
    """The languages in which it can be read as well, as links where they have an address."""
    languages = [
        _link(text, format_language(text["language"], view.lang), is_named=False)
        for text in texts
        if isinstance(text["language"], str)
    ]
    if not languages:
        return ""
    return f'<p class="when">{escape(view.t("Also in:"))} {", ".join(languages)}</p>'


def _link(text: dict[Any, Any], words: str, *, is_named: bool = True) -> str:
    """Words as the way to a text, where it has an address; with its language if they are its own."""
    spoken = _spoken(text) if is_named else ""
    address = text["url"] if isinstance(text["url"], str) else ""
    if not address.startswith(("http://", "https://")):
        return f"<span{spoken}>{escape(words)}</span>"
    there = f' hreflang="{escape(text["language"])}"' if isinstance(text["language"], str) else ""
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer"{there}{spoken}>{escape(words)}</a>'


def _spoken(text: dict[Any, Any]) -> str:
    return f' lang="{escape(text["language"])}"' if isinstance(text["language"], str) else ""


def _say_days(view: View, post: dict[Any, Any]) -> str:
    """The day, or the days from the first to the last."""
    if pd.isna(post["on_date"]):
        return ""
    first = pd.Timestamp(post["on_date"]).date()
    last = first if pd.isna(post["ends_on"]) else pd.Timestamp(post["ends_on"]).date()
    if last <= first:
        return format_date(first, view.lang)
    days = format_date(first, view.lang), format_date(last, view.lang)
    return view.t("{first} to {last}", first=days[0], last=days[1])
