"""Commands about rights: a password's hash, roles, signed links, a link that signs an administrator in; the audit log.

The log is written as lines of JSON or CSV, for other programs and for the archive.
"""

import csv
import getpass
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.access.audit.events import Event, Outcome
from dashboard.access.audit.log import acting_here, find_actor, record
from dashboard.access.signed_links import SignedLink, open_links, state_now
from dashboard.command_line import JsonOption, print_json
from dashboard.commands.console import Campaign, Commands, find_settings, print_done, refusals, write_in_place
from dashboard.errors import SelectionError, UserError
from dashboard.ground.files.formula_guard import guard
from dashboard.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.access.roles_file import Roles, Rule

ENDINGS = (".jsonl", ".csv")


def audit(
    campaign: Campaign = None,
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The first day, in UTC."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day, in UTC.")
    ] = None,
    event: Annotated[list[str] | None, typer.Option(metavar="EVENT", help="What was done; may be repeated.")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(metavar="OUTCOME", help="What came of it; may be repeated.")
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Who: a name, or the key of whom has none; repeatable.")
    ] = None,
    words: Annotated[str, typer.Option(metavar="WORDS", help="What an entry must contain.")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="File to write: .jsonl, .csv; default: the terminal.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of lines of JSON.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the audit log, the newest entry first: who did what, when, and what came of it."""
    from dashboard.access.audit.entries import Filters, find_entries, find_people

    with refusals(as_json):
        folder = find_settings(campaign).campaign
        is_csv = _is_csv(file, as_csv)
        filters = Filters(
            since.date() if since else None,
            until.date() if until else None,
            tuple(Event(name) for name in _check("event", event, list(Event))),
            tuple(Outcome(name) for name in _check("outcome", outcome, list(Outcome))),
            tuple(person or ()),
            words,
        )
        audit_entries = find_entries(folder, filters)
        record(folder, find_actor().person, Event.AUDIT_TAKEN, "csv" if is_csv else "jsonl", words=words)
        write = _write_csv if is_csv else _write_lines
        text = write(audit_entries.entries)
        if file is None:
            sys.stdout.write(text)
        else:
            write_in_place(file, lambda path: path.write_text(text, encoding="utf-8"))
            print_done(f"{file}: {audit_entries.total} entries.", as_json, file=file, entries=audit_entries.total)
        damaged = find_people(folder, filters).damaged
        if damaged:
            print(f"{damaged} lines of these months cannot be read.", file=sys.stderr)


def _is_csv(file: Path | None, as_csv: bool) -> bool:
    """Return whether CSV is asked for; by the file's ending, where there is a file."""
    if file is None:
        return as_csv
    if file.suffix.lower() not in ENDINGS:
        raise SelectionError(f"--file {file} has an ending that cannot be written here.", "file", ENDINGS)
    return file.suffix.lower() == ".csv"


def _check(option: str, names: Sequence[str] | None, allowed: Sequence[str]) -> Sequence[str]:
    """Return the names, if all of them are allowed."""
    for name in names or ():
        if name not in allowed:
            raise SelectionError(f"--{option} {name!r} is none.", option, tuple(allowed), name)
    return names or ()


def _write_lines(entries: "pd.DataFrame") -> str:
    return entries.to_json(orient="records", lines=True, date_format="iso", date_unit="ms", force_ascii=False)


def _write_csv(entries: "pd.DataFrame") -> str:
    """Write CSV in which no cell is a formula for a spreadsheet, and none ends at a carriage return."""
    texts = [name for name in entries.columns if name != "moment"]
    guarded = entries.assign(**{name: entries[name].map(guard, na_action="ignore") for name in texts})
    return str(guarded.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, date_format="%Y-%m-%dT%H:%M:%SZ"))


LEAST = 8
app = Commands(
    no_args_is_help=False, help="Who has which role: list and check, add, remove, change, close the campaign."
)
Name = Annotated[str, typer.Option(metavar="TEXT")]


def hash_password(as_json: JsonOption = False) -> None:
    """Print what DASHBOARD_STAFF_PASSWORD_HASH takes, from a password that is typed, or read from the input."""
    with refusals(as_json, reads_settings=False):  # it is where a wrong hash is put right
        from dashboard.access.passwords import hash_password as make

        if sys.stdin.isatty():
            password = getpass.getpass("Password: ")
            if getpass.getpass("The same again: ") != password:
                raise UserError("The two are not the same.", "Try again.")
        else:
            password = sys.stdin.readline().rstrip("\n")
        if len(password) < LEAST:
            raise UserError(f"The password has fewer than {LEAST} letters.", "Choose a longer one.")
        hashed = make(password)
        print_done(hashed, as_json, hash=hashed)


