"""The page Latest news as data: its list against the measure, the link's choice, and the entry that it names."""

from dataclasses import replace
from datetime import date

import pytest
from lxml import html

from dashboard.formats import format_date, format_short_date
from dashboard.i18n import translator
from dashboard.lists.declaration import ListRequest, Rows
from dashboard.lists.for_readers import frame_entries, list_entries
from dashboard.measures.annotations import WITHDRAWN
from dashboard.measures.latest import KINDS, NEWS, Entry, Window, count_latest, list_latest
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.latest import body
from dashboard.ui.latest.body import News, make_model
from dashboard.ui.pieces import list_table
from dashboard.ui.pieces.list_table import ListModel
from tests.annotations import ALT, ANGLES, OF_EVENT, OF_STORY, RIGHTS, publish_annotated, withdraw
from tests.models import assert_filled, list_texts
from tests.snapshots import BUILT_AT
from tests.views import lead, make_view

TODAY = date(2022, 3, 2)
COMING = Window(coming=False)
STORY_AND_EVENT = {
    "en": [("story", "One more school (a made-up story)"), ("event", "World Day Against Child Labour, imagined")],
    "fr": [("story", "Une école de plus (récit fictif)"), ("event", "World Day Against Child Labour, imagined")],
    "es": [("story", "Une école de plus (récit fictif)"), ("event", "World Day Against Child Labour, imagined")],
}


@pytest.fixture
def make(snapshot):
    """Return the page for a selection and the parameters of its link."""

    def make(parameters=None, lang: str = "en", **selection) -> News:
        return make_model(make_view(snapshot, "latest", parameters, lang=lang, **selection), TODAY)

    return make


def listed(shown: News) -> list[tuple[str, str]]:
    """Return the kind and title of each entry of the list, in its order."""
    return tell(shown.list_model)


def tell(shown: ListModel) -> list[tuple[str, str]]:
    return [(line["kind"].style.removeprefix("kind kind-"), line["title"].text) for line in shown.lines]


def measured(rows) -> list[tuple[str, str]]:
    return list(zip(rows["kind"], rows["title"], strict=True))


def test_it_lists_what_happened_newest_first_and_pages_go_on(make, snapshot, lang):
    t, selection = translator(lang), Selection(lang=lang)
    shown = make(lang=lang)
    total = sum(count_latest(snapshot, selection, COMING).values())
    assert listed(shown) == measured(list_latest(snapshot, selection, COMING, limit=20))
    assert shown.list_model.summary == t("Entries {first} to {last} of {total}.", first=1, last=20, total=total)
    second = make({"page": "2"}, lang)
    assert listed(second) == measured(list_latest(snapshot, selection, COMING, limit=20, offset=20))
    assert_filled((shown.list_model, shown.follow))
    assert {word for word in list_texts(shown) if "{" in word} <= {shown.since.visit.words["since"]}


def chosen(shown: News) -> tuple[str, ...]:
    return tuple(chip.name for chip in shown.list_model.chips if chip.is_on)


def test_kinds_are_the_links_with_how_many_there_are_of_each(make, snapshot, lang):
    t, counts = translator(lang), count_latest(snapshot, Selection(), Window(kinds=tuple(KINDS), coming=False))
    shown = make({"kind": "story,event"}, lang)
    assert listed(shown) == STORY_AND_EVENT[lang]
    sizes = {chip.name: (chip.link.label, chip.size) for chip in shown.list_model.chips}
    assert sizes == {kind: (t(name), str(counts[kind])) for kind, name in KINDS.items()}
    assert chosen(shown) == ("event", "story")
    assert chosen(make(lang=lang)) == chosen(make({"kind": " , "}, lang)) == NEWS
    without = {chip.name: lead(chip.link)[1].get("kind") for chip in shown.list_model.chips}
    assert (without["story"], without["report"]) == (["event"], ["event,story,report"])
    milestones = make({"kind": "milestone"}, lang)
    assert {kind for kind, _ in listed(milestones)} == {"milestone"}
    assert milestones.coming is None


def on(chips) -> list[str]:
    return [chip.link.label for chip in chips if chip.is_on]


def test_ways_to_what_is_new_keep_what_else_is_chosen_and_a_day_begins_with_the_month(make, lang):
    everything = make({"kind": "story", "page": "2"}, lang).since
    stated = [lead(chip.link)[1] for chip in everything.choices]
    kept = {"kind": ["story"], "lang": [lang]}
    assert stated == [kept, kept | {"since": ["monday"]}, kept | {"since": ["2021-12-01"]}], "the last day's month"
    by_known = make({"by": "known", "since": "2021-11-02"}, lang).since
    assert [lead(chip.link)[1].get("since") for chip in by_known.choices] == [None, ["monday"], ["2021-11-02"]]
    assert [lead(chip.link)[1].get("by") for chip in by_known.by] == [None, ["known"]]


