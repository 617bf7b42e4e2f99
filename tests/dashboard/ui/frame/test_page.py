"""The frame around pages, and the page in place of one with a faulty link, as data in every language."""

from dataclasses import replace
from inspect import unwrap

import pytest

from dashboard.access.rights import AccessClass
from dashboard.errors import SelectionError
from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.snapshot.attribution import say_source
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.selection import Selection, parse
from dashboard.ui.frame import header, page
from dashboard.ui.frame.header import (
    BEGINNING,
    DETAIL_PAGES,
    DIMENSION_PAGES,
    OWN_PAGES,
    PAGES,
    REPORTS,
    SECTIONS,
    STAFF_PAGES,
    Reader,
)
from dashboard.ui.frame.page import SAMPLE_NOTICE, make_model, say_figures
from dashboard.ui.frame.page_help import PAGE_HELP
from tests.models import assert_filled
from tests.shipped import LANGUAGES
from tests.snapshots import open_promises, open_unclassified

ANYBODY = Reader()
STAFF_MEMBER = Reader(frozenset({AccessClass.PUBLIC, AccessClass.STAFF}))
AFRICA = Selection(regions=("africa",), build="fixture").against(Selection(regions=("americas",)))


@pytest.mark.parametrize("page_id", [spec.page_id for spec in (*PAGES, *DETAIL_PAGES)])
def test_around_every_page_stand_title_ways_notice_and_source_in_the_readers_language(snapshot, page_id, lang):
    t = translator(lang)
    shown = make_model(snapshot, Selection(lang=lang), t, page_id, ANYBODY)
    assert shown.header.campaign == snapshot.campaign[f"title_{lang}"]
    assert set(shown.header.languages) == set(LANGUAGES)
    assert [one.label for one in shown.header.sections] == [t(section.title) for section in SECTIONS]
    section = next((section for section in SECTIONS if section.holds(page_id)), None)
    beside = section.pages if section and len(section.pages) > 1 else ()
    if page_id in (*DIMENSION_PAGES, "country"):  # from one dimension to every other
        beside = tuple(map(header.find, DIMENSION_PAGES))
    assert [(one.page_id, one.label) for one in shown.header.beside] == [(s.page_id, t(s.title)) for s in beside]
    assert shown.footer == (say_source(snapshot.campaign, lang, snapshot.last_date),)
    assert shown.notice == t(SAMPLE_NOTICE)
    assert t("All actions") in shown.spoken
    assert_filled(shown)


