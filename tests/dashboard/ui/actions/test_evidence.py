"""The evidence for a status, as data: the list, and the steps that staff set and take back."""

from datetime import date

import pytest

from dashboard.errors import UserError
from dashboard.ground.codelist_codes import EVIDENCE_STEPS
from dashboard.i18n import translator
from dashboard.ui.actions import action_model
from dashboard.ui.actions.body import EvidenceStep, list_set, write_options
from dashboard.ui.actions.secretariat import Desk
from tests.quality_rows import NOTED, publish_quality
from tests.views import make_view


@pytest.fixture(scope="module")
def noted(tmp_path_factory):
    """Return a snapshot whose action FIX-001 staff have noted as verified."""
    return publish_quality(tmp_path_factory.mktemp("noted"), NOTED)


@pytest.fixture
def steps(noted):
    """Return the list of the evidence as lines: whether each step was taken, its name, and its remark."""

    def steps(**selection):
        view = make_view(noted, "actions", **selection)
        shown = action_model.make_model(view, "FIX-001", Desk(), is_staff=False)
        items = shown.evidence.items
        return [" · ".join(cell.text for line in item.lines for cell in line.cells if cell.text) for item in items]

    return steps


def test_a_reader_sees_each_step_with_its_day_its_source_and_a_role(steps, noted):
    assert steps() == [
        "✓ Claimed · 10 December 2021 · Stakeholder",
        "✓ Evidenced · not stated separately; a later step includes it",
        "✓ Reviewed · not stated separately; a later step includes it",
        "✓ Verified · 20 December 2021 · Noted by staff on 31 December 2021 · https://example.org/audit?a=1&b=2",
    ]
    assert steps(as_of=date(2021, 12, 19))[3] == "○ Verified · not yet"  # only steps taken by the day
    assert steps(as_of=date(2021, 11, 1))[0].startswith("✓ Claimed · 15 June 2021")  # another status was in force
    t, labels = translator("fr"), [noted.codes["evidence"][step].labels["fr"] for step in EVIDENCE_STEPS]
    shown = steps(lang="fr")
    assert all(label in line for label, line in zip(labels, shown, strict=True))
    assert shown[1].endswith(t("not stated separately; a later step includes it"))
    assert steps(lang="fr", as_of=date(2021, 12, 19))[3].endswith(t("not yet"))


def test_what_staff_said_and_say_since_stands_there_with_the_way_back(noted, lang):
    view = make_view(noted, "actions", lang=lang)
    t = view.t
    rows = action_model.make_model(view, "FIX-001", Desk(), is_staff=True).evidence_rows
    published, since, other = (
        EvidenceStep("R-2", "verified"),
        EvidenceStep("R-2", "claimed"),
        EvidenceStep("R-9", "reviewed"),
    )
    labels = {step: code.labels[lang] for step, code in noted.codes["evidence"].items()}
    first = f":material/check: {t('Recorded by staff: {step}.', step=labels['verified'])} By telephone"
    assert list(list_set(view, rows, [], [])) == [(published, first, True)]
    _, second = list_set(view, rows, [since, other], [])  # a step set for another action stands on its page
    assert second == (since, f":material/check: {t('Recorded: {step}.', step=t('No more than claimed'))}", True)
    (back,) = list_set(view, rows, [], [published])
    taken = t("{step}: undone; the next build no longer applies it.", step=labels["verified"])
    assert back == (published, taken, False)


def test_the_form_becomes_words_of_the_command():
    assert EvidenceStep("R-2", "evidenced").words == ["evidence", "report", "R-2", "evidenced"]
    options = write_options("evidenced", date(2021, 12, 1), " https://example.org/proof ", " Sent by post")
    assert options == ["--note=Sent by post", "--on=2021-12-01", "--source=https://example.org/proof"]
    assert write_options("verified", None, "", "") == ["--note=", "--on=", "--source="]
    assert write_options("claimed", date(2021, 12, 1), "x", "y") == ["--note=y"]  # sets the report's statement aside
    with pytest.raises(UserError) as refused:
        write_options("evidenced", date(2021, 12, 1), "  ", "")
    assert refused.value.what == "“Evidenced” needs a document or a web address."
