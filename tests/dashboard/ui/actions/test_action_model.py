"""The page of one action as data: the links of its facts, its outcome, makers of similar ones, in every language."""

import re
from datetime import date
from urllib.parse import unquote

import pandas as pd
import pytest
from lxml import html

from dashboard.campaign.commitments.criteria import CRITERIA, REASONS
from dashboard.formats import format_bytes, format_date
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.measures.annotations import WITHDRAWN
from dashboard.measures.register import find_similar
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import action_model, course
from dashboard.ui.actions.course import NOW, OUTCOMES
from dashboard.ui.actions.secretariat import Desk
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import list_cells
from dashboard.ui.pieces.list_cells import Cell, Item, Picture, Section
from tests.annotations import (
    ALT,
    ANGLES,
    DOCUMENT,
    FIRST_REPLY,
    OF_EVENT,
    OF_STORY,
    PICTURE,
    REPLY,
    RIGHTS,
    TITLE,
    publish_annotated,
    withdraw,
)  # fmt: skip
from tests.models import list_texts
from tests.shipped import LANGUAGES
from tests.snapshots import BUILT_AT, POSTS, open_fixture
from tests.views import lead, make_view

ACTION = "FIX-001"
DESK = Desk("office@office.int", "https://actions.example.org")


@pytest.fixture(scope="module")
def eventful(tmp_path_factory):
    """Return the fixture snapshot with events and stories."""
    return open_fixture(tmp_path_factory.mktemp("eventful"), (POSTS,))


@pytest.fixture
def make(eventful):
    """Return the page of an action as a link asks for it."""

    def make(action_id=ACTION, desk=DESK, own=None, *, is_staff=False, **selection):
        view = make_view(eventful, "actions", own, **selection)
        return action_model.make_model(view, action_id, desk, is_staff=is_staff)

    return make


def tell(item: Item) -> list[str]:
    """Return the lines of an item in words."""
    return [
        " ".join([*([line.label] if line.label else []), *(cell.text for cell in line.cells)]) for line in item.lines
    ]


def named(snapshot, codelist: str, lang: str) -> dict[str, str]:
    """Return the labels of a list by their codes."""
    return {code: known.labels[lang] for code, known in snapshot.codes[codelist].items()}


@pytest.mark.parametrize(
    ("lang", "first", "each"),
    [("fr", 1, 5), *(pytest.param(lang, 0, 1, marks=pytest.mark.nightly) for lang in LANGUAGES)],
)
def test_every_action_opens_and_says_where_it_comes_from(make, snapshot, lang, first, each):
    t = translator(lang)
    for action_id in register.page(snapshot, Selection())["action_id"][first::each]:
        shown = make(action_id, lang=lang)
        facts = register.details(snapshot, action_id).facts
        assert facts["source_file"] in shown.origin.sentence
        assert str(facts["source_row"]) in shown.origin.sentence
        assert (shown.action_id, shown.title.text) == (action_id, facts["title"] or t("Untitled action"))
        assert shown.tab == f"{shown.title.text} · {t('Actions')}"
        assert not [text for text in list_texts(shown) if "{" in text]
    assert make("no-such-action") is None


def test_facts_lead_to_the_pages_that_show_them_and_keep_day_and_language(make, snapshot, lang):
    shown = make(as_of=date(2021, 12, 1), lang=lang, regions=("americas",))
    kept = {"as_of": ["2021-12-01"], "lang": [lang]}
    found = {way.label: lead(way) for fact in shown.facts for way in fact.ways if isinstance(way, PageLink)}
    assert found[named(snapshot, "countries", lang)["CIV"]] == ("country", {"country": ["CIV"], **kept})
    assert found[named(snapshot, "regions", lang)["africa"]] == ("regions", {"region": ["africa"], **kept})
    facts = register.details(snapshot, ACTION, date(2021, 12, 1)).facts
    assert shown.maker.text == facts["stakeholder"]
    assert lead(shown.maker.link) == ("stakeholders", {"stakeholder": [facts["stakeholder_id"]], **kept})
    assert (shown.facts[0].label, shown.facts[0].percent) == (translator(lang)("Percent done"), facts["percent"])

    frame = register.page(snapshot, Selection(themes=("unclassified",)))
    values = [value for fact in make(frame["action_id"].iloc[0], lang=lang).facts for value in fact.ways]
    assert named(snapshot, "themes", lang)["unclassified"] in values, "what is not classified leads nowhere"
    links = [dict(value.pairs) for value in values if isinstance(value, PageLink)]
    assert not any("unclassified" in pairs.values() for pairs in links)


