"""`python -m dashboard links`: the signed links of a campaign, and ending one, for whoever runs the server."""

from typing import Annotated, Any

import typer

from dashboard.access.signed_links import SignedLink, open_links, state_now
from dashboard.audit.events import Event
from dashboard.audit.log import acting_here
from dashboard.command_line import JsonOption, Program
from dashboard.commands.console import Campaign, find_settings, print_done, print_json, refusals
from dashboard.errors import UserError
from dashboard.settings import Settings

app = Program(help="Signed links into a closed campaign: list them, revoke one.")


@app.command(name="list")
def list_links(campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """List the links, the newest first; no token is kept, so none is shown."""
    with refusals(as_json):
        settings = find_settings(campaign)
        links = open_links(settings.campaign / "private").list()
        for link in links:
            if as_json:
                print_json(_describe(link, settings))
            else:
                print("  ".join(str(value) for value in _describe(link, settings).values() if value not in ("", None)))
        if not links and not as_json:
            print("Nobody has made a signed link.")


@app.command()
def revoke(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help="The link, as `links list` shows it first.")],
    campaign: Campaign = None,
    as_json: JsonOption = False,
) -> None:
    """End a link now; servers that run refuse it within seconds."""
    with refusals(as_json):
        folder = find_settings(campaign).campaign
        with acting_here(folder, Event.REVOKED, handle) as act:
            link = open_links(folder / "private").revoke(handle)
            if link is None:
                raise UserError(f"There is no open link {handle}.", "`python -m dashboard links list` shows them.")
            act.say(link.label, link=handle, opens=f"{link.path}?{link.query}")
        print_done(f"{link.handle}: revoked ({link.label}).", as_json, handle=link.handle, label=link.label)


def _describe(link: SignedLink, settings: Settings) -> dict[str, Any]:
    """A link, with the key of who made it and not their name: what is printed may be read by others."""
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