def test_what_is_new_counts_every_kind_since_a_day(make, snapshot, lang):
    day, t = date(2021, 12, 1), translator(lang)
    window = Window(kinds=tuple(KINDS), since=day, coming=False)
    total = sum(count_latest(snapshot, Selection(regions=("africa",)), window).values())
    shown = make({"since": "2021-12-01", "rows": "100"}, lang, regions=("africa",))
    words = ("{n} entry since {day}.", "{n} entries since {day}.")
    assert shown.summary == t.plural(*words, total, day=format_date(day, lang))
    assert len(listed(shown)) == total > 3
    assert chosen(shown) == tuple(KINDS)
    assert (on(shown.since.choices), shown.since.day.day) == ([t("Since a date")], day)
    assert shown.since.day.sentence == format_date(day, lang)
    monday = make({"since": "monday"}, lang, regions=("africa",))
    assert format_date(date(2021, 12, 27), lang) in monday.summary  # the Monday before the last day, a Friday
    assert (on(monday.since.choices), monday.since.day) == ([t("Since Monday")], None)
    nothing = make({"since": "2021-12-31", "kind": "story"}, lang)
    assert (nothing.list_model.lines, nothing.list_model.summary) == (
        (),
        t("No entries of these kinds in this period."),
    )


def test_by_the_day_that_it_became_known_the_week_is_this_one_and_what_is_not_noted_is_said(make, snapshot, lang):
    t = translator(lang)
    shown = make({"since": "monday", "by": "known"}, lang, regions=("africa",))
    assert format_date(date(2022, 2, 28), lang) in shown.summary
    assert shown.summary.endswith(t("Publication dates are not recorded yet; the next publication records them."))
    assert on(shown.since.by) == [t("Date published here")]
    visit = shown.since.visit
    assert (visit.since, visit.query) == ("2022-02-28", f"region=africa&lang={lang}")
    assert visit.words["since"] == t("New since my last visit, {day}", day="{day}")
    assert make(lang=lang).since.visit.since == ""
    everything = make({"by": "known", "kind": "story"}, lang)
    assert {line["known_on"].text for line in everything.list_model.lines} == {""}

    entry = Entry(entry_id="x", kind="report", known_on=date(2021, 9, 5))
    frame = frame_entries(ListRequest(snapshot, Selection(lang=lang)), [entry])
    spec = replace(list_entries(Window(tuple(KINDS), by="known")), read=lambda asked: Rows(frame, 1))
    (line,) = list_table.make_model(make_view(snapshot, "latest", lang=lang), spec).lines
    assert (line["known_on"].text, line["when"].text) == (format_short_date(entry.known_on, lang), t("Without a date"))


@pytest.mark.nightly
def test_pictures_stand_below_their_entry_without_its_place_and_what_was_withdrawn_is_said(tmp_path, lang):
    annotated, t = Snapshot(publish_annotated(tmp_path), "fixture", BUILT_AT, 8), translator(lang)

    def make(parameters) -> News:
        return make_model(make_view(annotated, "latest", parameters, lang=lang), TODAY)

    shown = make({"kind": "story,event"}).list_model
    addresses = {line["kind"].text: [one.address for one in line["title"].pictures] for line in shown.lines[:2]}
    assert addresses == {t("Event"): [f"/evidence/{OF_EVENT}"], t("Story"): [f"/evidence/{OF_STORY}"]}
    assert "Sampletown" not in str(shown)
    drawn = html.fromstring(list_table.render(make_view(annotated, "latest", lang=lang), shown))
    assert [image.get("alt") for image in drawn.iter("img")] == [ALT.translate(ANGLES)] * 2
    assert not list(drawn.iter("script", "b", "i")) and drawn.text_content().count(RIGHTS) == 2
    selection = Selection(lang=lang)
    (story,) = list_latest(annotated, selection, Window(kinds=("story",)), limit=1)["entry_id"]
    opened = make({"entry": story}).linked_entry
    assert [cell.text for cell in opened.documents] == [t(WITHDRAWN)]
    assert opened.entry.lines[0]["title"].pictures[0].rights == RIGHTS
    withdraw(tmp_path, OF_EVENT)
    event = next(line for line in make({"kind": "event"}).list_model.lines)
    assert event["title"].pictures == () and "Sampletown" in event["about"].text


