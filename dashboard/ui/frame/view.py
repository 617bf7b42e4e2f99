"""What a page draws from, as data: without Streamlit, so that what a page shows can be made and tested without it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
        selection: The filters in force, their codes in one order: what is drawn does not depend on the order of clicks.
        parameters: The page's own parameters, as the link had them when the page was opened.
    """

    snapshot: Snapshot
    selection: Selection
    parameters: Mapping[str, str] = field(default_factory=dict)

    def page_pairs(self, **values: str | None) -> tuple[tuple[str, str], ...]:
        """The parameters of the link to this page with others of its own; None leaves one out."""
        return (*self.selection.query_pairs(), *merge(self.parameters, values).items())

    def day_pairs(self) -> tuple[tuple[str, str], ...]:
        """The day, the build and the language: what stays in the link to another thing, whatever the filters."""
        selection = self.selection
        return tuple(Selection(as_of=selection.as_of, build=selection.build, lang=self.lang).query_pairs())


def merge(parameters: Mapping[str, str], values: Mapping[str, str | None]) -> dict[str, str]:
    """A page's own parameters with others set, or left out (None)."""
    changed = {**parameters, **values}
    return {name: value for name, value in changed.items() if value is not None}
