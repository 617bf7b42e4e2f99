"""The card on milestones and evidence, as data."""

import re
from datetime import date

from dashboard.i18n import translator
from dashboard.measures.facts import EVIDENCE, MILESTONES, count_in_all
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import journey
from tests.models import assert_filled

WORDS = {
    "en": ("{reached} of {due} milestones due were reached", "with evidence: {evidenced}, reviewed: {reviewed}"),
    "fr": (
        "Jalons échus atteints\u00a0: {reached} sur {due} ",
        "documentées\u00a0: {evidenced}\u202f; examinées\u00a0: {reviewed}",
    ),
    "es": (
        "Hitos vencidos alcanzados: {reached} de {due} ",
        "documentadas: {evidenced}; revisadas: {reviewed}",
    ),
}


def test_it_tells_of_milestones_and_of_evidence_and_leads_on(snapshot, lang):
    selection = Selection(regions=("africa",), lang=lang)
    counts, evidence = (count_in_all(snapshot, selection, fact) for fact in (MILESTONES, EVIDENCE))
    shown = journey.make_model(snapshot, selection, translator(lang))
    numbers = {"reached": counts["milestones_reached"], "due": counts["milestones_due"]} | evidence
    for sentence, words in zip(shown.sentences, WORDS[lang], strict=True):
        assert words.format(**numbers) in sentence
    completed = evidence["evidenced"] + evidence["claimed_only"]
    assert evidence["claimed_only"] and re.findall(r"\d+", shown.sentences[1])[0] == str(completed)
    kept = (("region", "africa"), ("lang", lang))
    assert [(one.page_id, one.pairs) for one in shown.links] == [
        ("milestones", kept),
        ("regions", (("chart", "evidence-by-region"), *kept)),
    ]
    assert_filled(shown)


def test_before_any_is_due_it_says_how_many_are_coming_and_without_either_there_is_no_card(snapshot, lang):
    selection, t = Selection(as_of=date(2021, 1, 1), lang=lang), translator(lang)
    counts = count_in_all(snapshot, selection, MILESTONES)
    assert counts["milestones_coming"] and not counts["milestones_due"]
    shown = journey.make_model(snapshot, selection, t)
    assert str(counts["milestones_coming"]) in shown.sentences[0]
    assert [one.page_id for one in shown.links] == ["milestones"]
    assert_filled(shown)
    assert journey.make_model(snapshot, Selection(q="no action has these words"), t) is None
