"""Compare drawings with those made again: texts and shapes of SVG and HTML, pixels of pictures.

Pixels can only be compared, not read.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree, html
from PIL import Image, ImageChops

from dashboard.charts.svg.outlines import LETTERS
from dashboard.errors import N_, sentence
from dashboard.snapshot.receipts.carried import hash_picture
from dashboard.snapshot.receipts.receipt import Receipt
from dashboard.web.verifying.deviation import (
    WORDS_FOR_PICTURE,
    Comparison,
    Text,
    compare_texts,
    same,
    say_cell,
    say_place,
    squeeze,
)

DRAWING = sentence(N_("the drawing"))
OTHERWISE_DRAWN = sentence(N_("something else")), sentence(N_("what this program draws"))
_FILE, _TEXT_OF_DRAWING = sentence(N_("the file")), sentence(N_("a text of the drawing"))
_UNSEEN = ("script", "style", "metadata", "noscript", "template", "head", "nav")
_ALTERNATIVES = ("alt", "aria-label")
_DESCRIPTIONS = ("description", "og:description")
_SHAPES = (
    "rect", "path", "circle", "line", "polyline", "polygon", "ellipse", "image", "img", "use", "foreignobject",
    "animate", "animatetransform", "set", "canvas", "iframe", "object", "embed", "video",
)  # fmt: skip
_LINK = "{http://www.w3.org/1999/xlink}href"
_EXTENTS = (
    "x",
    "y",
    "width",
    "height",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "d",
    "points",
    "transform",
    "id",
    "href",
    "src",
)
_CELLS = ("td", "th")


def compare_markup(actual: bytes, expected: bytes, *, is_svg: bool = False, is_free: bool = False) -> Comparison:
    """Compare texts in their order, with the rows and columns of tables; then the shapes of drawings.

    Args:
        actual: The file in hand.
        expected: The one made again.
        is_svg: Whether they are SVG.
        is_free: Whether the same figures may have other words.

    Raises:
        ValueError: it is no such file.
    """
    ours, theirs = (_parse(content, is_svg) for content in (actual, expected))
    result = compare_texts(*([one._replace(is_free=is_free) for one in _list_texts(root)] for root in (ours, theirs)))
    has_outlines = all(_find_outlines(root) for root in (ours, theirs))  # pictures of earlier editions have none
    shapes = [list(_list_shapes(root, has_outlines)) for root in (ours, theirs)]
    result.compared += len(shapes[1])
    if len(shapes[0]) != len(shapes[1]):
        result.differ(DRAWING, *(sentence(N_("{number} shapes"), number=len(one)) for one in shapes), is_text=False)
        return result
    for number, (actual_shape, expected_shape) in enumerate(zip(*shapes, strict=True), start=1):
        _compare_shapes(result, actual_shape, expected_shape, number)
    return result


def compare_descriptions(actual: bytes, expected: bytes) -> Comparison:
    """Compare the descriptions of figures in the head of a page of the dashboard."""
    ours, theirs = (list(_list_descriptions(_parse(content, False))) for content in (actual, expected))
    return compare_texts(ours, theirs)


def _parse(content: bytes, is_svg: bool) -> Any:
    try:
        if is_svg:
            return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        return html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ValueError("no markup") from error


def _name(element: Any) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _list_texts(root: Any) -> Iterator[Text]:
    """List the texts that a reader sees or hears, each with its place."""
    heading, waiting = "", [(root, False)]
    while waiting:
        element, is_tail = waiting.pop()
        text = squeeze((element.tail if is_tail else element.text) or "")
        name = _name(element)
        if not is_tail:
            if element.tail:
                waiting.append((element, True))
            if not name or name in _UNSEEN or (name == "text" and element.get("aria-hidden")):
                continue
            waiting += [(child, False) for child in reversed(element)]
            heading = squeeze("".join(element.itertext())) if name in ("h1", "h2", "h3") else heading
        for alternative in () if is_tail else map(element.get, _ALTERNATIVES):
            if alternative:
                yield Text(say_place(_place(element, heading), WORDS_FOR_PICTURE), alternative)
        if text:
            yield Text(_place(element.getparent() if is_tail else element, heading), text)


def _place(element: Any, heading: str) -> str:
    """Name the place of a text: its heading; in a table, its row and column."""
    under = sentence(N_("under “{heading}”"), heading=heading) if heading else _FILE
    cell = next((one for one in (element, *element.iterancestors()) if _name(one) in _CELLS), None)
    if cell is None:
        drawn = any(_name(one) == "svg" for one in (element, *element.iterancestors()))
        return say_place(under, _TEXT_OF_DRAWING if drawn else _name(element))
    row = cell.getparent()
    column = [one for one in row if _name(one) in _CELLS].index(cell)
    table = next((one for one in cell.iterancestors() if _name(one) == "table"), None)
    heads = [] if table is None else [one for one in table.iter() if _name(one) == "tr"][:1]
    names = [squeeze("".join(one.itertext())) for head in heads for one in head if _name(one) in _CELLS]
    column_name = names[column] if column < len(names) else str(column + 1)
    row_name = squeeze("".join(row[0].itertext()))
    return say_place(under, sentence(N_("table")), *say_cell(f"“{row_name}”", f"“{column_name}”"))


def _list_descriptions(root: Any) -> Iterator[Text]:
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property")
        if name in _DESCRIPTIONS:
            yield Text(sentence(N_("the page’s {name}"), name=name), meta.get("content") or "")


def _find_outlines(root: Any) -> set[Any]:
    """Find the elements that draw the letters of a picture: the letters, each line, and each letter of it."""
    letters = next((one for one in root.iter() if one.get("id") == LETTERS), None)
    if letters is None:
        return set()
    names = {f"#{letter.get('id')}" for letter in letters}
    placed = [one for one in root.iter() if _name(one) == "use" and one.get(_LINK) in names]
    return {*letters, *placed, *(one.getparent() for one in placed)}


def _list_shapes(root: Any, has_outlines: bool) -> Iterator[Any]:
    """List the shapes of drawings, in their order; with those that draw letters, or without them."""
    outlines = _find_outlines(root)
    return (one for one in root.iter() if (has_outlines if one in outlines else _name(one) in _SHAPES))


def _compare_shapes(result: Comparison, actual: Any, expected: Any, number: int) -> None:
    for name in _EXTENTS:
        ours, theirs = (one.get(name) or (one.get(_LINK) if name == "href" else None) for one in (actual, expected))
        if _name(actual) == _name(expected) and not same(ours, theirs):
            shape = sentence(N_("shape {number} ({kind})"), number=number, kind=_name(expected))
            result.differ(say_place(DRAWING, shape, name), ours, theirs, is_text=False)


MOST_PIXELS = 60_000_000


def compare_pictures(actual: bytes, expected: bytes, receipt: Receipt) -> Comparison:
    """Compare pixel by pixel.

    A picture that differs from the one painted again was changed, or painted with other fonts. The receipt decides: its
    hash is that of the original image.

    Raises:
        ValueError: it is no readable picture.
    """
    result = Comparison(compared=1, is_readable=False)
    box = _differing(actual, expected)
    if box is None:
        return result
    place = sentence(N_("the picture, between {corner} and {other}"), corner=box[0], other=box[1])
    if hash_picture(actual) != receipt.picture:
        result.differ(place, *OTHERWISE_DRAWN, is_text=False)
    else:
        result.remark(
            N_(
                "The picture is as it was made, and this computer paints it otherwise: it has other fonts, or the "
                "figures and the receipt were both forged. Compare it with the picture at the receipt’s address."
            )
        )
        result.differ(place, sentence(N_("pixels that cannot be read")), OTHERWISE_DRAWN[1], is_text=False)
    return result


def same_picture(actual: bytes, expected: bytes) -> bool:
    """Return whether two pictures look the same."""
    if actual == expected:
        return True
    try:
        return _differing(actual, expected) is None
    except ValueError:
        return False


def _differing(actual: bytes, expected: bytes) -> tuple[str, str] | None:
    """Return the corners, in pixels, between which two pictures differ; None where they look the same."""
    ours, theirs = (_open(content) for content in (actual, expected))
    if ours.size != theirs.size:
        return "(0, 0)", str(ours.size)
    box = ImageChops.difference(ours, theirs).getbbox(alpha_only=False)
    return None if box is None else (f"({box[0]}, {box[1]})", f"({box[2]}, {box[3]})")


def _open(content: bytes) -> Any:
    try:
        picture = Image.open(BytesIO(content))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too large")
        return picture.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
