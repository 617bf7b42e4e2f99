"""Reports that wait, as data: what each would change, warnings, the effect on the figures; decided ones; links."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from dashboard import formats
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.links import BY_STAFF, OF_LETTER, ReportLinks, find_today
from dashboard.campaign.reporting.numbers import SentNumber
from dashboard.campaign.reporting.promises import PROMISED
from dashboard.campaign.reporting.reports import ReportKind
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.measures.counts import headline
from dashboard.measures.silent import list_silent
from dashboard.snapshot.selection import Selection
from dashboard.ui.reports import body, model
from dashboard.ui.reports.sent_files import describe_file
from tests.dashboard.campaign.reporting.sent import make_report
from tests.models import assert_filled
from tests.views import lead, make_view

COMPLETED = "FIX-001"
"""An action whose last report says completed."""


@pytest.fixture(scope="module")
def silent(snapshot) -> list[str]:
    return list_silent(snapshot, Selection(), "never")["action_id"].tolist()


def test_a_report_stands_beside_what_is_published_with_what_to_look_at_first(snapshot, silent, lang):
    t, view = translator(lang), make_view(snapshot, "reports", lang=lang)
    texts = {"narrative": "Réunion <b>tenue</b>, +00 000 000 00.", "evidence": "https://example.org/a"}
    reports = [
        make_report(silent[0], status="completed", percent=40.0, completed_on=date(2022, 1, 9), **texts),
        make_report(silent[0], 2, status="in_progress"),
        make_report(COMPLETED, 3, percent=80.0),
        make_report(COMPLETED, 4, correction="The title is *wrong*."),
        make_report("GONE-1", 5, status="completed", percent=100.0),
    ]
    queue = model.make_queue(view, reports)
    assert_filled(queue)
    assert [one.report_no for one in queue] == [report.report_no for report in reports]
    first, second, percent, correction, gone = queue
    assert lead(first.link)[1]["action"] == [silent[0]] and gone.link is None and gone.title == "GONE-1"
    names = {code: snapshot.codes["statuses"][code].labels[lang] for code in ("completed", "in_progress")}
    assert first.changes == (
        (t("Status"), t("No report yet"), names["completed"]),
        (t("Percent done"), formats.NOTHING, formats.format_share(0.4, lang)),
        (t("Completed on"), formats.NOTHING, formats.format_date(date(2022, 1, 9), lang)),
    )
    assert [text for _, text in first.texts] == [texts["narrative"], texts["evidence"]], "as it was written"
    assert percent.changes == ((t("Percent done"), formats.format_share(1.0, lang), formats.format_share(0.8, lang)),)
    assert (correction.changes, [text for _, text in correction.texts]) == ((), ["The title is *wrong*."])
    replaced = model.make_queue(view, [reports[1]], {reports[0].report_no: reports[1].report_no})
    assert replaced[0].warnings == (
        t("It replaces report {number}, sent earlier by the same link.", number=reports[0].report_no),
    )
    counted = model.make_queue(view, [reports[1]], counted_nos=[reports[1].report_no])
    assert counted[0].warnings == (t(model.COUNTED_BEFORE),)
    both = t("{n} reports about this action wait; of those that you accept, the latest counts.", n=2)
    share = formats.format_share(0.4, lang)
    assert first.warnings == (
        t("It says “{status}” and {share} done.", status=names["completed"], share=share),
        t("Its day of completion had not come when it was sent."),
        t("Its web address becomes public: look at it first."),
        t("Its words may have an e-mail address or a telephone number; builds leave these out."),
        both,
    )
    assert second.warnings == (both,)
    assert percent.warnings == (t("It states no status: the action would count as unknown."), both)
    assert correction.warnings == (
        t("It says only that something is not right: accepting it changes no figure."), both,
    )  # fmt: skip
    assert gone.warnings == (
        t("The published figures have no action of this ID: the report would be listed as matching no action."),
    )


HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) =HYPERLINK(1) **b**"
PICTURE = SentFile(sha256="a" * 64, name="photo.jpg", media_type="image/jpeg", size=1_200_000)


def test_a_story_an_event_and_a_promise_show_all_that_they_state_as_it_was_written(snapshot, silent, lang):
    t, view = translator(lang), make_view(snapshot, "reports", lang=lang)
    story = {"kind": ReportKind.STORY, "title": HOSTILE, "narrative": "A\nB", "on_day": date(2021, 6, 12)}
    theme, country = next(iter(snapshot.codes["themes"].values())), next(iter(snapshot.codes["countries"].values()))
    promise = {
        "title": "Une action", "stakeholder": HOSTILE, "themes": [theme.code, "no_code"], "countries": [country.code],
        "due_on": "2021-12-01", "description": "Appelez +00 000 000 00", "contact_email": "qui@example.org",
    }  # fmt: skip
    reports = [
        make_report(silent[0], evidence="https://example.org/b", **story),
        make_report("", 2, kind=ReportKind.EVENT, title="B", place="Chez *nous*"),
        make_report("", 3, kind=ReportKind.PROMISE, promise=promise, link=""),
    ]
    queue = model.make_queue(view, reports)
    told, event, promised = queue
    assert [one.kind for one in queue] == [t("Story"), t("Event"), t("New action")]
    assert [one.title for one in queue] == [HOSTILE, "B", "Une action"]
    assert dict(told.facts)[t("Day")] == formats.format_date(date(2021, 6, 12), lang)
    assert lead(told.link)[1]["action"] == [silent[0]]
    assert dict(told.texts) == {t("Text"): "A\nB", t("Web address"): "https://example.org/b"}
    assert dict(event.facts)[t("Action")] == t("It tells of no single action") and event.link is None
    assert dict(event.texts) == {t("Place"): "Chez *nous*"}
    assert all(
        t("It must name no child, no school and no exact place of a child.") in one.warnings for one in queue[:2]
    )
    assert dict(promised.facts) == {
        t("Themes"): f"{theme.labels[lang]}, no_code", t("Countries"): country.labels[lang],
        t("Deadline"): formats.format_date(date(2021, 12, 1), lang),
    }  # fmt: skip
    assert promised.about.startswith(HOSTILE)
    words = {label: promise[name] for name, label in PROMISED.items() if isinstance(promise.get(name), str)}
    assert dict(promised.texts) == {
        t(label): text
        for label, text in words.items()
        if label not in [PROMISED[name] for name in ("due_on", *model.SHOWN_ABOVE)]
    }
    assert promised.warnings == (
        t("Its words may have an e-mail address or a telephone number; builds leave these out."),
    )
    total = headline(snapshot, Selection())
    assert model.find_effect(snapshot, reports) == (
        (total.unknown, total.unknown + 1), (total.completed, total.completed), (total.actions, total.actions + 1),
    )  # fmt: skip


def test_nothing_is_asked_of_a_case_but_to_pass_it_on(snapshot, silent):
    (case,) = model.make_queue(make_view(snapshot, "reports"), [make_report(silent[0], narrative="A", is_case=True)])
    assert case.warnings == () and [words for _, words in case.texts] == ["A"]


def test_milestones_and_corrections_stand_beside_what_the_files_say(snapshot, lang):
    t, view = translator(lang), make_view(snapshot, "reports", lang=lang)
    details = register.details(snapshot, COMPLETED)
    milestone, last_report = details.milestones.iloc[0], details.reports.iloc[0]
    agreed = {"correction": HOSTILE, "may_publish": True}
    day = date(2021, 8, 1)
    correction, milestones = model.make_queue(
        view,
        [
            make_report(COMPLETED, **agreed, question="Lequel\u202f?", asked_at=datetime(2022, 1, 4, tzinfo=UTC)),
            make_report(COMPLETED, 2, milestones={milestone["label"]: day, "Another": day}),
        ],
    )
    assert_filled((correction, milestones))
    stands = formats.format_date(milestone["reached_on"].date(), lang)
    reported = formats.format_date(day, lang)
    assert milestones.changes == (
        (t("Milestone: {label}", label=milestone["label"]), stands, reported),
        (t("Milestone: {label}", label="Another"), formats.NOTHING, reported),
    )
    assert milestones.lineage is None and milestones.reply == "" and correction.kind == t("Correction")
    place = tuple(last_report[["source_file", "source_sheet", "source_row"]])
    assert correction.lineage[1:] == place
    assert formats.format_date(last_report["reported_on"].date(), lang) in correction.lineage.words
    assert snapshot.codes["statuses"]["completed"].labels[lang] in correction.lineage.words
    assert correction.reply and [words for _, words in correction.texts] == [HOSTILE]
    asked_on = formats.format_date(date(2022, 1, 4), lang)
    assert correction.question == t("Asked back on {day}: {question}", day=asked_on, question="Lequel\u202f?")
    assert model.make_queue(view, [make_report(COMPLETED, correction="No")])[0].reply == "", "nobody agreed to it"


def test_a_file_can_be_confirmed_only_where_its_sender_has_stated_all_and_says_what_is_missing(snapshot, lang):
    t = translator(lang)
    stated = replace(PICTURE, description=HOSTILE, rights="Moi")
    fine = [replace(stated, has_no_child=True), replace(stated, has_consent=True)]
    document = replace(stated, media_type="application/pdf")
    missing = [PICTURE, replace(PICTURE, rights="Moi", has_no_child=True), stated, replace(fine[0], description=" ")]
    missing += [replace(fine[0], withdrawn_on=date(2022, 1, 1)), replace(document, rights="")]
    for file in (*fine, document):
        one = describe_file(t, file)
        assert one.tick and (one.description, one.rights) == (HOSTILE, "Moi")
    described = [describe_file(t, file) for file in missing]
    assert_filled(described)
    assert [one.tick for one in described] == [""] * len(missing)
    assert [len(one.statements) for one in described] == [3, 2, 1, 2, 2, 1]
    accepted = model.say_accepting(t, snapshot, [make_report("", files=(fine[0], document))], 1, 2)
    assert t("Files that become public: {n} of {all}.", n=2, all=2) in accepted
    assert t.plural("{n} reply becomes public.", "{n} replies become public.", 1) in accepted


def test_reports_about_one_action_stand_beside_each_other(snapshot, silent):
    reports = [
        make_report(silent[0], status="completed"),
        make_report("", 2, kind=ReportKind.STORY, title="A"),
        make_report(silent[1], 3, status="completed"),
        make_report(silent[0], 4, status="in_progress", link="cd34"),
        make_report(silent[0], 5, kind=ReportKind.EVENT, title="B"),
    ]
    arranged = model.arrange(reports)
    assert [reports.index(report) for report in arranged] == [0, 3, 1, 2, 4]
    queue = model.make_queue(make_view(snapshot, "reports"), arranged)
    assert [one.pair for one in queue] == [silent[0], silent[0], "", "", ""]


def test_the_effect_of_accepting_is_said_before_it_is_done(snapshot, silent, lang):
    t, total = translator(lang), headline(snapshot, Selection())
    say = partial(model.say_accepting, t, snapshot)
    report, later = make_report(silent[0], status="in_progress"), make_report(silent[0], 2, status="completed")
    other = make_report(silent[1], 3, status="not_started")
    english = partial(model.say_accepting, translator("en"), snapshot)
    assert english([report, later, other]) == (
        f"3 reports: unknown falls from {total.unknown} to {total.unknown - 2}, "
        f"completed rises from {total.completed} to {total.completed + 1}."
    )
    assert english([make_report(COMPLETED, status="in_progress")]) == (
        f"1 report: completed falls from {total.completed} to {total.completed - 1}."
    )
    no_status = model.find_effect(snapshot, [make_report(COMPLETED, percent=80.0)])
    same = (total.actions, total.actions)
    assert no_status == ((total.unknown, total.unknown + 1), (total.completed, total.completed - 1), same)
    very_late = make_report(silent[0], status="completed", received_at=datetime(2023, 1, 9, tzinfo=UTC))
    overtaken = make_report(COMPLETED, status="in_progress", received_at=datetime(2021, 6, 1, tzinfo=UTC))
    idle = [make_report(silent[0], correction="No"), make_report("GONE-1", status="completed"), very_late, overtaken]
    warnings = [one.warnings[-1] for one in model.make_queue(make_view(snapshot, "reports", lang=lang), idle[2:])]
    assert warnings == [
        t("It came more than a year after the campaign: the figures of the latest day do not count it."),
        t("A report of a later day is published about this action: that one goes on to count."),
    ]
    assert t("as many actions stay unknown and completed") in say(idle)
    assert say([]) == t("Choose reports to see what accepting them changes.")
    assert str(total.unknown - 1) in say([report])


def test_links_are_named_by_their_stakeholders_with_origin_last_day_and_reports(snapshot, silent, tmp_path, lang):
    t, view, links = translator(lang), make_view(snapshot, "reports", lang=lang), ReportLinks(tmp_path)
    soon, today = find_today() + timedelta(days=3), find_today()
    made = [
        links.make(f"{OF_LETTER}20220101-ab-00001", [COMPLETED, silent[0]], soon),
        links.make(BY_STAFF, ["GONE-1"], soon),
        links.make(BY_STAFF, [COMPLETED], today - timedelta(days=1)),
    ]
    links.end(made[1].handle)
    listed = [links.find(one.handle) for one in made]
    reports = [replace(make_report(COMPLETED, number), link=made[0].handle) for number in (1, 2)]
    letter, ended, late = entries = body.list_links(view, listed, reports)
    assert_filled(entries)
    maker = model.read_reported(snapshot, [COMPLETED])[COMPLETED]["stakeholder"]
    assert letter.whose.startswith(maker) and ended.whose == "GONE-1"
    assert [one.is_open for one in entries] == [True, False, False]
    assert t("In a letter") in letter.facts and formats.format_date(soon, lang) in letter.facts
    assert t.plural("{n} report", "{n} reports", 2) in letter.facts
    assert t("Created by staff") in ended.facts and t("Ended on {day}", day=formats.format_date(today, lang)) in (
        ended.facts
    )
    assert ended.state == late.state != letter.state
    assert [body.find_links(view, listed, words) for words in (maker.upper(), "gone", "nobody")] == [
        [listed[0], listed[2]], [listed[1]], [],
    ]  # fmt: skip


def test_numbers_stand_beside_what_was_promised_and_told(snapshot, lang):
    t, view = translator(lang), make_view(snapshot, "reports", lang=lang)
    told = SentNumber(indicator="children_withdrawn", unit="children", actual=1250.5, how_known=HOSTILE)
    promised = SentNumber(indicator="laws_passed", unit="laws", target=3, target_on=date(2021, 12, 1))
    report, promise = model.make_queue(
        view,
        [
            make_report(COMPLETED, results=(told,)),
            make_report("", 2, kind=ReportKind.PROMISE, promise={"title": "A"}, results=(promised,)),
        ],
    )
    assert_filled((report, promise))
    ((label, now, reported),) = report.changes
    assert label == snapshot.codes["indicators"]["children_withdrawn"].labels[lang], "which names its unit"
    assert t("promised: from {baseline} to {target}", baseline="20", target="220") in now and "240" in now
    assert reported == f"{formats.format_amount(1250.5, lang)} · {formats.clean(HOSTILE)}"
    ((_, now, reported),) = promise.changes
    day = t("by {day}", day=formats.format_date(date(2021, 12, 1), lang))
    assert (now, reported) == (formats.NOTHING, f"{t('promised: {target}', target='3')} · {day}")