def test_the_form_for_new_actions_is_linked_while_it_takes_some(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    t = translator("fr")
    assert page.link_promise_form(t) == ""
    open_promises(tmp_path)
    assert 'href="/promise?lang=fr"' in page.link_promise_form(t)
    open_promises(tmp_path, "last_day = 2021-05-15")
    assert page.link_promise_form(t) == ""


def test_no_way_leads_to_what_no_action_is_classified_by_but_from_there(tmp_path):
    unclassified = open_unclassified(tmp_path, "theme", "category")

    def list_ways(page_id: str) -> set[str]:
        made = make_model(unclassified, Selection(), translator("en"), page_id, ANYBODY)
        return {one.page_id for one in made.header.sections}

    everything = {section.pages[0].page_id for section in SECTIONS}
    assert everything - list_ways("overview") == {"themes", "categories"}
    assert everything - list_ways("themes") == {"categories"}


def test_ways_keep_the_filters_and_no_other_side_where_the_page_has_none(snapshot):
    shown = make_model(snapshot, AFRICA, translator("en"), "explore", STAFF_MEMBER).header
    kept = (("region", "africa"), ("build", "fixture"), ("lang", "en"))
    assert all(one.pairs == kept for one in shown.sections)
    assert all(
        one.pairs == (("region", "africa"), ("lang", "en")) for one in shown.staff
    )  # they see the published build
    beside = {one.page_id: one.pairs for one in shown.beside}
    assert beside["compare"] == tuple(AFRICA.query_pairs()) != kept
    assert beside["surveys"] == kept


def test_what_is_chosen_is_read_out_with_both_sides_of_a_comparison(snapshot, lang):
    t, selection = translator(lang), Selection(regions=("africa",), lang=lang)
    name, total = snapshot.codes["regions"]["africa"].labels[lang], headline(snapshot, selection)
    said = say_figures(snapshot, selection, t)
    assert said.startswith(name) and f"{total.actions} " in said and f" {total.completed} " in f" {said} "
    both = say_figures(snapshot, selection.against(Selection(regions=("americas",), lang=lang)), t)
    assert both.startswith(said) and snapshot.codes["regions"]["americas"].labels[lang] in both
    assert make_model(snapshot, selection, t, "quality", STAFF_MEMBER, is_newest=True).spoken == ""


def test_real_data_is_not_said_to_be_fictional_and_staff_are_told_how_the_sample_goes_and_of_builds(
    snapshot, monkeypatch
):
    monkeypatch.setattr(snapshot, "build_id", "0123456789abcdef")
    make_model = unwrap(page.make_model)
    t, build = translator("en"), "Build 0123456789ab"
    shown = make_model(snapshot, Selection(), t, "overview", STAFF_MEMBER)
    assert shown.notice.startswith("Fictional data") and "Your own exports replace them." in shown.notice
    assert shown.footer[-1] == build
    assert build not in " ".join(make_model(snapshot, Selection(), t, "regions", ANYBODY).footer)
    monkeypatch.setitem(snapshot.campaign, "is_sample", False)
    assert make_model(snapshot, Selection(), t, "overview", STAFF_MEMBER).notice == ""


def test_pages_of_staff_and_of_ones_own_are_offered_to_whom_they_are_open_and_a_faulty_link_leads_on(snapshot):
    def offered(reader: Reader) -> set[str]:
        return {spec.page_id for section in header.list_sections(reader) for spec in section.pages}

    public = {spec.page_id for spec in PAGES}
    everything = Reader(frozenset(AccessClass), has_own=True, is_beginning=True, waiting_reports=0)
    assert offered(ANYBODY) == public
    assert offered(everything) == public | {spec.page_id for spec in (*OWN_PAGES, *STAFF_PAGES)}
    for_staff = {spec.page_id for spec in {*STAFF_PAGES} - {*BEGINNING} if spec.access is AccessClass.STAFF}
    assert offered(STAFF_MEMBER) == public | for_staff - {REPORTS}, "nobody reports by link"
    ways = make_model(snapshot, Selection(), translator("en"), "overview", everything).header.staff
    assert [(one.label, one.page_id) for one in ways] == [
        ("Files", "upload"), ("Ask and tell", "silent"), ("Settings", "new_campaign"),
    ]  # fmt: skip
    asked = make_model(
        snapshot, Selection(), translator("en"), "mailing", replace(everything, waiting_reports=3)
    ).header
    assert [one.label for one in asked.beside] == ["Reports received (3)", "Missing reports", "Mailing"]
    assert asked.staff[1].page_id == REPORTS
    shown = make_model(snapshot, Selection(), translator("en"), "briefing", everything).header
    assert shown.beside[-1].page_id == "shared_links"
    assert make_model(snapshot, Selection(), translator("en"), "overview", ANYBODY).header.staff == ()
    assert all(page_id in PAGE_HELP for page_id in offered(everything))
    faulty = header.make_model("A campaign", None, translator("fr"), "", ANYBODY)
    assert (faulty.languages, faulty.has_search, faulty.beside) == ({}, False, ())
    assert all(one.pairs == (("lang", "fr"),) for one in faulty.sections), "a link that is refused leads on"


@pytest.mark.parametrize(
    ("query", "named", "allowed"),
    [
        ({"region": "atlantis"}, ("region", "atlantis"), "africa"),
        ({"regoin": "africa"}, ("regoin",), "region"),
        ({"as_of": "31/12/2021"}, ("as_of", "31/12/2021"), "YYYY-MM-DD"),
        ({"action": "A-1"}, ("action",), "q"),
        ({"lang": "de"}, ("lang", "de"), "en"),
    ],
)
def test_a_faulty_link_is_refused_with_what_would_be_allowed(snapshot, query, named, allowed, lang):
    with pytest.raises(SelectionError) as raised:
        parse({name: [value] for name, value in query.items()}, snapshot)
    t = translator(lang)
    said = page.explain_link(raised.value, snapshot, t)
    assert all(f"`{name}" in said.error or f"{name}`" in said.error for name in named)
    assert any(allowed in value for value, _ in said.allowed)
    assert said.heading == t("This link cannot be read")
    assert (said.link.page_id, said.link.pairs) == ("overview", (("lang", lang),))
    labels = {code: entry.labels[lang] for code, entry in snapshot.codes["regions"].items()}
    if "region" in query:
        assert dict(said.allowed) == labels
    assert ("`region`" in said.near) == ("regoin" in query)
    assert_filled(said)


def test_a_link_whose_build_is_gone_says_so_and_leads_on(lang):
    t, kept = translator(lang), (("region", "africa"), ("lang", lang))
    said = page.explain_build(GoneError("never`s"), t, "regions", kept)
    assert said.heading == t("These figures are no longer kept")
    assert "`never's`" in said.error
    assert (said.link.label, said.link.page_id, said.link.pairs) == (t("Show the newest figures"), "regions", kept)
    assert_filled(said)
