"""The settings that an upload's draft brings, written anew each time it is made: recipes, and words as members.

So they stand beside colleagues' publications, and never in their place. `brought.json` in the draft holds
the campaign's own recipes before their changes, for a server or a colleague that goes on with the draft.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dashboard.campaign.codelist_edit import add_members
from dashboard.campaign.codelists import fold_spellings, load_codelist
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.working_copy import SETTINGS, merge
from dashboard.errors import UserError, sentence
from dashboard.ground.files.json_notes import read_json, write_json
from dashboard.i18n import N_
from dashboard.lists.quality.differences import OWN_LISTS
from dashboard.ui.upload.proposed import Proposed

_KEPT = "brought.json"

Bases = dict[str, str | None]
"""By the name of a draft's recipe, the campaign's text before the change; None where there was none."""


def write(draft: Path, root: Path, proposals: Iterable[Proposed], words: Mapping[str, Sequence[str]]) -> None:
    """Write them into the draft's folder.

    Those of `proposals` that are used are brought; `words` become members of the list they stand under.

    Raises:
        UserError: the campaign's lists cannot be read, or a colleague has changed the same place of a recipe.
    """
    proposals, place, bases = list(proposals), draft / SETTINGS / "recipes", _read_bases(draft)
    for one in proposals:
        _write_recipe(place, root, one, {p.written_as for p in proposals if p is not one}, bases)
    for name in bases.keys() - {one.written_as for one in proposals}:
        _catch_up(place / f"{name}.toml", root, bases)
    for codelist in OWN_LISTS:
        path = draft / SETTINGS / "codelists" / f"{codelist}.csv"
        _write_list(path, CampaignFolder(root), codelist, words.get(codelist, ()))
    if bases:
        write_json(draft / _KEPT, {"bases": bases}, is_durable=False)


def add_bases(draft: Path, root: Path, proposals: Iterable[Proposed]) -> None:
    """Give recipes that the draft has already changed the campaign's text from before that."""
    bases = _read_bases(draft)
    for one in proposals:
        if one.is_known and (draft / SETTINGS / "recipes" / f"{one.recipe_id}.toml").is_file():
            one.base = bases[one.recipe_id] if one.recipe_id in bases else _read_own(root, one.recipe_id)


def _read_bases(draft: Path) -> Bases:
    return read_json(draft / _KEPT, lambda note: dict(note.get("bases", {}))) or {}


def _read_own(root: Path, name: str) -> str | None:
    """Read the campaign's present text of a recipe; None where it has none of its own."""
    path = root / "recipes" / f"{name}.toml"
    return path.read_text(encoding="utf-8-sig") if path.is_file() else None


def _write_recipe(place: Path, root: Path, one: Proposed, names_in_use: set[str], bases: Bases) -> None:
    before, name = one.written_as, _name(root, one, names_in_use) if one.is_used else ""
    if name:
        now = _read_own(root, name)
        text = _merge(name, one.base, one.write(name), now)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        (place / f"{name}.toml").write_text(text, encoding="utf-8")
        bases[name] = now
    one.written_as = name
    if before and before != name:
        (place / f"{before}.toml").unlink(missing_ok=True)
        bases.pop(before, None)


def _catch_up(path: Path, root: Path, bases: Bases) -> None:
    """Merge a draft's earlier recipe with colleagues' changes of it meanwhile."""
    now = _read_own(root, path.stem)
    if path.is_file() and now != bases[path.stem]:
        text = _merge(path.stem, bases[path.stem], path.read_text(encoding="utf-8"), now)
        path.write_text(text, encoding="utf-8")
        bases[path.stem] = now


def _merge(name: str, base: str | None, mine: str, theirs: str | None) -> str:
    """Merge a recipe's changes here with those that colleagues have published.

    Raises:
        UserError: both have changed the same place.
    """
    if theirs in (base, mine):
        return mine
    both = None if base is None or theirs is None else merge(base, mine, theirs)
    if both is None or not _is_toml(both):
        raise UserError(
            sentence(N_("Somebody else has changed the recipe {name} meanwhile, at the same place as you."), name=name),
            N_("Choose the files again, and assign their columns again."),
        )
    return both


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _name(root: Path, one: Proposed, draft_names: set[str]) -> str:
    """Name a recipe: its own name, or one that no other recipe of this draft or of a colleague has by now."""
    if one.is_known:
        return one.recipe_id
    names_in_use = draft_names | {path.stem for path in (root / "recipes").glob("*.toml")}
    numbered = (f"{one.recipe_id}_{number}" for number in range(2, len(names_in_use) + 3))
    return (
        one.recipe_id
        if one.recipe_id not in names_in_use
        else next(name for name in numbered if name not in names_in_use)
    )


def _write_list(path: Path, folder: CampaignFolder, codelist: str, words: Sequence[str]) -> None:
    if not words:
        path.unlink(missing_ok=True)
        return
    spellings = [s for c in load_codelist(folder, codelist) for s in (c.code, *c.labels.values(), *c.aliases)]
    folded = fold_spellings([*spellings, *words])
    folded_spellings = {folded[spelling] for spelling in spellings}
    new = [word for word in words if folded[word] not in folded_spellings]
    text = folder.codelist_file(codelist).read_bytes().decode("utf-8")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(add_members(text, new, folder.load().default_language).encode("utf-8"))
