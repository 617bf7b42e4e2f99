"""The reader's link keeps the selection and the page's own parameters in step with the address and the widgets.

A changed address (a link opened, the browser's back button) wins over the widgets; otherwise the widgets write the
address: each run they are set to what the link says (`keep`), and their callbacks change it. Streamlit's own
`bind="query-params"` writes labels, so that a link would mean something only in the language it was made in; the
link's contract is codes. Below: where the link leads, for other parts of the dashboard and for other people.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboard.errors import SelectionError
from dashboard.ground import page_addresses
from dashboard.ground.base_urls import is_local
from dashboard.ground.page_addresses import find_page
from dashboard.ground.tracking import drop_tracking
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, list_offered
from dashboard.snapshot.selection import VERSUS, Selection, parse, parse_language
from dashboard.ui.frame.view import merge

PAGE = "page"
"""The parameter of pages that hold a long list: which page of it is open. Another list begins on its first page."""
Query = dict[str, list[str]]
"""The parameters of an address: name → values."""


@dataclass
class ReaderLink:
    """The link of a reader's session, from run to run.

    Attributes:
        query: The address as it was last read or written.
        is_changed: A widget has changed the link since then.
        is_held: A callback that may have changed nothing has run since then.
        is_arrival: The reader has just come from another page.
        build_id: The build whose codes the selection was read with.
        drawn_as: What was drawn last: page, language, build.
        is_drawn: The browser has all of its widgets.
    """

    selection: Selection
    query: Query = field(default_factory=dict)
    page_id: str = ""
    extras: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False
    is_held: bool = False
    is_arrival: bool = False
    build_id: str = ""
    drawn_as: Hashable = None
    is_drawn: bool = False

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the link to what is shown now."""
        return [*self.selection.query_pairs(), *self.extras.items()]

    def write(self) -> Query:
        """Write the address of what is shown now, and take it for the browser's from now on."""
        self.query = as_query(self.pairs())
        return self.query

    def is_new(self, page_id: str, query: Query) -> bool:
        """Whether the address of a page differs from the link, and wins."""
        is_read = not (self.is_changed or self.is_held)
        return is_read and query != self.query and (bool(query) or self.page_id == page_id)

    def select(self, selection: Selection) -> None:
        """Filter by another selection, as a click does."""
        if replace(selection, lang=self.selection.lang) != self.selection:
            self.extras.pop(PAGE, None)
        self.selection = selection
        self.is_changed = True

    def change(self, **values: Any) -> None:
        """Replace parts of the selection, as a click does."""
        self.select(replace(self.selection, **values))

    def reset(self) -> None:
        """Drop every filter; the language and the frozen build stay."""
        self.select(Selection(build=self.selection.build, lang=self.selection.lang))

    def change_parameters(self, values: Mapping[str, str | None]) -> None:
        """Set or drop (None) some of the page's own parameters, as a click does."""
        self.extras = merge(self.extras, values)
        self.is_changed = True


def arrive(
    link: ReaderLink | None,
    page_id: str,
    query: Query,
    snapshot: Snapshot,
    extra_parameters: Sequence[str],
    write: Callable[[Query], object],
) -> ReaderLink:
    """Return the link with which a page is drawn: the address's when that has changed, else as clicks have left it.

    `extra_parameters`: the page's parameters beside the selection's.
    `write`: sets the browser's address.

    Raises:
        SelectionError: the address has an unknown parameter or a value that is not allowed, or the build that is shown
            from now on does not know a code.
    """
    is_switched = link is not None and link.page_id != page_id
    if link is None or link.is_new(page_id, query):
        new_link = _open(link, page_id, query, snapshot, extra_parameters, is_switched=is_switched)
        if link is not None and find_page(link.page_id) == find_page(page_id):
            # A link within a page, which Streamlit leaves out of the address bar.
            write(query)
        return new_link
    if link.selection.versus and not set(VERSUS) <= set(extra_parameters):  # the page shows one side alone
        link.selection, link.is_changed = link.selection.first, True
    is_stale = link.is_changed or (is_switched and (query != link.query or bool(link.extras)))
    if is_switched:  # a link to another page may carry the very parameters that this one had: a chart to use
        carried = extra_parameters if query and query == link.query else ()
        link.extras = {name: value for name, value in link.extras.items() if name in carried}
    if is_stale:
        write(link.write())
    link.page_id = page_id
    link.is_changed = link.is_held = False
    link.is_arrival = is_switched
    if link.build_id != snapshot.build_id:
        link.selection = parse(as_query(link.selection.query_pairs()), snapshot, VERSUS)
        link.build_id = snapshot.build_id
    return link