def test_texts_say_their_language(make, snapshot):
    shown = make()
    facts = register.details(snapshot, ACTION).facts
    assert shown.title == Cell(facts["title"], lang="fr")
    assert {item.lines[1].cells[0].lang for item in shown.timeline.items if item.style != NOW} == {"fr"}
    said = [Cell(facts[name], lang="fr") for name, _ in action_model.TEXTS if facts[name]]
    assert [text for _, text in shown.texts] == said


def test_the_timeline_says_what_became_of_each_milestone_on_the_day(make, snapshot, lang):
    day, t = date(2021, 6, 1), translator(lang)
    outcomes = register.details(snapshot, ACTION, day).milestones["outcome"].tolist()
    shown = make(as_of=day, lang=lang)
    items = shown.timeline.items
    kinds = [item.style for item in items]
    assert [kind for kind in kinds if kind != NOW] == outcomes
    assert len(set(kinds)) > 2 and [item.is_now for item in items] == [kind == NOW for kind in kinds]
    said = [item.lines[0].cells[0].text for item in items if item.style != NOW]
    assert said == [t(OUTCOMES[kind]) for kind in outcomes]
    now = kinds.index(NOW)
    days = [[cell.day for cell in item.lines[0].cells if cell.day] for item in items]
    assert all(dates[0] <= day for dates in days[:now])
    assert all(not dates or dates[0] > day for dates in days[now + 1 :])
    reached, total = kinds.count("reached"), len(outcomes)
    note = t("{n} of {total} reached by {day}.", n=reached, total=total, day=format_date(day, lang))
    assert shown.timeline.note == note


TAGS = {"div", "h3", "p", "ol", "li", "bdi", "time", "a", "span", "figure", "img", "figcaption"}


@pytest.mark.nightly
def test_the_stakeholders_words_and_files_are_text_by_the_day_until_they_are_withdrawn(tmp_path, lang):
    snapshot, t = Snapshot(publish_annotated(tmp_path), "fixture", BUILT_AT, 8), translator(lang)

    def make(**selection):
        return action_model.make_model(
            make_view(snapshot, "actions", lang=lang, **selection), ACTION, DESK, is_staff=False
        )

    shown = make()
    assert [tell(item) for item in shown.replies.items] == [
        [format_date(date(2021, 11, 5), lang), REPLY],
        [format_date(date(2021, 8, 2), lang), FIRST_REPLY],
    ]
    assert [item.lines[1].cells[0].lang for item in shown.replies.items] == ["fr", "en"]
    document, picture = shown.files.items
    of_document = document.lines[0].cells[0]
    assert of_document.text == f"{TITLE} (PDF, {format_bytes(len(DOCUMENT) * 1_000, lang)})"
    assert of_document.url == f"/evidence/{DOCUMENT}"
    assert picture.pictures == (Picture(f"/evidence/{PICTURE}", ALT, RIGHTS, "fr"),)
    event, story = shown.posts.items
    assert (event.pictures[0].address, story.pictures[0].address) == (f"/evidence/{OF_EVENT}", f"/evidence/{OF_STORY}")
    assert "Sampletown" not in str(event), "no place beside a picture"
    assert tell(story)[-1] == t(WITHDRAWN)

    view = make_view(snapshot, "actions", lang=lang)
    sections = (shown.replies, shown.files, shown.posts)
    drawn = html.fromstring("".join(list_cells.draw_section(view, section) for section in sections))
    assert {node.tag for node in drawn.iter()} <= TAGS
    assert [image.get("alt") for image in drawn.iter("img")] == [ALT.translate(ANGLES)] * 3
    assert all(set(image.attrib) == {"src", "alt", "lang", "loading"} for image in drawn.iter("img"))
    assert all(words in drawn.text_content() for words in (REPLY, TITLE, RIGHTS))

    assert make(build="fixture").files.items[1].pictures[0].address == f"/evidence/{PICTURE}?build=fixture"
    for name in (PICTURE, DOCUMENT):
        withdraw(tmp_path, name)
    assert [tell(item)[0] for item in make(build="fixture").files.items] == [t(WITHDRAWN)] * 2
    earlier = make(as_of=date(2021, 10, 1))
    assert [tell(item)[1] for item in earlier.replies.items] == [FIRST_REPLY]
    assert earlier.files.items == ()


