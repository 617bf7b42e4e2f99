"""`python -m etl store`: the copies of finished builds in the object store: what is there, sent by hand, repaired."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from dashboard.audit.events import Event
from dashboard.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from etl.console import CampaignOption, JsonOption, open_console, print_json, refusals
from etl.publish import history
from etl.publish.send_copies import Compared, compare, send


class What(StrEnum):
    """What is to be done."""

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
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        if not Settings.from_environment().store:
            raise UserError(
                "No object store is set.", "Set DASHBOARD_STORE, as s3://bucket/campaign (docs/replicas.md)."
            )
        if what is What.STATUS:
            _print_status(folder, compare(folder), as_json)
            return
        with acting_here(folder.root, Event.COPIES_SENT, how=what.value) as act:
            sent = send(folder, take_over=what is What.TAKE_OVER, repair=what is What.REPAIR)
            act.say(sent.build_id, build=sent.build_id)
        if as_json:
            print_json({"ok": True, "build_id": sent.build_id, "objects": sent.sent[0], "bytes": sent.sent[1]})
        else:
            open_console().print(str(sent), markup=False, highlight=False, soft_wrap=True)


def _print_status(folder: CampaignFolder, found: Compared, as_json: bool) -> None:
    """Say what is there.

    Raises:
        Exit: it is not what is published here.
    """
    here = str((history.read_pointer(folder) or {}).get("build_id", ""))
    is_well = found.is_current and not found.missing
    stored = found.stored
    if as_json:
        facts: dict[str, Any] = {"ok": is_well, "published_here": here, "missing": found.missing}
        if stored is not None:
            facts |= {"build_id": stored.build_id, "sent_at": stored.sent_at, "bytes": stored.size}
            facts |= {"builds": [build.build_id for build in stored.builds], "is_own": found.is_own}
        print_json(facts)
    else:
        for line in _say(found, here):
            open_console().print(line, markup=False, highlight=False, soft_wrap=True)
    if not is_well:
        raise typer.Exit(1)


def _say(found: Compared, here: str) -> list[str]:
    stored = found.stored
    if stored is None:
        return [f"Nothing has been sent to {found.address} yet. Send it: python -m etl store upload."]
    shown = f"shows build {stored.build_id}" if stored.build_id else "shows nothing"
    lines = [f"{found.address} {shown}, sent at {stored.sent_at}; {len(stored.builds)} builds, {stored.size:,} bytes."]
    if not found.is_own:
        lines.append("Another campaign folder has sent it.")
    if not found.is_current:
        lines.append(f"Published here is {f'build {here}' if here else 'nothing'}.")
    if found.missing:
        lines.append(f"Missing there: {', '.join(found.missing)}. Send it anew: python -m etl store repair.")
    return lines
