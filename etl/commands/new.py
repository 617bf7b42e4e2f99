"""`python -m etl new`: a new campaign, asked for step by step or by options."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from dashboard.audit.actor import find_actor
from dashboard.audit.events import Event
from dashboard.audit.log import record
from dashboard.errors import UserError, sentence
from dashboard.i18n import N_
from dashboard.languages import list_languages
from etl.console import JsonOption, print_said, refusals
from etl.inputs.new_campaign import Register, Wanted, make_campaign

T = TypeVar("T")
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make it: a folder that is not there yet.")],
    title: Annotated[
        list[str] | None, typer.Option(help="Its title in a language, as en=Our pledges; the first is shown first.")
    ] = None,
    start: Day = None,
    end: Day = None,
    submission_deadline: Day = None,
    action_deadline: Day = None,
    register: Annotated[
        Register | None,
        typer.Option(
            help="What its actions are about: child_labour takes the themes and categories of the 2021 Actions; own "
            "begins with none, and fills them from what the files say."
        ),
    ] = None,
    publisher: Annotated[str, typer.Option(help="Who publishes the figures.")] = "",
    email: Annotated[str, typer.Option(help="Who answers about them, an office's address.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a campaign of your own: title, dates, languages; what is not given is asked for."""
    with refusals(as_json):
        titles = _read_titles(title) if title else _ask_titles()
        choices = Wanted(
            titles,
            (start or _ask_day("First day on which progress is counted")).date(),
            (end or _ask_day("Last day")).date(),
            submission_deadline.date() if submission_deadline else None,
            action_deadline.date() if action_deadline else None,
            register or _ask(_REGISTER, Register, Register.CHILD_LABOUR.value),
            publisher,
            email,
        )
        campaign = make_campaign(folder, choices)
        # There is no log to write to before there is a campaign.
        person, request = find_actor()
        first = next(iter(titles.values()))
        record(campaign.root, person, Event.CAMPAIGN_MADE, first, request=request, languages=list(titles))
        print_said(
            f"{campaign.root} is a campaign now. Show it (make serve CAMPAIGN={folder}), and drop its files on Upload.",
            as_json,
            folder=str(campaign.root),
        )


_REGISTER = "Themes and categories: child_labour (those of the 2021 Actions) or own"


def _read_titles(texts: list[str]) -> dict[str, str]:
    """Titles by language.

    Raises:
        UserError: one does not say its language.
    """
    titles = {}
    for text in texts:
        lang, sign, words = text.partition("=")
        if not sign or not words.strip():
            raise UserError(
                sentence(N_("The title “{title}” does not say its language."), title=text),
                N_("Write it as en=Our pledges."),
            )
        titles[lang.strip().lower()] = words.strip()
    return titles


def _ask_titles() -> dict[str, str]:
    titles = {}
    for lang in list_languages():
        words = typer.prompt(f"Title ({lang}; Enter leaves the language out)", default="", show_default=False)
        if words.strip():
            titles[lang] = words.strip()
    return titles


def _ask_day(what: str) -> datetime:
    return _ask(f"{what} (YYYY-MM-DD)", datetime.fromisoformat)


def _ask(what: str, read: Callable[[str], T], default: str | None = None) -> T:
    """An answer that can be read; asked again until it can."""
    while True:
        try:
            return read(str(typer.prompt(what, default=default)).strip())
        except ValueError:
            typer.echo("That cannot be read. Please write it as it says.")
