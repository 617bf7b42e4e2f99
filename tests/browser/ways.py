"""The way to a page through the header: its section, and in it the page where it is not the section's first."""

from playwright.sync_api import Locator, Page

from dashboard.i18n import translator
from dashboard.ui.frame.header import SECTIONS, STAFF


def find_way(page: Page, title: str, lang: str = "en") -> list[Locator]:
    """The links to follow, one after the other.

    Args:
        page: Any page of the dashboard.
        title: The title of the page to come to, in English.
        lang: The language that is shown.
    """
    t = translator(lang)
    section = next(s for s in (*SECTIONS, STAFF) if any(spec.title == title for spec in s.pages))
    rows = {".st-key-sections": section.title}
    if section.pages[0].title != title:
        rows[".st-key-section-pages"] = title
    return [page.locator(row).get_by_role("link", name=t(name), exact=True) for row, name in rows.items()]
