"""Sources of automatic exports, as `[[source]]` in `campaign.toml` states them.

    [[source]]
    name = "midyear"
    tool = "kobotoolbox"
    address = "https://kf.example.org"
    form = "aFj8thaf9GEtNBeAaVhRKt"
    every = "15m"

Secrets never stand here: they are `DASHBOARD_SOURCE_MIDYEAR_TOKEN` and the like (`etl/sources/network.py`).
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, field_validator, model_validator

from dashboard.errors import sentence
from dashboard.i18n import N_

TABLE = "source"
"""Their table in `campaign.toml`."""
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=7)
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"(\d{1,5}) ?([mhd])")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_KINDS = ("output", "format", "exportFormat")
"""The parameters with which an address states the file type, as that of a published Google Sheet."""
_SECRET_IN_QUERY = re.compile(r"(?:^|[&;])[^=&;]*(?:token|secret|password|passwd|signature|api_?key|sig)[^=&;]*=", re.I)


class Tool(StrEnum):
    """The tool that a source is fetched from."""

    KOBOTOOLBOX = "kobotoolbox"
    ODK_CENTRAL = "odk_central"
    LIMESURVEY = "limesurvey"
    WEB = "web"  # a file at an address
    SFTP = "sftp"  # a file, or files of a folder, by SSH
    BUCKET = "bucket"  # an object, or objects of a place, in an object store
    FOLDER = "folder"  # files of a folder of this computer: a synced or mounted drive


NAMES = {
    Tool.KOBOTOOLBOX: "KoboToolbox",
    Tool.ODK_CENTRAL: "ODK Central",
    Tool.LIMESURVEY: "LimeSurvey",
    Tool.WEB: N_("Web"),
    Tool.SFTP: "SFTP",
    Tool.BUCKET: N_("Object store"),
    Tool.FOLDER: N_("Folder"),
}
"""Their names; the names of tools are the same in every language."""
SCHEMES = {
    Tool.KOBOTOOLBOX: ("https", "http"),
    Tool.ODK_CENTRAL: ("https", "http"),
    Tool.LIMESURVEY: ("https", "http"),
    Tool.WEB: ("https", "http"),
    Tool.SFTP: ("sftp",),
    Tool.BUCKET: ("s3", "gs", "abfss"),
    Tool.FOLDER: ("file",),
}
FORMS = {
    Tool.KOBOTOOLBOX: re.compile(r"a[A-Za-z0-9]{10,40}"),
    Tool.ODK_CENTRAL: re.compile(r"\d{1,9}/[^/\s]{1,200}"),
    Tool.LIMESURVEY: re.compile(r"\d{1,12}"),
}
"""The form of a tool's form names: an asset's uid; a project's number and a form's id; a survey's number."""
ENDINGS = {Tool.KOBOTOOLBOX: ("csv", "xlsx"), Tool.ODK_CENTRAL: ("zip",), Tool.LIMESURVEY: ("csv",)}
"""The files that a tool exports; the first is the default."""


SECRETS: Mapping[Tool, tuple[str, ...]] = {
    Tool.KOBOTOOLBOX: ("TOKEN",),
    Tool.ODK_CENTRAL: ("USER", "PASSWORD"),
    Tool.LIMESURVEY: ("USER", "PASSWORD"),
    Tool.WEB: ("TOKEN", "ADDRESS"),
    Tool.SFTP: ("USER", "PASSWORD", "KEY", "HOST_KEY"),
    Tool.BUCKET: ("KEY_ID", "KEY"),
    Tool.FOLDER: (),
}
"""The secrets that a tool takes, as their variables end."""
NEEDED: Mapping[Tool, tuple[str, ...]] = {
    Tool.KOBOTOOLBOX: ("TOKEN",),
    Tool.ODK_CENTRAL: ("USER", "PASSWORD"),
    Tool.LIMESURVEY: ("USER", "PASSWORD"),
    Tool.SFTP: ("USER", "HOST_KEY"),
    Tool.BUCKET: (),  # the role of the server's computer may open it, where an administrator names the bucket
}
"""The secrets that a fetch needs, for tools that are asked only at the administrator's host."""


class Publish(StrEnum):
    """The treatment of new files."""

    DRAFT = "draft"  # staff look at it first
    AT_ONCE = "at_once"


def read_span(text: Any) -> Any:
    """Read a span of time as `15m`, `2h` or `1d`.

    Raises:
        ValueError: it is none, or too short or too long.
    """
    if isinstance(text, timedelta):
        return text
    match = _SPAN.fullmatch(str(text).strip())
    if match is None:
        raise ValueError(sentence(N_("“{text}” is not a duration; write it as 15m, 2h or 1d"), text=str(text)))
    span = timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
    if not SHORTEST <= span <= LONGEST:
        raise ValueError(sentence(N_("“{text}” is not between 1m and 7d"), text=str(text)))
    return span


def write_span(span: timedelta) -> str:
    """Write a span of time as in `campaign.toml`."""
    seconds = int(span.total_seconds())
    unit = next(unit for unit in ("d", "h", "m") if seconds % _SECONDS[unit] == 0 or unit == "m")
    return f"{seconds // _SECONDS[unit]}{unit}"


