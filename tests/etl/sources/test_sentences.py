"""A sentence keeps its parts on its way to a page: in notes, between processes, with secrets hidden."""

import json

from dashboard.campaign import source_notes
from dashboard.campaign.source_notes import FetchNote, Outcome, SourceNote
from dashboard.errors import Sentence, UserError, map_text, pack, sentence, unpack
from dashboard.ground.processes import runner
from dashboard.i18n import N_, translator
from etl.sources.network import Credentials


def test_a_sentence_keeps_what_it_is_made_of_over_notes_commands_and_hidden_secrets(tmp_path):
    what = sentence(N_("{host} reports an internal error ({code})."), host="kf.example.org", code=500)
    assert what == "kf.example.org reports an internal error (500)."
    french = "kf.example.org signale une erreur interne (500)."
    assert translator("fr")(what) == french == translator("fr")(unpack(json.loads(json.dumps(pack(what)))))
    note = SourceNote().after(FetchNote("2021-07-01T09:00:00+00:00", Outcome.FAILED, what=what, remedy="Wait."))
    source_notes.write(tmp_path, "midyear", note)
    assert translator("fr")(source_notes.read(tmp_path, "midyear").last.what) == french
    stated = json.loads(source_notes.find_path(tmp_path, "midyear").read_text("utf-8"))
    stated["fetches"][0]["what"] = "An earlier program said it so."
    source_notes.find_path(tmp_path, "midyear").write_text(json.dumps(stated), "utf-8")
    assert source_notes.read(tmp_path, "midyear").last.what == "An earlier program said it so."
    report = {"what": str(what), "remedy": "Wait.", "said": {"what": pack(what), "remedy": "Wait."}}
    refusal = runner._refusal(report, "", 1, runner.EXPORT)
    assert translator("fr")(refusal.what) == french and refusal.remedy == "Wait."
    hidden = Credentials("kf.example.org", {"TOKEN": "example"}).hide(what)
    assert isinstance(hidden, Sentence) and hidden == "kf.….org reports an internal error (500)."
    assert map_text("a", str.upper) == "A" and str(UserError(what, "Wait.")).endswith("(500). Wait.")
