"""Texts that a spreadsheet would run when it opens a CSV file: an apostrophe protects them, and reading removes it.

A workbook types its cells as texts, so that nothing is run there; `dashboard/files/extracts/workbook/layout.py` says
more.
"""

import re

SIGNS = r"=+\-@\t\r＝＋－＠"
"""The beginnings of such a text, as within the brackets of a regular expression, for Python and for the database."""
FORMULA = f"^[{SIGNS}]"
"""The pattern of such a beginning."""
GUARDED = f"^'[{SIGNS}]"
"""The pattern of a guarded one."""
NUMBER = "^[+-]?[0-9]+([.,][0-9]+)?$"
"""A mere number is no danger and stays one."""
_RUN = re.compile(FORMULA)
_NUMBER = re.compile(NUMBER)
_GUARDED = re.compile(GUARDED)


def guard(text: str) -> str:
    """Return a text that no spreadsheet runs."""
    return f"'{text}" if _RUN.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """Return a text without the guard of this program or of another."""
    return text[1:] if _GUARDED.match(text) else text