Span = Annotated[timedelta, BeforeValidator(read_span), PlainSerializer(write_span)]


class Source(BaseModel):
    """One place that exports come from.

    Attributes:
        name: Names it in commands, files and variables: small letters, digits and `_`.
        address: Of the server, or of the file itself: `https://…`; of a folder `file:///srv/shared/registers`,
            `sftp://host/place/`, `s3://bucket/place/`.
        form: The form, by the tool's name for it; empty for a file.
        file: The export's name in the inbox, by default made from name and tool. For a folder, whose files keep their
            names, the pattern of the files to take, as `*.xlsx`.
        language: The language of questions and choices; empty for the tool's codes, which suit recipes best.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    title: Annotated[str, Field(title=N_("Name"), max_length=200)] = ""
    tool: Annotated[Tool, Field(title=N_("Tool"))]
    address: Annotated[str, Field(title=N_("Address"), min_length=1, max_length=2000)]
    form: Annotated[str, Field(title=N_("Form, as named in the tool’s address"), max_length=220)] = ""
    file: Annotated[
        str, Field(title=N_("Files, such as *.xlsx"), max_length=180, pattern=r"^[^/\\<>:\"|\x00-\x1f]*$")
    ] = ""
    every: Annotated[Span, Field(title=N_("How often"))] = timedelta(hours=1)
    publish: Annotated[Publish, Field(title=N_("New answers and files"))] = Publish.DRAFT
    language: Annotated[str, Field(max_length=100)] = ""

    @field_validator("address")
    @classmethod
    def _without_secrets(cls, address: str) -> str:
        """Refuse an address that is none, or that holds a secret; the message does not repeat it."""
        try:
            parts = urlsplit(address)
            is_container = parts.scheme == "abfss" and parts.password is None  # the requested part stands before the @
            has_user = (parts.username is not None and not is_container) or parts.port == 0
        except ValueError:
            raise ValueError(N_("source.address is not an address")) from None
        if has_user or _SECRET_IN_QUERY.search(parts.query):
            raise ValueError(N_("source.address holds a secret; leave it out and set DASHBOARD_SOURCE_… instead"))
        return address

    @model_validator(mode="after")
    def _fits_its_tool(self) -> Self:
        """Refuse an address, a form or a file that does not suit the tool."""
        parts, schemes = self.parts, SCHEMES[self.tool]
        if parts.scheme not in schemes or not (parts.hostname or parts.scheme == "file"):
            raise self._refuse(N_("source {name}: the address of {tool} begins with {words}"), f"{schemes[0]}://")
        form = FORMS.get(self.tool)
        if form is not None and not form.fullmatch(self.form):
            raise self._refuse(N_("source {name}: “{words}” is not how {tool} names a form"), self.form)
        if form is None and self.form:
            raise self._refuse(N_("source {name}: a file has no form"))
        endings = ENDINGS.get(self.tool)
        if endings and self.file and self.file.rpartition(".")[2].lower() not in endings:
            raise self._refuse(
                N_("source {name}: the file of {tool} ends in {words}"), " / ".join(f".{e}" for e in endings)
            )
        return self

    def _refuse(self, what: str, words: str = "") -> ValueError:
        return ValueError(sentence(what, name=self.name, tool=sentence(NAMES[self.tool]), words=words))

    @property
    def parts(self) -> SplitResult:
        """The address taken apart."""
        return urlsplit(self.address)

    @property
    def label(self) -> str:
        """Its name for staff."""
        return self.title or self.name

    @property
    def host(self) -> str:
        """The host in the address, with a port that is not the usual one; empty for a folder."""
        return self.parts.netloc.rpartition("@")[2].lower()

    @property
    def variables(self) -> str:
        """The prefix of the variables with its secrets."""
        return f"DASHBOARD_SOURCE_{self.name.upper()}_"

    @property
    def needed(self) -> tuple[str, ...]:
        """The variables that an administrator sets before a fetch: its secrets, and the host they are for."""
        kinds = NEEDED.get(self.tool)
        return () if kinds is None else tuple(self.variables + kind for kind in (*kinds, "HOST"))

    @property
    def is_place(self) -> bool:
        """Whether it has any number of files, which keep their names: a folder, or an address that ends in a slash."""
        return self.tool is Tool.FOLDER or (self.tool in (Tool.SFTP, Tool.BUCKET) and self.parts.path[-1:] in ("", "/"))

    @property
    def inbox_name(self) -> str:
        """The export's name in the inbox; empty for a place with any number of files, which keep theirs."""
        if self.is_place:
            return ""
        if self.file or self.tool in FORMS:
            return self.file or f"{self.name}.{ENDINGS[self.tool][0]}"
        file_name = _FORBIDDEN.sub("_", unquote(self.parts.path.rpartition("/")[2])).strip(" .")
        file_type = next((value for key, value in parse_qsl(self.parts.query) if key in _KINDS), "csv")
        return file_name if "." in file_name else f"{self.name}.{file_type if file_type.isalnum() else 'csv'}"
