"""The attribution of figures, as the build states it: source line, citation, licence.

`campaign.toml` states the publisher (`[publisher]`); without one, the campaign's title stands in. No file is named
here: the names serve to trace a figure, and stand in descriptions and on staff's pages.
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
    """The publisher and licence of a build's figures, in one language; empty for missing ones.

    Attributes:
        campaign: The campaign's title.
        url: The publisher's page.
        licence_url: Its text.
        citation: The campaign's sentence of citation, with placeholders.
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
        """The publisher of the figures; without one, the campaign."""
        return self.publisher or self.campaign

    @property
    def source(self) -> str:
        """The source's name: the publisher of the figures, and the campaign's title up to its colon."""
        short = self.campaign.partition(":")[0].strip()
        if not self.publisher or not short or short.casefold() in self.publisher.casefold():
            return self.author
        return f"{self.publisher}, {short}"


def attribute(campaign: Mapping[str, Any], lang: str) -> Attribution:
    """Return the attribution of a build's figures.

    `campaign`: the row of the table `campaign`, from a snapshot or a chart.
    `lang`: the reader's language; for missing texts the campaign's, else any.
    """
    publisher = read_publisher(campaign)
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


def read_publisher(campaign: Mapping[str, Any]) -> Publisher:
    """Read the publisher as the build states it; without any value where the campaign states none."""
    publisher_json = campaign["publisher"]
    return _read(publisher_json) if isinstance(publisher_json, str) else Publisher()


def find_data_day(campaign: Mapping[str, Any], day: date) -> date:
    """Return the day of the data behind a day's figures: at most the build's last."""
    last: date = campaign["last_date"]
    return min(day, last)


def compose_source(campaign: Mapping[str, Any], lang: str, day: Phrase | str) -> Phrase:
    """Write the source line of figures, short and without names of files: their publisher, their day, their licence.

    `lang`: the language of the line.
    `day`: the day of the figures, in words.
    """
    attribution = attribute(campaign, lang)
    parts = [phrase(N_("Source: {source}"), source=attribution.source), phrase(N_("data of {day}"), day=day)]
    parts += [phrase("{licence}", licence=attribution.licence)] if attribution.licence else []
    names = [f"part_{number}" for number in range(len(parts))]
    return phrase(SEPARATOR.join(f"{{{name}}}" for name in names), **dict(zip(names, parts, strict=True)))


def say_source(campaign: Mapping[str, Any], lang: str, day: date) -> str:
    """Write the source line of a day's figures in a language; a chart has it in `Caption.source_line`."""
    return translator(lang).say(compose_source(campaign, lang, format_date(find_data_day(campaign, day), lang)))


def cite(campaign: Mapping[str, Any], lang: str, title: str, day: date, link: str) -> str:
    """Write a citation of a build's part: the campaign's sentence in this language, else one of the program's.

    `lang`: the reader's language.
    `title`: the title of the cited part.
    `link`: its address; left out where others cannot open it.
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
            attribution.publisher if attribution.publisher != attribution.campaign else "",
            placeholders["title"] if placeholders["title"] != attribution.campaign else "",
            t(N_("{campaign}, data of {day}"), **{name: placeholders[name] for name in ("campaign", "day")}),
            t(N_("Snapshot {build}"), build=placeholders["build"]),
            attribution.licence,
        ]
        words = " ".join([*(f"{part.rstrip('.')}." for part in parts if part), *filter(None, [link])])
    return f"{t(FICTIONAL)} {words}" if campaign["is_sample"] else words


def name_origin(campaign: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """List campaign, publisher and licence as (label, text) lines, without missing ones."""
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
