"""`python -m dashboard newsletter`: issues made and sent, for staff and for a scheduler; requests of subscribers.

Digests and issues, which load charts, are loaded when a command needs them: other commands do not wait for them.
"""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.command_line import JsonOption, print_json
from dashboard.commands.console import Campaign, Commands, find_settings, open_campaign, print_done, write_in_place
from dashboard.errors import SelectionError, SnapshotError, UserError
from dashboard.mail.addresses import check_address
from dashboard.mail.forgetting import forget_person
from dashboard.mail.outbox import NEWSLETTER, OPEN_STATES, TEST, note_bounces
from dashboard.mail.sending import Outcome
from dashboard.mail.sending import send as send_mails
from dashboard.mail.subscribers import Desk, Wish, make_subscribers
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import parse

app = Commands(help="The newsletter: make, try, send; subscribers and what became of mails.")

Since = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Tell what is new since this day, not since the last issue."
    ),
]
Lang = Annotated[str, typer.Option(metavar="en|fr|es", help="The digest's language.")]
Regions = Annotated[list[str] | None, typer.Option("--region", metavar="CODE", help="A region; may be repeated.")]
Themes = Annotated[list[str] | None, typer.Option("--theme", metavar="CODE", help="A theme; may be repeated.")]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The e-mail address; - reads it from the input.")]


