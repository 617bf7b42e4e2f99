"""Views of the register that a reader has given a name: each is a link, kept in this browser and nowhere else."""

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import N_
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View

_HERE = Path(__file__)
_MOUNT = st.components.v2.component(
    "saved_views",
    html='<form class="save"><label></label><div><input maxlength="80" required><button></button></div></form>'
    '<ul></ul><p class="note"></p><p class="said" role="status"></p>',
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)
WORDS = {
    "label": N_("A name for what you see: filters, columns and order"),
    "save": N_("Save"),
    "empty": N_("No view is saved in this browser yet."),
    "note": N_("Views are kept in this browser only. To share one, copy its link."),
    "copy": N_("Copy the link"),
    "rename": N_("Rename"),
    "remove": N_("Remove"),
    "of": N_("{action}: {name}"),
    "new_name": N_("New name of “{name}”"),
    "cancel": N_("Cancel"),
    "saved": N_("“{name}” is saved."),
    "replaced": N_("“{name}” now stands for what you see."),
    "taken": N_("Another view has the name “{name}”."),
    "renamed": N_("It is called “{name}” now."),
    "removed": N_("“{name}” is removed."),
    "copied": N_("The link to “{name}” is copied."),
    "select": N_("Copy this link:"),
    "full": N_("This browser keeps no more views. Remove one, or let it store data of this site."),
}
"""What the browser part says."""


def show(view: View) -> None:
    """Draw the button that opens the saved views."""
    pairs = [pair for pair in link.own_pairs(action=None, **{link.PAGE: None}) if pair[0] != "lang"]
    # A new box for each view, so that it is closed when one has been opened.
    key = f"saved-views-{abs(hash(link.query_string()))}"
    with st.popover(view.t("Saved views"), icon=":material/bookmark:", key=f"{key}-box"):
        data = {
            "path": f"{link.site_path(view.page_id)}/{view.page_id}",
            "store": f"dashboard-views:{link.site_path(view.page_id)}",
            "query": urlencode(pairs),
            "lang": view.lang,
            "words": {name: view.t(text, name="{name}", action="{action}") for name, text in WORDS.items()},
        }
        _MOUNT(key=key, data=data)
