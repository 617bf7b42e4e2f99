"""Where a file came from by itself, in words."""

from dashboard import formats
from dashboard.campaign.origins import Origin
from dashboard.campaign.source_notes import moment
from dashboard.campaign.sources import NAMES, Tool
from dashboard.ui.frame.page import Frame


def say(view: Frame, origin: Origin | None) -> str:
    """`fetched from KoboToolbox, Mid-year survey, 1 July 2021, 09:00 UTC`; nothing where a person brought the file."""
    at = None if origin is None else moment(origin.at)
    if origin is None or at is None:
        return ""
    tool = next((view.t(NAMES[one]) for one in Tool if one.value == origin.tool), origin.tool)
    when = f"{formats.format_date(at.date(), view.lang)}, {at:%H:%M} UTC"
    return view.t("fetched from {tool}, {source}, {when}", tool=tool, source=origin.title, when=when)
