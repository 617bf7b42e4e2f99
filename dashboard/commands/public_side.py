"""`python -m dashboard publish-public`: the public side as files."""

import sys
from typing import Annotated

import typer

from dashboard.command_line import JsonOption
from dashboard.commands.console import Campaign, open_campaign, print_done, refusals, warn_of_address
from dashboard.errors import SelectionError
from dashboard.ground.base_urls import is_local
from dashboard.settings import Settings


def publish_public(
    to: Annotated[
        str,
        typer.Argument(metavar="DIR|URL", help="Folder or object store (s3://…); only its own files are replaced."),
    ],
    campaign: Campaign = None,
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="Address under which a web server will show the folder.")
    ] = "",
    langs: Annotated[
        list[str] | None, typer.Option(metavar="LANGS", help="Languages, with commas or repeated; default: all.")
    ] = None,
    charts_only: Annotated[bool, typer.Option("--charts-only", help="Leave out the open tables.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write charts, open tables, feeds and their lists as files for a plain web server."""
    from rich.console import Console

    from dashboard.web.public_files import files_of_build, publishing

    with refusals(as_json):
        settings, published = open_campaign(campaign)
        languages = [code.strip() for value in langs or () for code in value.split(",") if code.strip()]
        for code in languages:
            if code not in published.languages:
                raise SelectionError(f"--langs {code!r} is not a language here.", "langs", published.languages, code)
        chosen = list(dict.fromkeys(languages)) or list(published.languages)
        base_url = base_url.rstrip("/")
        _say_where(settings, base_url)
        side = files_of_build.PublicSide(published, chosen, settings, base_url, has_data=not charts_only)
        with Console(stderr=True).status("Drawing …") as status:
            done = publishing.publish(
                side, publishing.open_place(to, settings), lambda files: status.update(f"{files} files drawn …")
            )
        sentences = [f"{to}: {done.files} files, {done.written} of them new or changed, {done.removed} removed."]
        sentences += (
            f"Build {build} is no longer there: a person has been erased since, and it could not be looked through."
            for build in done.erased
        )
        counts = {"files": done.files, "written": done.written, "removed": done.removed, "erased": done.erased}
        print_done("\n".join(sentences), as_json, published, to=to, **counts)


def _say_where(settings: Settings, base_url: str) -> None:
    """Say on stderr where links lead, where the settings name no dashboard that others can open."""
    if not is_local(settings.base_url):
        return
    warn_of_address(settings)
    if base_url:
        print(f"Other links lead to the files below {base_url}.", file=sys.stderr)
    else:
        print("Links between the files are relative; pictures have none. State --base-url.", file=sys.stderr)