def test_events_to_come_stand_first_with_their_calendar(make, lang):
    t, day = translator(lang), date(2021, 6, 10)
    shown = make(lang=lang, as_of=day)
    assert tell(shown.coming.list_model) == [STORY_AND_EVENT[lang][1]]
    first, last = (format_date(date(2021, 6, number), lang) for number in (12, 13))
    assert shown.coming.list_model.lines[0]["when"].text == t("{first} to {last}", first=first, last=last)
    assert shown.coming.list_model.title == t("Events from {day} on", day=format_date(day, lang))
    assert shown.coming.calendar == f"/latest.ics?as_of=2021-06-10&lang={lang}"
    assert "event" not in {kind for kind, _ in listed(shown)}
    assert make({"since": "2021-06-01"}, lang, as_of=day).coming is None
    assert make(lang=lang).coming is None


def test_a_link_to_an_entry_shows_it_whatever_its_kind_and_says_why_it_does_not(make, snapshot, lang):
    t = translator(lang)
    report = list_latest(snapshot, Selection(), Window(kinds=("report",)), limit=9).iloc[8]
    stated = {"entry": report["entry_id"], "kind": "story"}
    shown = make(stated, lang).linked_entry
    assert tell(shown.entry) == [("report", report["title"])]
    assert report["title"] in shown.page_title and shown.sentence == ""
    assert ("kind", "story") in shown.close.pairs and "entry" not in dict(shown.close.pairs)
    story = list_latest(snapshot, Selection(lang=lang), Window(kinds=("story",))).iloc[0]
    told = make({"entry": story["entry_id"]}, lang).linked_entry
    assert (told.summary.text, told.summary.lang) == (story["summary"] or "", story["language"])
    elsewhere = make(stated, lang, as_of=date(2021, 6, 17)).linked_entry
    assert elsewhere.sentence == t("The filters or the date exclude it.")
    assert elsewhere.everything.pairs == (("entry", report["entry_id"]), ("lang", lang))
    for wrong in ("no id", "00000000-0000-0000-0000-000000000000"):
        gone = make({"entry": wrong}, lang).linked_entry
        assert gone.sentence == t("It is not in these figures: it was withdrawn, or the link is damaged.")
        assert (gone.entry, gone.everything) == (None, None)


def test_what_a_link_asks_for_and_is_not_known_is_said_and_of_nothing_what_to_drop(make, lang):
    for name, value in (("kind", "news"), ("since", "yesterday"), ("by", "name"), ("page", "x")):
        shown = make({name: value}, lang)
        assert f"{name}={value}" in " ".join((*shown.warnings, *shown.list_model.warnings))
        assert len(listed(shown)) == 20
    nothing = make(regions=("africa",), q="no action has these words")
    assert [offer.parameter for offer in nothing.offers] == ["q"]


def test_entries_lead_to_their_action_or_their_own_address_and_by_their_day_to_themselves(make):
    lines = make({"kind": "story,milestone,completed", "rows": "50"}, regions=("africa",)).list_model.lines
    for line in lines:
        title, when, action = line["title"], line["when"], line["action_title"]
        assert lead(when.link)[0] == "latest" and when.link.pairs[0][0] == "entry"
        assert ("region", "africa") in when.link.pairs
        assert title.url or lead(title.link)[0] == "actions"
        is_beside = line["kind"].style != "kind kind-completed"
        assert bool(action.link) == bool(action.text) == is_beside
        if is_beside:
            assert ("region", "africa") in action.link.pairs
    assert {line["kind"].style for line in lines} == {"kind kind-story", "kind kind-milestone", "kind kind-completed"}
    assert {bool(line["title"].url) for line in lines} == {True, False}


def test_the_addresses_to_follow_keep_filters_and_kinds_and_no_build(lang):
    t, selection = translator(lang), Selection(regions=("africa",), build="fixture", lang=lang)
    usual, some = (body.make_follow_model(selection, t, kinds) for kinds in (NEWS, ("event", "story")))
    assert [address for _, address in usual.feeds] == [
        f"/latest.{ending}?region=africa&lang={lang}" for ending in ("atom", "json")
    ]
    assert some.feeds[0][1] == f"/latest.atom?kind=event,story&region=africa&lang={lang}"
    assert some.calendar == usual.calendar == f"/latest.ics?region=africa&lang={lang}"
    assert usual.newsletter.pairs == (("lang", lang),)
