"""The languages that come with the program; tests that go through all of them read them here."""

import re

LANGUAGES = ("en", "fr", "es")


def find_bare_signs(french: str) -> list[str]:
    """Find the marks of a French text without a no-break space before them, with the text around them."""
    return re.findall(r"\S*[^\s\u00a0\u202f:;?!][:;?!](?=\s|$)|\S* [:;?!»%](?=\s|$)|« \S*", french)
