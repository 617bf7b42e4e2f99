"""The findings of `make audit`, its open questions, and the exit codes that separate them."""

import json
from pathlib import Path

import pytest

from tests.supply import audit, licences, sbom, wheelhouse
from tests.supply.pins import DEVELOPMENT, PROGRAM, read_pins

PINS = read_pins(DEVELOPMENT)


def report(tmp_path: Path, entries: list[dict]) -> Path:
    file = tmp_path / "report.json"
    file.write_text(json.dumps({"dependencies": entries}), encoding="utf-8")
    return file


def entries(weak: str = "") -> list[dict]:
    weakness = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["99.1"], "description": "…"}
    return [{"name": pin.name, "version": pin.version, "vulns": [weakness] if pin.name == weak else []} for pin in PINS]


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, file: Path) -> tuple[int, str]:
    monkeypatch.setattr(audit, "_check_licences", lambda _pins, _to: [])
    code = audit.main(["--report", str(file)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_exit_code_tells_a_fault_from_an_open_question(tmp_path, monkeypatch, capsys) -> None:
    code, said = run(monkeypatch, capsys, report(tmp_path, entries()))
    assert (code, said) == (0, f"Weaknesses: report.json knows none in {len(PINS)} packages.\n")
    code, said = run(monkeypatch, capsys, report(tmp_path, entries(weak="starlette")))
    assert code == audit.FAULT
    assert "PYSEC-2026-1, CVE-2026-1; mended in 99.1" in said
    # Packages that the database passes over, and another version, leave the question open.
    passed_over = [{"name": "duckdb", "skip_reason": "Dependency not found on PyPI and could not be audited"}]
    others = [entry for entry in entries() if entry["name"] != "duckdb"]
    code, said = run(monkeypatch, capsys, report(tmp_path, others + passed_over))
    assert code == audit.OPEN
    assert "report.json has no word on 1 packages (duckdb" in said
    code, said = run(monkeypatch, capsys, report(tmp_path, passed_over))
    assert code == audit.OPEN
    assert "no database could be reached" in said
    of_another = [{"name": "duckdb", "version": "0.1", "vulns": []}]
    assert run(monkeypatch, capsys, report(tmp_path, others + of_another))[0] == audit.OPEN


def test_what_is_no_report_is_refused_in_a_sentence(tmp_path, monkeypatch, capsys) -> None:
    for text in ("Name Version ID", "[]", '{"dependencies": [1]}'):
        file = tmp_path / "report.txt"
        file.write_text(text, encoding="utf-8")
        code, said = run(monkeypatch, capsys, file)
        assert code == audit.WRONG_USE
        assert said.endswith("is no report of pip-audit: make it with --format=json.\n")


def test_a_licence_is_allowed_by_the_list_alone() -> None:
    rules = licences.Rules.read()
    for written, is_allowed in {
        "MIT License": True,
        "Apache Software License; MIT License": True,
        "MPL-2.0 AND (Apache-2.0 OR MIT)": True,
        "MIT OR GPL-3.0-only": True,
        "MIT AND GPL-3.0-only": False,
        "LGPL-3.0-only": False,
        "GNU Affero General Public License v3": False,
        "UNKNOWN": False,
    }.items():
        assert rules.allow("some-package", rules.licence_of("some-package", written)) is is_allowed, written


def test_every_installed_package_may_be_used_and_no_exception_is_idle() -> None:
    rules = licences.Rules.read()
    written = licences.written_licences()
    found = licences.installed_licences(rules, written)
    names = {pin.name for pin in PINS}
    assert {pin.name for pin in PINS if pin.holds()} <= set(found)
    assert licences.find_refused(rules, found, names) == []
    assert set(rules.exceptions) <= names
    without = licences.Rules(rules.allowed, rules.written, {})
    assert len(licences.find_refused(without, licences.installed_licences(without, written), names)) == len(
        rules.exceptions
    )


def test_the_list_of_what_is_in_the_program(tmp_path: Path) -> None:
    program = {pin.name: pin for pin in read_pins(PROGRAM)}
    named = {"joserfc", "authlib", "pycparser", "argon2-cffi-bindings", "cffi", "argon2-cffi", "cryptography"}
    while wanting := {by for name in named for by in program[name].wanted_by if not by.startswith("-r ")} - named:
        named |= wanting  # with all that want one of these
    pins = [pin for pin in read_pins(PROGRAM) if pin.name in named]
    requirements = tmp_path / "some.txt"
    requirements.write_text("\n".join(pin.as_line() for pin in pins) + "\n", encoding="utf-8")
    found = {pin.name: "MIT" for pin in pins} | {"cffi": "BSD-2-Clause OR MIT"}
    file = tmp_path / "folder" / "sbom.json"
    assert sbom.write_sbom(requirements, [p for p in pins if p.name != "pycparser"], found, file) == len(pins)
    bom = json.loads(file.read_text(encoding="utf-8"))
    assert "serialNumber" not in bom and "timestamp" not in bom["metadata"]  # the same at every run
    references = [component["bom-ref"] for component in bom["components"]]
    assert references == sorted(references)
    cffi = next(component for component in bom["components"] if component["name"] == "cffi")
    hashes = [hash_["content"] for reference in cffi["externalReferences"] for hash_ in reference["hashes"]]
    assert [f"sha256:{content}" for content in hashes] == list(next(p for p in pins if p.name == "cffi").hashes)
    assert cffi["licenses"] == [{"expression": "BSD-2-Clause OR MIT"}]
    needs = {entry["ref"].split("==")[0]: entry["dependsOn"] for entry in bom["dependencies"]}
    assert [need.partition("==")[0] for need in needs["argon2-cffi"]] == ["argon2-cffi-bindings"]
    assert needs[sbom.NAME][0].startswith("argon2-cffi==")


def test_a_wheelhouse_holds_what_its_system_installs() -> None:
    for system, version, uvloop, watchdog in (
        ("linux-x86_64", "3.11", 1, 1), ("macos-arm64", "3.12", 1, 0), ("windows-x86_64", "3.13", 0, 1),
    ):  # fmt: skip
        there = [pin.name for pin in read_pins(PROGRAM) if pin.holds(wheelhouse.describe(system, version))]
        assert [there.count(name) for name in ("uvloop", "watchdog", "tzdata")] == [uvloop, watchdog, 1]
        assert {"streamlit", "duckdb", "tzdata"} <= set(there)
