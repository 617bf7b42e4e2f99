"""What the rows of a sheet are made from, as one hash: the bytes, the plan, the program and what it stands on."""

import hashlib
import sysconfig
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import duckdb
from pydantic import BaseModel

from etl.inputs.inbox import hash_program
from etl.recipes.recognition import SheetPlan
from etl.sqlfiles import ask

LENGTH = 32
# What staff and codelists say of words: rows that may be none are told apart by it.
_WORDS = (
    "codelist_codes", "codelist_aliases", "codelist_countries", "codelist_subregions", "codelist_groupings",
    "cell_lists", "staff_words", "keywords",
)  # fmt: skip


@cache
def hash_surroundings() -> str:
    """The program, and the libraries that are installed beside it."""
    place = Path(sysconfig.get_path("purelib"))
    installed = sorted(path.name for path in place.glob("*.dist-info"))
    return hash_texts(hash_program().hex(), sysconfig.get_python_version(), *installed)


def hash_texts(*texts: str) -> str:
    """One hash of several texts."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def hash_words(connection: duckdb.DuckDBPyConnection) -> str:
    """What codelists and staff say of words, as the work database holds it."""
    rows = [(table, *ask(connection, "content/words", {"table": table})[0]) for table in _WORDS]
    return hash_texts(describe(rows))


def describe_plan(plan: SheetPlan | None) -> str:
    """Everything that a plan says, its recipe's own settings included, in one text that is the same for the same."""
    return describe(plan)


def describe(value: object) -> str:
    """A value of the program's own kinds as one text, the same for the same in every process.

    Raises:
        TypeError: It is of a kind whose text might not say all of it.
    """
    if value is None or isinstance(value, str | int | float | bytes):
        return f"{type(value).__name__}:{str(value) if isinstance(value, Enum) else value!r}"
    if isinstance(value, BaseModel):
        private = value.__pydantic_private__ or {}
        return f"{type(value).__name__}({describe(dict(value))}{describe(dict(private))})"
    if is_dataclass(value):
        return f"{type(value).__name__}({describe({f.name: getattr(value, f.name) for f in fields(value)})})"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{describe(key)}={describe(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(describe, value)) + "]"
    if isinstance(value, Collection):  # sets, which have no order
        return "<" + ",".join(sorted(map(describe, value))) + ">"
    raise TypeError(f"What a {type(value).__name__} says is not known.")