def sign_in_link(campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """Print a link that signs one administrator in, once and within ten minutes: for the day the provider is down."""
    with refusals(as_json):
        from dashboard.access.sessions import Sessions
        from dashboard.web.site import TICKET

        settings = find_settings(campaign)
        with acting_here(settings.campaign, Event.INVITED, "a link that signs one administrator in"):
            ticket = Sessions(settings).give_ticket()
        link = f"{settings.base_url}{TICKET}?t={ticket}"
        print_done(link, as_json, link=link)
        print("It signs in once, within ten minutes. Whoever has it is administrator for one session.", file=sys.stderr)


@app.callback(invoke_without_command=True)
def show(context: typer.Context, campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """List who has which role, and say whether roles.toml and providers.toml can be read."""
    if context.invoked_subcommand is not None:
        return
    with refusals(as_json):
        from dashboard.access.providers import find_providers
        from dashboard.access.roles_file import find_roles

        folder = find_settings(campaign).campaign
        roles, problem = find_roles(folder)
        if problem is not None:
            raise problem
        providers = find_providers(folder)
        if not as_json:
            _print_roles(roles)
        if providers.problem is not None:
            raise providers.problem
        if as_json:
            people = [
                {"number": number, **rule.model_dump(by_alias=True)}
                for number, rule in enumerate(roles.people, start=1)
            ]
            ways = [{"id": one.provider_id, "label": one.label, "url": one.metadata_url} for one in providers.usable]
            print_json({"ok": True, "closed": roles.closed, "people": people, "providers": ways})
            return
        for one in providers.usable:
            print(f"Signing in by {one.label} ({one.provider_id}): {one.metadata_url}")


def _print_roles(roles: "Roles") -> None:
    print(_say_closed(roles.closed))
    for number, rule in enumerate(roles.people, start=1):
        print(f"{number:>3}  {rule.role:<14} {rule.say()}{f'  ({rule.note})' if rule.note else ''}")
    if not roles.people:
        print("Nobody is named.")


def _say_closed(closed: bool) -> str:
    return "The campaign is closed to the public." if closed else "The campaign is open to everybody."


@app.command("add")
def add_entry(
    role: Annotated[str, typer.Argument(metavar="reader|staff|administrator")],
    campaign: Campaign = None,
    address: Name = "",
    domain: Name = "",
    tenant: Name = "",
    object_id: Annotated[str, typer.Option("--object", metavar="TEXT")] = "",
    group: Name = "",
    provider: Name = "",
    subject: Name = "",
    claim: Name = "",
    value: Name = "",
    note: Name = "",
    as_json: JsonOption = False,
) -> None:
    """Give somebody a role: by --address, --domain, --tenant with --object or --group, or --provider with --subject."""
    from dashboard.access import roles_edit

    ways = {"address": address, "domain": domain, "tenant": tenant, "object": object_id, "group": group}
    ways |= {"provider": provider, "subject": subject, "claim": claim, "value": value, "note": note}
    folder = find_settings(campaign).campaign
    change = roles_edit.add(folder, {"role": role, **ways})
    with acting_here(folder, Event.ROLES_CHANGED, f"{role} added: {change.roles.people[-1].say()}"):
        roles_edit.carry_out(folder, change)
    sentence = f"{role}: {change.roles.people[-1].say()}"
    print_done(sentence, as_json, role=role, number=len(change.roles.people))


@app.command("remove")
def remove_entry(
    number: Annotated[int, typer.Argument(help="The number in the list.")],
    campaign: Campaign = None,
    as_json: JsonOption = False,
) -> None:
    """Take an entry out, by its number in the list."""
    from dashboard.access import roles_edit

    folder = find_settings(campaign).campaign
    rule = _find(folder, number)
    change = roles_edit.remove(folder, number - 1, rule)
    with acting_here(folder, Event.ROLES_CHANGED, f"{rule.role} removed: {rule.say()}"):
        roles_edit.carry_out(folder, change)
    print_done(f"Removed: {rule.role}: {rule.say()}", as_json, role=rule.role, number=number)


@app.command("close")
def close_campaign(campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """Close the campaign to everybody who has not signed in."""
    _switch(campaign, as_json, closed=True)


@app.command("open")
def open_campaign(campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """Open the campaign to everybody again."""
    _switch(campaign, as_json, closed=False)


def _switch(campaign: Path | None, as_json: bool, *, closed: bool) -> None:
    from dashboard.access import roles_edit

    folder = find_settings(campaign).campaign
    change = roles_edit.close(folder, closed=closed)
    with acting_here(folder, Event.CAMPAIGN_CLOSED if closed else Event.CAMPAIGN_OPENED):
        roles_edit.carry_out(folder, change)
    print_done(_say_closed(closed), as_json, closed=closed)


def _find(folder: Path, number: int) -> "Rule":
    from dashboard.access.roles_file import path_of, read

    people = read(path_of(folder)).people
    if not 1 <= number <= len(people):
        raise UserError(f"There is no entry {number}.", "`python -m dashboard roles` lists them.")
    return people[number - 1]


links = Commands(help="Signed links into a closed campaign: list them, revoke one.")


@links.command(name="list")
def list_links(campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """List the links, the newest first; no token is kept, so none is shown."""
    settings = find_settings(campaign)
    signed_links = open_links(settings.campaign / "private").list()
    for link in signed_links:
        if as_json:
            print_json(_describe_link(link, settings))
        else:
            print("  ".join(str(value) for value in _describe_link(link, settings).values() if value not in ("", None)))
    if not signed_links and not as_json:
        print("Nobody has made a signed link.")


@links.command()
def revoke(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help="The link, as `links list` shows it first.")],
    campaign: Campaign = None,
    as_json: JsonOption = False,
) -> None:
    """End a link now; servers that run refuse it within seconds."""
    folder = find_settings(campaign).campaign
    with acting_here(folder, Event.REVOKED, handle) as act:
        link = open_links(folder / "private").revoke(handle)
        if link is None:
            raise UserError(f"There is no open link {handle}.", "`python -m dashboard links list` shows them.")
        act.say(link.label, link=handle, opens=f"{link.path}?{link.query}")
    print_done(f"{link.handle}: revoked ({link.label}).", as_json, handle=link.handle, label=link.label)


def _describe_link(link: SignedLink, settings: Settings) -> dict[str, Any]:
    """Describe a link, with the key of its maker instead of the name: others may read the output."""
    return {
        "handle": link.handle,
        "state": state_now(link, settings).value,
        "label": link.label,
        "opens": f"{link.path}?{link.query}",
        "made_by": link.made_by,
        "made_on": link.made_on,
        "ends_on": link.ends_on,
        "uses": link.uses,
        "last_used_on": link.last_used_on,
    }
