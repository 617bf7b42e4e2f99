"""Files that pages offer, as data: their words in every language, and why there is none."""

from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.ui.pieces.file_at_once import explain


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
