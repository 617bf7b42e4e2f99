"""The settings that the draft of an upload brings, written anew each time it is made: recipes, and words as members.

So they stand beside what colleagues have published meanwhile, and never in its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dashboard.campaign.codelists import fold_spellings, load_codelist
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.new_members import add_members
from dashboard.ui.upload.proposed import Proposed

SETTINGS = "settings"


def write(draft: Path, root: Path, proposals: Iterable[Proposed], words: Mapping[str, Sequence[str]]) -> None:
    """Write them into the draft's folder.

    Args:
        draft: The draft's folder.
        root: The campaign's.
        proposals: The recipes on their way; those that are used are brought.
        words: By codelist the words that become members of it; of a list without any nothing is brought.

    Raises:
        UserError: the campaign's lists cannot be read.
    """
    proposals = list(proposals)
    for one in proposals:
        _write_recipe(draft / SETTINGS / "recipes", root, one, {p.written_as for p in proposals if p is not one})
    for codelist, taken in words.items():
        _write_list(draft / SETTINGS / "codelists" / f"{codelist}.csv", CampaignFolder(root), codelist, taken)


def _write_recipe(place: Path, root: Path, one: Proposed, others: set[str]) -> None:
    before = one.written_as
    one.written_as = _name(root, one, others) if one.is_used else ""
    if one.written_as:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        (place / f"{one.written_as}.toml").write_text(one.write(), encoding="utf-8")
    if before and before != one.written_as:
        (place / f"{before}.toml").unlink(missing_ok=True)


def _name(root: Path, one: Proposed, others: set[str]) -> str:
    """A recipe's name: its own, or one that neither another of this draft has nor a colleague's of meanwhile."""
    if one.is_known:
        return one.recipe_id
    taken = others | {path.stem for path in (root / "recipes").glob("*.toml")}
    numbered = (f"{one.recipe_id}_{number}" for number in range(2, len(taken) + 3))
    return one.recipe_id if one.recipe_id not in taken else next(name for name in numbered if name not in taken)


def _write_list(path: Path, folder: CampaignFolder, codelist: str, words: Sequence[str]) -> None:
    if not words:
        path.unlink(missing_ok=True)
        return
    spellings = [s for c in load_codelist(folder, codelist) for s in (c.code, *c.labels.values(), *c.aliases)]
    folded = fold_spellings([*spellings, *words])
    known = {folded[spelling] for spelling in spellings}
    new = [word for word in words if folded[word] not in known]
    text = folder.codelist_file(codelist).read_bytes().decode("utf-8")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(add_members(text, new, folder.load().default_language).encode("utf-8"))
