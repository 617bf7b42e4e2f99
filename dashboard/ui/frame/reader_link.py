"""What a session remembers of its reader's link, as data: what an address, another page and a click do to it."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.ground.page_addresses import find_page
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import VERSUS, Selection, parse
from dashboard.ui.frame.view import merge

PAGE = "page"
"""The parameter of pages that hold a long list: which page of it is open. Another list begins on its first page."""
Query = dict[str, list[str]]
"""The parameters of an address: name → values."""


@dataclass
class ReaderLink:
    """What one reader's session remembers from run to run.

    Attributes:
        selection: The filters in force.
        query: The address as it was last read or written.
        page_id: The page that was drawn last.
        extras: The page's own parameters.
        is_changed: A widget has changed the link since.
        is_held: A callback that may have changed nothing ran since.
        is_arrival: The reader has just come from another page.
        build_id: The build whose codes the selection was read by.
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
        """The parameters of the link to what is shown now."""
        return [*self.selection.query_pairs(), *self.extras.items()]

    def write(self) -> Query:
        """Write the address of what is shown now, and take it for the browser's from now on."""
        self.query = as_query(self.pairs())
        return self.query

    def is_new(self, page_id: str, query: Query) -> bool:
        """Whether the address of a page says something else than the link, and wins."""
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
        """Drop every filter; the language and the build that is kept stay."""
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
    """The link by which a page is drawn: the address's when that has changed, else as clicks have left it.

    Args:
        link: The session's; None at its first page.
        page_id: The page.
        query: The address.
        snapshot: Where codes are looked up.
        extra_parameters: Parameters that the page takes beside the selection's.
        write: Takes the address where another one is to be shown.

    Raises:
        SelectionError: the address has an unknown parameter or a value that is not allowed, or the build that is shown
            from now on does not know a code.
    """
    is_switched = link is not None and link.page_id != page_id
    if link is None or link.is_new(page_id, query):
        new_link = _open(link, page_id, query, snapshot, extra_parameters, is_switched=is_switched)
        if link is not None and find_page(link.page_id) == find_page(page_id):
            # A way within a page, which Streamlit leaves out of the address bar.
            write(query)
        return new_link
    if link.selection.versus and not set(VERSUS) <= set(extra_parameters):  # the page shows one side alone
        link.selection, link.is_changed = link.selection.first, True
    is_stale = link.is_changed or (is_switched and (query != link.query or bool(link.extras)))
    if is_switched:  # a way to another page may carry the very parameters that this one had: a chart to use
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
    """The link that an address opens."""
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
    """A link's parameters as Streamlit takes them: name → values."""
    query: Query = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return query