DUE, DAY = date(2021, 6, 10), date(2021, 6, 12)


@pytest.mark.parametrize(
    ("outcome", "due", "reached", "said"),
    [
        ("reached", DUE, date(2021, 6, 11), ["on 11 June 2021", "1 day late", "due on 10 June 2021"]),
        ("reached", DUE, date(2021, 6, 12), ["on 12 June 2021", "2 days late", "due on 10 June 2021"]),
        ("reached", DUE, DUE, ["on 10 June 2021", "due on 10 June 2021"]),
        ("reached", None, DUE, ["on 10 June 2021"]),
        ("missed", DUE, None, ["due on 10 June 2021", "2 days ago"]),
        ("unknown", DUE, None, ["due on 10 June 2021", "2 days ago", "nothing has been reported since"]),
        ("unknown", DAY, None, ["due on 12 June 2021", "nothing has been reported since"]),
        ("coming", date(2021, 6, 13), None, ["due on 13 June 2021", "in 1 day"]),
        ("undated", None, None, []),
    ],
)
def test_days_of_milestones_say_how_early_or_late_they_are(snapshot, outcome, due, reached, said):
    row = {"outcome": outcome, "due_on": due, "reached_on": reached}
    days = list(course.say_days(make_view(snapshot, "actions"), row, DAY))
    assert [one.text for one in days] == said
    assert [one.day for one in days if one.day] == [day for day in (reached, due) if day]
    assert len(list(course.say_days(make_view(snapshot, "actions", lang="fr"), row, DAY))) == len(said)


def test_reports_by_the_day_say_what_they_changed(make, snapshot, lang):
    frame = register.details(snapshot, ACTION).reports
    label = named(snapshot, "statuses", lang)
    reports = make(lang=lang).reports.items
    latest, *_, first = reports
    assert len(reports) == len(frame) > 1
    status = latest.lines[1]
    assert [cell.mark.word for cell in status.cells if cell.mark] == [label[frame["status"].iloc[n]] for n in (1, 0)]
    assert status.label == translator(lang)("Status: {what}", what="").strip()
    assert [bool(cell.mark) for cell in first.lines[1].cells] == [True]
    assert "(+" in " ".join(tell(latest))
    assert latest.lines[-1].style == "text"
    (source,) = make(lang=lang, is_staff=True).reports.items[0].lines[-1].cells
    assert frame["source_file"].iloc[0] in source.text and str(frame["source_row"].iloc[0]) in source.text
    days = pd.to_datetime(frame["reported_on"]).dt.date
    assert latest.lines[0].cells == (Cell(format_date(days.iloc[0], lang), day=days.iloc[0]),)
    before = days.max() - pd.Timedelta(days=1)
    earlier = make(as_of=before).reports.items
    assert len(earlier) == int((days <= before).sum()) < len(frame)
    assert all(item.lines[0].cells[0].day <= before for item in earlier)


def test_staff_alone_see_which_criteria_it_meets_and_why(make, snapshot, lang):
    t, findings = translator(lang), register.list_criteria(snapshot, ACTION)
    assert make(lang=lang).criteria == Section("")
    criteria = make(lang=lang, is_staff=True).criteria
    assert [one.criterion for one in findings] == list(CRITERIA)
    for item, one in zip(criteria.items, findings, strict=True):
        name, reason, words = item.lines[0].cells
        assert name.text == f"{'✓' if one.is_met else '○'} {t(CRITERIA[one.criterion])}"
        assert reason.text == t(REASONS[one.reason]) and (one.words or "") in words.text


def test_events_and_stories_stand_there_once_in_the_readers_language(make):
    event, story = make(lang="fr").posts.items
    assert event.lines[0].cells[0].text == "A forum of growers"
    about = re.sub(r"[\u00a0\u202f]", " ", tell(event)[1])
    assert all(words in about for words in ("2 novembre 2021", "4 novembre 2021", "Sampletown"))
    title, _, summary, languages = story.lines
    assert title.cells == (Cell("Du champ à l'école", url="https://example.org/fr", lang="fr"),)
    assert languages.cells == (Cell("Anglais", url="https://example.org/en"), Cell("Espagnol"))  # no script is a way
    assert summary.cells == (Cell("Ce qui s'est passé.", lang="fr"),)
    assert make("FIX-003").posts.items == ()
    (announced,) = make(as_of=date(2021, 7, 1)).posts.items
    assert announced.lines[0].cells[0].text == "A forum of growers"
    assert make(lang="es").posts.items[1].lines[0].cells[0].text == "Del campo a la escuela"


