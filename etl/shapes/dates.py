"""In which order a sheet writes day, month and year, where that is in doubt."""

import re
from collections.abc import Sequence

from etl.readers.sheets import PreviewRow
from etl.shapes.model import Role, Tool
from etl.texts.plain import plain

_PAIR = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b")
_AMERICAN = frozenset({"timestamp", "start time", "completion time"})
_USUAL = {
    Tool.SURVEYMONKEY: "mdy",
    Tool.KOBOTOOLBOX: "ymd",
    Tool.ODK_CENTRAL: "ymd",
    Tool.LIMESURVEY: "ymd",
    Tool.QUALTRICS: "ymd",
    Tool.ALCHEMER: "ymd",
    Tool.TYPEFORM: "ymd",
}


def find_date_order(tool: Tool, row: PreviewRow, roles: Sequence[Role], below: Sequence[PreviewRow]) -> str:
    """`dmy`, `mdy` or `ymd`: by the tool's own times where they tell, else as the tool usually writes."""
    times = [i for i, role in enumerate(roles) if role is Role.TIME]
    columns = times or range(len(row))
    pairs = [pair for cells in below for i in columns if (pair := _PAIR.match(cells[i] or ""))]
    if any(int(pair[1]) > 12 for pair in pairs):
        return "dmy"
    if any(int(pair[2]) > 12 for pair in pairs):
        return "mdy"
    if tool in (Tool.GOOGLE_FORMS, Tool.MICROSOFT_FORMS):
        return "mdy" if any(plain(row[i]) in _AMERICAN for i in times) else "dmy"
    return _USUAL.get(tool, "dmy")
