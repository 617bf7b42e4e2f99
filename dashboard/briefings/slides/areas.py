"""Rectangles on a slide, in PowerPoint's units (914,400 to the inch)."""

from typing import NamedTuple

INCH = 914_400
POINT = 12_700


class Area(NamedTuple):
    """A rectangle: its left and upper edge, width and height."""

    left: int
    top: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """The lower edge."""
        return self.top + self.height

    @property
    def right(self) -> int:
        """The right edge."""
        return self.left + self.width

    def split_left(self, width: int, gap: int) -> tuple["Area", "Area"]:
        """A column of `width` at the left, and what is right of it after a gap."""
        rest = self.width - width - gap
        return self._replace(width=width), self._replace(left=self.left + width + gap, width=rest)

    def split_top(self, height: int, gap: int = 0) -> tuple["Area", "Area"]:
        """A strip of `height` at the top, and what is below it after a gap."""
        rest = self.height - height - gap
        return self._replace(height=height), self._replace(top=self.top + height + gap, height=rest)
