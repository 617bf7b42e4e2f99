"""A list of many codes to choose from: its search field finds those with every typed word, whatever their accents.

Where none has them, it finds those with similar words.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.i18n import Translator
from dashboard.ui.frame import browser_part, link

HTML = (
    '<div role="group" class="tolerant-list"><div class="find"><input type="search" autocomplete="off"'
    ' spellcheck="false"></div><ul></ul><p class="foot"><span role="status"></span><button type="button"></button></p>'
    "</div>"
)
_MOUNT = browser_part.register("tolerant_list", Path(__file__), HTML)


def write_words(t: Translator) -> dict[str, str]:
    """Write the words that every list has."""
    return {
        "find": t("Find in this list"),
        "chosen": t("Chosen: {n}", n="{n}"),
        "shown": t("{n} of {total} shown", n="{n}", total="{total}"),
        "nothing": t("Nothing here is called that."),
        "clear": t("Choose none"),
    }


def read(codes: object, offered: Mapping[str, str]) -> tuple[str, ...]:
    """Read the chosen codes that the browser sends, those chosen first standing first.

    Raises:
        ValueError: they are none of this list.
    """
    if not isinstance(codes, list) or not all(isinstance(code, str) and code in offered for code in codes):
        raise ValueError
    return tuple(dict.fromkeys(codes))


def show(
    t: Translator,
    label: str,
    offered: Mapping[str, str],
    chosen: Sequence[str],
    key: str,
    take: Callable[[tuple[str, ...]], None],
    everything: str,
) -> None:
    """Draw the list, on the page or in a popover, where it takes the focus.

    `take`: gets the chosen codes when they change; it runs before the page does.
    `everything`: the text while none is chosen, as `All regions`.
    """
    words = {"label": label, "all": everything, **write_words(t)}
    data: dict[str, Any] = {"options": list(offered.items()), "chosen": list(chosen), "words": words}
    _MOUNT(key=key, data=data, on_chosen_change=partial(_take, key, offered, take))


def _take(key: str, offered: Mapping[str, str], take: Callable[[tuple[str, ...]], None]) -> None:
    """Pass the chosen codes on; ignore anything else that the browser sends."""
    try:
        take(read(st.session_state[key].get("chosen"), offered))
    except ValueError:
        link.hold()
