"""The files of a stakeholder's link, each with a button to withdraw it, and the page that asks once more.

A stakeholder has a link with each letter, and a new one for a lost one: each withdraws what is public by the others.
"""

from collections.abc import Collection
from html import escape

from starlette.responses import Response

from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.links import find_today
from dashboard.campaign.reporting.reports import Report, ReportState
from dashboard.campaign.reporting.withdrawal import withdraw
from dashboard.formats import clean
from dashboard.i18n import N_
from dashboard.mail.subscribers import written_down
from dashboard.web.plain_pages import draw_button, draw_link, draw_words
from dashboard.web.sending_pages import Sender

LEAVES = N_("It leaves pages, feeds and public files at the next run of the program, and is not published again.")
COPIES = N_("Copies that others have fetched already remain with them.")
WITHDRAW = "withdraw"
"""The field that names a file to be withdrawn."""


def _list_files(reader: Sender, link: str, other_links: Collection[str]) -> dict[str, tuple[SentFile, Report]]:
    """List the files of a link by their hashes, each with the report by which it is public, else with its last one.

    Of the other links of its stakeholder it has those that are public; a case of abuse names none.
    """
    states = (ReportState.WAITING, ReportState.ACCEPTED)
    pairs = [
        (file, one)
        for one in reader.box.list()
        if one.state in states and not one.is_case
        for file in one.files
        if one.link == link or (one.link in other_links and file.is_public)
    ]
    pairs.sort(key=lambda pair: (pair[0].is_public, pair[1].link == link))
    return {file.sha256: (file, report) for file, report in pairs if file.withdrawn_on is None}


def _name_file(file: SentFile, report: Report, link: str) -> str:
    """Name a file as its sender does; one of another link by what is public of it."""
    return file.name if report.link == link else clean(file.description)


def draw_files(reader: Sender, link: str, other_links: Collection[str] = ()) -> str:
    """Draw the files of a link's handle, each with a button to withdraw it; with public ones of its stakeholder's."""
    t, items = reader.t, ""
    for sha256, (file, report) in _list_files(reader, link, other_links).items():
        name, state = _name_file(file, report, link), N_("waits for the secretariat", "a file")
        if report.state is ReportState.ACCEPTED:
            state = N_("public", "a file") if file.is_public else N_("not public", "a file")
        words = escape(t(N_("{name}: {value}"), name=name, value=t(state)))
        button = draw_button(t(N_("Withdraw {name}"), name=name))
        items += f'<li>{words}<form method="post">{_hide(WITHDRAW, sha256)}{button}</form></li>'
    heading = escape(t(N_("Your documents and pictures")))
    return items and f'<section class="files"><h2>{heading}</h2><ul>{items}</ul></section>'


def answer_withdrawal(reader: Sender, link: str, other_links: Collection[str] = ()) -> Response:
    """Ask whether a file is to be withdrawn; once that is answered, withdraw it from all these links."""
    t, sha256 = reader.t, reader.field(WITHDRAW)
    file, report = _list_files(reader, link, other_links).get(sha256, (None, None))
    again = draw_link(f"?{reader.write_query()}", t(N_("Back")))
    if file is None or report is None:
        words = draw_words(t(N_("This file is not one of yours, or is withdrawn already.")))
        return reader.answer(t(N_("There is nothing to withdraw")), words + again, 400)
    name = _name_file(file, report, link)
    if reader.field("sure"):
        senders = {one.link for one in reader.box.list() if any(each.sha256 == sha256 for each in one.files)}
        with written_down():
            for handle in senders & {link, *other_links}:
                withdraw(reader.settings.campaign, handle, sha256, find_today())
        words = draw_words(t(LEAVES), t(COPIES))
        return reader.answer(t(N_("{name} is withdrawn"), name=name), words + again)
    button = draw_button(t(N_("Yes, withdraw it")))
    question = f'<form method="post">{_hide(WITHDRAW, sha256)}{_hide("sure", "yes")}{button}</form>'
    return reader.answer(t(N_("Withdraw {name}?"), name=name), draw_words(t(LEAVES), t(COPIES)) + question + again)


def _hide(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'
