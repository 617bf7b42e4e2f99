"""A list to choose several from: a box each, and above a long list a field that finds them, whatever their accents.

It finds what holds every word that is typed; where nothing does, what is nearly written so.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard.i18n import Translator
from dashboard.ui.frame import browser_part, link

HTML = (
    '<div role="group"><div class="find"><input type="search" autocomplete="off" spellcheck="false"></div><ul></ul>'
    '<p class="foot"><span role="status"></span><button type="button"></button></p></div>'
)
_MOUNT = browser_part.register("tolerant_list", Path(__file__), HTML)
Take = Callable[[tuple[str, ...]], None]


def show(
    t: Translator,
    label: str,
    offered: Mapping[str, str],
    chosen: Sequence[str],
    key: str,
    take: Take,
    *,
    everything: str = "",
) -> None:
    """Draw the list, on the page or in a popover, where it takes the focus.

    Args:
        t: The words of the reader's language.
        label: What is chosen, in that language.
        offered: What is offered, by code, in the order in which it stands.
        chosen: The codes that are chosen.
        key: The list's, alone on its page.
        take: Gets the chosen codes when they change, those chosen first standing first; it runs before the page does.
        everything: What is said while none is chosen, as `All regions`.
    """
    words = {
        "label": label,
        "find": t("Find in this list"),
        "all": everything or t("None chosen"),
        "chosen": t("Chosen: {n}", n="{n}"),
        "shown": t("{n} of {total} shown", n="{n}", total="{total}"),
        "nothing": t("Nothing here is called that."),
        "clear": t("Choose none"),
    }
    data = {"options": list(offered.items()), "chosen": list(chosen), "words": words}
    _MOUNT(key=key, data=data, on_chosen_change=partial(_take, key, frozenset(offered), take))


def _take(key: str, offered: frozenset[str], take: Take) -> None:
    """Hand on the chosen codes; anything else that the browser sends changes nothing."""
    codes = st.session_state[key].get("chosen")
    if isinstance(codes, list) and all(isinstance(code, str) and code in offered for code in codes):
        take(tuple(dict.fromkeys(codes)))
    else:
        link.hold()
