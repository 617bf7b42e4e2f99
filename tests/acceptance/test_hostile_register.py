"""A hostile register is taken in whole. How its texts leave in files: `test_open_files.py`, `test_hostile_rows.py`."""

import csv
import io
import re
from datetime import date
from pathlib import Path

from tests.acceptance.published import account, publish
from tests.etl.campaigns import ACTIONS_RECIPE, make_campaign
from tests.etl.intake import ask_intake

FORMULAS = [
    "=cmd|' /C calc'!A0", "=1+1", "+1", "-2+3", "+cmd", "@SUM(A1:A9)", "＝1+1", "＋1+1",
    '=HYPERLINK("http://example.org","Open")', "\t=1+1", "\r=1+1",
]  # fmt: skip
TEXTS = [
    "x" * 40_000, "🙂" * 20_000, "🙂 👩\u200d👩\u200d👧 🇨🇮", "عمل الأطفال 2021 \u202bחינוך\u202c",
    "bell\x07 and escape\x1b[31m", "not\ufffea character", "00123", "1e5", "_x0041_", "_x000D_ and _xD83D_",
    'He said "no",\nthen; left', "two\r\nlines", "<b>&amp;</b> ]]>", "#REF!", "TRUE", "a\u00a0b",
]  # fmt: skip
LONG_TITLE = "A very long promise " * 10
HOSTILE = [*FORMULAS, *TEXTS]


def make_export() -> str:
    """Make one action a text, in its description; the first is due in 1899."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Ref", "Maker", "Promise", "How", "Sent", "Due"])
    for number, text in enumerate(HOSTILE):
        title = f"{LONG_TITLE}{number}" if number else "=2+3"
        due = "2021-12-30" if number else "1899-12-31"
        writer.writerow([f"00{number + 100}", f"=Fictional maker {number}", title, text, "2021-03-01", due])
    return out.getvalue()


def test_the_build_takes_every_row_and_shortens_no_text(tmp_path: Path) -> None:
    snapshot = publish(tmp_path / "c", {"office.csv": make_export()}, {"office_actions": ACTIONS_RECIPE})
    assert account(snapshot) == {"office.csv": (len(HOSTILE), len(HOSTILE), 0, 0)}
    stored = snapshot.ask("select action_id, description, due_on from actions order by source_row").to_dict("records")
    for row, text in zip(stored, HOSTILE, strict=True):
        # The build takes blanks and control characters from the ends and line ends as one; all else is as it was.
        assert "".join(row["description"].split()) == "".join(text.split())
    assert [row["action_id"] for row in stored] == [f"OFF-00{number + 100}" for number in range(len(HOSTILE))]
    assert stored[0]["due_on"].date() == date(1899, 12, 31)


def test_bytes_of_lone_surrogates_do_not_get_in(tmp_path: Path) -> None:
    """UTF-8 knows no lone surrogates; a file with such bytes is read in another encoding, and no text is lost."""
    export = make_export().encode() + b"00999,Maker,Promise,a\xed\xa0\x80b,2021-03-01,2021-12-30\r\n"
    folder = make_campaign(tmp_path / "c", {"office.csv": export}, {"office_actions": ACTIONS_RECIPE})
    [*others, (_, text)] = ask_intake(folder, "select source_row, description from staged_actions order by all")
    assert len(others) == len(HOSTILE)
    assert re.fullmatch("a.{1,3}b", text)
    text.encode("utf-8")
