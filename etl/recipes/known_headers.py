"""Known headers that several recipes share: sets of fields in `recipes/_headers.toml`, which a recipe takes by `use`.

A set has the form of a part of a recipe (fields, values, questions, personal); the recipe itself goes first.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.errors import UserError, sentence
from dashboard.file_faults import CORRECT, explain_toml
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN

FILE = "_headers.toml"
_PLACES = {"headers", "first_of", "all_of"}  # ways to say where a field stands: the recipe's own replaces the set's


class RecipeError(UserError):
    """A recipe cannot be used: the file, the place in it and the remedy are in the sentence."""


SetFiles = tuple[tuple[Path, bytes], ...]
"""The files of sets for a recipe, each with its content; a later one goes first."""


def parse_toml(path: Path, content: bytes) -> dict[str, Any]:
    """Parse a recipe's file or one of sets.

    Raises:
        RecipeError: it is not valid TOML, or not in UTF-8.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        what = sentence(N_("The recipe {path} is not written in UTF-8."), path=path.name)
        raise RecipeError(what, N_("Save it as UTF-8.")) from error
    except tomllib.TOMLDecodeError as error:
        what = sentence(N_("The recipe {path} is not valid TOML: {fault}."), path=path.name, fault=explain_toml(text))
        raise RecipeError(what, CORRECT) from error


def read_set_files(campaign_file: Path, shipped: Path = SHIPPED_CAMPAIGN / "recipes" / FILE) -> SetFiles:
    """Read the shipped sets, and those of a campaign's file where there is one."""
    places = dict.fromkeys((shipped, campaign_file))
    return tuple((place, place.read_bytes()) for place in places if place.exists())


@lru_cache(maxsize=8)
def _known_sets(files: SetFiles) -> dict[str, dict[str, Any]]:
    """Return the sets by name."""
    sets: dict[str, dict[str, Any]] = {}
    for path, content in files:
        sets |= parse_toml(path, content)
    return sets


def fill_in(path: Path, recipe: Mapping[str, Any], set_names: Sequence[str], set_files: SetFiles) -> dict[str, Any]:
    """Return a recipe as written, with the additions from its sets.

    Raises:
        RecipeError: a set does not exist.
    """
    if not set_names:
        return dict(recipe)
    sets = _known_sets(set_files)
    result = dict(recipe)
    for name in set_names:
        if name not in sets:
            raise RecipeError(
                sentence(N_("The recipe {path} uses the unknown headers “{name}”."), path=path.name, name=name),
                sentence(N_("Allowed: {names} (see {file})."), names=", ".join(sorted(sets)), file=FILE),
            )
        result = _merged(sets[name], result)
    return result


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two parts of a recipe; where both say something, `above` goes first."""
    says_where = _PLACES & above.keys()
    result = {key: value for key, value in below.items() if not says_where or key not in _PLACES}
    for key, value in above.items():
        former = result.get(key)
        result[key] = _merged(former, value) if isinstance(former, Mapping) and isinstance(value, Mapping) else value
    return result
