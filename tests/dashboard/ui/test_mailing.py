"""The next issue of the newsletter, as data: its readers, its previews, the number of its mails."""

from datetime import date
from functools import partial

import pytest

from dashboard.languages import name_language
from dashboard.mail import issue
from dashboard.mail.digest import gather
from dashboard.mail.outbox import NEWSLETTER
from dashboard.mail.subscribers import Wish
from dashboard.ui.mailing import make_model
from tests.dashboard.mail.desks import make_desk
from tests.models import assert_filled
from tests.snapshots import copy_published
from tests.views import make_view

AFRICA = Wish("fr", ("africa",))


@pytest.fixture
def desk(campaign_folder, tmp_path):
    return make_desk(copy_published(campaign_folder, tmp_path / "campaign"))


@pytest.mark.nightly
def test_an_issue_has_a_line_a_digest_and_a_mail_a_reader_of_those_with_news(desk, snapshot, lang, monkeypatch):
    desk.put_subscribers([("a@example.org", AFRICA), ("b@example.org", AFRICA), ("c@example.org", Wish("en"))])
    view = make_view(snapshot, "mailing", lang=lang)
    model = make_model(view, desk, date(2021, 1, 1))
    assert_filled(model)
    by_name = {name: numbers for name, *numbers in model.digests}
    africa = model.offered[AFRICA]
    assert africa.startswith(name_language("fr")) and snapshot.codes["regions"]["africa"].labels[lang] in africa
    assert by_name[africa][0] == "2" and by_name[model.offered[Wish("en")]][0] == "1"
    assert {Wish(one) for one in snapshot.languages} <= set(model.offered) and model.first == Wish(lang)
    assert (model.mails, model.note, model.waiting, model.is_held) == (3, "", "", False)
    later = make_model(view, desk, date(2031, 1, 1))
    assert (later.mails, later.note) == (0, view.t("Readers with no news get no mail."))
    monkeypatch.setattr(issue, "gather", partial(gather, has_pictures=False))
    made = issue.make_issue(desk, snapshot)  # mails that wait are offered, and those that were stopped can go on
    offered = view.t.plural("Send {n} waiting mail", "Send {n} waiting mails", 3)
    waiting = make_model(view, desk)
    assert (waiting.waiting, waiting.is_held) == (offered, False)
    desk.outbox.shift(NEWSLETTER, made.issue_id, "stop")
    held = make_model(view, desk)
    assert (held.waiting, held.is_held) == ("", True)
