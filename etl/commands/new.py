"""`python -m etl new`: a new campaign, asked for step by step or by options."""

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import find_actor, record
from dashboard.campaign import settings_fields
from dashboard.campaign.blank import is_blank, keep_out_of_git
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption
from dashboard.errors import UserError, sentence
from dashboard.i18n import N_
from dashboard.languages import list_languages
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import print_said

OWN_LISTS = ("themes", "categories")
"""The lists on the subject of a campaign; all others (countries, statuses …) serve any."""


class Register(StrEnum):
    """The subject of the actions."""

    CHILD_LABOUR = "child_labour"  # the shipped themes and categories
    OWN = "own"  # themes and categories of its own, filled from the files


@dataclass(frozen=True)
class NewCampaign:
    """The choices for a new campaign.

    Attributes:
        titles: By language; the first language is the default.
        submission_deadline: The last day to submit an action; the end by default.
        action_deadline: The due day of actions without one of their own; the end by default.
        register: The subject of its actions.
        publisher: The publisher of the figures; empty where not yet known.
        email: The address for questions about them.
    """

    titles: dict[str, str]
    start: date
    end: date
    submission_deadline: date | None = None
    action_deadline: date | None = None
    register: Register = Register.CHILD_LABOUR
    publisher: str = ""
    email: str = ""


def make_campaign(root: Path, choices: NewCampaign) -> CampaignFolder:
    """Make the folder.

    Raises:
        UserError: the folder holds something already, or the choices do not hold together; nothing is left then.
    """
    if not is_blank(root):
        raise UserError(
            sentence(N_("{folder} is there already, with something in it."), folder=str(root)),
            N_("Name a folder that is empty or not there."),
        )
    unknown = sorted(set(choices.titles) - set(list_languages()))
    if unknown or not choices.titles:
        raise UserError(
            sentence(N_("There is no language {language} to show pages in."), language=unknown[0])
            if unknown
            else N_("The campaign has no title."),
            sentence(
                N_("Give a title in one or more of these languages: {languages}."),
                languages=", ".join(list_languages()),
            ),
        )
    is_new = not root.exists()
    root.mkdir(parents=True, exist_ok=True)
    folder = CampaignFolder(root)
    lists = [root / "codelists" / f"{name}.csv" for name in OWN_LISTS] if choices.register is Register.OWN else []
    settings_file = root / "campaign.toml"
    try:
        keep_out_of_git(folder.root)
        folder.inbox.mkdir(exist_ok=True)
        for path in lists:
            path.parent.mkdir(exist_ok=True)
            header = (SHIPPED_CAMPAIGN / "codelists" / path.name).read_text(encoding="utf-8").splitlines()[0]
            path.write_text(header + "\n", encoding="utf-8")
        settings_file.write_text(_write(choices), encoding="utf-8")  # last: with it the folder is a campaign
        folder.load()
    except BaseException:
        for path in (settings_file, *lists):
            path.unlink(missing_ok=True)
        if is_new:
            shutil.rmtree(root)
        raise
    return folder


def _write(choices: NewCampaign) -> str:
    """Write the shipped file, with its remarks and the chosen settings."""
    text = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    settings = {
        "start": choices.start,
        "end": choices.end,
        "submission_deadline": choices.submission_deadline or choices.end,
        "action_deadline": choices.action_deadline or choices.end,
        "default_language": next(iter(choices.titles)),
        "languages": list(choices.titles),
        "title": dict.fromkeys(tomllib.loads(text)["title"], "") | choices.titles,
        "publisher": None,
    }
    publisher = {"name": dict.fromkeys(choices.titles, choices.publisher), "email": choices.email}
    publisher_settings = {f"publisher.{name}": value for name, value in publisher.items()} if choices.publisher else {}
    return settings_fields.write(settings_fields.write(text, settings), publisher_settings)


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
    titles = _read_titles(title) if title else _ask_titles()
    choices = NewCampaign(
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
    """Read titles by language."""
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
    """Ask for an answer, again until it can be read."""
    while True:
        try:
            return read(str(typer.prompt(what, default=default)).strip())
        except ValueError:
            typer.echo("That cannot be read. Please write it as it says.")
