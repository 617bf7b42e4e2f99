"""Whose figures these are and how to name them, as the build states it: source line, citation, licence.

`campaign.toml` says who publishes them (`[publisher]`); where it does not, the campaign's title stands in. Files are
named nowhere here: they are for those who trace a figure, and stand in descriptions and on staff's pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from dashboard.campaign.folder import Publisher
from dashboard.campaign.licences import find_text
from dashboard.formats import clean, format_date
from dashboard.ground.base_urls import shareable
from dashboard.i18n import N_, Phrase, phrase, translator

FICTIONAL = N_("Fictional data: these actions and stakeholders are invented. Do not quote the figures.")
"""The banner of everything that shows the sample data."""

SEPARATOR = " · "


@dataclass(frozen=True)
class Attribution:
    """Who publishes a build's figures, and under which licence, in one language; what is not stated is empty.

    Attributes:
        campaign: The campaign's title.
        publisher: Who publishes the figures.
        url: The publisher's page.
        licence: What the licence is called.
        licence_url: Its text.
        spdx: Its SPDX id.
        citation: The campaign's own sentence on how to cite, with placeholders.
    """

    campaign: str
    publisher: str = ""
    url: str = ""
    licence: str = ""
    licence_url: str = ""
    spdx: str = ""
    citation: str = ""

    @property
    def author(self) -> str:
        """Who publishes the figures; the campaign where nobody is named."""
        return self.publisher or self.campaign

    @property
    def source(self) -> str:
        """What is named as the source: who publishes the figures, and the campaign's title up to its colon."""
        short = self.campaign.partition(":")[0].strip()
        if not self.publisher or not short or short.casefold() in self.publisher.casefold():
            return self.author
        return f"{self.publisher}, {short}"


def attribute(campaign: Mapping[str, Any], lang: str) -> Attribution:
    """Whose figures a build has.

    Args:
        campaign: The row of the table `campaign`: of a snapshot, or of a chart.
        lang: The reader's language; what is not stated in it is taken from the campaign's own, else from any.
    """
    publisher_json = campaign["publisher"]  # none where the campaign states nobody
    publisher = _read(publisher_json) if isinstance(publisher_json, str) else Publisher()
    licence = publisher.licence
    languages = (lang, str(campaign["default_language"]))
    return Attribution(
        campaign=clean(str(campaign[f"title_{lang}"])),
        publisher=clean(find_text(publisher.name, *languages)),
        url=publisher.url,
        licence=clean(find_text(licence.name, *languages)) or licence.url.partition("://")[2].rstrip("/"),
        licence_url=licence.url,
        spdx=licence.spdx,
        citation=clean(publisher.citation.get(lang) or publisher.citation.get("", "")),
    )


def find_data_day(campaign: Mapping[str, Any], day: date) -> date:
    """The day of the data behind figures that stand at a day: there are none of later days than the build's last."""
    last: date = campaign["last_date"]
    return min(day, last)


def compose_source(campaign: Mapping[str, Any], lang: str, day: Phrase | str) -> Phrase:
    """The source line of figures, short and without names of files: who publishes them, their day, their licence.

    Args:
        campaign: As `attribute`.
        lang: The language it will be said in.
        day: The day the figures stand at, in words.
    """
    attribution = attribute(campaign, lang)
    parts = [phrase(N_("Source: {source}"), source=attribution.source), phrase(N_("data of {day}"), day=day)]
    parts += [phrase("{licence}", licence=attribution.licence)] if attribution.licence else []
    names = [f"part_{number}" for number in range(len(parts))]
    return phrase(SEPARATOR.join(f"{{{name}}}" for name in names), **dict(zip(names, parts, strict=True)))


def say_source(campaign: Mapping[str, Any], lang: str, day: date) -> str:
    """The source line of figures that stand at a day, in a language; a chart has it in `Caption.source_line`."""
    return translator(lang).say(compose_source(campaign, lang, format_date(find_data_day(campaign, day), lang)))


def cite(campaign: Mapping[str, Any], lang: str, title: str, day: date, link: str) -> str:
    """How to cite something of a build: the campaign's own sentence in this language, else one of the program's.

    Args:
        campaign: As `attribute`.
        lang: The reader's language.
        title: What is cited.
        day: The day the figures stand at.
        link: Its address; left out where it leads others nowhere.
    """
    t, attribution, link = translator(lang), attribute(campaign, lang), shareable(link)
    day = find_data_day(campaign, day)
    placeholders = {
        "title": clean(title),
        "day": format_date(day, lang),
        "build": str(campaign["build_id"]),
        "link": link,
    }
    placeholders |= {
        "publisher": attribution.author,
        "campaign": attribution.campaign,
        "licence": attribution.licence,
        "year": f"{day:%Y}",
    }
    if attribution.citation:
        words = attribution.citation.format(**placeholders)
    else:
        parts = [
            attribution.publisher,
            placeholders["title"] if placeholders["title"] != attribution.campaign else "",
            t(N_("{campaign}, data of {day}"), **{name: placeholders[name] for name in ("campaign", "day")}),
            t(N_("Snapshot {build}"), build=placeholders["build"]),
            attribution.licence,
        ]
        words = " ".join([*(f"{part.rstrip('.')}." for part in parts if part), *filter(None, [link])])
    return f"{t(FICTIONAL)} {words}" if campaign["is_sample"] else words


def name_origin(campaign: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """Campaign, publisher and licence as (label, text) lines for who wants to know; without what is not stated."""
    t, attribution = translator(lang), attribute(campaign, lang)
    pairs = (
        (N_("Campaign"), (attribution.campaign,)),
        (N_("Publisher"), (attribution.publisher, attribution.url)),
        (N_("Licence"), (attribution.licence, attribution.licence_url)),
    )
    return [(t(label), SEPARATOR.join(filter(None, texts))) for label, texts in pairs if any(texts)]


@lru_cache(8)
def _read(publisher_json: str) -> Publisher:
    return Publisher.model_validate_json(publisher_json)
