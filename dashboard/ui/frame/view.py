"""What a page draws from, as data without Streamlit, so that models can be made and tested without it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.i18n import Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a page without figures needs: the translator, and with it the language."""

    page_id: str
    t: Translator

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.t.language


@dataclass(frozen=True, kw_only=True)
class View(Frame):
    """What a page draws from: also the snapshot, the selection, and the link's other parameters.

    Attributes:
        selection: The filters in force, their codes in one order: what is drawn does not depend on the order of clicks.
        parameters: The page's own parameters, as the link had them when the page was opened.
    """

    snapshot: Snapshot
    selection: Selection
    parameters: Mapping[str, str] = field(default_factory=dict)

    def page_pairs(self, **values: str | None) -> tuple[tuple[str, str], ...]:
        """Return the parameters of the link to this page with some of its own changed; None leaves one out."""
        return (*self.selection.query_pairs(), *merge(self.parameters, values).items())

    def day_pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the day, the build and the language: what a link to another thing keeps, whatever the filters."""
        selection = self.selection
        return tuple(Selection(as_of=selection.as_of, build=selection.build, lang=self.lang).query_pairs())


def merge(parameters: Mapping[str, str], values: Mapping[str, str | None]) -> dict[str, str]:
    """Merge a page's own parameters with others; None drops one."""
    changed = {**parameters, **values}
    return {name: value for name, value in changed.items() if value is not None}
