"""Words of files as new members of a campaign's own codelist, many at once: a line each, called by the word."""

from collections.abc import Sequence

from dashboard.campaign.codelist_edit import STEP, propose_code
from dashboard.campaign.codelists import LABEL
from dashboard.ground.files.csv_editor import CsvText


def add_members(text: str, words: Sequence[str], lang: str) -> str:
    """A codelist's file with a line for each word below its present lines.

    Args:
        text: The file as it is; what stands in it stays as it is written.
        words: The words, each of which is no spelling of the list yet.
        lang: The language that they are in.
    """
    label = f"{LABEL}{lang}"
    if CsvText(text).column(label) is None:
        text = CsvText(text).with_column(label)
    file = CsvText(text)
    present = [file.values(line) for line in file.lines]
    codes = {cells["code"] for cells in present if cells.get("code")}
    order = max((int(cells["sort_order"]) for cells in present if cells.get("sort_order", "").isdigit()), default=0)
    lines = []
    for word in words:
        order += STEP
        code = propose_code(word, codes)
        codes.add(code)
        lines.append({"code": code, label: " ".join(word.split()), "sort_order": str(order)})
    return file.with_lines(lines)
