"""Files that pages offer, as data: their words in every language, and why there is none."""

import pytest

from dashboard.errors import UserError
from dashboard.extracts.choice import Choice
from dashboard.formats import format_count
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import extract_file
from dashboard.ui.pieces.extract_file import AT_ONCE, FORMAT_NAMES, LABELS
from dashboard.ui.pieces.file_at_once import explain


@pytest.mark.parametrize("file_format", FORMAT_NAMES)
def test_a_file_says_how_many_rows_it_has_where_it_is_large(snapshot, file_format, lang):
    t, choice = translator(lang), Choice(file_format=file_format)
    small, large = (
        extract_file.make_offer(snapshot, Selection(lang=lang), t, choice, AT_ONCE[file_format] + more)
        for more in (0, 1)
    )
    assert (small.is_at_once, large.is_at_once) == (True, False)
    assert small.label == t(LABELS[file_format])
    assert large.label == t("{label} ({n} rows)", label=small.label, n=format_count(AT_ONCE[file_format] + 1, lang))
    assert small.file_name == large.file_name
    assert small.file_name.endswith(f".{file_format}")


def test_why_there_is_no_file_is_said_in_every_language(snapshot, campaign_folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    gone = explain(UserError("The snapshot cannot be opened."), "another build").what
    stopped = explain(OSError("no room"), snapshot.build_id).what
    assert gone == "New data was published while the file was being prepared."
    assert explain(UserError("It took too long."), snapshot.build_id).what == "It took too long."
    assert stopped == "Preparing the file stopped before it finished."
    others = ("Too many files are being prepared at once.", "Preparing the file took too long and was stopped.")
    assert not [what for what in (gone, stopped, *others) if translator("fr")(what) == what]
    assert not [what for what in (gone, stopped, *others) if translator("es")(what) == what]
