"""The languages that come with the program; tests that go through all of them read them here."""

import re

LANGUAGES = ("en", "fr", "es")


def find_bare_signs(french: str) -> list[str]:
    """The marks of a French text before which no no-break space stands, with what stands around them."""
    return re.findall(r"\S*[^\s\u00a0\u202f:;?!][:;?!](?=\s|$)|\S* [:;?!»%](?=\s|$)|« \S*", french)
