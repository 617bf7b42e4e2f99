"""What a reader can choose to read about: the campaign's regions and themes."""

from dashboard.i18n import N_
from dashboard.snapshot.database import Snapshot

CHOICES = {"regions": N_("Regions"), "themes": N_("Themes")}
"""The codelists, which are attributes of a wish and of a selection as well, with their names."""
_UNCLASSIFIED = "unclassified"


def list_choices(snapshot: Snapshot | None, name: str, lang: str) -> dict[str, str]:
    """The codes of a codelist with their labels; nobody asks for what is not classified yet."""
    codes = snapshot.codes.get(name, {}) if snapshot is not None else {}
    return {code: entry.labels[lang] for code, entry in codes.items() if code != _UNCLASSIFIED}
