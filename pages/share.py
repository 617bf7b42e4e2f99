"""Share: charts and briefings, rows as files, the newsletter, and the signed links of one's own."""

from dashboard.files.extracts.choice import PARAMETERS
from dashboard.ui import newsletter, shared_links
from dashboard.ui.briefing import body as briefing
from dashboard.ui.download import body as download
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part

page_parts.draw(
    briefing=Part(briefing.show, briefing.PARAMETERS, begin=briefing.restore),
    download=Part(download.show, PARAMETERS),
    newsletter=Part(newsletter.show, has_filters=False),
    shared_links=Part(shared_links.show, shared_links.PARAMETERS),
)
