"""A worker's job: a logo drawn anew as a small PNG, from an SVG without what runs or loads, or from a picture."""

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from dashboard.campaign.reporting.evidence_cleaning import MOST_PIXELS
from dashboard.charts.svg.fonts import font_files
from dashboard.charts.svg.painting import paint
from dashboard.errors import UserError, pack, sentence
from dashboard.ground.processes.child import answer, limit_memory
from dashboard.i18n import N_
from dashboard.theme import FONT

if TYPE_CHECKING:
    from PIL.Image import Image

WIDEST, HIGHEST = 480, 160
MOST_BYTES = 12_000
"""How large it may be in bytes, since each embed carries it."""
_PALE = 200
"""The mean lightness of 255 from which on a logo is hardly seen on white."""
_DRAWN = {
    "svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
    "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "style", "title", "desc",
}  # fmt: skip
"""The elements of SVG that stay."""


def draw_logo(arguments: dict[str, Any]) -> dict[str, Any]:
    """Draw the logo in the file `path` anew; the report says what to mind, as `template_check`'s.

    Raises:
        UserError: it is no picture that can be drawn.
    """
    limit_memory()
    content = Path(arguments["path"]).read_bytes()
    try:
        png = _paint(content) if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" else content
        picture = _open(png)
        Path(arguments["to"]).write_bytes(_write_small(picture))
    except Exception as error:  # parsers meet what nobody has foreseen, and say so in many ways
        what = N_("The file is no picture (SVG, PNG, JPEG, WebP) that can be drawn.")
        raise UserError(what, N_("Save it as a PNG, and choose the new file.")) from error
    lacking = [sentence(N_("The logo is pale: on white it is hardly seen."))] if _is_pale(picture) else []
    if png is not content and b"<text" in content:
        lacking.append(sentence(N_("Its letters are drawn in the typeface of the charts: save them as outlines.")))
    return {"kind": "logo", "removed": [], "lacking": [pack(one) for one in lacking], "previews": []}


def _paint(content: bytes) -> bytes:
    """Paint an SVG, without what is not drawn or stands elsewhere."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    for element in list(root.iter()):
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name not in _DRAWN and element.getparent() is not None:
            element.getparent().remove(element)
        for attribute, value in element.attrib.items():
            is_elsewhere = attribute.endswith("href") and not value.startswith("#")
            if is_elsewhere or attribute == "font-family":
                del element.attrib[attribute]
    root.set("font-family", FONT)
    if root.get("viewBox") is None:
        root.set(
            "viewBox", f"0 0 {root.get('width', '').removesuffix('px')} {root.get('height', '').removesuffix('px')}"
        )
    _, _, width, height = (float(part) for part in root.get("viewBox").replace(",", " ").split())
    zoom = 2 * min(WIDEST / width, HIGHEST / height)
    root.set("width", f"{width * zoom:g}")
    root.set("height", f"{height * zoom:g}")
    return paint(etree.tostring(root, encoding="unicode"), [str(file) for file in font_files()])


def _open(content: bytes) -> "Image":
    """Open a picture, without its transparent edges and not too large."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened_file:
        picture = ImageOps.exif_transpose(opened_file).convert("RGBA")
    picture = picture.crop(picture.getchannel("A").getbbox())
    picture.thumbnail((WIDEST, HIGHEST))
    return picture


def _is_pale(picture: "Image") -> bool:
    """Return whether a logo without a ground of its own is light."""
    from PIL import ImageStat

    shape = picture.getchannel("A")
    has_ground = shape.histogram()[255] == picture.width * picture.height
    return not has_ground and ImageStat.Stat(picture.convert("L"), shape).mean[0] > _PALE


def _write_small(picture: "Image") -> bytes:
    """Write a picture as PNG, in fewer colours and smaller until it has the size of a logo."""
    from PIL import Image

    while True:
        for drawn in (picture, picture.quantize(128, Image.Quantize.FASTOCTREE)):
            file = BytesIO()
            drawn.save(file, "PNG", optimize=True)
            if file.tell() <= MOST_BYTES:
                return file.getvalue()
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))


if __name__ == "__main__":
    sys.exit(answer(draw_logo))
