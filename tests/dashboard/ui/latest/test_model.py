"""The page Latest news as data: its list against the measure, what the link chooses, and the entry that it names."""

from datetime import UTC, date, datetime

import pytest

from dashboard.formats import format_date
from dashboard.i18n import translator
from dashboard.measures.entry_words import Entry
from dashboard.measures.latest import KINDS, NEWS, Window, count_latest, list_latest
from dashboard.snapshot.selection import Selection
from dashboard.ui.latest import entry_list, following, shown_kinds, shown_since
from dashboard.ui.latest.model import LatestModel, News, make_model
from tests.models import assert_filled, list_texts

TODAY = date(2022, 3, 2)
COMING = Window(coming=False)
STORY_AND_EVENT = {
    "en": [("story", "One more school (a made-up story)"), ("event", "World Day Against Child Labour, imagined")],
    "fr": [("story", "Une école de plus (récit fictif)"), ("event", "World Day Against Child Labour, imagined")],
    "es": [("story", "Une école de plus (récit fictif)"), ("event", "World Day Against Child Labour, imagined")],
}


@pytest.fixture
def make(snapshot):
    """The page for a selection and the parameters of its link."""

    def make(parameters=None, lang: str = "en", **selection) -> LatestModel:
        chosen = Selection(lang=lang, **selection)
        return make_model(snapshot, chosen, translator(lang), parameters or {}, TODAY)

    return make


def listed(shown: News) -> list[tuple[str, str]]:
    """The kind and title of each entry of the list, in its order."""
    return [(entry.kind, entry.title) for group in shown.listed.groups for entry in group.entries]


def measured(rows) -> list[tuple[str, str]]:
    return list(zip(rows["kind"], rows["title"], strict=True))


def test_it_lists_what_happened_under_its_months_and_pages_go_on(make, snapshot, lang):
    t, selection = translator(lang), Selection(lang=lang)
    shown = make(lang=lang).news
    total = sum(count_latest(snapshot, selection, COMING).values())
    assert listed(shown) == measured(list_latest(snapshot, selection, COMING, limit=50))
    december = {"en": "December 2021", "fr": "Décembre 2021", "es": "Diciembre de 2021"}[lang]
    assert shown.listed.groups[0].name == december
    assert all(group.has_heading for group in shown.listed.groups)
    assert shown.listed.said == t("Entries {first} to {last} of {total}.", first=1, last=50, total=total)
    second = make({"page": "2"}, lang).news
    assert listed(second) == measured(list_latest(snapshot, selection, COMING, limit=50, offset=50))
    assert_filled((shown.listed, shown.kinds, shown.said, shown.follow))
    assert {word for word in list_texts(shown) if "{" in word} <= {shown.since.visit.words["since"]}


def test_kinds_are_the_links_with_how_many_there_are_of_each(make, snapshot, lang):
    t, counts = translator(lang), count_latest(snapshot, Selection(), Window(kinds=tuple(KINDS), coming=False))
    shown = make({"kind": "story,event"}, lang).news
    assert listed(shown) == STORY_AND_EVENT[lang]
    assert shown.kinds.names == {kind: f"{t(name)} · {counts[kind]}" for kind, name in KINDS.items()}
    assert shown.kinds.chosen == ("event", "story")
    assert make(lang=lang).news.kinds.chosen == make({"kind": " , "}, lang).news.kinds.chosen == NEWS
    milestones = make({"kind": "milestone"}, lang).news
    assert {kind for kind, _ in listed(milestones)} == {"milestone"}
    assert (milestones.coming, milestones.kinds.label) == (None, t("Kinds of entries"))


def test_chosen_kinds_and_days_are_stated_in_their_order_and_the_usual_ones_are_left_out():
    assert shown_kinds.state_kinds(["story", "event"], NEWS) == "event,story"
    assert shown_kinds.state_kinds(list(NEWS), NEWS) is None
    assert shown_kinds.state_kinds([], NEWS) is None
    assert shown_kinds.state_kinds(list(NEWS), tuple(KINDS)) == ",".join(NEWS)
    assert shown_since.state_since("day", date(2021, 12, 31)) == "2021-12-01", "the first of the month"
    assert shown_since.state_since("monday", TODAY) == "monday"
    assert shown_since.state_since("", TODAY) is None


def test_what_is_new_counts_every_kind_since_a_day(make, snapshot, lang):
    day, t = date(2021, 12, 1), translator(lang)
    window = Window(kinds=tuple(KINDS), since=day, coming=False)
    total = sum(count_latest(snapshot, Selection(regions=("africa",)), window).values())
    shown = make({"since": "2021-12-01"}, lang, regions=("africa",)).news
    words = ("{n} entry since {day}.", "{n} entries since {day}.")
    assert shown.said == t.plural(*words, total, day=format_date(day, lang))
    assert len(listed(shown)) == total > 3
    assert shown.kinds.chosen == tuple(KINDS)
    assert (shown.since.chosen, shown.since.day.day, shown.since.day.said) == ("day", day, format_date(day, lang))
    monday = make({"since": "monday"}, lang, regions=("africa",)).news
    assert format_date(date(2021, 12, 27), lang) in monday.said  # the Monday before the last day, a Friday
    assert (monday.since.chosen, monday.since.day) == ("monday", None)
    nothing = make({"since": "2021-12-31", "kind": "story"}, lang).news
    assert (nothing.listed, nothing.nothing) == (None, t("No entries of these kinds in this period."))


