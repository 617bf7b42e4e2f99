"""Static pictures of charts: SVG drawn from the values, and PNG from it; no browser, no script.

`draw_svg` gives the bare drawing that an embed shows, or a picture of a named size that stands alone, with its title,
source and notes; `draw_png` gives the latter as PNG. The numbers are those of `Chart.frame`, the words those of its
caption; each mark carries its values as `data-…` attributes.
"""

from dashboard.pictures.frame import SIZES, Size
from dashboard.pictures.png import draw_png
from dashboard.pictures.styles import style_hashes
from dashboard.pictures.svg import draw_svg

__all__ = ["SIZES", "Size", "draw_png", "draw_svg", "style_hashes"]