def test_others_who_do_this_say_why_and_lead_on(make, snapshot, lang):
    near, t = [one for one in find_similar(snapshot, ACTION) if not one.is_own], translator(lang)
    shown, *apart = make(regions=("africa",), statuses=("completed",), lang=lang).similar_actions
    ways = [("actions", {"lang": [lang], "action": [one.action_id]}) for one in near]
    assert [lead(item.lines[0].cells[0].link) for item in shown.items] == ways
    assert all(named(snapshot, "themes", lang)[code] in tell(shown.items[0])[2] for code in near[0].shared["theme"])
    completed = [one.is_completed for one in near]
    assert completed == sorted(completed, reverse=True)
    assert [item.lines[1].cells[-1].day for item in shown.items] == [one.completed_on for one in near]
    own = [item for section in apart for item in section.items]
    assert len(own) == len(find_similar(snapshot, ACTION)) - len(near)
    assert all(item.lines[1].cells[0].text == "" for item in own), "its maker is known"
    assert shown.note.startswith(t(
        "The most similar actions by theme, category, place and words, whatever the filters. Completed ones come "
        "first: they can share results."
    ))  # fmt: skip
    assert find_similar(snapshot, "FIX-027") == []
    said = t("No other stakeholder's action is similar enough in theme, category, place and words.")
    (none,) = make("FIX-027", lang=lang).similar_actions
    assert (none.note, none.items) == (said, ())


def read_letter(letter) -> tuple[str, str, str]:
    """Read a letter as a mail program gets it: address, subject and text."""
    address, _, query = letter.url.removeprefix("mailto:").partition("?")
    parts = dict(pair.split("=", 1) for pair in query.split("&"))
    return address, unquote(parts["subject"]), unquote(parts["body"])


def test_letters_go_to_the_secretariat_and_name_both_actions(make, snapshot, lang):
    shown = make(lang=lang)
    other = next(one for one in find_similar(snapshot, ACTION) if not one.is_own)
    (contact,) = shown.similar_actions[0].items[0].lines[-1].cells
    address, subject, text = read_letter(contact)
    assert address == "office@office.int"
    assert other.action_id in subject and ACTION in subject
    in_letter = rf"https://actions\.example\.org/actions/([^?\s]+)\?lang={lang}"
    assert re.findall(in_letter, text) == [other.action_id, ACTION]
    assert contact.text.endswith(f", {other.title}") and not contact.excerpt.endswith(other.title)
    address, subject, text = read_letter(shown.letter.cell)
    assert (address, ACTION in subject) == ("office@office.int", True)
    assert translator(lang)("What is wrong, and how it should be:") in text
    assert re.findall(in_letter, text) == [ACTION]


def test_without_an_address_there_are_no_letters_and_staff_are_told_how(make):
    shown = make(desk=Desk())
    assert not shown.letter
    assert not [item for item in shown.similar_actions[0].items if item.lines[-1].cells[0].text]
    assert "[publisher]" in make(desk=Desk(), is_staff=True).letter


def test_the_ways_lead_through_the_filtered_register_in_its_order(snapshot, lang):
    ids = register.page(snapshot, Selection(regions=("africa",)), sort="title", descending=True)["action_id"].tolist()
    own, t = {"sort": "title", "order": "desc"}, translator(lang)

    def find(action_id, **stated):
        view = make_view(snapshot, "actions", own | {"action": action_id} | stated, regions=("africa",), lang=lang)
        return action_model.find_ways(view, action_id)

    order = {"region": ["africa"], "sort": ["title"], "order": ["desc"], "lang": [lang]}
    ways = find(ids[1])
    before, place, after = ways.steps
    assert (ways.back.text, lead(ways.back.link)[1]) == (t("Back to the register"), order)
    assert place.text == t("Action {n} of {total}", n=2, total=len(ids))
    assert lead(before.link)[1] == order | {"action": [ids[0]]}
    assert lead(after.link)[1] == order | {"action": [ids[2]]}
    assert (before.excerpt, before.text) == (t("Previous"), f"{t('Previous')}, {before.link.label}")
    assert [bool(step.link) for step in find(ids[0]).steps] == [False, False, True]
    assert [bool(step.link) for step in find(ids[-1]).steps] == [True, False, False]
    outside = register.page(snapshot, Selection(regions=("americas",)))["action_id"].iloc[0]
    alone = find(outside, sort="nonsense")
    assert alone.steps == ()
    assert lead(alone.back.link)[1] == order | {"sort": ["nonsense"]}


