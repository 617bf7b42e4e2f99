"""`python -m etl store`: the copies of finished builds in the object store: listed, sent by hand, repaired."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from etl.commands.console import CampaignOption, print_line
from etl.publish import history
from etl.publish.send_copies import Compared, compare, send


class What(StrEnum):
    """The things to do."""

    STATUS = "status"
    UPLOAD = "upload"
    REPAIR = "repair"
    TAKE_OVER = "take-over"


def store(
    what: Annotated[
        What,
        typer.Argument(
            help="status: say what is there, exit code 1 where it is not what is published here; upload: send what is "
            "published; repair: hold each object against its hash, and send anew what is not whole; take-over: put "
            "these builds in the place of another builder's."
        ),
    ],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    as_json: JsonOption = False,
) -> None:
    """Look at the copies of builds in the object store of DASHBOARD_STORE, or send them."""
    folder = CampaignFolder(campaign)
    if not Settings.from_environment().store:
        raise UserError("No object store is set.", "Set DASHBOARD_STORE, as s3://bucket/campaign (docs/operations.md).")
    if what is What.STATUS:
        _print_status(folder, compare(folder), as_json)
        return
    with acting_here(folder.root, Event.COPIES_SENT, how=what.value) as act:
        delivery = send(folder, take_over=what is What.TAKE_OVER, repair=what is What.REPAIR)
        act.say(delivery.build_id, build=delivery.build_id)
    if as_json:
        print_json(
            {"ok": True, "build_id": delivery.build_id, "objects": delivery.amount[0], "bytes": delivery.amount[1]}
        )
    else:
        print_line(str(delivery))


def _print_status(folder: CampaignFolder, state: Compared, as_json: bool) -> None:
    """Print the state of the store."""
    published_id = str((history.read_pointer(folder) or {}).get("build_id", ""))
    is_well = state.is_current and not state.missing
    stored = state.stored
    if as_json:
        facts: dict[str, Any] = {"ok": is_well, "published_here": published_id, "missing": state.missing}
        if stored is not None:
            facts |= {"build_id": stored.build_id, "sent_at": stored.sent_at, "bytes": stored.size}
            facts |= {"builds": [build.build_id for build in stored.builds], "is_own": state.is_own}
        print_json(facts)
    else:
        for line in _say(state, published_id):
            print_line(line)
    if not is_well:
        raise typer.Exit(1)


def _say(state: Compared, published_id: str) -> list[str]:
    stored = state.stored
    if stored is None:
        return [f"Nothing has been sent to {state.address} yet. Send it: python -m etl store upload."]
    words = f"shows build {stored.build_id}" if stored.build_id else "shows nothing"
    lines = [f"{state.address} {words}, sent at {stored.sent_at}; {len(stored.builds)} builds, {stored.size:,} bytes."]
    if not state.is_own:
        lines.append("Another campaign folder has sent it.")
    if not state.is_current:
        lines.append(f"Published here is {f'build {published_id}' if published_id else 'nothing'}.")
    if state.missing:
        lines.append(f"Missing there: {', '.join(state.missing)}. Send it anew: python -m etl store repair.")
    return lines
