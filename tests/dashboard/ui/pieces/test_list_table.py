"""Declared lists as a page shows them: orders, pages and chips and how links say them, cells in words, marks."""

from dataclasses import replace

import pandas as pd
import pytest
from lxml import html

from dashboard.access.rights import AccessClass
from dashboard.i18n import translator
from dashboard.lists.declaration import Chips, Column, List, Rows, Way
from dashboard.ui.frame import staff
from dashboard.ui.pieces import list_cells, list_table, paging
from dashboard.ui.pieces.list_cells import StatusMark, mark_words
from dashboard.ui.pieces.list_table import Order
from dashboard.ui.pieces.paging import Page
from tests.views import lead, make_view

FRUIT = ["Pear <b>", "Fig", None]
LIST = List(
    "fruit",
    "Fruit",
    (
        Column("name", "Name", way=Way("actions", "action", "id", "list"), language="lang", missing="Untitled action",
               begins="ascending"),
        Column("eaten", "Eaten", "part", of="grown"),
        Column("ripe_on", "Ripe on", "date", begins="descending", missing="without a date"),
        Column("themes", "Themes", "codes", codelists=("themes",)),
        Column("state", "State", "words", words={1: "Missed", 2: "Reached"}, style="kind"),
    ),
    lambda asked: Rows(pd.DataFrame(
        {"id": ["a", "b", ""], "name": FRUIT, "lang": ["fr", None, "en"], "eaten": [1, 0, 0], "grown": [1200, 0, 3],
         "ripe_on": pd.to_datetime(["2021-06-01", None, None]), "themes": [("education", "x"), (), ()],
         "state": pd.Series([1, 2, None], dtype=object)}
    ).iloc[asked.slice.offset :][: asked.slice.limit], 3),
    order="name",
    empty="None.",
)  # fmt: skip
LONG = replace(LIST, read=lambda asked: Rows(pd.DataFrame({"name": ["x"], "eaten": [asked.slice.offset]}), 118),
               columns=(Column("name", "Name"), Column("eaten", "Eaten", "count")), page_rows=10)  # fmt: skip


def make(snapshot, parameters=None, spec=LIST, **selection):
    return list_table.make_model(make_view(snapshot, "actions", parameters, **selection), spec)


@pytest.mark.parametrize(
    ("order", "written"),
    [
        (Order("name", False), {"sort": None, "order": None, "page": None}),
        (Order("name", True), {"sort": None, "order": "desc", "page": None}),
        (Order("ripe_on", False), {"sort": "ripe_on", "order": None, "page": None}),
    ],
)
def test_an_order_is_written_into_the_link_without_what_is_usual_and_read_again(snapshot, order, written):
    assert list_table.write_order(order, "name") == written
    parameters = {name: value for name, value in written.items() if value}
    assert list_table.read_order(make_view(snapshot, "actions", parameters), LIST) == (order, ())


def test_a_heading_turns_the_order_or_begins_as_its_column_says_on_the_first_page(snapshot):
    kept, due = {"lang": ["fr"], "columns": ["group"]}, {"sort": ["ripe_on"]}
    for parameters, written in (
        ({}, due | {"order": ["desc"]}),
        ({"sort": "ripe_on"}, due | {"order": ["desc"]}),
        ({"sort": "ripe_on", "order": "desc"}, due),
    ):
        name, eaten, ripe = make(snapshot, {"page": "3", "columns": "group", **parameters}, lang="fr").heads[:3]
        assert lead(ripe.link) == ("actions", kept | written)
        assert (name.style, eaten.style, eaten.link, ripe.style) == ("name", "figure", None, "short")