@app.command()
def preview(
    campaign: Campaign = None,
    lang: Lang = "en",
    region: Regions = None,
    theme: Themes = None,
    since: Since = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="File to write: .html, .txt, .eml.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the next digest for a language and choice; on the terminal as text."""
    from dashboard.campaign.brand import read_look
    from dashboard.mail.digest import show_pictures, write_html, write_text
    from dashboard.mail.issue import find_period, make_digest

    desk, snapshot = _open(campaign)
    wish = _read_wish(snapshot, lang, region, theme)
    digest = make_digest(desk, snapshot, wish, find_period(desk, snapshot, _day(since)))
    html, text = show_pictures(digest, write_html(digest), read_look(desk.settings.campaign)), write_text(digest)
    if as_json:
        print_json({"subject": digest.subject, "total": digest.total, "html": html, "text": text})
    elif to is not None:
        contents = {".html": html, ".txt": text}
        if to.suffix not in contents:
            raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", tuple(contents))
        write_in_place(to, lambda path: path.write_text(contents[to.suffix], encoding="utf-8"))
        print(f"{to}: written.")
    else:
        print(text)


@app.command()
def send(
    campaign: Campaign = None,
    since: Since = None,
    only_waiting: Annotated[
        bool, typer.Option("--only-waiting", help="Make no issue: send what waits in the outbox, letters too.")
    ] = False,
    most: Annotated[int | None, typer.Option(min=1, metavar="N", help="No more than N mails in this run.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make an issue of what is new since the last one, and send it with all that still waits."""
    from dashboard.mail.issue import MAKING, SENDING, make_issue

    desk, snapshot = _open(campaign)
    with acting_here(desk.settings.campaign, Event.NEWSLETTER_SENT, only_waiting=only_waiting) as act:
        desk.drop_unanswered()
        issue_facts: dict[str, Any] = {}
        if not only_waiting:
            issue = make_issue(desk, snapshot, _day(since), _teller(MAKING, as_json))
            issue_facts = {"issue": issue.issue_id, "mails": issue.mails, "without_news": issue.without_news}
            act.say(issue.issue_id, mails=issue.mails)
            if not as_json:
                print(_describe_issue(issue_facts))
        outcome = send_mails(
            desk.outbox,
            desk.settings,
            kind=None if only_waiting else NEWSLETTER,
            most=most,
            tell=_teller(SENDING, as_json),
        )
        act.say(counts=outcome.counts)
        _finish(outcome, issue_facts, as_json)


def _describe_issue(issue: dict[str, Any]) -> str:
    if not issue["issue"]:
        return "Nothing is new, or nobody reads the newsletter: no issue was made."
    none = f" {issue['without_news']} readers get none, since nothing is new for them." if issue["without_news"] else ""
    return f"Issue {issue['issue']}: {issue['mails']} mails.{none}"


def _finish(outcome: Outcome, issue: dict[str, Any], as_json: bool) -> None:
    """Print the outcome; exit with code 1 where it stopped early."""
    if outcome.stopped:
        raise UserError(outcome.stopped, "What waits is kept: run the command again.")
    counts = ", ".join(f"{mails} {state}" for state, mails in outcome.counts.items()) or "none"
    folder = f" As files, since no mail server takes them: {outcome.folder}." if outcome.folder else ""
    if as_json:
        folder_name = str(outcome.folder) if outcome.folder else ""
        print_json({"ok": True, **issue, "counts": outcome.counts, "folder": folder_name})
    else:
        print(f"Mails: {counts}.{folder}")


@app.command()
def test(
    address: Address,
    campaign: Campaign = None,
    lang: Lang = "en",
    region: Regions = None,
    theme: Themes = None,
    since: Since = None,
    as_json: JsonOption = False,
) -> None:
    """Send the next digest to one address, for staff to look at."""
    from dashboard.mail.issue import put_test

    desk, snapshot = _open(campaign)
    wish = _read_wish(snapshot, lang, region, theme)
    with acting_here(desk.settings.campaign, Event.NEWSLETTER_SENT, "test") as act:
        batch_id = put_test(desk, snapshot, wish, _read_address(address), _day(since))
        act.say(batch=batch_id)
        outcome = send_mails(desk.outbox, desk.settings, kind=TEST, batch_id=batch_id)
        _finish(outcome, {"batch": batch_id}, as_json)


@app.command()
def status(campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """Say how many subscribers there are, what the issues came to, and what staff have to decide."""
    desk = _find_desk(campaign)
    counts = desk.count_subscribers()
    batches = desk.outbox.batches()
    # Without their addresses: the log of a scheduler may be read by others.
    undecided = [
        {"number": d.delivery_no, "state": d.state, "batch": d.batch_id, "codes": d.codes, "at": d.changed_at}
        for state in OPEN_STATES
        for d in desk.outbox.listed(state)
    ]
    if as_json:
        people = [{"state": state, "lang": lang, "subscribers": n} for (state, lang), n in counts.items()]
        issues = [{"kind": b.kind, "batch": b.batch_id, "put_at": b.put_at, **b.counts} for b in batches]
        print_json({"subscribers": people, "batches": issues, "to_decide": undecided})
        return
    total = {state: sum(n for (row_state, _), n in counts.items() if row_state == state) for state, _ in counts}
    print("Subscribers: " + (", ".join(f"{n} {state}" for state, n in total.items()) or "none") + ".")
    for batch in (batch for batch in batches if batch.kind == NEWSLETTER):
        print(f"Issue {batch.batch_id}: {', '.join(f'{n} {state}' for state, n in batch.counts.items())}.")
    for mail in undecided:
        print(f"To decide: {' '.join(str(value) for value in mail.values() if value != '')}")


@app.command()
def decide(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The mail's number, as `status` shows it.")],
    campaign: Campaign = None,
    again: Annotated[bool, typer.Option("--again/--leave", help="Send it (again), or leave it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Settle a mail that is uncertain, bounced or failed: `--again` or `--leave`."""
    desk = _find_desk(campaign)
    with acting_here(desk.settings.campaign, Event.NEWSLETTER_CHANGED, f"mail {number}", again=again):
        if not desk.outbox.decide(number, is_again=again):
            raise UserError(f"There is no mail {number} to decide about.", "`newsletter status` lists them.")
    waits = f"Mail {number} waits: `newsletter send --only-waiting` sends it."
    print_done(waits if again else f"Mail {number} is left.", as_json, number=number, again=again)


@app.command()
def bounces(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Saved mails (.eml) or folders of them.")],
    campaign: Campaign = None,
    as_json: JsonOption = False,
) -> None:
    """Read reports of mails that came back, which mail servers send to the sender's address."""
    desk = _find_desk(campaign)
    with acting_here(desk.settings.campaign, Event.NEWSLETTER_CHANGED, "bounces"):
        counts = note_bounces(desk.outbox, files)._asdict()
    sentence = "Reports: {reports}; mails that are noted as bounced: {noted}; not known: {unknown}."
    print_done(sentence.format(**counts), as_json, **counts)


@app.command()
def export(address: Address, campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """Print what is kept about a subscriber, as JSON."""
    desk = _find_desk(campaign)
    subscriber = desk.find(address=_read_address(address))
    if subscriber is None:
        raise UserError("Nothing is kept about this address.")
    print(json.dumps(subscriber.export(), ensure_ascii=False, indent=None if as_json else 1))


@app.command()
def erase(address: Address, campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """Erase all that is kept about a subscriber; `python -m etl forget` finds a person in the exports too."""
    desk, erased = _find_desk(campaign), _read_address(address)
    with acting_here(desk.settings.campaign, Event.SUBSCRIBER_REMOVED):
        places = forget_person(desk.outbox.private, erased)
    sentence = f"Erased: {', '.join(places)}." if places else "Nothing was kept about this address."
    print_done(sentence, as_json, places=places)


@app.command()
def sample(campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """Put invented subscribers beside the fictional sample, to try the newsletter."""
    desk, snapshot = _open(campaign)
    if not snapshot.is_sample:
        raise UserError("The campaign's data is no sample.", "Invented subscribers are put beside invented data only.")
    with acting_here(desk.settings.campaign, Event.NEWSLETTER_CHANGED, "invented subscribers"):
        added = desk.put_subscribers(make_subscribers(snapshot.codes, snapshot.languages))
    sentence = f"{added} invented subscribers at example.org. What is sent to them becomes files."
    print_done(sentence, as_json, snapshot, added=added)


def _open(campaign: Path | None) -> tuple[Desk, Snapshot]:
    settings, snapshot = open_campaign(campaign)
    return Desk(settings, snapshot), snapshot


def _find_desk(campaign: Path | None) -> Desk:
    """Find the desk, also of a campaign without a published snapshot."""
    try:
        return _open(campaign)[0]
    except SnapshotError:
        return Desk(find_settings(campaign), None)


def _read_wish(snapshot: Snapshot, lang: str, regions: list[str] | None, themes: list[str] | None) -> Wish:
    chosen = parse({"lang": [lang], "region": regions or [], "theme": themes or []}, snapshot)
    return Wish(chosen.lang, chosen.regions, chosen.themes)


def _read_address(text: str) -> str:
    return check_address(sys.stdin.readline() if text == "-" else text)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _teller(what: str, as_json: bool) -> Callable[[int, int], object]:
    """Return a reporter of progress: JSON for another program, one line for a person on a terminal."""

    def tell(done: int, total: int) -> None:
        if as_json:
            print_json({"what": what, "done": done, "total": total})
        elif sys.stderr.isatty():
            print(f"\r{what}: {done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)

    return tell
