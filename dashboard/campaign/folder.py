"""A campaign folder: `campaign.toml`, codelists, recipes, languages, inbox, published snapshots, private store."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from dashboard.campaign import licences
from dashboard.campaign.licences import ContactAddress, Licence, MailAddress, PageAddress
from dashboard.campaign.sources import Source
from dashboard.errors import CampaignError, Sentence, sentence
from dashboard.file_faults import explain_value, name_setting, read_toml
from dashboard.i18n import N_, translator
from dashboard.languages import (
    CATALOGUE,
    SETTINGS_FILE,
    SOURCE,
    LanguageCode,
    Texts,
    check_place,
    list_languages,
    look_in,
)
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.theme import PAPER, contrast

ANSWER_FILES = ("columns.csv", "spellings.csv", "sheets.csv", "answers.csv")
"""Staff's answers to the questions of a build, which a draft may try."""
STAFF_FILES = ("decisions.csv", *ANSWER_FILES)
"""The files of staff's answers, beside the inbox: kept with each build, and put back when it is restored."""
TEMPLATES = {"pptx": ("briefing.pptx", "briefing.potx"), "docx": ("briefing.docx", "briefing.dotx")}
"""The possible templates of decks and documents in a campaign folder: the first existing file is the template."""
LOGO = "logo.png"
DESIGN_FILES = (*TEMPLATES["pptx"], *TEMPLATES["docx"], LOGO)
"""What gives what leaves the dashboard the publisher's look, beside `campaign.toml`."""
PLACEHOLDERS = ("publisher", "title", "campaign", "day", "year", "build", "licence", "link")
"""The placeholders of a citation: the publisher, the cited title, the campaign's title, the day of the data and its
year, the build, the licence, the address."""

TextsByLanguage = Annotated[dict[LanguageCode, Annotated[str, Field(min_length=1)]], AfterValidator(Texts)]
"""A text of the campaign in any languages, `pt = "…"`; a reader without a text gets the English one, else any."""


class Limits(BaseModel):
    """The most words of texts in the form; 0 means any number."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: int = Field(20, ge=0, title=N_("Word limit: title"))
    description: int = Field(100, ge=0, title=N_("Word limit: description"))
    impact: int = Field(100, ge=0, title=N_("Word limit: impact"))
    communication: int = Field(100, ge=0, title=N_("Word limit: communication"))


class Individuals(BaseModel):
    """Stakeholders that are persons: their stakeholder groups, and their names in public.

    Attributes:
        shown_as: The replacement of the name, before the country; by default the program's word.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    groups: tuple[str, ...] = Field(("individual",), title=N_("Groups whose stakeholders are persons"))
    agreed_to_be_named: bool = Field(False, title=N_("All of them agreed that their names are public"))
    shown_as: TextsByLanguage = Field(Texts(), title=N_("What replaces a person’s name"))

    def name(self, languages: Iterable[str]) -> Texts:
        """The replacement of the name, in each of the languages."""
        names = {lang: translator(lang)(N_("Individual")) for lang in languages}
        return Texts(names | self.shown_as)


