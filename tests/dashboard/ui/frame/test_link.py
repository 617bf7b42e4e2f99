"""Targets of links for others, and the effect of an address, another page and clicks on a reader's link, as data."""

from datetime import date

import pytest

from dashboard.errors import SelectionError
from dashboard.snapshot.selection import VERSUS, Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.link import PAGE, Query, ReaderLink, arrive


@pytest.mark.parametrize(
    ("here", "public", "expected"),
    [
        ("https://example.org/dash/share?lang=fr", "http://127.0.0.1:8501", "https://example.org/dash"),
        ("https://example.org/share", "https://other.example.org", "https://example.org"),
        ("http://127.0.0.1:8501/share", "https://example.org/dash", "https://example.org/dash"),
        ("http://localhost:8501/share", "http://127.0.0.1:8501", "http://localhost:8501"),
        ("", "https://example.org", "https://example.org"),
    ],
)
def test_links_for_others_have_the_readers_address_or_the_public_one(monkeypatch, here, public, expected):
    monkeypatch.setenv("DASHBOARD_BASE_URL", public)
    monkeypatch.setattr(link, "page_address", lambda: here.split("?")[0])
    assert link.site_address("briefing") == expected


class Reader:
    """A reader with an address bar."""

    def __init__(self, snapshot):
        self.snapshot, self.address, self.link = snapshot, {}, None
        self.written: list[Query] = []

    def open(self, page_id: str = "overview", parameters=(), **query: list[str]) -> ReaderLink:
        """Open a page by this address."""
        self.address = query
        return self.draw(page_id, parameters)

    def draw(self, page_id: str = "overview", parameters=()) -> ReaderLink:
        """Draw a page by the address as it is."""
        self.link = arrive(self.link, page_id, dict(self.address), self.snapshot, parameters, self._write)
        return self.link

    def _write(self, query: Query) -> None:
        self.address = query
        self.written.append(query)


@pytest.fixture
def reader(snapshot):
    return Reader(snapshot)


def test_a_link_restores_its_view(reader):
    stated = {"region": ["africa", "americas"], "as_of": ["2021-07-31"], "q": ["a"]}
    link = reader.open("themes", **stated, lang=["fr"], build=["fixture"])
    chosen = {"regions": ("africa", "americas"), "as_of": date(2021, 7, 31), "q": "a"}
    assert link.selection == Selection(**chosen, lang="fr", build="fixture")
    assert not link.is_arrival


def test_a_filter_is_written_into_the_link_and_stays_when_the_page_changes(reader):
    reader.open().change(regions=("africa",))
    reader.draw()
    assert reader.address == {"region": ["africa"], "lang": ["en"]}
    reader.address = {}  # a way to another page that carries no parameters
    link = reader.draw("themes")
    assert link.selection.regions == ("africa",) and link.is_arrival
    assert reader.address == {"region": ["africa"], "lang": ["en"]}
    assert not reader.draw("themes").is_arrival


def test_a_changed_address_wins_over_the_widgets(reader):
    reader.open(region=["africa"])
    assert reader.draw().selection == Selection(regions=("africa",))
    assert reader.written == [], "where nothing has changed the address is left as it is"
    assert reader.open(region=["americas"]).selection.regions == ("americas",)
    assert reader.written == [{"region": ["americas"]}]  # Streamlit leaves a way within a page out of the address bar
    reader.open("themes", region=["africa"])
    assert len(reader.written) == 1
    reader.open(region=["americas"])
    assert reader.open().selection.regions == ()  # back to the page as it was first opened


def test_a_click_wins_over_an_address_that_lags_behind(reader):
    reader.open().change(regions=("africa",))
    reader.draw()
    reader.link.change(regions=("africa", "americas"))
    reader.address = {}  # the browser has not yet got the address that the first click wrote
    assert reader.draw().selection.regions == ("africa", "americas")
    assert reader.address["region"] == ["africa", "americas"]
    reader.address = {}
    reader.link.is_held = True  # a click that changed nothing
    assert reader.draw().selection.regions == ("africa", "americas")


def test_another_language_keeps_the_filters_and_a_reset_drops_all_but_language_and_build(reader):
    reader.open(region=["africa"], theme=["education"], q=["a"], as_of=["2021-07-31"], build=["fixture"])
    reader.link.change(lang="es")
    assert reader.draw().selection.regions == ("africa",)
    assert reader.address["lang"] == ["es"] and reader.address["theme"] == ["education"]
    reader.link.reset()
    reader.draw()
    assert reader.address == {"build": ["fixture"], "lang": ["es"]}


def test_a_pages_own_parameters_are_kept_until_another_page_or_another_list(reader):
    own = ("sort", PAGE)
    link = reader.open("actions", own, sort=["title"], page=["3"])
    assert link.extras == {"sort": "title", "page": "3"}
    link.change(lang="fr")  # the same list
    assert reader.draw("actions", own).extras == {"sort": "title", "page": "3"}
    link.change(regions=("africa",))
    assert reader.draw("actions", own).extras == {"sort": "title"}
    assert reader.address == {"region": ["africa"], "lang": ["fr"], "sort": ["title"]}
    link.change_parameters({"sort": None, "order": "desc"})
    assert reader.draw("actions", own).extras == {"order": "desc"}
    reader.address = {}
    assert reader.draw("regions").extras == {}
    assert reader.address == {"region": ["africa"], "lang": ["fr"]}
    stated = {"sort": ["themes:name"], "large": ["themes"], "lang": ["en"]}
    reader.open("regions", ("sort", "large"), **stated)  # a way to another page may carry those of this one
    assert reader.draw("themes", ("sort",)).extras == {"sort": "themes:name"}
    reader.address = {}
    assert reader.draw("groups", ("sort",)).extras == {}


def test_a_page_of_one_side_drops_the_other_one(reader):
    reader.open("compare", VERSUS, region=["africa"], **{"vs.region": ["americas"]})
    assert reader.link.selection.other is not None
    reader.address = {}
    assert reader.draw("regions").selection.other is None
    assert reader.address == {"region": ["africa"], "lang": ["en"]}
    with pytest.raises(SelectionError, match=r"vs\.region"):
        reader.open("regions", **{"vs.region": ["americas"]})
