"""Paint SVG as PNG by resvg, with the given fonts and no others.

Run as a module it is a standing worker (see `dashboard.ground.processes.child`). It imports no drawing of the
dashboard, so it starts at once and takes little memory.
"""

from collections.abc import Sequence

from resvg import render, usvg

from dashboard.ground.processes.child import serve

_AS_IT_IS = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


class PaintingError(Exception):
    """The SVG cannot be painted."""


def paint(svg: str, font_files: Sequence[str]) -> bytes:
    """Paint an SVG as PNG, in the size it states. Holds the interpreter while it paints.

    `font_files`: the fonts it may use, in the order of trust.

    Raises:
        PaintingError: it is no SVG, or has no size.
    """
    options = usvg.Options.default()
    for file in font_files:
        options.load_font_file(file)
    try:
        return render(usvg.Tree.from_str(svg, options), _AS_IT_IS)
    except BaseException as error:
        if isinstance(error, Exception | KeyboardInterrupt | SystemExit):
            raise
        raise PaintingError(str(error)) from None  # a panic of resvg, which is no Exception


if __name__ == "__main__":
    serve(paint)
