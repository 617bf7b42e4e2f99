"""The codelists as they would be with what has been changed on the page, and what uses their codes."""

from itertools import islice
from typing import NamedTuple

from dashboard.campaign import code_uses
from dashboard.campaign.code_uses import FIELDS, Uses
from dashboard.campaign.codelists import CODELISTS, Code, list_kept, load_codelist
from dashboard.campaign.folder import CampaignFolder
from dashboard.ui.frame.page import Frame, View
from dashboard.ui.settings import basket

WORDS_OFFERED = 15
"""Words that match no code and are offered as spellings at once."""


class Codelist(NamedTuple):
    """One codelist among the others."""

    name: str
    folder: CampaignFolder
    codelists: dict[str, list[Code]]
    uses: Uses

    @property
    def codes(self) -> list[Code]:
        """Its members in their order."""
        return self.codelists[self.name]

    @property
    def file(self) -> str:
        """Its file, as the working copy calls it."""
        return f"codelists/{self.name}.csv"

    def uses_of(self, code: str) -> dict[str, int]:
        """How many of each kind use a member."""
        return dict(self.uses.get((self.name, code), {}))

    def is_fixed(self, code: str) -> bool:
        """Whether a member can be neither renamed nor removed: the program gives it, or it is used."""
        return code in list_kept(self.name) or any(self.uses_of(code).values())

    def count_used(self, name: str) -> int:
        """How many members of a list something uses."""
        return sum(bool(self.uses.get((name, code.code))) for code in self.codelists[name])


def read(view: Frame, name: str) -> Codelist:
    """A codelist as it would be now, with what uses it in what is published and in the settings.

    Raises:
        CampaignError: a list or another file of settings cannot be read, as after an edit by hand.
    """
    folder = basket.folder()
    codelists = {one: load_codelist(folder, one) for one in CODELISTS}
    published: Uses = {}
    if isinstance(view, View):
        rows = view.snapshot.query("code_uses")
        published = code_uses.gather(list(rows.itertuples(index=False, name=None)))
    return Codelist(name, folder, codelists, code_uses.join(published, code_uses.list_named(folder, codelists)))


def list_words(view: Frame, codelist: Codelist, code: str) -> dict[str, int]:
    """Words of the published files that match no code and may be spellings of this list, with their rows.

    Those that are near `code` stand first.
    """
    fields = FIELDS.get(codelist.name, ())
    if not isinstance(view, View) or not fields:
        return {}
    rows = view.snapshot.query("unmatched_words", {"files": None, "most": 500, "first": 0})
    rows = rows[rows["field"].isin(fields)].sort_values("nearest_code", key=lambda codes: codes != code, kind="stable")
    spellings = {text.casefold() for one in codelist.codes for text in one.spellings}
    words = {
        str(word): int(count)
        for word, count in zip(rows["word"], rows["row_count"], strict=True)
        if str(word).casefold() not in spellings and "|" not in str(word)
    }
    return dict(islice(words.items(), WORDS_OFFERED))