class Publisher(BaseModel):
    """The publisher of the figures, who answers about them, for readers and in mails; empty where it is not stated.

    Attributes:
        name: Its name for readers, `Alliance 8.7 secretariat`; by language where it has several.
        citation: How to cite them, by language: a sentence with `PLACEHOLDERS`.
        iati_identifier: Its identifier in the register of the International Aid Transparency Initiative.
        iati_type: The code of its type there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: licences.Texts = Field({}, title=N_("Who publishes"))
    email: MailAddress = Field(
        "",
        title=N_("Mail address"),
        description=N_("An office’s address, not a person’s. Addresses at example.org are shown with the sample only."),
    )
    url: PageAddress = Field("", title=N_("Page of the publisher"))
    licence: Licence = Field(
        Licence(),
        validation_alias=AliasChoices("licence", "license"),
        title=N_("Licence"),
        description=N_("Its SPDX identifier, such as CC-BY-4.0, or its name."),
    )
    citation: licences.Texts = Field(
        {},
        title=N_("How to cite"),
        description=N_("A sentence for those who quote the figures. It may contain: {known}"),
    )
    iati_identifier: licences.IatiIdentifier = Field(
        "",
        max_length=100,
        title=N_("Identifier in IATI"),
        description=N_("Such as XM-DAC-41302. With it and its type all actions can be taken as a file for IATI."),
    )
    iati_type: licences.IatiType = Field(
        "", title=N_("Type in IATI"), description=N_("Two digits, such as 40 for a multilateral organisation.")
    )

    @property
    def reports_to_iati(self) -> bool:
        """Whether all is stated that a file for IATI says of who reports."""
        return bool(self.iati_identifier and self.iati_type)

    @field_validator("citation")
    @classmethod
    def _check_placeholders(cls, citation: dict[str, str]) -> dict[str, str]:
        """Refuse a sentence with an unknown placeholder."""
        for text in citation.values():
            try:
                parts = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
            except ValueError:
                raise ValueError(sentence(N_("unmatched brace in “{text}”"), text=text)) from None
            for name, form, conversion in parts:
                if name not in PLACEHOLDERS or form or conversion:
                    placeholders = ", ".join(f"{{{placeholder}}}" for placeholder in PLACEHOLDERS)
                    raise ValueError(
                        sentence(
                            N_("{name} is not a placeholder; allowed: {known}"),
                            name=f"{{{name}}}",
                            known=placeholders,
                        )
                    )
        return citation


def _check_colour(least: float) -> AfterValidator:
    """Refuse what is no colour, or one that is too pale on white."""

    def check(colour: str) -> str:
        if colour and not re.fullmatch("#[0-9A-Fa-f]{6}", colour):
            raise ValueError(sentence(N_("{value} is no colour; write it as #14597F"), value=colour))
        if colour and (ratio := contrast(colour, PAPER)) < least:
            what = N_("{value} has a contrast of {ratio} : 1 on white; it needs at least {least} : 1")
            raise ValueError(sentence(what, value=colour, ratio=round(ratio, 1), least=least))
        return colour.upper()

    return AfterValidator(check)


class Brand(BaseModel):
    """The publisher's colours on what leaves the dashboard; without them it has the program's. Charts keep theirs."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    colour: Annotated[str, _check_colour(4.5)] = Field(
        "", title=N_("Colour of words"), description=N_("Such as #14597F: the campaign’s name and links.")
    )
    accent: Annotated[str, _check_colour(3)] = Field(
        "", title=N_("Colour of lines"), description=N_("Such as #B3541E: the line above a picture or a mail.")
    )


class Survey(BaseModel):
    """The address of a wave of the progress survey, for letters to those who have not answered.

    Attributes:
        wave: The wave's name as in its reports; empty for any.
        link: Its address by language. `{action}` in it stands for an action's id, so that the form knows it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    wave: str = Field("", title=N_("Name of the wave, as in its reports"), description=N_("Empty for all."))
    answer_by: date | None = Field(None, title=N_("Answers due by"))
    link: dict[LanguageCode, Annotated[PageAddress, Field(max_length=500)]] = Field(
        {}, title=N_("Address of the survey")
    )

    def find_link(self, lang: str) -> str:
        """Find the survey's address in a language, else in one that it has; empty where it has none."""
        return Texts(self.link)[lang]


class ReportsByLink(BaseModel):
    """Whether stakeholders may report by a link of their own, for how long a link holds, and when a report counts.

    Attributes:
        publish: `after_review`: a report counts once staff accept it; `at_once`: status, percent, day, milestones
            and numbers count by themselves, and all else waits for staff.
        case_contact: The e-mail address, or the address of a page, to which a report of a case of abuse goes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    open: bool = Field(False, title=N_("Stakeholders may report by a link of their own"))
    days: int = Field(90, ge=1, le=400, title=N_("Days for which a link holds"))
    publish: Literal["after_review", "at_once"] = Field(
        "after_review",
        title=N_("When reports by link count"),
        json_schema_extra={
            "after_review": N_("Once staff have accepted them"),
            "at_once": N_("At once: status, percent, day, milestones and numbers; all else waits for staff"),
        },
    )
    case_contact: ContactAddress = Field(
        "",
        max_length=300,
        title=N_("Where reports of a case of abuse go"),
        description=N_("The mail address of an office, or the https address of a page. They are never published."),
    )


class Promises(BaseModel):
    """Whether anybody may submit a new action on this server's own page, and between which days."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    open: bool = Field(False, title=N_("New actions can be submitted on this server"))
    first_day: date | None = Field(None, title=N_("First day to submit a new action here"))
    last_day: date | None = Field(None, title=N_("Last day to submit a new action here"))


