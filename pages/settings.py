"""Settings: what the campaign says of itself, who is who, the audit log, a new campaign. For staff."""

from dashboard.ui import audit, new_campaign, roles
from dashboard.ui.frame import page
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part
from dashboard.ui.settings import body as settings

page_parts.draw(
    settings=Part(settings.show, settings.PARAMETERS, page.open_first, has_filters=False),
    roles=Part(roles.show, (), page.open_first, has_filters=False),
    audit=Part(audit.show, (), page.open_first, has_filters=False),
    new_campaign=Part(new_campaign.show, (), page.open_first, has_filters=False),
)
