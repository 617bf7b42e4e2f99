"""Pages run by AppTest on the fixture snapshot."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from html import unescape
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from lxml import html
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.access.presence import Visit
from dashboard.access.rights import Person
from dashboard.errors import UserError
from dashboard.ground import page_addresses
from dashboard.ground.page_addresses import FRONT, PART, find_page
from dashboard.ground.processes import commands
from dashboard.lists.quality import differences
from dashboard.ui.frame import staff
from dashboard.ui.frame.link import as_query
from tests.app.cheap_runs import run_cheaply
from tests.app.uploads import StandIn, make_real
from tests.models import list_texts
from tests.snapshots import copy_published

run_cheaply()
SCRIPT = Path(__file__).with_name("script.py")
_MARKS = re.compile(r"[\\*]")
"""Signs of Markdown, which marks words by them and the program has others taken as they are."""
OpenPage = Callable[..., AppTest]
Come = Callable[..., Visit]


@pytest.fixture
def open_page(campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens a page of the fixture campaign with a link's parameters: `open_page("regions", region=["africa"])`."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))

    def open_it(page_id: str = "overview", **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(SCRIPT, default_timeout=60)
        for name, value in _choose(page_id, query).items():
            app.query_params[name] = value
        if page_id != "overview":
            app._page_hash = calc_hash(find_page(page_id))  # as a link opens it: no other page is drawn before
        return watch(app, has_braces=page_id == "settings").run()  # which lists the content allowed in texts

    return open_it


def _choose(page_id: str, query: Mapping[str, str | list[str]]) -> Mapping[str, str | list[str]]:
    """Return the parameters of the address of a part; one that a test names wins."""
    pairs = [
        (name, str(one)) for name, value in query.items() for one in ([value] if isinstance(value, str) else value)
    ]
    chosen = page_addresses.choose(page_id, pairs)[: -len(pairs) or None]
    return {**dict(chosen), **query}


def switch(app: AppTest, page_id: str) -> AppTest:
    """Go to a part of a page as a link does that carries the address's parameters."""
    pairs = page_addresses.read(find_page(app.session_state["link-part"]), _list_pairs(app))[1]
    app.query_params.clear()
    for name, values in as_query(page_addresses.choose(page_id, pairs)).items():
        app.query_params[name] = values
    return app.switch_page(f"../../pages/{find_page(page_id)}.py").run()


def _list_pairs(app: AppTest) -> list[tuple[str, str]]:
    return [
        (name, one)
        for name, values in app.query_params.items()
        for one in ([values] if isinstance(values, str) else values)
    ]


def watch(app: AppTest, *, has_braces: bool = False) -> AppTest:
    """Have every run of a page, whatever it is for, prove that it ends, leaves no placeholder and has its title."""
    run = app._run

    def run_watched(*states: Any, **named: Any) -> AppTest:
        run(*states, **named)
        assert [error.message for error in app.exception] == []
        assert has_braces or "{" not in text_of(app)
        assert "<h1 data-place=" in bodies(app), "a page has its title, beside which stands its help"
        return app

    app._run = run_watched  # type: ignore[method-assign]
    return app


@pytest.fixture
def campaign(campaign_folder: Path, tmp_path: Path) -> Path:
    """Copy the fixture campaign that a test may write into; its data counts as real."""
    copy = copy_published(campaign_folder, tmp_path / "campaign")
    (copy / "published" / "snapshot-fixture.duckdb").write_bytes(make_real(campaign_folder))
    return copy


