"""Reports that count at once: the server publishes them every ten minutes at most, once for all its processes."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.campaign.reporting.at_once import has_publishable, list_publishable, read_note
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, number_report
from dashboard.errors import UserError
from dashboard.web.report_publishing import APART, Publisher
from tests.dashboard.mail.desks import settings_of
from tests.snapshots import open_reports

REFUSED = UserError("A question about another file is open.", "Answer it.")


@pytest.fixture
def box(tmp_path: Path) -> ReportBox:
    with (open_reports(tmp_path) / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write('publish = "at_once"\n')
    return ReportBox(tmp_path / "private")


def send(box: ReportBox, form: str, link: str = "", **stated: object) -> Report:
    number, moment = number_report(form, "FIX-030", {}), datetime.now(UTC)
    report = Report(report_no=number, link=link or form, action_id="FIX-030", received_at=moment, lang="fr", **stated)
    return box.put(report)


class Server:
    """A server with a clock of its own, whose commands do what they would to the reports."""

    def __init__(self, box: ReportBox, folder: Path) -> None:
        self.now, self.commands = datetime(2030, 1, 1, tzinfo=UTC), list[str]()
        self.fault: BaseException | None = None
        self._box = box
        self.publisher = Publisher(settings_of(folder), self.run, lambda: self.now)

    def run(self, words: Sequence[str], _actor: object) -> None:
        self.commands.append(words[0])
        if words[0] == "build" and self.fault is not None:
            raise self.fault
        if words[:2] == ["reports", "--publish"]:
            for report in list_publishable(self._box):
                self._box.note_published(report.report_no)

    def look(self, minutes: float = 0.0) -> list[str]:
        """Look after some minutes; return what it ran."""
        self.now, before = self.now + timedelta(minutes=minutes), len(self.commands)
        self.publisher.look()
        return self.commands[before:]


BOTH = ["reports", "build"]


def test_what_arrives_is_built_every_ten_minutes_at_most(box, tmp_path):
    server = Server(box, tmp_path)
    assert server.look() == []
    send(box, "one", percent=1.0)
    assert (server.look(), server.look(60)) == (BOTH, [])
    send(box, "two", percent=2.0)
    send(box, "three", percent=3.0)
    assert (server.look(), server.look()) == (BOTH, [])
    send(box, "four", percent=4.0)
    assert (server.look(9.9), server.look(0.2)) == ([], BOTH)
    server.now -= timedelta(days=400)
    send(box, "five", percent=5.0)
    assert server.look() == BOTH, "a clock that was wrong holds nothing up"


def test_what_is_refused_or_killed_is_tried_again_and_told(box, tmp_path):
    server = Server(box, tmp_path)
    send(box, "one", percent=1.0)
    server.fault = REFUSED
    assert (server.look(), server.look(1), server.look(10)) == (BOTH, [], BOTH)
    note = read_note(tmp_path / "private")
    assert (note.is_built, str(note.refusal)) == (False, str(REFUSED))
    server.fault = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        server.look(10)
    started_again = Server(box, tmp_path)
    started_again.now = server.now
    assert (started_again.look(1), started_again.look(10), started_again.look(10)) == ([], BOTH, [])
    assert read_note(tmp_path / "private").refusal is None


def test_two_servers_build_once(box, tmp_path):
    send(box, "one", percent=1.0)
    first, second = Server(box, tmp_path), Server(box, tmp_path)
    begun, may_go_on = threading.Event(), threading.Event()
    run = first.run

    def wait(words: Sequence[str], actor: object) -> None:
        begun.set()
        assert may_go_on.wait(30)
        run(words, actor)

    first.publisher = Publisher(settings_of(tmp_path), wait, lambda: first.now)
    thread = threading.Thread(target=first.look)
    thread.start()
    assert begun.wait(30)
    assert second.look(60) == []
    may_go_on.set()
    thread.join()
    assert (first.commands, second.look()) == (BOTH, [])


def test_only_the_values_of_what_waits_count_and_only_where_the_campaign_says_so(box, tmp_path):
    send(box, "story", kind=ReportKind.STORY, title="A", narrative="B")
    send(box, "promise", kind=ReportKind.PROMISE, promise={"title": "A"})
    send(box, "case", status="completed", is_case=True)
    send(box, "words", narrative="Only words", evidence="https://example.org", correction="No.")
    assert not has_publishable(tmp_path / "private")
    send(box, "early", "link", status="in_progress", narrative="Words")
    later = send(box, "later", "link", status="completed", narrative="Words")
    assert has_publishable(tmp_path / "private")
    assert [one.report_no for one in list_publishable(box)] == [later.report_no]
    settings = tmp_path / "campaign.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"at_once"', '"after_review"'), encoding="utf-8")
    assert Server(box, tmp_path).look() == []
    assert timedelta(minutes=10) == APART