class Campaign(BaseModel):
    """The dates, languages and title of a time-bound effort, as its `campaign.toml` states them.

    Attributes:
        languages: Those of the campaign; by default every one with a catalogue. Readers can choose those with a
            catalogue.
        default_language: The one shown first; by default the first of `languages`. The title needs it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: TextsByLanguage = Field(title=N_("Title"))
    start: date = Field(title=N_("First day"), description=N_("Progress is counted from this day on."))
    submission_deadline: date = Field(
        title=N_("Last day to submit an action"), description=N_("Actions submitted later are marked as late.")
    )
    action_deadline: date = Field(
        title=N_("Day by which actions are due"),
        description=N_("Actions without a due date of their own are due then."),
    )
    end: date = Field(
        title=N_("Last day"), description=N_("Progress is measured against the time elapsed until this day.")
    )
    default_language: LanguageCode = Field(title=N_("Language shown first"))
    languages: tuple[LanguageCode, ...] = Field(min_length=1, title=N_("Languages"))
    limits: Limits = Limits()
    individuals: Individuals = Individuals()
    brand: Brand = Brand()
    publisher: Publisher = Publisher()
    survey: tuple[Survey, ...] = ()
    reports_by_link: ReportsByLink = ReportsByLink()
    promises: Promises = Promises()
    source: tuple[Source, ...] = ()

    @field_validator("source")
    @classmethod
    def _tell_apart(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        """Refuse two sources with one name, or with one file."""
        names, files = [one.name for one in sources], [one.inbox_name for one in sources]
        for what, values in (
            (N_("two sources have the name {value}"), names),
            (N_("two sources have the file {value}"), files),
        ):
            twice = next((value for value in values if value and values.count(value) > 1), None)
            if twice is not None:
                raise ValueError(sentence(what, value=twice))
        return sources

    @model_validator(mode="before")
    @classmethod
    def _fill_languages(cls, settings: dict[str, Any]) -> dict[str, Any]:
        """Fill in every language that has a catalogue, and the first as the default, where none is stated."""
        languages = settings.get("languages", list(list_languages()))
        if not isinstance(languages, list) or not languages:
            return {"default_language": SOURCE, **settings}
        default = settings.get("default_language", languages[0])
        titles = settings.get("title")
        if isinstance(titles, dict) and not titles.get(default) and default in languages:
            raise ValueError(
                sentence(
                    N_("{setting} is missing in {language}, the language in which the campaign is shown first"),
                    setting="title",
                    language=str(default),
                )
            )
        return {**settings, "languages": languages, "default_language": default}

    @property
    def offered(self) -> tuple[str, ...]:
        """The languages that readers can choose: the campaign's with a catalogue, else English."""
        catalogues = list_languages()
        return tuple(language for language in self.languages if language in catalogues) or (SOURCE,)

    @property
    def interface_language(self) -> str:
        """The language in which pages open: the campaign's default, else one that readers can choose."""
        return self.default_language if self.default_language in self.offered else self.offered[0]

    @property
    def titles(self) -> Texts:
        """The title by language; where one that readers can choose lacks it, that of the language shown first."""
        title = self.title[self.default_language]
        return Texts({lang: self.title.get(lang, title) for lang in dict.fromkeys((*self.offered, *self.title))})

    @model_validator(mode="after")
    def _check_order(self) -> "Campaign":
        days = {"first": "start", "last": "end"}
        if self.end <= self.start:
            raise ValueError(sentence(N_("{last} must come after {first}"), **days))
        if not self.start <= self.submission_deadline <= self.end:
            raise ValueError(
                sentence(N_("{day} must be between {first} and {last}"), day="submission_deadline", **days)
            )
        if not self.start < self.action_deadline <= self.end:
            raise ValueError(
                sentence(N_("{day} must be after {first} and not after {last}"), day="action_deadline", **days)
            )
        first, last = self.promises.first_day, self.promises.last_day
        if first and last and last < first:
            days = {"first": "promises.first_day", "last": "promises.last_day"}
            raise ValueError(sentence(N_("{last} must not come before {first}"), **days))
        if self.default_language not in self.languages:
            raise ValueError(
                sentence(N_("{setting} must be one of {all}"), setting="default_language", all="languages")
            )
        return self