@pytest.fixture
def open_upload(open_page: OpenPage, campaign: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens the upload page of the copy, or another one of the staff, by default as `make run` shows it."""

    def open_it(page_id: str = "upload", *, staff: str = "open", password: str = "", **query: str) -> AppTest:
        monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
        monkeypatch.setenv("DASHBOARD_STAFF", staff)
        monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", password)
        return open_page(page_id, **query)

    return open_it


@pytest.fixture
def stand_in(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Stands in for the commands that pages of `campaign` begin."""
    made = StandIn(campaign)
    monkeypatch.setattr(commands, "start", made.start)
    monkeypatch.setattr(differences, "make_preview", made.make_preview)
    return made


@pytest.fixture
def come(monkeypatch: pytest.MonkeyPatch) -> Come:
    """Has pages that are run from now on belong to this person and tab, which may come from another one."""

    def come(person: Person, tab: str = "tab", former: str = "", session_hash: str = "") -> Visit:
        own = Visit(person=person, session_hash=session_hash, close=lambda: None, tab=tab, asked_tab=former)
        monkeypatch.setattr(staff, "find_visit", lambda: own)
        return own

    return come


class Ran(list[tuple[list[str], str | None]]):
    """The commands that a page ran and waited for, each with its standard input; `answer` is their output."""

    answer: Mapping[str, Any] = MappingProxyType({"ok": True})
    refusal: UserError | None = None

    def run(self, arguments: list[str], _actor: Mapping[str, str], stdin: str | None = None) -> dict[str, Any]:
        """Run a command, as `commands.run_etl`."""
        if self.refusal is not None:
            raise self.refusal
        self.append((list(arguments), stdin))
        return dict(self.answer)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Return the commands that pages run and wait for, instead of running them."""
    made = Ran()
    monkeypatch.setattr(commands, "run_etl", made.run)
    return made


def press(app: AppTest, *keys: str) -> AppTest:
    """Click buttons, one after the other."""
    for key in keys:
        app.button(key=key).click().run()
    return app


def press_quickly(app: AppTest, *keys: str) -> AppTest:
    """Click buttons one after the other before the page is drawn again."""
    for key in keys:
        app.button(key=key).click()
    return app.run()


def pills(app: AppTest, key: str) -> Any:
    """Find a group of buttons with one or some chosen."""
    return next(group for group in app.get("button_group") if group.key == key)


def bodies(app: AppTest) -> str:
    """Return the HTML of a page, without its style."""
    return "".join(html.proto.body for html in elements(app, "html") if not html.proto.body.startswith("<style"))


def codes(app: AppTest) -> list[str]:
    """List the texts to copy, except the page's address."""
    return [element.value for element in elements(app, "code") if not element.value.startswith("?")]


def elements(app: AppTest, kind: str) -> list[Any]:
    """Return the elements of one kind, wherever they stand on the page."""
    return list(app.get(kind))


def file_links(app: AppTest) -> dict[str, dict[str, Any]]:
    """Return the links to files of a page, by key, as its browser part gets them."""
    return {file["key"]: file for _, data in mounted(app, "file_links") for file in data["files"]}


def drawings(app: AppTest) -> dict[str, dict[str, Any]]:
    """Return the browser's input for each chart drawn as SVG, by the chart's id."""
    return {data["chart"]: data for _, data in mounted(app, "chart_marks")}


def choose(app: AppTest, chart_id: str, mark: Any, *, is_added: bool = False) -> AppTest:
    """Run the page as after a click on a mark of a chart."""
    return tell(app, chart_id, "choice", {"mark": mark, "is_added": is_added})


def tell(app: AppTest, chart_id: str, event: str, value: Any) -> AppTest:
    """Run the page as the drawing of a chart has it run when it reports an event."""
    [component_id] = [name for name, data in mounted(app, "chart_marks") if data["chart"] == chart_id]
    return trigger(app, component_id, event, value)


def find_chip(app: AppTest, key: str) -> tuple[str, dict[str, Any]]:
    """Find a chip: the id of the component that draws it, and the browser's input for it."""
    [one] = [(name, chip) for name, data in mounted(app, "filter_bar") for chip in data["chips"] if chip["key"] == key]
    return one


def change(app: AppTest, key: str, **values: Any) -> AppTest:
    """Run the page as after a change of a chip: its `codes` or its `day`; without either its value is lifted."""
    return trigger(app, find_chip(app, key)[0], "changes", [{"chip": key, **values}])


def lift(app: AppTest, key: str) -> AppTest:
    """Run the page as after a click on the button that lifts the value of a chip, which has one."""
    assert find_chip(app, key)[1]["lifts"]
    return change(app, key)


def chosen(app: AppTest, parameter: str = "region", side: str = "") -> list[str]:
    """Return the chosen codes in the list of a filter, as the browser gets them."""
    codes: list[str] = find_chip(app, f"{side}{parameter}")[1]["list"]["chosen"]
    return codes


def filter_by(app: AppTest, parameter: str, *codes: str, side: str = "") -> AppTest:
    """Run the page as after a choice in the list of a filter."""
    return change(app, f"{side}{parameter}", codes=list(codes))


def trigger(app: AppTest, component_id: str, event: str, value: Any) -> AppTest:
    """Run the page as the browser part of a component has it run when it reports an event."""
    states = app._tree.get_widget_states()
    payload = json.dumps([{"event": event, "value": value}])
    states.widgets.add(id=f"$$STREAMLIT_INTERNAL_KEY_{component_id}__events", json_trigger_value=payload)
    return app._run(states)


def mounted(app: AppTest, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Find the components of one name on a page: their ids, and the browser's input for each."""
    protos = [element.proto for element in elements(app, "bidi_component")]
    return [(proto.id, json.loads(proto.mixed.json or proto.json)) for proto in protos if proto.component_name == name]


class Line(NamedTuple):
    """A line of a list: its cells as text, and the parameters of the link in each, by the headings."""

    cells: dict[str, str]
    links: dict[str, dict[str, list[str]]]


def list_lines(app: AppTest, label: str = "Actions") -> list[Line]:
    """List the lines of the list of this name on a page; none where it has no such list."""
    bodies = [element.proto.body for element in elements(app, "html") if 'class="cards"' in element.proto.body]
    tables = [table for body in bodies for table in html.fromstring(body).xpath("//table")]
    for table in (table for table in tables if table.get("aria-label") == label):
        heads = [re.sub(r" [▲▼]$", "", head.text_content()) for head in table.xpath(".//thead//th")]
        return [_read_line(heads, row) for row in table.xpath(".//tbody/tr")]
    return []


def _read_line(heads: list[str], row: Any) -> Line:
    cells = dict(zip(heads, row.xpath("./th|./td"), strict=True))
    texts = {head: cell.text_content() for head, cell in cells.items()}
    ways = {head: _read_address(way).query for head, cell in cells.items() for way in cell.xpath(".//a/@href")}
    return Line(texts, ways)


def list_ids(app: AppTest) -> list[str]:
    """List the ids of the actions that the page's list has, in its order."""
    return [line.links["Title"]["action"][0] for line in list_lines(app)]


class Way(NamedTuple):
    """A link to a part of a page: its id, its parameters, its words."""

    page: str
    query: dict[str, list[str]]
    label: str


def list_ways(app: AppTest) -> list[Way]:
    """List the links to pages: those that are drawn one by one, then those of lists and texts."""
    drawn = [element.proto for element in elements(app, "page_link")]
    written = html.fromstring(f"<div>{bodies(app)}</div>").xpath("//a[@data-way]")
    ways = [_read_way(one.page, one.query_string, one.label) for one in drawn]
    return [*ways, *(_read_address(one.get("href"), one.text_content()) for one in written)]


def _read_address(address: str, label: str = "") -> Way:
    parts = urlsplit(address)
    return _read_way(parts.path.rpartition("/")[2], parts.query, label)


def _read_way(page: str, query: str, label: str) -> Way:
    page_id, pairs = page_addresses.read(page, parse_qsl(query))
    return Way("" if page_id == FRONT else page_id, as_query(pairs), label)


def link_labels(app: AppTest) -> list[str]:
    """Return the words of the links to pages."""
    return [way.label for way in list_ways(app)]


def page_links(app: AppTest) -> dict[str, list[dict[str, list[str]]]]:
    """Return the parameters of the links to pages, by the page's id, in the order of `list_ways`."""
    links: dict[str, list[dict[str, list[str]]]] = {}
    for way in list_ways(app):
        links.setdefault(way.page, []).append(way.query)
    return links


def find_help(app: AppTest) -> dict[str, str]:
    """Find the buttons that open the help of a page: their labels, by the page."""
    buttons = {str(button.key): button.label for button in app.button}
    return {key.removeprefix("help-"): label for key, label in buttons.items() if key.startswith("help-")}


def text_of(app: AppTest) -> str:
    """Return all words of a page, as a reader sees them."""
    parts: list[str] = [element.proto.body for element in elements(app, "html")]
    for kind in ("markdown", "caption", "error", "warning", "info", "code"):
        parts += [element.value for element in elements(app, kind)]
    parts += [widget.label for kind in ("button", "multiselect", "expander") for widget in elements(app, kind)]
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script)>.*?</\1>", " ", " ".join(parts), flags=re.S)))


def assert_drawn(app: AppTest, model: Any, ids: Collection[str] = ()) -> None:
    """Check that the page has every text of its model except `ids`, somewhere in the browser's input."""
    shown = "\n".join(text for sent in _list_sent(app) for text in (_strip(sent), _MARKS.sub("", unescape(sent))))
    assert [text for text in list_texts(model) if text not in ids and _MARKS.sub("", text) not in shown] == []


def _list_sent(app: AppTest) -> Iterator[str]:
    """Yield every text that the browser gets of a page."""
    nodes: list[Any] = [app._tree]
    while nodes:
        node = nodes.pop()
        nodes += getattr(node, "children", {}).values()
        if getattr(node, "proto", None) is not None:
            yield from _list_within(MessageToDict(node.proto))


def _list_within(sent: Any) -> Iterator[str]:
    if isinstance(sent, str):
        yield sent
        with suppress(ValueError):
            yield from _list_within(json.loads(sent)) if sent.startswith("{") else ()
    elif isinstance(sent, dict | list):
        for part in sent.values() if isinstance(sent, dict) else sent:
            yield from _list_within(part)


def _strip(text: str) -> str:
    """Return a text without tags, and without the signs of Markdown."""
    return _MARKS.sub("", unescape(re.sub(r"<[^>]+>", "", text)))


def kept_query(app: AppTest) -> dict[str, list[str]]:
    """Return the address bar's parameters after a run, without the one that chooses the part of the page."""
    return as_query(pair for pair in _list_pairs(app) if pair[0] != PART)
