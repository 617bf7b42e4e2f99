"""A picture held against the one that is painted again. What stands in pixels cannot be read, only compared."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageChops

from dashboard.receipts.carried import hash_picture
from dashboard.receipts.receipt import Receipt
from dashboard.verifying.deviation import Comparison

MOST_PIXELS = 60_000_000


def compare_pictures(actual: bytes, expected: bytes, receipt: Receipt) -> Comparison:
    """Pixel by pixel.

    A picture that differs from the one painted again was changed, or painted with other fonts. Which of both, the
    receipt tells: its hash is that of the image as it was made.

    Raises:
        ValueError: it is no picture that can be read.
    """
    result = Comparison(compared=1, is_readable=False)
    box = _differing(actual, expected)
    if box is None:
        return result
    if hash_picture(actual) != receipt.picture:
        result.differ(f"the picture, between {box}", "something else", "what this program paints")
    else:
        result.remark(
            "The picture is as it was made, and this computer paints it otherwise: it has other fonts, or the figures "
            "and the receipt were both forged. Compare it with the picture at the receipt's address."
        )
        result.differ(f"the picture, between {box}", "pixels that cannot be read", "what this program paints")
    return result


def same_picture(actual: bytes, expected: bytes) -> bool:
    """Whether two pictures show the same."""
    if actual == expected:
        return True
    try:
        return _differing(actual, expected) is None
    except ValueError:
        return False


def _differing(actual: bytes, expected: bytes) -> str | None:
    """The corners, in pixels, between which two pictures differ; None where they show the same."""
    ours, theirs = (_open(content) for content in (actual, expected))
    if ours.size != theirs.size:
        return f"(0, 0) and {ours.size}"
    box = ImageChops.difference(ours, theirs).getbbox(alpha_only=False)
    return None if box is None else f"({box[0]}, {box[1]}) and ({box[2]}, {box[3]})"


def _open(content: bytes) -> Any:
    try:
        picture = Image.open(BytesIO(content))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too large")
        return picture.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
