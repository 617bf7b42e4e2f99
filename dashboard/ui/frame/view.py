"""What a page draws from, as data: without Streamlit, so that what a page shows can be made and tested without it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from dashboard.i18n import Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a page needs that shows no figures: the translator and the language."""

    page_id: str
    t: Translator
    lang: str


@dataclass(frozen=True, kw_only=True)
class View(Frame):
    """What a page draws from: the snapshot and the selection too, and what its link says beside them.

    Attributes:
        own: The page's own parameters, as the link had them when the page was opened.
        root: Where below its host the dashboard is, as the reader's browser asks for it; empty at the top.
    """

    snapshot: Snapshot
    selection: Selection
    own: Mapping[str, str] = field(default_factory=dict)
    root: str = ""

    def own_pairs(self, **values: str | None) -> list[tuple[str, str]]:
        """The parameters of the link to this page with others of its own, for an address; None leaves one out."""
        return [*self.selection.query_pairs(), *merge(self.own, values).items()]

    def address(self, target: str, pairs: Iterable[tuple[str, str]]) -> str:
        """The address of a page with these parameters, as a link on this page has it."""
        return f"{self.root}/{target}?{urlencode(list(pairs))}"

    def own_address(self, **values: str | None) -> str:
        """The address of this page with other parameters of its own; None leaves one out."""
        return self.address(self.page_id, self.own_pairs(**values))


def merge(own: Mapping[str, str], values: Mapping[str, str | None]) -> dict[str, str]:
    """A page's own parameters with others set, or left out (None)."""
    changed = {**own, **values}
    return {name: value for name, value in changed.items() if value is not None}