class CampaignFolder:
    """The places inside a campaign folder; missing ones fall back to the shipped campaign."""

    def __init__(self, root: Path, overlay: Path | None = None) -> None:
        """Point at `root`; read and make nothing yet.

        Files of `overlay` replace the folder's `campaign.toml`, codelists, recipes and answers of the same names, for a
        preview; an empty file stands for none.

        Raises:
            CampaignError: `root` is not a folder.
        """
        if not root.is_dir():
            raise CampaignError(
                sentence(N_("The campaign folder {folder} does not exist."), folder=str(root)),
                N_(
                    "Create a campaign there (python -m etl new, or the page New campaign), or name another with "
                    "--campaign."
                ),
            )
        self.root = root.resolve()
        self.overlay = overlay
        self.inbox = self.root / "inbox"
        self.samples = self.root / "samples"
        self.published = self.root / "published"
        self.private = self.root / "private"
        self.locales = self.root / "locales"

    def staff_file(self, name: str) -> Path:
        """Return the path of one of `STAFF_FILES`: the overlay's, else the folder's; it may not exist."""
        if self.overlay is None or not (draft_file := self.overlay / name).is_file():
            return self.root / name
        return draft_file if draft_file.stat().st_size else self.overlay / f"no-{name}"

    @property
    def decisions_file(self) -> Path:
        """Staff's decisions."""
        return self.staff_file("decisions.csv")

    @property
    def columns_file(self) -> Path:
        """Staff's answers about columns."""
        return self.staff_file("columns.csv")

    @property
    def spellings_file(self) -> Path:
        """Staff's answers about words."""
        return self.staff_file("spellings.csv")

    @property
    def sheets_file(self) -> Path:
        """Staff's answers about sheets."""
        return self.staff_file("sheets.csv")

    @property
    def answers_file(self) -> Path:
        """Staff's answers to all other questions of a build."""
        return self.staff_file("answers.csv")

    @property
    def shipped(self) -> "CampaignFolder":
        """The campaign that fills gaps of this one: the shipped one, which may be this, with its overlay."""
        return self if self.root == SHIPPED_CAMPAIGN else CampaignFolder(SHIPPED_CAMPAIGN)

    @property
    def campaign_file(self) -> Path:
        """`campaign.toml` of this folder, else the shipped one."""
        return self._own_or_shipped("campaign.toml")

    def codelist_file(self, name: str) -> Path:
        """Return `codelists/<name>.csv` of this folder, else the shipped one."""
        return self._own_or_shipped(f"codelists/{name}.csv")

    def has_own_codelist(self, name: str) -> bool:
        """Return whether the list `name` is this folder's, not the shipped one."""
        return self._find_own(f"codelists/{name}.csv") is not None or self.root == SHIPPED_CAMPAIGN

    def find_design(self, name: str) -> Path | None:
        """Find one of `DESIGN_FILES`; None where there is none."""
        return self._find_own(name)

    def list_context(self, *, is_sample: bool) -> list[Path]:
        """List the files with figures about countries, by name; those of the samples where these are shown."""
        places = [self.samples / "context"] if is_sample else []
        places += [place / "context" for place in (self.root, self.overlay) if place is not None]
        files = {path.name: path for place in places for path in place.glob("*.csv")}
        return [files[name] for name in sorted(files) if not name.startswith(".") and files[name].stat().st_size]

    @property
    def headers_file(self) -> Path:
        """The known headers that recipes share, of this folder, else the shipped ones."""
        return self._own_or_shipped("recipes/_headers.toml")

    def recipe_files(self) -> list[Path]:
        """List every recipe, this folder's first; a recipe hides a shipped one of the same file name."""
        places = [place for place in (self.overlay, self.root) if place is not None]
        names = {path.name for place in places for path in (place / "recipes").glob("*.toml")}
        campaign_recipes = [path for name in sorted(names) if (path := self._find_own(f"recipes/{name}")) is not None]
        names = {path.name for path in campaign_recipes}
        if self.root == SHIPPED_CAMPAIGN:  # a recipe that its overlay removes does not come back from below
            return campaign_recipes
        shipped = sorted((SHIPPED_CAMPAIGN / "recipes").glob("*.toml"))
        return campaign_recipes + [path for path in shipped if path.name not in names]

    def language_files(self) -> list[Path]:
        """List the folder's files of languages: catalogues and settings."""
        return [path for name in (CATALOGUE, SETTINGS_FILE) for path in sorted(self.locales.glob(f"*/{name}"))]

    def load(self) -> Campaign:
        """Read `campaign.toml`.

        Raises:
            CampaignError: the file is no TOML, or a field is missing, unknown or out of order; or a language of the
                campaign cannot be used.
        """
        path = self.campaign_file
        check_place(self.locales)
        look_in(self.locales)
        try:
            return Campaign.model_validate(read_toml(path))
        except ValidationError as error:
            what = sentence(N_("{path}: {fault}."), path=str(path), fault=_describe(error))
            raise CampaignError(what, N_("Correct that line.")) from error

    def _own_or_shipped(self, name: str) -> Path:
        return self._find_own(name) or SHIPPED_CAMPAIGN / name

    def _find_own(self, name: str) -> Path | None:
        """Find a file that is not the shipped one: the overlay's, else the folder's; None where there is none."""
        if self.overlay is not None and (tried := self.overlay / name).is_file():
            return tried if tried.stat().st_size else None
        campaign_file = self.root / name
        return campaign_file if campaign_file.exists() else None


