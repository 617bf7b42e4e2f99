"""Figures as schema.org describes a `Dataset`, so that search engines of data find them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.campaign.folder import read_publisher
from dashboard.snapshot.attribution import attribute, cite
from dashboard.snapshot.database import Snapshot


class Download(NamedTuple):
    """One file of the data: its format's name, its media type, its whole address."""

    name: str
    media_type: str
    address: str


class Words(NamedTuple):
    """What the data is called and what it is, in a language; and what each of its measures means, by its name."""

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
    """The description of figures of a build.

    Args:
        snapshot: The build.
        words: What they are called.
        address: The whole address of their page.
        downloads: Their files.
        day: The day they stand at.
        campaign: The campaign folder, which says who answers about them.
        base_url: Where the dashboard is.
        is_frozen: Whether the address names the build, so that its answer must never change.
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
    """Who publishes the figures and answers about them, under which licence, and how to cite them."""
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
