"""The view that a page draws from, made without Streamlit, for tests of models."""

from collections.abc import Mapping
from typing import Any

from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.link import as_query
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View


def make_view(snapshot: Snapshot, page_id: str, parameters: Mapping[str, str] | None = None, **selection: Any) -> View:
    """Make a page of a selection (its attributes by name), with its own parameters in its link."""
    chosen = Selection(**selection)
    return View(
        page_id=page_id,
        t=translator(chosen.lang),
        snapshot=snapshot,
        selection=chosen,
        parameters=parameters or {},
    )


def lead(link: PageLink) -> tuple[str, dict[str, list[str]]]:
    """Return the target of a link: the page, and its parameters."""
    return link.page_id, as_query(link.pairs)
