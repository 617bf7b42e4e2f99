"""The licence for reuse of figures, as `campaign.toml` states it; the addresses that it may hold.

The setting is an SPDX id or a text.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dashboard.errors import N_, sentence

_MAIL = re.compile(r"[^@\s<>,;\"?&%]+@[^@\s<>,;\"?&%]+\.[^@\s<>,;\"?&%.]+")
_PAGE = re.compile(r"https?://[^\s<>\"]+")


def _check_mail(text: str) -> str:
    if text and not _MAIL.fullmatch(text):
        raise ValueError(sentence(N_("this is no mail address: {text}"), text=text))
    return text


def _check_page(text: str) -> str:
    if text and not _PAGE.fullmatch(text):
        raise ValueError(sentence(N_("this must start with https:// and contain no spaces: {text}"), text=text))
    return text


def _check_contact(text: str) -> str:
    if text and not _MAIL.fullmatch(text) and not (text.startswith("https://") and _PAGE.fullmatch(text)):
        raise ValueError(sentence(N_("this is neither a mail address nor begins with https://: {text}"), text=text))
    return text


def _check_identifier(text: str) -> str:
    if re.search(r"[\s/&|?]", text):
        raise ValueError(sentence(N_("this is no identifier of IATI: {text}"), text=text))
    return text


def _check_type(text: str) -> str:
    if text and not re.fullmatch(r"[0-9]{2}", text):
        raise ValueError(sentence(N_("write two digits instead of {text}"), text=text))
    return text


MailAddress = Annotated[str, AfterValidator(_check_mail)]
"""A mail address, or none."""
PageAddress = Annotated[str, AfterValidator(_check_page)]
"""The address of a page, or none."""
ContactAddress = Annotated[str, AfterValidator(_check_contact)]
"""A mail address or the https address of a page, or none."""
IatiIdentifier = Annotated[str, AfterValidator(_check_identifier)]
"""An organisation's identifier in the International Aid Transparency Initiative, or none."""
IatiType = Annotated[str, AfterValidator(_check_type)]
"""A code of its types of organisations, or none."""


LONGEST_TEXT = 300
ANY = ""
"""The language key of a text that is the same in all languages."""


def _by_language(raw: Any) -> Any:
    """Return a text by language; a single text stands for all; lines become one."""
    texts = {ANY: raw} if isinstance(raw, str) else raw
    if not isinstance(texts, Mapping):
        return texts
    cleaned = {lang: re.sub(r"\s*[\r\n\t]+\s*", " ", text).strip() if isinstance(text, str) else text
            for lang, text in texts.items()}  # fmt: skip
    return {lang: text for lang, text in cleaned.items() if text != ""}


Texts = Annotated[
    dict[Annotated[str, Field(pattern=r"^([a-z]{2,3})?$")], Annotated[str, Field(max_length=LONGEST_TEXT)]],
    BeforeValidator(_by_language),
]
"""A text by language, or one for all of them."""


def find_text(texts: Mapping[str, str], *languages: str) -> str:
    """Find the text in the first of some languages that has one, else in any; empty where there is none."""
    spoken = next((texts[lang] for lang in (*languages, ANY) if lang in texts), None)
    return next(iter(texts.values()), "") if spoken is None else spoken


class NamedLicence(NamedTuple):
    """A recognised licence: its SPDX id, its usual name, its text."""

    spdx: str
    name: str
    url: str


_CREATIVE_COMMONS = re.compile(
    r"cc[- ](?P<terms>by(?:[- ](?:nc|sa|nd|nc[- ]sa|nc[- ]nd))?)[- ](?P<version>[1-4]\.[05])(?P<igo>[- ]igo)?",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"https?://creativecommons\.org/licenses/(?P<terms>by(?:-(?:nc|sa|nd|nc-sa|nc-nd))?)/(?P<version>[1-4]\.[05])"
    r"(?P<igo>/igo)?(?:/.*)?",
    re.IGNORECASE,
)
_OTHERS = (
    NamedLicence("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    NamedLicence("ODC-By-1.0", "ODC-By 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    NamedLicence("ODbL-1.0", "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    NamedLicence("PDDL-1.0", "PDDL 1.0", "https://opendatacommons.org/licenses/pddl/1-0/"),
    NamedLicence("etalab-2.0", "Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
    NamedLicence(
        "OGL-UK-3.0", "OGL UK 3.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    ),
)


def find_licence(text: str) -> NamedLicence | None:
    """Find the licence of an SPDX id (`CC-BY-4.0`, in any case, also with blanks) or of its address, if recognised."""
    match = _CREATIVE_COMMONS.fullmatch(text.strip()) or _DEED.fullmatch(text.strip())
    if match is None:
        plain = text.strip().casefold()
        return next((one for one in _OTHERS if plain in (one.spdx.casefold(), one.name.casefold(), one.url)), None)
    terms, version = match["terms"].replace(" ", "-").lower(), match["version"]
    parts = ["CC", terms.upper(), version, *(["IGO"] if match["igo"] else [])]
    igo = "igo/" if match["igo"] else ""
    return NamedLicence(
        "-".join(parts), " ".join(parts), f"https://creativecommons.org/licenses/{terms}/{version}/{igo}"
    )


class Licence(BaseModel):
    """The licence of the figures; empty where the campaign names none.

    A single text is an SPDX id, an address or a name.

    Attributes:
        spdx: Its SPDX id; empty where it has no recognised one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    spdx: str = ""
    name: Texts = {}
    url: PageAddress = Field("", max_length=500, title=N_("Address of the licence’s text"))

    @model_validator(mode="before")
    @classmethod
    def _recognise(cls, raw: Any) -> Any:
        """Fill in name and text of a licence that its id or address identifies."""
        settings = {"url" if raw.startswith(("http://", "https://")) else "name": raw} if isinstance(raw, str) else raw
        if not isinstance(settings, Mapping):
            return settings
        texts = (settings.get(key) for key in ("spdx", "name", "url"))
        licence = next(
            (candidate for text in texts if isinstance(text, str) and (candidate := find_licence(text))), None
        )
        if licence is None:
            return settings
        is_coded = isinstance(settings.get("name", ""), str) and find_licence(settings.get("name", "")) is not None
        name = licence.name if is_coded or not settings.get("name") else settings["name"]
        return {**settings, "spdx": licence.spdx, "name": name, "url": settings.get("url") or licence.url}