def _open(
    before: ReaderLink | None,
    page_id: str,
    query: Query,
    snapshot: Snapshot,
    extra_parameters: Sequence[str],
    *,
    is_switched: bool,
) -> ReaderLink:
    selection = parse(query, snapshot, extra_parameters)
    page_parameters = [name for name in extra_parameters if name not in VERSUS]
    extras = {name: query[name][-1] for name in page_parameters if query.get(name)}
    before = before or ReaderLink(selection)
    return ReaderLink(
        selection,
        query,
        page_id,
        extras,
        is_arrival=is_switched,
        build_id=snapshot.build_id,
        drawn_as=before.drawn_as,
        is_drawn=before.is_drawn,
    )


def as_query(pairs: Iterable[tuple[str, str]]) -> Query:
    """Return a link's parameters as Streamlit takes them: name → values."""
    query: Query = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return query


_LINK, _PART = "link", "link-part"


def _find() -> ReaderLink | None:
    """Find the session's link; None before a page has read one."""
    link: ReaderLink | None = st.session_state.get(_LINK)
    return link


def _get() -> ReaderLink:
    """Return the session's link, once a page has read it."""
    link: ReaderLink = st.session_state[_LINK]
    return link


def read(page_id: str, snapshot: Snapshot, extra_parameters: Sequence[str] = ()) -> Selection:
    """Read the selection in force: the address bar's when that has changed, else the widgets'.

    `page_id`: the page that reads it.
    `extra_parameters`: the page's parameters beside the selection's.

    Raises:
        SelectionError: the address has an unknown parameter or a value that is not allowed, or the build that is shown
            from now on does not know a code.
    """
    page = page_addresses.find_page(page_id)
    part, query = _read_part(page)
    if not part:
        parts = page_addresses.PAGES[page]
        value = query[parts.parameter][-1]
        what = f"The page has no part {value!r}."
        raise SelectionError(what, parts.parameter, tuple(parts.parts), value)
    st.session_state[_LINK] = arrive(_find(), page_id, query, snapshot, extra_parameters, _write)
    return _get().selection


def _read_address() -> Query:
    """Read the parameters of the address, without what was appended to it on the way."""
    return drop_tracking({name: st.query_params.get_all(name) for name in st.query_params})


def _read_part(page: str) -> tuple[str, Query]:
    """Read the part that the address of a page chooses, and the other parameters."""
    part, rest = page_addresses.read(page, list_pairs())
    return part, as_query(rest)


def list_pairs() -> list[tuple[str, str]]:
    """List the parameters of the address one by one, without what was appended to it on the way."""
    return [(name, value) for name, values in _read_address().items() for value in values]


def _write(query: Query) -> None:
    """Write the link into the address, on the part that is shown."""
    pairs = [(name, value) for name, values in query.items() for value in values]
    st.query_params.from_dict(as_query(page_addresses.choose(st.session_state[_PART], pairs)))


def find_part(page: str) -> str:
    """Find the part of a page to show: the address's, until a click on the part changes its subject."""
    part = _read_part(page)[0] or page_addresses.PAGES[page].first
    link = _find()
    if (
        link is not None
        and (link.is_changed or link.is_held)
        and {link.page_id, part} <= {page, page_addresses.COUNTRY}
    ):
        is_one = page_addresses.is_one_country(link.selection.query_pairs())
        part = link.page_id if is_one else page
    st.session_state[_PART] = part
    return part


def part() -> str:
    """Return the part of the page that is shown."""
    part_id: str = st.session_state[_PART]
    return part_id


def read_build(page_id: str) -> str:
    """Read the build of the link before the rest of it; empty where the link follows the data."""
    (_, query), link = _read_part(page_addresses.find_page(page_id)), _find()
    if link is not None and not link.is_new(page_id, query):
        return link.selection.build
    return (query.get("build") or [""])[-1]


def put(selection: Selection) -> Selection:
    """Show another selection from now on, while the page is drawn; return it."""
    link = _get()
    link.selection = selection
    _write(link.write())
    return selection


def follow() -> Selection:
    """Make the link follow the data while the page is drawn; return the selection."""
    return put(replace(_get().selection, build=""))


def read_language(default: str) -> str:
    """Read the language of the next drawing, before the whole address is read."""
    link = _find()
    if link is not None and link.is_changed:
        return link.selection.lang
    lang = parse_language(st.query_params.get("lang", ""), list_offered())
    if lang is not None:
        return lang
    return link.selection.lang if link is not None and not _read_address().keys() - {page_addresses.PART} else default


def selection() -> Selection:
    """Return the present filters, for a widget's callback, which may run before the page is drawn again."""
    return _get().selection


