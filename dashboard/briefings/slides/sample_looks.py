"""How a template's titles look where only their sample texts say so.

LibreOffice writes colour, size and typeface of a placeholder to the words that stand in it (*Click to edit …*), not to
its style; a title that is typed on a slide would be black, also on a dark bar.
"""

from copy import deepcopy
from typing import Any

from pptx.oxml.ns import qn

_COLOUR = f".//{qn('a:defRPr')}/{qn('a:solidFill')}"
_TAKEN = ("a:solidFill", "a:latin")
_USUAL = ("tx1", "tx2")
"""The theme's colours of text, which a sample's own takes the place of."""


def find_look(box: Any, layout: Any) -> Any:
    """The properties of the sample text in a layout's or master's placeholder; None where styles say how it looks.

    Args:
        box: A placeholder of a slide.
        layout: The slide's layout.
    """
    kind = box.placeholder_format.type
    for place in (layout, layout.slide_master):
        for one in place.placeholders:
            if one.placeholder_format.type != kind:
                continue
            styles = one._element.find(f".//{qn('a:lstStyle')}")
            if styles is not None and styles.find(_COLOUR) is not None:
                return None
            for name in ("a:rPr", "a:endParaRPr"):
                look = one._element.find(f".//{qn(name)}")
                if look is not None and look.find(qn("a:solidFill")) is not None:
                    return look
    return None


def adopt(look: Any, frame: Any) -> None:
    """Give all words of a text frame that are in the theme's usual colours a sample's colour, typeface and weight."""
    if look is None:
        return
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            properties = run._r.get_or_add_rPr()
            fill = properties.find(qn("a:solidFill"))
            if fill is not None:
                if fill[0].get("val") not in _USUAL:
                    continue
                properties.remove(fill)
            if look.get("b") and properties.get("b") is None:
                properties.set("b", look.get("b"))
            for place, element in enumerate(look.find(qn(tag)) for tag in _TAKEN):
                if element is not None:
                    properties.insert(place, deepcopy(element))
