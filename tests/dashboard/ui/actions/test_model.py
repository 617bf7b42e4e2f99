"""The register as data: its lines, columns, order, pages, file and saved views, in every language."""

import re
from urllib.parse import parse_qs

import pandas as pd
import pytest

from dashboard.files.extracts.choice import Choice
from dashboard.formats import format_short_date
from dashboard.i18n import translator
from dashboard.lists.for_readers import ACTIONS
from dashboard.measures import register
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import body
from dashboard.ui.actions.body import NAMES, SHOWN, make_model, read_columns, write_columns
from dashboard.ui.pieces.list_table import Order
from tests.views import lead, make_view

AFRICA = {"regions": ("africa",)}


@pytest.fixture
def make(snapshot):
    """Return the register as a link asks for it: its own parameters, and the attributes of a selection."""

    def make(own=None, **selection):
        view = make_view(snapshot, "actions", {"rows": "50", **(own or {})}, **selection)
        return make_model(snapshot, view.selection, view.t, view.parameters, view.page_id)

    return make


def ids(shown) -> list[str]:
    """Return the actions of the list, in its order."""
    return [lead(line["title"].link)[1]["action"][0] for line in shown.list_model.lines]


def expected_ids(snapshot, selection=None, **order) -> list[str]:
    return register.page(snapshot, selection or Selection(), **order)["action_id"].tolist()


def heads(shown) -> list[str]:
    return [head.label for head in shown.list_model.heads]


def test_a_line_says_what_the_register_knows_in_the_readers_language(make, snapshot, lang):
    t = translator(lang)
    shown = make({"sort": "reported_on", "order": "desc"}, lang=lang)
    frame = register.page(snapshot, Selection(lang=lang), sort="reported_on", descending=True)
    labels = register.labelled(frame, snapshot, lang)
    assert heads(shown) == [t(column.label) for column in ACTIONS.choose(SHOWN)]
    for line, (_, row), (_, codes) in zip(shown.list_model.lines, labels.iterrows(), frame.iterrows(), strict=True):
        status = line["status"].mark
        own = snapshot.codes["statuses"].get(codes["status_code"])
        assert (status.status, status.word) == (codes["status"], row["status"])
        assert status.campaign_status == (
            own.labels[lang] if own is not None and own.labels[lang] != row["status"] else ""
        )
        assert status.late == (t("Overdue") if row["is_overdue"] else "")
        assert line["due_on"].text == format_short_date(row["due_on"].date(), lang)
        assert line["title"].text == (row["title"] if isinstance(row["title"], str) else t("Untitled action"))
        assert line["title"].lang == (row["language"] or "" if isinstance(row["title"], str) else "")
        assert line["place"].text
        if isinstance(row["stakeholder"], str):
            assert line["stakeholder"].text == row["stakeholder"]
            way = {"stakeholder": [codes["stakeholder_id"]], "lang": [lang]}
            assert lead(line["stakeholder"].link) == ("stakeholders", way)
        kept = {"sort": ["reported_on"], "order": ["desc"], "rows": ["50"], "lang": [lang]}
        assert lead(line["title"].link) == ("actions", {"action": [row["action_id"]], **kept})


def test_all_of_it_is_sorted_and_headings_lead_to_other_orders(make, snapshot, lang):
    shown = make({"sort": "title", "order": "desc"})
    assert ids(shown) == expected_ids(snapshot, sort="title", descending=True)
    assert shown.list_model.order == Order("title", is_descending=True)
    ways = {head.name: lead(head.link)[1] for head in shown.list_model.heads if head.link}
    kept = {"lang": ["en"], "rows": ["50"]}
    assert ways["title"] == kept | {"sort": ["title"]}  # to the other direction
    assert ways["reported_on"] == kept | {"sort": ["reported_on"], "order": ["desc"]}  # the latest first
    assert set(ACTIONS.sorts) == set(register.SORTS) and set(ways) == set(SHOWN) & set(register.SORTS)
    assert lead(make({"sort": "title"}).list_model.heads[0].link)[1]["order"] == ["desc"]
    unknown, t = make({"sort": "size*", "order": "up"}, lang=lang), translator(lang)
    said = "The link asks for an unknown order: {order}."
    assert unknown.list_model.warnings == (t(said, order=r"sort=size\*"), t(said, order="order=up"))
    assert ids(unknown) == expected_ids(snapshot)


def test_a_page_is_all_that_is_shown_and_the_link_says_which(make, snapshot):
    whole = make(**AFRICA)
    assert ids(whole) == expected_ids(snapshot, Selection(**AFRICA))
    assert len(ids(whole)) == whole.list_model.total == register.count(snapshot, Selection(**AFRICA)) > 0
    assert not whole.list_model.warnings and not whole.list_model.pages
    first, last = make({"rows": "20"}), make({"rows": "20", "page": "99"})
    assert ids(first) == expected_ids(snapshot, limit=20)
    assert ids(last) == expected_ids(snapshot, limit=20, offset=20)
    assert last.list_model.summary == "Actions 21 to 40 of 40."


