"""Saved briefings: links of the page Briefing under a name, each a file of the campaign's settings.

No figure depends on one, so a change is in force at once; its former state is kept as that of any setting.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from dashboard.campaign.working_copy import BRIEFINGS
from dashboard.errors import CampaignError, SelectionError
from dashboard.file_faults import read_toml
from dashboard.files.briefings.order import LONGEST_TITLE, clean_title

PARAMETER = "saved"
"""The parameter of the page's link that names one."""
_LONGEST_NAME = 60
Query = Mapping[str, list[str]]


class Saved(NamedTuple):
    """A saved briefing.

    Attributes:
        name: Its name in links, and of its file.
        is_shared: Whether readers may open it by its link.
        query: The parameters of the link that it stands for.
    """

    name: str
    title: str
    is_shared: bool
    query: Query

    @property
    def file(self) -> str:
        """Its file in the campaign folder."""
        return name_file(self.name)

    def write(self) -> str:
        """Write the text of its file."""
        import tomlkit  # a quarter of a second that readers do not wait for

        return tomlkit.dumps({"title": self.title, "shared": self.is_shared, "link": dict(self.query)})


def name_file(name: str) -> str:
    """Name the file of a saved briefing in the campaign folder."""
    return f"{BRIEFINGS}/{name}.toml"


def read(folder: Path, name: str) -> Saved | None:
    """Read a saved briefing of a campaign folder, or of one with its former files; None where there is none."""
    path = folder / name_file(name)
    if not re.fullmatch("[a-z0-9-]+", name) or not path.is_file():
        return None
    try:
        content = read_toml(path)
        query = {str(key): [str(value) for value in values] for key, values in content.get("link", {}).items()}
    except (CampaignError, AttributeError, TypeError):  # changed by hand
        return None
    title = clean_title(str(content.get("title", "")))
    return Saved(name, title or name, content.get("shared") is True, query)


def list_saved(campaign: Path) -> list[Saved]:
    """List the saved briefings of a campaign by their titles."""
    briefings = (read(campaign, path.stem) for path in (campaign / BRIEFINGS).glob("*.toml"))
    return sorted(filter(None, briefings), key=lambda one: (one.title.casefold(), one.name))


def choose_name(campaign: Path, title: str) -> str:
    """Choose the name of a new one by its title, such as `afrique-par-theme`; no other one has it."""
    letters = normalize("NFKD", title[:LONGEST_TITLE]).encode("ascii", "ignore").decode().lower()
    stem = re.sub("[^a-z0-9]+", "-", letters)[:_LONGEST_NAME].strip("-") or "briefing"
    names = [stem, *(f"{stem}-{number}" for number in range(2, 1_000))]
    return next(name for name in names if not (campaign / name_file(name)).exists())


def expand(campaign: Path, query: Query, *, is_staff: bool) -> dict[str, list[str]]:
    """Return a link's parameters above those of the saved briefing that it names; blocks of its own stand alone.

    Raises:
        SelectionError: there is none of this name, or none that is shared.
    """
    parameters = {name: values for name, values in query.items() if name != PARAMETER}
    name = (query.get(PARAMETER) or [""])[-1]
    if not name or parameters.get("charts"):
        return parameters
    briefing = read(campaign, name)
    if briefing is None or not (briefing.is_shared or is_staff):
        names = [one.name for one in list_saved(campaign) if is_staff]
        allowed = tuple(names or ("one that is shared",))
        raise SelectionError(f"There is no saved briefing {name!r} here.", PARAMETER, allowed, name)
    return {**briefing.query, **parameters}
