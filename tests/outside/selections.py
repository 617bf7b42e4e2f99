"""The requests: forty selections, and views of pages."""

from typing import NamedTuple

SELECTIONS = (
    "lang=en",
    "lang=fr",
    "lang=es",
    "region=africa&lang=en",
    "region=africa&region=americas&lang=fr",
    "region=arab_states&lang=es",
    "region=global&lang=en",
    "region=unclassified&lang=fr",
    "region=asia_and_the_pacific&theme=education&lang=es",
    "subregion=western_africa&lang=en",
    "subregion=caribbean&subregion=south_america&lang=fr",
    "grouping=ecowas&lang=es",
    "grouping=asean&grouping=lac&lang=en",
    "country=GHA&lang=fr",
    "country=BRA&country=PER&country=COL&lang=es",
    "country=unclassified&lang=en",
    "category=research&lang=fr",
    "category=awareness_advocacy&category=training_or_capacity&lang=es",
    "theme=mining&lang=en",
    "theme=education&theme=covid_19&lang=fr",
    "theme=unclassified&lang=es",
    "group=government&lang=en",
    "group=business&group=workers_organisation&lang=fr",
    "group=individual&lang=es",
    "status=completed&lang=en",
    "status=not_reported&status=overdue&lang=fr",
    "status=continuing_after_deadline&lang=es",
    "evidence=evidenced&lang=en",
    "evidence=verified&lang=fr",
    "q=school&lang=en",
    "q=trabajo+infantil&lang=es",
    "q=no+action+has+these+words&lang=fr",
    "as_of=2021-01-01&lang=en",
    "as_of=2021-07-20&lang=fr",
    "as_of=2021-12-30&region=europe_and_central_asia&lang=es",
    "region=africa&vs.region=americas&lang=en",
    "vs.as_of=2021-07-20&lang=fr",
    "theme=mining&vs.theme=&vs.region=africa&lang=es",
    "region=atlantis&lang=fr",
    "as_of=2021-07-20&theme=agriculture&group=civil_society&status=completed&status=in_progress&lang=en",
)
"""As in a link: each filter, several values and filters, comparisons, days, nothing, a fault; in all languages."""

LIGHT = tuple(SELECTIONS[place] for place in (1, 4, 11, 35))
"""The selections for each form of every chart and table; CSV and SVG are requested in all."""
FEW = SELECTIONS[4:5]
"""The selections for files of workers."""


class View(NamedTuple):
    """A page that is opened by a link: its id, and the parameters besides the language."""

    page_id: str
    query: str = ""


FURTHER_VIEWS = (
    View("overview", "region=africa&theme=education&as_of=2021-07-20"),
    View("overview", "q=no+action+has+these+words"),
    View("overview", "region=atlantis"),
    View("regions", "region=americas&large=completion-by-region"),
    View("country", "country=GHA"),
    View("actions", "action=MSF-1"),
    View("stakeholders", "status=not_reported"),
    View("compare", "region=africa&vs.region=americas"),
    View("explore", "by=country&as=map"),
    View("briefing", "region=africa&charts=completion-by-region,completion-over-time"),
)
"""Beside each page as it is opened without a filter."""