def test_by_the_day_that_it_became_known_the_week_is_this_one_and_what_is_not_noted_is_said(make, snapshot, lang):
    t = translator(lang)
    shown = make({"since": "monday", "by": "known"}, lang, regions=("africa",)).news
    assert format_date(date(2022, 2, 28), lang) in shown.said
    assert shown.said.endswith(t("Publication dates are not recorded yet; the next publication records them."))
    assert (shown.since.by, shown.since.now) == ("known", TODAY)
    visit = shown.since.visit
    assert (visit.shown, visit.query) == ("2022-02-28", f"region=africa&lang={lang}")
    assert visit.words["since"] == t("New since my last visit, {day}", day="{day}")
    assert make(lang=lang).news.since.visit.shown == ""
    everything = make({"by": "known", "kind": "story"}, lang).news
    not_noted = t("Publication date not recorded")
    assert [group.name for group in everything.listed.groups] == [not_noted]

    first, later = datetime(2021, 7, 1, 9, tzinfo=UTC), date(2021, 9, 5)
    days = (later, later, first.date(), None)
    entries = [Entry(entry_id=str(number), kind="report", known_on=day) for number, day in enumerate(days)]
    groups = entry_list.group_by_known(entries, first, snapshot, Selection(lang=lang), t)
    assert [(group.name, len(group.entries)) for group in groups] == [
        (t("Published {day}", day=format_date(later, lang)), 2),
        (t("Published first, {day}", day=format_date(first.date(), lang)), 1),
        (not_noted, 1),
    ]
    (undated,) = entry_list.group_by_month(entries[3:], snapshot, Selection(lang=lang), t)
    assert undated.name == t("Without a date")


def test_events_to_come_stand_first_with_their_calendar(make, lang):
    t, day = translator(lang), date(2021, 6, 10)
    shown = make(lang=lang, as_of=day).news
    (group,) = shown.coming.entries
    assert [(entry.kind, entry.title) for entry in group.entries] == [STORY_AND_EVENT[lang][1]]
    first, last = (format_date(date(2021, 6, number), lang) for number in (12, 13))
    assert group.entries[0].when == t("{first} to {last}", first=first, last=last)
    assert shown.coming.title == t("Events from {day} on", day=format_date(day, lang))
    assert shown.coming.calendar == f"/latest.ics?as_of=2021-06-10&lang={lang}"
    assert "event" not in {kind for kind, _ in listed(shown)}
    assert make({"since": "2021-06-01"}, lang, as_of=day).news.coming is None
    assert make(lang=lang).news.coming is None


def test_a_link_to_an_entry_shows_it_whatever_its_kind_and_says_why_it_does_not(make, snapshot, lang):
    t = translator(lang)
    report = list_latest(snapshot, Selection(), Window(kinds=("report",)), limit=9).iloc[8]
    stated = {"entry": report["entry_id"], "kind": "story"}
    shown = make(stated, lang).news.opened
    ((entry,),) = (group.entries for group in shown.entries)
    assert (entry.kind, entry.title) == ("report", report["title"])
    assert entry.title in shown.page_title and shown.said == ""
    assert ("kind", "story") in shown.close.pairs and "entry" not in dict(shown.close.pairs)
    elsewhere = make(stated, lang, as_of=date(2021, 6, 17)).news.opened
    assert elsewhere.said == t("The filters or the date exclude it.")
    assert elsewhere.everything.pairs == (("entry", report["entry_id"]), ("lang", lang))
    for wrong in ("no id", "00000000-0000-0000-0000-000000000000"):
        gone = make({"entry": wrong}, lang).news.opened
        assert gone.said == t("It is not in these figures: it was withdrawn, or the link is damaged.")
        assert (gone.entries, gone.everything) == ((), None)


def test_what_a_link_asks_for_and_is_not_known_is_said_and_of_nothing_what_to_drop(make, lang):
    for name, value in (("kind", "news"), ("since", "yesterday"), ("by", "name"), ("page", "x")):
        shown = make({name: value}, lang).news
        assert f"{name}={value}" in " ".join((*shown.warnings, shown.listed.warning))
        assert len(listed(shown)) == 50
    nothing = make(regions=("africa",), q="no action has these words")
    assert nothing.news is None
    assert [offer.parameter for offer in nothing.empty.offers] == ["q"]


def test_entries_lead_to_their_action_or_their_own_address_and_facts_to_the_action(make):
    shown = make({"kind": "story,milestone,completed"}, regions=("africa",)).news
    entries = [entry for group in shown.listed.groups for entry in group.entries]
    for entry in entries:
        assert entry.permalink.pairs[0][0] == "entry" and ("region", "africa") in entry.permalink.pairs
        assert bool(entry.address) != (entry.action is not None)
        if entry.action is not None:
            assert entry.action.page_id == "actions" and ("region", "africa") in entry.action.pairs
        linked = [fact.link for fact in entry.facts if fact.link]
        assert all(one.pairs[0][0] == "action" for one in linked)
        assert bool(linked) == (entry.kind in ("story", "milestone"))
    assert {entry.kind for entry in entries} == {"story", "milestone", "completed"}


def test_the_addresses_to_follow_keep_filters_and_kinds_and_no_build(lang):
    t, selection = translator(lang), Selection(regions=("africa",), build="fixture", lang=lang)
    usual, some = (following.make_model(selection, t, kinds) for kinds in (NEWS, ("event", "story")))
    assert [address for _, address in usual.feeds] == [
        f"/latest.{ending}?region=africa&lang={lang}" for ending in ("atom", "json")
    ]
    assert some.feeds[0][1] == f"/latest.atom?kind=event,story&region=africa&lang={lang}"
    assert some.calendar == usual.calendar == f"/latest.ics?region=africa&lang={lang}"
    assert usual.newsletter.pairs == (("lang", lang),)