def test_a_chip_counts_its_status_whatever_is_chosen_and_chooses_it_alone_or_lifts_it(make, snapshot, lang):
    chosen = Selection(**AFRICA, lang=lang)
    truth = headline(snapshot, chosen)
    for statuses in ((), ("overdue",), ("completed", "overdue")):
        chips = {one.name: one for one in make({"page": "2"}, lang=lang, statuses=statuses, **AFRICA).list_model.chips}
        assert {name: int(one.size) for name, one in chips.items()} == {
            "overdue": truth.overdue,
            "not_reported": truth.not_reported,
            "completed": truth.completed,
        }
        kept = {"region": ["africa"], "lang": [lang], "rows": ["50"]}
        is_lifted = statuses == ("overdue",)
        assert chips["overdue"].is_on == is_lifted
        assert lead(chips["overdue"].link)[1] == (kept if is_lifted else kept | {"status": ["overdue"]})
        assert lead(chips["completed"].link)[1] == kept | {"status": ["completed"]}


def test_columns_are_those_of_the_link_in_its_order(make, snapshot, lang):
    t = translator(lang)
    shown = make({"columns": "group,action_id"}, lang=lang)
    assert heads(shown) == [t("Title"), t("Stakeholder group"), t("Action ID")]
    assert all(set(line) == {"title", "group", "action_id"} for line in shown.list_model.lines)
    assert lead(shown.list_model.lines[0]["title"].link)[1]["columns"] == ["group,action_id"]
    said = make({"columns": "group,colour"}, lang=lang)
    asked = t("The link asks for something unknown here: {asked}.", asked="columns=colour")
    assert (said.warning, said.columns) == (asked, ("title", "group"))
    offered = body.offer_columns(make_view(snapshot, "actions", lang=lang))
    assert list(offered) == list(NAMES[1:])
    assert offered["due_on"] == t("Deadline")

    for chosen in (("group", "action_id"), (), SHOWN[1:], ("percent",)):
        assert read_columns(write_columns(chosen)) == (("title", *chosen), ())
    assert (write_columns(SHOWN[1:]), write_columns(())) == (None, "title")
    assert read_columns(" Group, title ,group,colour") == (("title", "group"), ("colour",))


def test_what_stands_behind_a_status_and_milestones_may_be_columns(make, snapshot, lang):
    frame = register.labelled(register.page(snapshot, Selection()), snapshot, lang)
    lines = make({"columns": "evidence,milestones"}, lang=lang).list_model.lines
    assert [line["evidence"].text for line in lines] == ["" if pd.isna(step) else step for step in frame["evidence"]]
    assert len({line["evidence"].text for line in lines}) > 1
    counts = frame[["milestones_reached", "milestones_due"]].itertuples(index=False)
    of = translator(lang)("{part} of {whole}", part="{part}", whole="{whole}")
    told = [of.format(part=reached, whole=due) if due else "" for reached, due in counts]
    assert [line["milestones"].text for line in lines] == told


def test_the_file_has_the_columns_that_the_reader_has_chosen_where_they_are_its_own_there(make):
    assert make().file.columns == ()
    own = make({"columns": "language,place,evidence,milestones"}).file.columns
    assert own == ("action_id", "title", "language_code", "regions", "countries", "evidence")
    for name in NAMES:
        columns = body.name_in_files(("title", name))
        Choice(columns=columns).check()
        assert len(columns) > 2 or name in ("title", "action_id", "milestones"), name


def test_what_is_searched_is_marked_in_titles_as_the_database_finds_it(make, snapshot):
    title = next(title for title in register.page(snapshot, Selection())["title"] if title and "é" in title)
    word = next(word for word in re.findall(r"\w+", title) if "é" in word)
    plain = snapshot.search_words(word)[0]
    assert plain != word
    titles = [line["title"] for line in make(q=plain.upper()).list_model.lines]
    assert (word, True) in next(one.spans for one in titles if one.text == title)


def test_saved_views_keep_filters_columns_and_order_and_neither_page_nor_language(make, lang):
    data = make({"sort": "title", "columns": "group", "page": "2"}, lang=lang, **AFRICA).views
    assert parse_qs(data["query"]) == {"region": ["africa"], "sort": ["title"], "columns": ["group"], "rows": ["50"]}
    assert data["lang"] == lang
    assert data["words"]["save"] == translator(lang)("Save")
    assert "{name}" in data["words"]["taken"]
    empty = make({"action": "x"}, q="no action has these words", lang=lang)
    assert (empty.list_model.total, parse_qs(empty.views["query"])["q"]) == (0, ["no action has these words"])