def test_cells_say_each_kind_of_value_where_it_leads_and_in_which_language(snapshot, lang):
    t = translator(lang)
    model = make(snapshot, {"sort": "ripe_on"}, lang=lang)
    first, second, third = model.lines
    assert lead(first["name"].link) == ("actions", {"action": ["a"], "sort": ["ripe_on"], "lang": [lang]})
    assert [line["name"].lang for line in model.lines] == ["fr", "", ""]
    assert (third["name"].text, third["name"].link) == (t("Untitled action"), None)
    whole = {"en": "1,200", "fr": "1\u202f200", "es": "1.200"}[lang]
    assert [line["eaten"].text for line in model.lines] == [t("{part} of {whole}", part="1", whole=whole), "",
                                                            t("{part} of {whole}", part="0", whole="3")]  # fmt: skip
    assert first["ripe_on"].text.endswith("2021") and second["ripe_on"].text == t("without a date")
    education = snapshot.codes["themes"]["education"].labels[lang]
    assert (first["themes"].text, second["themes"].text) == (f"{education}; x", "")
    assert (first["state"].text, first["state"].style, third["state"].text) == (t("Missed"), "kind kind-1", "")
    table = html.fromstring(list_table.render(make_view(snapshot, "actions", lang=lang), model))
    (name,) = table.xpath(".//tbody/tr[1]/th/bdi")
    assert (name.get("lang"), name.get("title"), name.text_content()) == ("fr", FRUIT[0], FRUIT[0])
    assert table.xpath("count(.//tbody//bdi)") == 15, "each text has its own direction"
    assert table.xpath(".//tbody//span/@class") == ["kind kind-1", "kind kind-2"]
    name = replace(LIST.columns[0], longest=5, is_searched=True)
    short = replace(LIST, columns=(LIST.columns[4], name))
    cut = make(snapshot, {}, short, q="pear").lines[0]["name"]
    assert (cut.text, cut.excerpt, cut.spans) == ("Pear <b>", "Pear…", (("Pear", True), ("…", False)))
    assert make(snapshot, {}, replace(LIST, columns=(name,))).lines[0]["name"].excerpt == "Pear <b>"


@pytest.mark.parametrize(
    ("stated", "number", "is_refused"),
    [(None, 1, False), ("2", 2, False), ("99", 12, False), ("0", 1, True), ("-1", 1, True), ("x", 1, True),
     ("٣", 1, True), ("1234567890", 1, True)],
)  # fmt: skip
def test_a_link_opens_a_page_the_last_one_of_a_shorter_list_and_what_is_none_is_said(
    snapshot, stated, number, is_refused
):
    model = make(snapshot, {"page": stated} if stated else {}, LONG)
    assert model.lines[0]["eaten"].text == str((number - 1) * 10)
    assert [way.sign for way in model.pages if way and way.is_open] == [str(number)]
    assert bool(model.warnings) == is_refused


def test_near_pages_and_the_ends_have_a_way_each_and_pages_may_be_longer(snapshot, lang):
    view = make_view(snapshot, "actions", {"sort": "title", "rows": "50"}, lang=lang, regions=("africa",))
    ways = list_table.list_pages(view, 6, 12)
    signs = [way.sign if way else None for way in ways]
    assert signs == ["‹", "1", None, "4", "5", "6", "7", "8", None, "12", "›"]
    assert [way.sign for way in ways if way and way.is_open] == ["6"]
    assert [way.link.label for way in ways if way][:2] == [view.t("Previous page"), view.t("Page {n}", n="1")]
    pages = [lead(way.link)[1].get("page") for way in ways if way]
    assert pages == [["5"], None, ["4"], ["5"], ["6"], ["7"], ["8"], ["12"], ["7"]]
    kept = {"region": ["africa"], "lang": [lang], "sort": ["title"]}
    assert lead(ways[0].link)[1] == {**kept, "rows": ["50"], "page": ["5"]}
    assert list_table.list_pages(view, 1, 1) == ()
    ends = [[way.sign for way in list_table.list_pages(view, number, 2) if way] for number in (1, 2)]
    assert ends == [["1", "2", "›"], ["‹", "1", "2"]]

    model = list_table.make_model(replace(view, parameters={"rows": "50", "page": "2"}), LONG)
    assert [(way.sign, way.is_open) for way in model.sizes] == [
        ("10", False),
        ("20", False),
        ("50", True),
        ("100", False),
    ]
    assert [lead(way.link)[1].get("rows") for way in model.sizes] == [None, ["20"], ["50"], ["100"]]
    assert (model.lines[0]["eaten"].text, len([way for way in model.pages if way])) == ("50", 5)
    assert "rows=7" in make(snapshot, {"rows": "7"}, LONG).warnings[0]
    assert not make(snapshot).sizes and not make(snapshot).pages
    assert (
        make(snapshot, {"page": "2"}, replace(LONG, summary="{first} to {last} of {total}")).summary
        == "11 to 11 of 118"
    )


