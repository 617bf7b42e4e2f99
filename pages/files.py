"""Files: exports taken in, looked at and published; what is wrong in them, and what to do about it. For staff."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part
from dashboard.ui.quality import body as quality
from dashboard.ui.upload import body as upload

page_parts.draw(
    upload=Part(upload.show, (), page.open_first, has_filters=False),
    quality=Part(quality.show, quality.PARAMETERS, page.open_staff, has_filters=False),
)
