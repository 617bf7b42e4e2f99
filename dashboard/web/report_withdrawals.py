"""The files of a stakeholder's link, each with a button to withdraw it, and the page that asks once more."""

from html import escape

from starlette.responses import Response

from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.links import find_today
from dashboard.campaign.reporting.reports import Report, ReportState
from dashboard.campaign.reporting.withdrawal import withdraw
from dashboard.i18n import N_
from dashboard.mail.subscribers import written_down
from dashboard.web.plain_pages import draw_button, draw_link, draw_words
from dashboard.web.sending_pages import Sender

LEAVES = N_("It leaves pages, feeds and public files at the next run of the program, and is not published again.")
COPIES = N_("Copies that others have fetched already remain with them.")
WITHDRAW = "withdraw"
"""The field that names a file to be withdrawn."""


def _list_files(reader: Sender, link: str) -> dict[str, tuple[SentFile, Report]]:
    """List the files of a link by their hashes, each with the report by which it is public, else with its last one."""
    states = (ReportState.WAITING, ReportState.ACCEPTED)
    pairs = [(file, one) for one in reader.box.list(link=link) if one.state in states for file in one.files]
    pairs.sort(key=lambda pair: pair[0].is_public)
    return {file.sha256: (file, report) for file, report in pairs if file.withdrawn_on is None}


def draw_files(reader: Sender, link: str) -> str:
    """Draw the files of a link's handle, each with a button to withdraw it."""
    t, items = reader.t, ""
    for sha256, (file, report) in _list_files(reader, link).items():
        state = N_("waits for the secretariat", "a file")
        if report.state is ReportState.ACCEPTED:
            state = N_("public", "a file") if file.is_public else N_("not public", "a file")
        words = escape(t(N_("{name}: {value}"), name=file.name, value=t(state)))
        button = draw_button(t(N_("Withdraw {name}"), name=file.name))
        items += f'<li>{words}<form method="post">{_hide(WITHDRAW, sha256)}{button}</form></li>'
    heading = escape(t(N_("Your documents and pictures")))
    return items and f'<section class="files"><h2>{heading}</h2><ul>{items}</ul></section>'


def answer_withdrawal(reader: Sender, link: str) -> Response:
    """Ask whether a file is to be withdrawn; once that is answered, withdraw it."""
    t, sha256 = reader.t, reader.field(WITHDRAW)
    file, _ = _list_files(reader, link).get(sha256, (None, None))
    again = draw_link(f"?{reader.write_query()}", t(N_("Back")))
    if file is None:
        words = draw_words(t(N_("This file is not one of yours, or is withdrawn already.")))
        return reader.answer(t(N_("There is nothing to withdraw")), words + again, 400)
    if reader.field("sure"):
        with written_down():
            withdraw(reader.settings.campaign, link, sha256, find_today())
        words = draw_words(t(LEAVES), t(COPIES))
        return reader.answer(t(N_("{name} is withdrawn"), name=file.name), words + again)
    button = draw_button(t(N_("Yes, withdraw it")))
    asked = f'<form method="post">{_hide(WITHDRAW, sha256)}{_hide("sure", "yes")}{button}</form>'
    return reader.answer(t(N_("Withdraw {name}?"), name=file.name), draw_words(t(LEAVES), t(COPIES)) + asked + again)


def _hide(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'
