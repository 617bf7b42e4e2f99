"""A page out of its parts: the one that the address asks for is opened and drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.ui.frame import link, page
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import filter_bar


@dataclass(frozen=True)
class Part:
    """How a part of a page is opened and drawn.

    Attributes:
        show: Draws it below its title, given what `open` gives; where it has filters, the selection too.
        parameters: The parameters that it takes beside the selection's.
        open: Opens it: `page.open`, or what says that it is for staff or does without a snapshot.
        has_filters: Whether the filters stand on it.
        has_title: Whether the title and the day stand on it; else `show` draws its own.
        name: What it is called where it is about one thing.
        prepare: What is done before its link is read.
        begin: What is done between opening it and drawing its filters.
    """

    show: Callable[..., object]
    parameters: Sequence[str] = ()
    open: Callable[[str, Sequence[str]], Any] = page.open
    has_filters: bool = True
    has_title: bool = True
    name: Callable[[View], str] = lambda view: ""
    prepare: Callable[[], object] = lambda: None
    begin: Callable[[], object] = lambda: None

    def draw(self, page_id: str) -> None:
        """Draw it under its id."""
        self.prepare()
        view: Frame = self.open(page_id, self.parameters)
        self.begin()
        if self.has_filters and isinstance(view, View):
            selection = filter_bar.show(view, self.name(view), has_day=self.has_title, has_title=self.has_title)
            self.show(view, selection)
        else:
            page.show_title(view)
            self.show(view)


def draw(**parts: Part) -> None:
    """Draw the part of the page that is asked for, of those that it has, by their ids."""
    page_id = link.part()
    parts[page_id].draw(page_id)
