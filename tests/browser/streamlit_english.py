"""Find Streamlit's English on a page in another language, by the texts of its scripts."""

import re
from functools import cache
from typing import NamedTuple

from playwright.sync_api import Page

from dashboard.i18n import translator
from dashboard.locales.update import read_translations
from dashboard.paths import LOCALES, find_package
from dashboard.web.streamlit_words import PLACES

LEFT = {
    "Download as CSV": "a button of tables that is hidden, and found by these words",
}
"""Words that stay English, as docs/architecture.md lists them, each with the reason."""

NOT_ENGLISH = ("Suivant", "Siguiente", "Aujourd'hui, ", "Hoy, ", "Rejeter")
"""Beginnings of words of the calendar and of dialogs that the scripts have in other languages too."""

_WITHOUT_WORDS = re.compile(
    r"Chart|iagram|Syntax|^chunk|^elk|^cytoscape|^embed|^arrow|^lib|^protobuf|^react|katex|^rehype"
)
_TEXTS = """() => {
  const found = [];
  const icons = "[data-testid=stIconMaterial], [data-testid=stAlertDynamicIcon]";
  const own = `.stHtml, .stCode pre, canvas, style, script, ${icons}`;
  for (const element of document.querySelectorAll("body, body *")) {
    if (element.closest(own)) continue;
    for (const name of ["aria-label", "aria-valuetext", "placeholder", "title", "alt"])
      if (element.getAttribute(name)) found.push([name, element.getAttribute(name).trim()]);
    for (const node of element.childNodes)
      if (node.nodeType === Node.TEXT_NODE && node.data.trim()) found.push(["", node.data.trim()]);
  }
  return found;
}"""


class Scripts(NamedTuple):
    """The texts in Streamlit's scripts: whole ones, and those with values in them, as patterns."""

    whole: frozenset[str]
    filled: re.Pattern[str]


@cache
def read_scripts() -> Scripts:
    """Read the texts that the scripts of Streamlit's widgets may write."""
    folder = find_package("streamlit") / "static" / "static" / "js"
    files = (file for file in folder.glob("*.js") if not _WITHOUT_WORDS.search(file.name))
    between = re.compile(r"`(?=([^`\\\n]*[A-Za-z]{2}[^`\\\n]*)`)")
    texts = {text for file in files for text in between.findall(file.read_text(encoding="utf-8")) if len(text) < 160}
    parts = (re.split(r"\$\{[^}]*\}", text) for text in texts if "${" in text)
    told = (text for text in parts if re.fullmatch(r"[A-Za-z ,.:'’()]*[A-Za-z]{3,}[A-Za-z ,.:'’()]*", " ".join(text)))
    filled = {".+".join(map(re.escape, text)) for text in told if any(" " in part for part in text)}
    return Scripts(frozenset(text for text in texts if "${" not in text), re.compile("|".join(sorted(filled))))


def list_english(page: Page, lang: str) -> set[str]:
    """English words of Streamlit's that are seen or read out on a page in another language."""
    scripts, t = read_scripts(), translator(lang)
    same = [own for place in PLACES for own, message in place.words if t(message) == own]
    alike = re.compile("|".join(re.sub(r"\\{\w+\\}", ".+", re.escape(own)) for own in same) or r"(?!)")
    catalogue = read_translations(LOCALES / lang / "LC_MESSAGES" / "dashboard.po").values()
    said = {word for words in catalogue for word in ([words] if isinstance(words, str) else words)}
    return {
        text
        for name, text in page.evaluate(_TEXTS)
        if (
            text in scripts.whole and (name or re.match(r"[A-Z]|.*[a-z] [a-z]", text)) or scripts.filled.fullmatch(text)
        )
        and text not in said
        and not alike.fullmatch(text)
        and not text.startswith((*LEFT, *NOT_ENGLISH))
    }
