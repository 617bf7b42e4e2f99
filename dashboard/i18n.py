"""Interface texts in the reader's language: gettext catalogues read with Babel, passed as an argument.

English source strings stand in the code as `t("…")`; `N_("…")` marks one that is declared in one
place and translated when drawn. Text of the data (category, theme, status) is in the codelists.
"""

from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from dashboard.paths import LOCALES

LANGUAGE_NAMES = {"en": "English", "fr": "Français", "es": "Español"}
"""Each language as its readers call it."""


def N_(message: str) -> str:  # noqa: N802  (the name gettext's tools look for)
    """Mark a message for translation where it is declared; returns it unchanged."""
    return message


class Translator:
    """Translates messages into one language; calling it fills `{named}` placeholders."""

    def __init__(self, language: str, messages: dict[str, Any]) -> None:
        """Keep the catalogue of one language; English needs none."""
        self.language = language
        self._messages = messages

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, with its placeholders filled."""
        text = self._messages.get(message) or message
        return str(text).format(**values) if values else str(text)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The singular or plural message for the count `n`, which fills `{n}` unless given."""
        forms = self._messages.get(one) or (one, many)
        is_one = n < 2 if self.language == "fr" else n == 1
        return str(forms[0 if is_one else -1]).format(**{"n": n, **values})


@cache
def translator(language: str) -> Translator:
    """The translator of one language; the catalogue is read once."""
    if language == "en":
        return Translator("en", {})
    path = LOCALES / language / "LC_MESSAGES" / "dashboard.po"
    with path.open("rb") as handle:
        catalogue = read_po(handle, locale=language)
    messages: dict[str, Any] = {
        str(m.id[0] if isinstance(m.id, tuple) else m.id): m.string
        for m in catalogue
        if m.id and m.string and not m.fuzzy
    }
    return Translator(language, messages)
