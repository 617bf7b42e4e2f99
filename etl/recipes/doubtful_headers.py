"""Whether cells below a header that may name persons are what a field publishes."""

from collections.abc import Collection

from etl.texts.personal import are_names, reads_as_link, reads_as_organisation

MAKERS = ("stakeholder", "partners")
PAGES = ("url", "evidence", "links")


def fits_field(name: str, cells: Collection[str]) -> bool:
    """Whether cells are what a field publishes: of makers organisations, of pages their addresses, else no names."""
    if name in MAKERS:
        return 2 * sum(map(reads_as_organisation, cells)) >= max(len(cells), 1)
    if name in PAGES:
        return 2 * sum(map(reads_as_link, cells)) >= max(len(cells), 1)
    return not are_names(cells)