def _describe(error: ValidationError) -> Sentence:
    """Describe the first fault in plain words: the setting and its fault."""
    first = error.errors()[0]
    setting = name_setting(first)
    if first["type"] == "missing":
        return sentence(N_("{setting} is missing"), setting=setting)
    if first["type"] == "extra_forbidden":
        return sentence(N_("{setting} is not a setting of a campaign"), setting=setting)
    if first["type"] == "value_error" and (not setting or setting.startswith("source")):  # which names it itself
        return explain_value(first)
    return sentence(N_("{setting}: {fault}"), setting=setting, fault=explain_value(first))


_NOBODYS = ("example.com", "example.net", "example.org", "example", "invalid", "test")
"""Domains without an owner (RFC 2606); the shipped campaign uses one."""


def read_publisher(root: Path, *, is_fictional: bool) -> Publisher:
    """Read the publisher of a campaign folder; leave out an address that leads nowhere.

    With the fictional sample's figures (`is_fictional`), a fictional address may be shown, too.

    Returns:
        An empty one where the settings name nobody or cannot be read.
    """
    campaign = read_campaign(root)
    publisher = campaign.publisher if campaign else Publisher()
    is_nobodys = any(f".{publisher.email.rpartition('@')[2].lower()}".endswith(f".{name}") for name in _NOBODYS)
    return publisher.model_copy(update={"email": ""}) if is_nobodys and not is_fictional else publisher


def read_reports_by_link(root: Path) -> ReportsByLink:
    """Read whether stakeholders of a campaign folder may report by link; not where its settings cannot be read."""
    campaign = read_campaign(root)
    return campaign.reports_by_link if campaign else ReportsByLink()


def read_campaign(root: Path) -> Campaign | None:
    """Read the settings of a campaign folder, once while they stay as they are; None where they cannot be read."""
    try:
        file = CampaignFolder(root).campaign_file
        return _load(root, file, file.stat().st_mtime_ns)
    except (CampaignError, OSError):
        return None


@lru_cache(8)
def _load(root: Path, _file: Path, _changed_at: int) -> Campaign:
    return CampaignFolder(root).load()
