"""Licences of the installed packages, held against `licences.toml`."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from license_expression import AND, OR, get_spdx_licensing
from packaging.utils import canonicalize_name

RULES = Path(__file__).with_name("licences.toml")


@dataclass(frozen=True)
class Rules:
    """The content of `licences.toml`."""

    allowed: frozenset[str]
    written: Mapping[str, str]
    exceptions: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, file: Path = RULES) -> "Rules":
        """Return the rules of a file."""
        rules = tomllib.loads(file.read_text(encoding="utf-8"))
        return cls(frozenset(rules["allowed"]), rules["written"], rules["exception"])

    def licence_of(self, package: str, written: str) -> str:
        """Return the valid licence, as an SPDX expression where the package's text can be understood."""
        if package in self.exceptions:
            return self.exceptions[package]["licence"]
        return " OR ".join(self.written.get(part.strip(), part.strip()) for part in written.split(";"))

    def allow(self, package: str, licence: str) -> bool:
        """Whether the package may be used: every licence that it needs is allowed, or it is an exception."""
        if package in self.exceptions:
            return True
        licensing = _spdx()
        if licensing.validate(licence).errors:
            return False
        return self._allow(licensing.parse(licence))

    def _allow(self, expression: Any) -> bool:
        if isinstance(expression, OR):
            return any(self._allow(part) for part in expression.args)
        if isinstance(expression, AND):
            return all(self._allow(part) for part in expression.args)
        return str(expression) in self.allowed


@cache
def _spdx() -> Any:
    """Return the names of SPDX; reading them takes a while."""
    return get_spdx_licensing()


def written_licences() -> dict[str, str]:
    """Return each installed package's text on its licence, by its normalised name."""
    answer = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed", "--with-system"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {canonicalize_name(package["Name"]): package["License"] for package in json.loads(answer.stdout)}


def installed_licences(rules: Rules, written: Mapping[str, str]) -> dict[str, str]:
    """Return the valid licence of each of them."""
    return {name: rules.licence_of(name, text) for name, text in written.items()}


def find_refused(rules: Rules, licences: Mapping[str, str], packages: Iterable[str]) -> list[str]:
    """Return a sentence for each forbidden package; one that is not installed here has none."""
    return [
        f"{name} is under {licences[name]}, which is not among the licences allowed in {RULES.name}"
        for name in sorted(set(packages) & set(licences))
        if not rules.allow(name, licences[name])
    ]