def page_parameter(name: str) -> str | None:
    """Return the value of a page's own parameter."""
    return _get().extras.get(name)


def page_parameters() -> dict[str, str]:
    """Return the page's own parameters, as models take them."""
    return dict(_get().extras)


def query_string() -> str:
    """Return the link to what is shown now, without the question mark."""
    return urlencode(page_addresses.choose(st.session_state[_PART], _get().pairs()))


def is_arrival() -> bool:
    """Whether the reader has just come from another page of the dashboard."""
    return _get().is_arrival


def change(**values: Any) -> None:
    """Replace parts of the selection; a widget's callback, so it runs before the page does."""
    _get().change(**values)


def select(selection: Selection) -> None:
    """Filter by another selection; a widget's callback."""
    _get().select(selection)


def reset() -> None:
    """Drop every filter; the language and the frozen build stay. A widget's callback."""
    _get().reset()


def change_page_parameter(name: str, value: str | None) -> None:
    """Set or drop a page's own parameter; a widget's callback, so it runs before the page does."""
    change_page_parameters(**{name: value})


def change_page_parameters(**values: str | None) -> None:
    """Set or drop (None) several of a page's own parameters at once; a widget's callback."""
    _get().change_parameters(values)


def lead_to(query: Query) -> None:
    """Open another link of this part; a widget's callback, or before the run is begun anew."""
    _write(query)


def hold() -> None:
    """Keep the link as it is; for callbacks that must not change it, so that quick clicks are not undone.

    The browser sends its address with every click. Just after another click that is still the address before it.
    """
    link = _find()
    if link is not None:
        link.is_held = True


def add_page_parameters(values: Mapping[str, str], instead: Mapping[str, str]) -> None:
    """Add a page's own parameters to the address while the page is drawn.

    `values`: parameters; those that are there already stay.
    `instead`: parameters that take the place of those that are there.
    """
    link = _get()
    link.extras = {**values, **link.extras, **instead}
    _write(link.write())


def begin(drawn_as: Hashable) -> None:
    """Begin a run once its page is known: another page than before has yet to reach the browser."""
    link = _get()
    if link.drawn_as != drawn_as:
        link.drawn_as, link.is_drawn = drawn_as, False


def end() -> None:
    """Note that a run has ended: the browser then has all widgets and their values."""
    link = _find()
    if link is not None:
        link.is_drawn = True


def keep(key: str, value: Any) -> None:
    """Set a widget to the link's value, but not when it has it already, so that quick typing and clicks are not undone.

    While no run of the page has ended (a quick click cuts one short), every run sets it. A browser that has not got the
    value yet would begin with an empty widget and send that back, as if the reader had emptied it.
    """
    link = _find()
    is_drawn = link is not None and link.is_drawn
    if not is_drawn or st.session_state.get(key) != value:
        st.session_state[key] = value


def bind(
    key: str,
    parameter: str,
    value: Any,
    usual: Any,
    write: Callable[[Any], str] = str,
    *,
    instead: Mapping[str, str | None] = MappingProxyType({}),
) -> dict[str, Any]:
    """Bind a widget to a page's own parameter: return its key, and the callback for its changes.

    `value`: the link's value, as the widget shows it.
    `usual`: the value that the link leaves out, as it does an empty one.
    `write`: writes any other value for the link.
    `instead`: the new values of other parameters when it changes.
    """
    keep(key, value)
    return {"key": key, "on_change": _take, "args": (key, parameter, usual, write, instead)}


def _take(key: str, parameter: str, usual: Any, write: Callable[[Any], str], instead: Mapping[str, str | None]) -> None:
    value = st.session_state[key]
    text = "" if value in (usual, None, []) else write(value)
    change_page_parameters(**{**instead, parameter: text or None})


def page_address() -> str:
    """Return the address of the reader's page, without its parameters."""
    return (st.context.url or "").split("?")[0]


def site_address(page_id: str) -> str:
    """Return the dashboard's address for links that others open, without a slash at its end.

    It is the one the reader sees; the settings' one where there is none, or where the reader sits at the server itself.

    `page_id`: the reader's page, whose name is the last part of its address.
    """
    address = page_address().rstrip("/").removesuffix(f"/{page_addresses.find_page(page_id)}")
    public = Settings.from_environment().base_url
    return public if not address or (is_local(address) and not is_local(public)) else address


def site_path(page_id: str) -> str:
    """Return the dashboard's path below its host, as the reader's browser asks for it; empty at the top.

    `page_id`: the reader's page, whose name is the last part of its address.
    """
    return urlsplit(page_address()).path.rstrip("/").removesuffix(f"/{page_addresses.find_page(page_id)}")
