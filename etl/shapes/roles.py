"""What a column is for, by its header: the tool's own columns, persons, or an answer."""

from collections.abc import Sequence

from etl.readers.sheets import PreviewRow
from etl.shapes import words
from etl.shapes.headers import Reading
from etl.shapes.model import Role, Tool
from etl.texts.personal import is_personal
from etl.texts.plain import plain


def find_role(
    tool: Tool, header: str | None, second: str | None, reading: Reading, separators: Sequence[str], row: PreviewRow
) -> Role:
    """The role of one column.

    Args:
        tool: Who wrote the sheet.
        header: Its header.
        second: The cell of the second header row, if there is one.
        reading: The header taken apart: of a choice's column its question tells whether it is personal, since a
            choice may well be "by e-mail".
        separators: What stands between a group and its question.
        row: All headers: some columns belong to another one.
    """
    if header is None and second is None:
        return Role.META
    system = _system_role(tool, header or "", second, row)
    if system is not None:
        return system
    texts = (
        [reading.question] if reading.choice else [header, second, *((header or "").split(s)[-1] for s in separators)]
    )
    return Role.PERSONAL if any(is_personal(text) for text in texts if text) else Role.ANSWER


def _system_role(tool: Tool, header: str, second: str | None, row: PreviewRow) -> Role | None:
    if tool in (Tool.KOBOTOOLBOX, Tool.ODK_CENTRAL):
        return _kobo_role(tool, header, row)
    names = {plain(header) or header.strip()}
    if tool is Tool.LIMESURVEY:
        names.add(plain(header.partition(". ")[0]))
        if words.LIME_TIMES.search(header):
            return Role.META
    if tool is Tool.QUALTRICS:
        if words.QUALTRICS_META.search(header):
            return Role.META
        if header[:1] == "V" and header[1:].isdigit():
            names.add(plain(second))
    for role, system_names in words.SYSTEM.get(tool, {}).items():
        if names & system_names:
            return role
    return None


def _kobo_role(tool: Tool, header: str, row: PreviewRow) -> Role | None:
    small = header.strip().lower()
    system_names = words.KOBO_SYSTEM if tool is Tool.KOBOTOOLBOX else words.ODK_SYSTEM
    role = system_names.get(small) or system_names.get(small.rpartition("/")[2] if small.startswith("meta/") else small)
    if role is not None:
        return role
    if small.startswith(("_submission__", "__")) or words.PLACE_PARTS.search(small.rpartition("/")[2]):
        return Role.META
    if small.endswith("_url") and header[:-4] in row:  # an uploaded file's address, beside its name
        return Role.META
    return None
