"""The template of a deck: the presenter's own file, or the design made by code; its layouts and free areas.

Placeholders are found by what they are for, never by their number or name: every organisation numbers its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn

from dashboard.briefings.slides.areas import INCH, Area
from dashboard.briefings.slides.design import own_design
from dashboard.errors import UserError
from dashboard.i18n import N_

TEMPLATE = "briefing.pptx"
"""The file in the campaign folder that is the template of every deck."""

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_FOOTERS = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_USUAL_TITLE = 44.0
_SMALLEST = round(2.5 * INCH)


@dataclass(frozen=True)
class Template:
    """A presentation without slides, and what is used of it.

    Attributes:
        front: The layout of the title slide.
        plain: The layout of every other slide: a title and as little else as possible.
        is_own: The design made by code.
    """

    deck: Any
    front: Any
    plain: Any
    is_own: bool

    def area(self) -> Area:
        """What is free on a slide of the plain layout: below the title, above the footers."""
        width, height = self.deck.slide_width, self.deck.slide_height
        title = find(self.plain.placeholders, *_TITLES)
        footers = [box.top for box in self.plain.placeholders if box.placeholder_format.type in _FOOTERS]
        margin = round(width * 0.045)
        left, right = (title.left, title.left + title.width) if title is not None else (margin, width - margin)
        if right - left < width * 0.6:  # a title at the side leaves the rest of the width
            left, right = margin, width - margin
        top = title.top + title.height if title is not None and title.top < height / 2 else margin
        low = [edge for edge in footers if edge > height * 0.7]
        bottom = min(low) if low else height - margin
        if bottom - top < _SMALLEST:
            top, bottom = round(height * 0.2), round(height * 0.92)
        return Area(left, top, right - left, bottom - top)

    def title_size(self, layout: Any) -> float:
        """The size in points that a layout's titles have, from wherever it is set."""
        master = layout.slide_master
        for place in (layout, master):
            title = find(place.placeholders, *_TITLES)
            sizes = [] if title is None else title.element.xpath(".//a:lstStyle/a:lvl1pPr/a:defRPr/@sz")
            if sizes:
                return int(sizes[0]) / 100
        sizes = master._element.xpath(".//p:titleStyle/a:lvl1pPr/a:defRPr/@sz")
        return int(sizes[0]) / 100 if sizes else _USUAL_TITLE

    def add_slide(self, layout: Any) -> Any:
        """A slide without the placeholders that would stay empty: only title and subtitle are kept."""
        slide = self.deck.slides.add_slide(layout)
        for box in list(slide.placeholders):
            if box.placeholder_format.type not in (*_TITLES, PP_PLACEHOLDER.SUBTITLE):
                box.element.getparent().remove(box.element)
        return slide


def open_template(file: Path | None) -> Template:
    """The template in a file, without its example slides; the design made by code where there is no file.

    Raises:
        UserError: the file is no presentation that can be read.
    """
    if file is None or not file.is_file():
        return _choose(own_design(), is_own=True)
    try:
        deck = Presentation(str(file))
        _drop_slides(deck)
        if not len(deck.slide_layouts):
            raise ValueError("no layouts")
        return _choose(deck, is_own=False)
    except Exception as error:  # whatever the library stumbles over in a file that is not what it seems
        raise UserError(
            N_("The template briefing.pptx in the campaign folder cannot be read as a PowerPoint presentation."),
            N_("Open it in PowerPoint, save it as a presentation (.pptx) without a password, or remove it."),
        ) from error


def find(placeholders: Any, *kinds: Any) -> Any:
    """The first placeholder of one of these kinds; None if there is none."""
    return next((box for box in placeholders if box.placeholder_format.type in kinds), None)


def title_of(slide: Any) -> Any:
    """The slide's placeholder for its title; None if its layout has none."""
    return find(slide.placeholders, *_TITLES)


def _choose(deck: Any, *, is_own: bool) -> Template:
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    titled = [layout for layout in layouts if find(layout.placeholders, *_TITLES) is not None]
    plain = min(titled or layouts, key=lambda layout: (len(list(_contents(layout))), layouts.index(layout)))
    fronts = [layout for layout in titled if layout._element.get("type") == "title"]
    fronts += [layout for layout in titled if find(layout.placeholders, PP_PLACEHOLDER.SUBTITLE) is not None]
    return Template(deck, fronts[0] if fronts else plain, plain, is_own)


def _contents(layout: Any) -> Iterator[Any]:
    """The placeholders that a chart would have to be put beside; a front page's title counts, too."""
    for box in layout.placeholders:
        kind = box.placeholder_format.type
        if kind not in _FOOTERS and kind != PP_PLACEHOLDER.TITLE:
            yield box


def _drop_slides(deck: Any) -> None:
    """Take out the example slides, and what lists them: PowerPoint calls a list of slides that are gone damaged."""
    slides = deck.slides._sldIdLst
    for slide in list(slides):
        deck.part.drop_rel(slide.rId)
        slides.remove(slide)
    root = deck.part._element
    for tag in ("p:custShowLst", "p:extLst"):
        for element in root.findall(qn(tag)):
            root.remove(element)
