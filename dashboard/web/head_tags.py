"""Tags of a page's head: what other sites show of a link before anybody opens it.

Open Graph and Twitter cards for networks and messengers; canonical address and languages for search engines; the oEmbed
address for content systems; schema.org data for search engines of data.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.campaign.folder import read_publisher
from dashboard.charts.chart import Chart
from dashboard.charts.svg.surround import SIZES
from dashboard.formats import shorten
from dashboard.i18n import N_, translator
from dashboard.languages import find_network_locale
from dashboard.snapshot.attribution import attribute, cite
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.carried import write_html_receipt
from dashboard.snapshot.receipts.receipt import Receipt


class Download(NamedTuple):
    """One file of the data: its format's name, its media type, its whole address."""

    name: str
    media_type: str
    address: str


class Words(NamedTuple):
    """In one language, the name and description of the data, and the meaning of each measure by its name."""

    name: str
    description: str
    lang: str
    measures: Sequence[tuple[str, str]] = ()


def describe_dataset(
    snapshot: Snapshot,
    words: Words,
    address: str,
    downloads: Sequence[Download],
    day: date,
    *,
    campaign: Path,
    base_url: str,
    is_frozen: bool = False,
) -> dict[str, Any]:
    """Describe the figures of a build as a data set.

    `campaign`: the campaign folder, which names who answers about them. `is_frozen`: whether the address names the
    build, so that its answer must never change.
    """
    title = str(snapshot.campaign[f"title_{words.lang}"])
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address,
        "name": words.name,
        "description": words.description,
        "url": address,
        "inLanguage": words.lang,
        "isAccessibleForFree": True,
        "version": snapshot.build_id,
        "temporalCoverage": f"{snapshot.campaign['starts_on']:%Y-%m-%d}/{day.isoformat()}",
        "includedInDataCatalog": {"@type": "DataCatalog", "name": title, "url": f"{base_url}/charts"},
        "distribution": [
            {"@type": "DataDownload", "name": name, "encodingFormat": media_type, "contentUrl": link}
            for name, media_type, link in downloads
        ],
    }
    if words.measures:
        described["variableMeasured"] = [
            {"@type": "PropertyValue", "name": name, "description": meaning} for name, meaning in words.measures
        ]
    if not is_frozen:
        described["dateModified"] = snapshot.built_at
    return described | _attribute(snapshot, words, address, day, campaign)


def _attribute(snapshot: Snapshot, words: Words, address: str, day: date, campaign: Path) -> dict[str, Any]:
    """Name who publishes the figures and answers about them, their licence, and how to cite them."""
    attribution = attribute(snapshot.campaign, words.lang)
    described: dict[str, Any] = {"creditText": cite(snapshot.campaign, words.lang, words.name, day, address)}
    if attribution.publisher:
        email = read_publisher(campaign, is_fictional=snapshot.is_sample).email
        facts = {"name": attribution.publisher, "url": attribution.url, "email": email}
        organization = {"@type": "Organization", **{name: value for name, value in facts.items() if value}}
        described |= {"publisher": organization, "creator": organization}
    if attribution.licence:
        described["license"] = attribution.licence_url or {"@type": "CreativeWork", "name": attribution.licence}
    return described


LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_ALT = 70, 200, 420
"""Characters that networks show of each; more they cut in the middle of a word."""

DEFAULT = "x-default"
"""The address for readers of any other language, among those of the languages."""


@dataclass(frozen=True)
class Preview:
    """The contents of a page's head; what is empty is left out.

    Attributes:
        canonical: Its whole address, without parameters that do not change what it shows.
        languages: The same page by language, and by `DEFAULT`.
        picture: The whole address of a picture for networks, of the size `social`.
        oembed: The whole address of the oEmbed description.
        paper: The whole address of the same page or chart as PDF.
        dataset: The data that the page stands for, as schema.org describes it.
        licence: The whole address of the licence it is under.
        kind: Open Graph's word for such a page.
    """

    title: str
    description: str
    site: str
    lang: str
    canonical: str = ""
    languages: Mapping[str, str] = field(default_factory=dict)
    picture: str = ""
    picture_alt: str = ""
    oembed: str = ""
    paper: str = ""
    dataset: Mapping[str, Any] | None = None
    kind: str = "website"
    author: str = ""
    licence: str = ""
    receipt: Receipt | None = None