def test_two_actions_have_ways_to_each_other_and_one_alone_has_none(snapshot):
    counts = register.page(snapshot, Selection())["stakeholder_id"].value_counts()
    for actions in (1, 2):
        maker = {"stakeholders": (counts.index[counts == actions][0],)}
        first, *others = register.page(snapshot, Selection(**maker))["action_id"]
        ways = action_model.find_ways(make_view(snapshot, "actions", **maker), first)
        assert [step.link.pairs[-1] for step in ways.steps if step.link] == [("action", other) for other in others]


def test_readers_get_a_line_about_its_origin_and_staff_the_rows(make, snapshot, lang):
    facts = register.details(snapshot, ACTION).facts
    reader, staff = make(lang=lang).origin, make(lang=lang, is_staff=True).origin
    assert facts["source_file"] in reader.sentence
    assert (reader.rows, reader.originals) == ((), ())
    assert staff.rows[0][0] == translator(lang)("Submission")
    assert facts["source_file"] in staff.rows[0][1]
    assert staff.originals[0] == (facts["source_file"], facts["source_sheet"], facts["source_row"])
    assert len(set(staff.originals)) == len(staff.originals)


CHANGES = {
    "FIX-001": [
        (
            "Percent done: 100% (+60 points)",
            "Completed on: 30 November 2021",
            'Milestones reached since: Draft roadmap; Adoption; signature, and "launch"',
        ),
        ("Percent done: 40%", "Milestone reached by then: First consultation"),
    ],
    "FIX-006": [
        ("Percent done: 56% (unchanged)",),
        ("Percent done: 56%", "Milestone reached by then: Course in Accra"),
    ],
    "FIX-009": [
        ("Percent done: 90% (−10 points)", "Milestone reached since: Ley publicada"),
        ("Percent done: 100%", "Completed on: 1 June 2021", "Milestone reached by then: Ley aprobada"),
    ],
    "FIX-007": [()],
    "FIX-008": [],
}


@pytest.mark.parametrize("action_id", CHANGES)
def test_a_report_says_how_far_it_moved_when_it_was_completed_and_what_was_reached(make, action_id):
    reports = make(action_id).reports.items
    changes = [tuple(line.cells[0].text for line in item.lines[2:] if line.style == "change") for item in reports]
    assert changes == CHANGES[action_id]


def test_a_status_that_has_not_changed_is_said_to_be_the_same(snapshot, lang):
    view = make_view(snapshot, "actions", lang=lang)
    row = {"status": "in_progress", "status_code": None, "status_before": "in_progress", "status_code_before": None}
    same = course.say_status(view, row).cells
    assert [cell.mark.status if cell.mark else cell.text for cell in same] == [
        "in_progress", translator(lang)("(unchanged)"),
    ]  # fmt: skip
    changed = course.say_status(view, row | {"status_before": "not_started"}).cells
    assert [cell.mark.status if cell.mark else cell.text for cell in changed] == [
        "not_started", translator(lang)("then"), "in_progress",
    ]  # fmt: skip


def test_each_number_has_a_bar_towards_its_target_and_says_where_it_comes_from(make):
    children, laws, inspectors = make(as_of=date(2021, 6, 30)).numbers
    assert (children.label, children.percent) == ("Children withdrawn", 40)
    assert children.ways[:3] == (
        "promised: from 20 to 220 · by 30 December 2021", "last reported: 100 on 31 May 2021", "Lists of two schools",
    )  # fmt: skip
    assert (laws.ways[:2], laws.percent) == (("promised: 12", "nothing reported yet"), None)
    assert (inspectors.ways[:2], inspectors.percent) == (("never promised", "last reported: 30 on 1 June 2021"), None)
    assert make().numbers[0].percent == pytest.approx(110), "the bar is as long as it can be"
    assert make("FIX-003").numbers == ()