def test_chips_count_and_choose_one_or_several_and_say_what_is_none(snapshot):
    one = Chips("state", {"x": "Missed", "y": "Reached"}, lambda asked: {"x": 1200, "y": 0}, lambda asked: ("y",))
    several = replace(one, is_several=True)
    asked = {(): ("y",), ("x",): ("x",), ("x", "y"): None, ("z",): None}
    for stated, chosen in asked.items():
        parameters = {"state": ",".join(stated), "page": "2"} if stated else {}
        for chips in (one, several):
            model = make(snapshot, parameters, replace(LIST, chips=chips))
            is_understood = chosen is not None or (chips.is_several and stated == ("x", "y"))
            on = stated if stated and is_understood else ("y",)
            assert [chip.is_on for chip in model.chips] == ["x" in on, "y" in on]
            assert bool(model.warnings) != is_understood
            assert [chip.size for chip in model.chips] == ["1,200", "0"]
    ways = [lead(chip.link)[1].get("state") for chip in make(snapshot, {"state": "x"}, replace(LIST, chips=one)).chips]
    assert ways == [["x"], ["y"]]
    ways = [
        lead(chip.link)[1].get("state") for chip in make(snapshot, {"state": "x"}, replace(LIST, chips=several)).chips
    ]
    assert ways == [None, ["x,y"]], "without any, it is the usual ones again"
    assert lead(make(snapshot, {"state": "x,y"}, replace(LIST, chips=several)).chips[0].link)[1].get("state") is None


def test_an_empty_list_says_so(snapshot, lang):
    nothing = replace(LIST, read=lambda asked: Rows(pd.DataFrame(), 0))
    model = make(snapshot, {}, nothing, lang=lang)
    assert (model.summary, model.lines, model.pages) == (translator(lang)("None."), (), ())


def test_a_list_for_staff_is_made_for_nobody_else(snapshot, monkeypatch):
    staff_list = replace(LIST, who=AccessClass.STAFF)
    monkeypatch.setattr(staff, "may_open", lambda access: access is not AccessClass.STAFF)
    with pytest.raises(PermissionError, match="fruit"):
        make(snapshot, {}, staff_list)
    monkeypatch.setattr(staff, "may_open", lambda access: True)
    assert make(snapshot, {}, staff_list).total == 3


def test_which_lines_of_a_staff_page_are_shown_is_said_in_the_readers_numbers(snapshot):
    numbers = paging.name_range(Page("list", 3, 500), 12, 1012)
    assert translator("en")("{first} to {last} of {total}.", **numbers) == "1,001 to 1,012 of 1,012."


def test_words_of_a_search_are_marked_without_regard_to_signs(snapshot):
    spans = mark_words(snapshot, "d'ivoire <b", ["Côte d'Ivoire <b>"])("Côte d'Ivoire <b>")
    assert spans == (("Côte ", False), ("d'Ivoire", True), (" <", False), ("b", True), (">", False))
    assert list_cells.draw_spans(spans) == "Côte <mark>d&#x27;Ivoire</mark> &lt;<mark>b</mark>&gt;"
    assert mark_words(snapshot, "", ["A & B"])("A & B") == (("A & B", False),)


def test_a_status_says_its_word_and_that_it_is_late(snapshot, lang):
    view = make_view(snapshot, "actions", lang=lang)
    labels = snapshot.codes["statuses"]
    word = labels["in_progress"].labels[lang]
    late = translator(lang)("Overdue")
    assert list_cells.say_status(view, "in_progress", None, is_overdue=True) == StatusMark(
        "in_progress", word, "", late
    )
    assert list_cells.say_status(view, "in_progress", "in_progress").campaign_status == ""
    # as if the campaign's own status were this one
    own = list_cells.say_status(view, "in_progress", "completed").campaign_status
    assert own == labels["completed"].labels[lang]
    assert list_cells.draw_status(StatusMark("x", "<a>", "b", "c")).count("<span") == 3
    assert "&lt;a&gt;" in list_cells.draw_status(StatusMark("x", "<a>"))
