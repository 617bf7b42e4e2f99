"""One selection, kept in step between the address bar and the widgets.

A changed address (a link opened, the browser's back button) wins over the widgets; otherwise the
widgets write the address. Streamlit's own `bind="query-params"` writes labels, so that a link would
mean something only in the language it was made in; the link's contract is codes.

Where the reader is: the address of the page, and of the dashboard for links to its other parts.

Widgets that show what the link says: each run they are set to it, and their callbacks change it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboard.campaign.folder import LANGUAGES
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, parse

_KEPT = "kept"


@dataclass
class _Kept:
    """What one reader's session remembers from run to run."""

    selection: Selection
    query: dict[str, list[str]] = field(default_factory=dict)
    page_id: str = ""
    extras: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False
    is_arrival: bool = False
    is_held: bool = False
    drawn_as: Hashable = None
    is_drawn: bool = False


def read(page_id: str, snapshot: Snapshot, extra_parameters: Sequence[str] = ()) -> Selection:
    """The selection now in force: the address bar's when that has changed, else the widgets'.

    Args:
        page_id: The page that asks.
        snapshot: Where codes are looked up.
        extra_parameters: Parameters that this page takes beside the selection's.

    Raises:
        SelectionError: the address has an unknown parameter or a value that is not allowed.
    """
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    kept: _Kept | None = st.session_state.get(_KEPT)
    is_switched = kept is not None and kept.page_id != page_id
    is_address_read = kept is None or not (kept.is_changed or kept.is_held)
    if kept is None or (is_address_read and query != kept.query and (query or not is_switched)):
        selection = parse(query, snapshot, extra_parameters)
        extras = {name: query[name][-1] for name in extra_parameters if query.get(name)}
        before = kept or _Kept(selection)
        st.session_state[_KEPT] = _Kept(
            selection,
            query,
            page_id,
            extras,
            is_arrival=is_switched,
            drawn_as=before.drawn_as,
            is_drawn=before.is_drawn,
        )
        return selection
    is_stale = kept.is_changed or (is_switched and (query != kept.query or bool(kept.extras)))
    if is_switched:
        kept.extras = {}
    if is_stale:
        _write(kept)
    kept.page_id = page_id
    kept.is_changed = kept.is_held = False
    kept.is_arrival = is_switched
    return kept.selection


def language(default: str) -> str:
    """The language of the next drawing, known before the whole address is read."""
    kept: _Kept | None = st.session_state.get(_KEPT)
    if kept is not None and kept.is_changed:
        return kept.selection.lang
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    return kept.selection.lang if kept is not None and not st.query_params else default


def change(**values: Any) -> None:
    """Replace parts of the kept selection; a widget's callback, so it runs before the page does."""
    kept: _Kept = st.session_state[_KEPT]
    kept.selection = replace(kept.selection, **values)
    kept.is_changed = True


def hold() -> None:
    """Keep what is kept; for callbacks that may change nothing of it, so that quick clicks are not undone.

    The browser sends its address with every click. Just after another click that is still the address before it.
    """
    kept: _Kept | None = st.session_state.get(_KEPT)
    if kept is not None:
        kept.is_held = True


def reset() -> None:
    """Drop every filter; the language stays."""
    kept: _Kept = st.session_state[_KEPT]
    kept.selection = Selection(lang=kept.selection.lang)
    kept.is_changed = True


def selection() -> Selection:
    """The filters as they are now: for a widget's callback, which may come before the page is drawn again."""
    kept: _Kept = st.session_state[_KEPT]
    return kept.selection


def page_parameter(name: str) -> str | None:
    """The value of a page's own parameter."""
    kept: _Kept = st.session_state[_KEPT]
    return kept.extras.get(name)


def query_string() -> str:
    """The link to what is shown now, without the question mark."""
    kept: _Kept = st.session_state[_KEPT]
    return urlencode([*kept.selection.query_pairs(), *kept.extras.items()])


def change_page_parameter(name: str, value: str | None) -> None:
    """Set or drop a page's own parameter; a widget's callback, so it runs before the page does."""
    kept: _Kept = st.session_state[_KEPT]
    others = {key: kept_value for key, kept_value in kept.extras.items() if key != name}
    kept.extras = others if value is None else {**others, name: value}
    kept.is_changed = True


def is_arrival() -> bool:
    """Whether the reader has just come from another page of the dashboard."""
    kept: _Kept = st.session_state[_KEPT]
    return kept.is_arrival


def begin(drawn_as: Hashable) -> None:
    """Once a run, when it is known what is drawn: something else than before has yet to reach the browser."""
    kept: _Kept = st.session_state[_KEPT]
    if kept.drawn_as != drawn_as:
        kept.drawn_as, kept.is_drawn = drawn_as, False


def end() -> None:
    """Noted when a run has come to its end: the browser then has all widgets and what they were set to."""
    kept: _Kept | None = st.session_state.get(_KEPT)
    if kept is not None:
        kept.is_drawn = True


def is_drawn() -> bool:
    """Whether the browser has the page's widgets. A quick click cuts a run short, and the browser gets a part of it."""
    kept: _Kept | None = st.session_state.get(_KEPT)
    return kept is not None and kept.is_drawn


def add_page_parameters(values: Mapping[str, str]) -> None:
    """Add a page's own parameters to the address while the page is drawn; those that are there already stay."""
    kept: _Kept = st.session_state[_KEPT]
    kept.extras = {**values, **kept.extras}
    _write(kept)


def as_query(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """A link's parameters as Streamlit takes them: name → values."""
    query: dict[str, list[str]] = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return query


def _write(kept: _Kept) -> None:
    query = as_query((*kept.selection.query_pairs(), *kept.extras.items()))
    st.query_params.from_dict(query)
    kept.query = query


def page_address() -> str:
    """The address of the page the reader is on, without its parameters."""
    return (st.context.url or "").split("?")[0]


def site_address(page_id: str) -> str:
    """The address of the dashboard for links that others open, without a slash at its end.

    It is the one the reader sees; the settings' one where there is none, or where the reader sits at the server itself.

    Args:
        page_id: The page the reader is on, which is the last part of its address.
    """
    here = page_address().rstrip("/").removesuffix(f"/{page_id}")
    public = Settings.from_environment().base_url
    return public if not here or (is_local(here) and not is_local(public)) else here


def own_path(page_id: str) -> str:
    """Where below its host the dashboard is, as the reader's browser asks for it; empty at the top.

    Args:
        page_id: The page the reader is on, which is the last part of its address.
    """
    return urlsplit(page_address()).path.rstrip("/").removesuffix(f"/{page_id}")


def is_local(address: str) -> bool:
    """Whether an address means something on this computer only."""
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def keep(key: str, wanted: Any) -> None:
    """Set a widget to what the link says; untouched when it has it, so that quick typing and clicks are not undone.

    As long as no run of the page has come to its end, it is set in every run. A browser that has not been told so yet
    would begin with an empty widget and send that back, as if the reader had emptied it.
    """
    if not is_drawn() or st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
