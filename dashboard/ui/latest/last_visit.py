"""The link to the news since the reader's last visit, which only the reader's browser knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from dashboard.i18n import Translator
from dashboard.languages import find_tag
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import browser_part, link

_HERE = Path(__file__)
_MOUNT = browser_part.register(
    "last_visit",
    _HERE,
    "<p><a hidden></a> <span></span></p>",
)


@dataclass(frozen=True)
class VisitModel:
    """The browser's data: its link's parameters, the first day of the list, and its words."""

    query: str
    lang: str
    since: str
    words: dict[str, str]


def make_model(selection: Selection, parameters: Mapping[str, str], since: date | None, t: Translator) -> VisitModel:
    """Make the link to the news since the last visit.

    `since`: the first day of the list, if it goes by the days on which entries became known.
    """
    pairs = [pair for pair in parameters.items() if pair[0] not in ("since", "by", "entry", link.PAGE)]
    return VisitModel(
        query=urlencode([*selection.query_pairs(), *pairs]),
        lang=find_tag(t.language),
        since=since.isoformat() if since else "",
        words={
            "since": t("New since my last visit, {day}", day="{day}"),
            "first": t("This browser had not opened this page before today."),
            "note": t("The date of your visit is kept in this browser only."),
        },
    )


def draw(model: VisitModel, page_id: str) -> None:
    """Draw the link, or a note that this is the first visit."""
    site = link.site_path(page_id)
    places = {"path": f"{site}/{page_id}", "store": f"dashboard-visit:{site}"}
    data = {"query": model.query, "lang": model.lang, "shown": model.since, "words": model.words}
    _MOUNT(key="last-visit", data=places | data)
