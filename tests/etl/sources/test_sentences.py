"""What sources refuse with is said in every language: no sentence is written where the catalogues do not find it."""

import ast
import json

import pytest

from dashboard.campaign import source_notes
from dashboard.campaign.source_notes import FetchNote, Outcome, SourceNote
from dashboard.errors import Sentence, UserError, map_text, pack, sentence, unpack
from dashboard.i18n import N_, translator
from dashboard.locales.update import read_messages
from dashboard.paths import PROJECT
from dashboard.processes import runner
from etl.sources.credentials import Credentials

FILES = sorted((PROJECT / "etl" / "sources").glob("*.py"))
FILES += sorted((PROJECT / "etl" / "readers").glob("*.py"))
FILES += [PROJECT / "etl" / "shapes" / "tools.py"]
FILES += [PROJECT / "dashboard" / name for name in ("outbound.py", "campaign/sources.py", "copies/object_store.py")]
LOCK = {
    "has been changed by somebody else",
    "is in use",
    "Try again in a minute.",
    "cannot be used",
    "Correct its name",
}
LOCK |= {"{variable} names {name}", "is no address of a proxy", "DASHBOARD_CA_FILE names"}
"""Of a builder that writes, and of the operator's settings: no source comes to these."""


def list_literals(source: str) -> list[str]:
    """The texts that are given to an error as they are, so that no catalogue has them."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    errors = [call for call in calls if getattr(call.func, "id", "").removeprefix("OSError").endswith("Error")]
    given = [
        argument for call in errors for argument in call.args if isinstance(argument, ast.Constant | ast.JoinedStr)
    ]
    return [
        ast.unparse(text) for text in given if not (isinstance(text, ast.Constant) and not isinstance(text.value, str))
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.stem}-{path.stem}")
def test_every_sentence_of_a_source_is_in_the_catalogues(path):
    text = path.read_text(encoding="utf-8")
    assert [said for said in list_literals(text) if not any(word in said for word in LOCK)] == []
    said = [message for message in read_messages(text) if isinstance(message, str)]
    for lang in ("fr", "es"):
        words = [message for message in said if " " in message and translator(lang)(message) == message]
        assert words == [], lang


def test_a_sentence_keeps_what_it_is_made_of_over_notes_commands_and_hidden_secrets(tmp_path):
    what = sentence(N_("{host} has a fault of its own ({code})."), host="kf.example.org", code=500)
    assert what == "kf.example.org has a fault of its own (500)."
    french = "kf.example.org a une défaillance (500)."
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
    assert isinstance(hidden, Sentence) and hidden == "kf.….org has a fault of its own (500)."
    assert map_text("a", str.upper) == "A" and str(UserError(what, "Wait.")).endswith("(500). Wait.")
