"""Pictures as a reader sees them: an attribute that a drawing gives once for many elements is put on each of them."""

from typing import Any

from dashboard.charts.svg.outlines import LETTERS

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
_TOLD_ONCE = ("data-measure", "data-actions", "data-code")
_MARKS = ("data-value", "data-code", "data-column")


def place(root: Any) -> Any:
    """Put groups' shifts, inks and values on the elements of a parsed picture, and rectangles for `use`.

    Args:
        root: The `svg` element, of lxml or of the standard library; changed in place.
    """
    _take_outlines(root)
    defined = {element.get("id"): element for element in root.iter() if element.get("id") and element is not root}
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{SVG}defs":
                parent.remove(child)
    _settle(root, (0.0, 0.0, 1.0), {}, defined)
    return root


def _take_outlines(root: Any) -> None:
    """Lines of text, painted themselves, in place of the outlines of their letters; the grounds of texts go."""
    letters = {f"#{letter.get('id')}" for one in root.iter() if one.get("id") == LETTERS for letter in one}
    for parent in list(root.iter()):
        fill = ""
        for child in list(parent):
            if child.tag == f"{SVG}g" and len(child) and child[0].get(LINK) in letters:
                fill = child.get("fill")
                parent.remove(child)
            elif child.tag == f"{SVG}text" and child.get("aria-hidden"):
                parent.remove(child)
            elif child.tag == f"{SVG}text" and child.get("fill") == "none":
                child.set("fill", fill)
            elif child.tag == f"{SVG}use" and LINK in child.attrib:
                child.set("href", child.attrib.pop(LINK))


def _settle(element: Any, shift: tuple[float, float, float], told: dict[str, str], defined: dict[str, Any]) -> None:
    moved = element.get("transform") or ""
    if moved.startswith("translate("):
        x, y = map(float, moved[len("translate(") : moved.index(")")].split())
        factor = float(moved.partition("scale(")[2].rstrip(")") or 1)
        shift = (shift[0] + x * shift[2], shift[1] + y * shift[2], shift[2] * factor)
        del element.attrib["transform"]
    around = dict(told)
    told = told | {name: element.get(name) for name in (*_TOLD_ONCE, "fill", "class") if element.get(name) is not None}
    if element.tag == f"{SVG}use":
        _become(element, defined[str(element.get("href"))[1:]])
    if element.tag == f"{SVG}text":
        _take(element, told, ("fill", "class"))
        own = element.get("class") or ""
        if "f-" not in own and "class" in around:
            element.set("class", f"{around['class']} {own}")
    if any(element.get(name) is not None for name in _MARKS):
        _take(element, told, _TOLD_ONCE)
    for axis, name in enumerate("xy"):
        if element.tag in (f"{SVG}text", f"{SVG}rect"):
            element.set(name, str(round(float(element.get(name) or 0) * shift[2] + shift[axis], 3)))
        if element.tag == f"{SVG}rect":
            side = ("width", "height")[axis]
            element.set(side, str(round(float(element.get(side)) * shift[2], 3)))
    for child in element:
        _settle(child, shift, told, defined)


def _become(use: Any, model: Any) -> None:
    """Turn a `use` into the rectangle that it shows."""
    assert "class" not in model.attrib, "a style sheet does not reach it"
    use.tag = model.tag
    for name, value in model.attrib.items():
        if name in ("x", "y"):
            use.set(name, str(float(use.get(name) or 0) + float(value)))
        elif name != "id":
            use.set(name, value)
    del use.attrib["href"]


def _take(element: Any, told: dict[str, str], names: tuple[str, ...]) -> None:
    for name in names:
        if element.get(name) is None and name in told:
            element.set(name, told[name])