def say_shortly(sentences: Iterable[str]) -> str:
    """Take as many whole sentences as networks show; cut the next one where they would say little without it."""
    description = ""
    for sentence in filter(None, sentences):
        longer = f"{description} {sentence}".strip()
        if len(longer) > LONGEST_DESCRIPTION:
            return description if len(description) > LONGEST_DESCRIPTION // 2 else shorten(longer, LONGEST_DESCRIPTION)
        description = longer
    return description


def say_key_messages(chart: Chart) -> str:
    """Write a chart's key messages in its language; a warning that its figures are fictional comes first."""
    return say_shortly([*warn(chart.lang, is_fictional=bool(chart.campaign["is_sample"])), *chart.caption.messages])


def warn(lang: str, *, is_fictional: bool) -> list[str]:
    """Write the warning that must stand before any figure."""
    return [translator(lang)(N_("The data is fictional."))] if is_fictional else []


def name_page(title: str, site: str) -> str:
    """Write the title of a page for browsers and search results, with the campaign's title where there is room."""
    return shorten(f"{title} · {site}", LONGEST_TITLE)


def write_tags(preview: Preview) -> str:
    """Write the tags of a page, but for its title, as HTML for its head."""
    title = shorten(preview.title, LONGEST_TITLE)
    description = shorten(preview.description, LONGEST_DESCRIPTION)
    tags = [_meta("name", "description", description)] if description else []
    tags += [_meta("name", "author", preview.author)] if preview.author else []
    tags += [f'<link rel="license" href="{escape(preview.licence)}">'] if preview.licence else []
    if preview.canonical:
        tags.append(f'<link rel="canonical" href="{escape(preview.canonical)}">')
    tags += [
        f'<link rel="alternate" hreflang="{lang}" href="{escape(address)}">'
        for lang, address in preview.languages.items()
    ]
    if preview.oembed:
        kind = "application/json+oembed"
        tags.append(f'<link rel="alternate" type="{kind}" href="{escape(preview.oembed)}" title="{escape(title)}">')
    if preview.paper:
        tags.append(f'<link rel="alternate" type="application/pdf" href="{escape(preview.paper)}">')
    graph = {"type": preview.kind, "site_name": preview.site, "title": title, "description": description}
    graph |= {"locale": find_network_locale(preview.lang), "url": preview.canonical}
    card = {"card": "summary", "title": title, "description": description}
    if preview.picture:
        size, alt = SIZES["social"], shorten(preview.picture_alt, LONGEST_ALT)
        graph |= {"image": preview.picture, "image:type": "image/png", "image:alt": alt}
        graph |= {"image:width": str(size.width), "image:height": str(size.height)}
        card |= {"card": "summary_large_image", "image": preview.picture, "image:alt": alt}
    tags += [_meta("property", f"og:{name}", value) for name, value in graph.items() if value]
    other_langs = [lang for lang in preview.languages if lang not in (preview.lang, DEFAULT)]
    tags += [_meta("property", "og:locale:alternate", find_network_locale(lang)) for lang in other_langs]
    tags += [_meta("name", f"twitter:{name}", value) for name, value in card.items() if value]
    tags += [write_html_receipt(preview.receipt)] if preview.receipt else []
    return "".join(tags) + (write_data(preview.dataset) if preview.dataset else "")


def write_data(data: Mapping[str, Any]) -> str:
    """Write data as a block of JSON-LD, with escapes so that no value can end the block."""
    json_text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        json_text = json_text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/ld+json">{json_text}</script>'


def _meta(kind: str, name: str, value: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(value)}">'
