"""Codelists: codes with labels in any languages and the spellings that mean the same.

A codelist is a CSV file of the campaign folder; `docs/settings.md` tells staff how to keep one.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import CampaignError, sentence
from dashboard.ground.codelist_codes import BASE_STATUSES, CODELISTS, DERIVED_STATUSES, SEPARATOR, UNCLASSIFIED, Code
from dashboard.ground.files.csv_editor import parse_rows
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_
from dashboard.languages import SOURCE, Texts

KEYWORDS = "keywords"  # no codelist: words of texts that suggest a code, in codelists/keywords.csv
REQUIRED_COLUMNS = ("code", "aliases", "sort_order")
LABEL = "label_"  # the prefix of label columns; a list needs one of them, in any language
EXTRA_COLUMNS = {
    "subregions": ("region",),
    "countries": ("iso2", "region", "subregion"),
    "groupings": ("countries", "source"),
    "statuses": ("base_status",),
    "indicators": ("unit", "direction", "is_summable"),
    "context_indicators": ("unit",),
}
_KEPT_MEMBERS = {"regions": ("global", UNCLASSIFIED), "statuses": (*BASE_STATUSES, *DERIVED_STATUSES, UNCLASSIFIED)}
_PARENT_COLUMNS = {"subregions": "region", "countries": "subregion"}
_WORDS = {"direction": ("up", "down"), "is_summable": ("yes", "no")}
"""What an indicator may have in columns that take words; empty is the first direction, and no sum."""
_CODE = re.compile(r"[a-z][a-z0-9_]*")
ISO3 = re.compile(r"[A-Z]{3}")


def list_kept(name: str) -> tuple[str, ...]:
    """List the built-in members of a codelist: nobody can take them away."""
    return _KEPT_MEMBERS.get(name, (UNCLASSIFIED,))


def load_codelist(folder: CampaignFolder, name: str) -> list[Code]:
    """Read one codelist, ordered by `sort_order`, then code.

    A campaign's list need not repeat the built-in members (`unclassified`, `global`, the base and derived statuses):
    missing ones come from the shipped list.

    Raises:
        CampaignError: the file is no CSV in UTF-8, a column is missing, a line has too many cells, a code is empty,
            repeated or badly written, an order is no whole number, or a status maps to no base status.
    """
    path = folder.codelist_file(name)
    codes = _read_codes(path, name)
    present = {code.code for code in codes}
    shipped_members = [member for member in list_kept(name) if member not in present]
    shipped = folder.shipped.codelist_file(name)
    if shipped_members and path != shipped:
        # Without their aliases, which the campaign may give to its codes.
        codes += [replace(code, aliases=()) for code in _read_codes(shipped, name) if code.code in shipped_members]
    return sorted(codes, key=lambda c: (c.sort_order, c.code))


def load_codelists(
    folder: CampaignFolder, fold: Callable[[Iterable[str]], dict[str, str]] | None = None
) -> dict[str, list[Code]]:
    """Read every codelist of a campaign, by name; `fold` folds spellings, as `fold_spellings` does by default.

    Beside a campaign's regions or subregions the shipped lists of smaller places stay: a place with an unlisted region
    or subregion lies in none.

    Raises:
        CampaignError: as `load_codelist`; or a subregion or country lies in a place that is unknown or contradicts
            another, an indicator has an unknown unit, or one spelling means two codes of a list.
    """
    codelists = {name: load_codelist(folder, name) for name in CODELISTS}
    _fit_shipped_places(folder, codelists)
    for name in _PARENT_COLUMNS:
        _refuse_unknown_places(folder, name, codelists)
    _fit_groupings(folder, codelists)
    _fit_units(folder, codelists)
    texts = (text for codes in codelists.values() for code in codes for text in code.spellings)
    folded = (fold or fold_spellings)(texts)
    for name, codes in codelists.items():
        _refuse_shared_spellings(folder.codelist_file(name), codes, folded)
    return codelists


def fold_spellings(spellings: Iterable[str]) -> dict[str, str]:
    """Pair each spelling with the folded form that looks it up (see `dashboard/queries/fold.sql`)."""
    with duckdb.connect() as connection:
        connection.execute(read_sql_file("fold"))
        rows = connection.execute(read_sql_file("folded"), {"texts": sorted(set(spellings))}).fetchall()
    return dict(rows)


def _read_codes(path: Path, name: str) -> list[Code]:
    return read_codes(_read_text(path), name, str(path))


def read_codes(text: str, name: str, path: str) -> list[Code]:
    """Read the entries of a codelist's text, in the order of its lines.

    `path` names the file in refusals.

    Raises:
        CampaignError: as `load_codelist`.
    """
    codes: dict[str, Code] = {}
    columns = (*REQUIRED_COLUMNS, *EXTRA_COLUMNS.get(name, ()))
    for number, row in _split_lines(text, path, columns, with_labels=True):
        where = sentence(N_("{path}, line {line}"), path=path, line=number)
        code = _make_code(name, where, row)
        if code.code in codes:
            raise CampaignError(
                sentence(N_("{where}: the code {code} appears twice."), where=where, code=code.code),
                N_("Keep one of the lines."),
            )
        codes[code.code] = code
    return list(codes.values())


def read_lines(
    path: Path, columns: tuple[str, ...], *, with_labels: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    """Read the lines of a campaign's CSV file that are not blank, each with its number as a spreadsheet shows it.

    `with_labels`: with every column of labels too; one is needed.

    Raises:
        CampaignError: the file is no CSV in UTF-8, a column is missing or a line has too many cells.
    """
    return _split_lines(_read_text(path), str(path), columns, with_labels=with_labels)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CampaignError(
            sentence(N_("{path} is not written in UTF-8."), path=str(path)), N_("Save it as CSV UTF-8.")
        ) from error
    except OSError as error:
        raise _unreadable(str(path), error) from error


def _unreadable(path: str, error: Exception) -> CampaignError:
    return CampaignError(
        sentence(N_("{path} cannot be read: {error}."), path=path, error=str(error)), N_("Save it again as CSV UTF-8.")
    )


def _split_lines(
    text: str, path: str, columns: tuple[str, ...], *, with_labels: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        lines = parse_rows(text)
    except csv.Error as error:
        raise _unreadable(path, error) from error
    header = [cell.strip() for cell in lines[0]] if lines else []
    labels = tuple(column for column in header if column.startswith(LABEL)) if with_labels else ()
    missing = [column for column in columns if column not in header]
    if with_labels and not labels:
        missing.insert(1 if missing[:1] == ["code"] else 0, f"{LABEL}en")
    if missing:
        raise CampaignError(
            sentence(N_("{path} has no column {columns}."), path=path, columns=", ".join(missing)),
            N_("Add it to the first line; docs/settings.md lists the columns."),
        )
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells[len(header) :]):
            raise CampaignError(
                sentence(N_("{path}, line {line} has more cells than the first line."), path=path, line=number),
                N_("Put double quotes around a text that contains the separator."),
            )
        row = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
        if any(row.values()):
            yield number, {column: row.get(column, "") for column in (*columns, *labels)}


def is_code(text: str) -> bool:
    """Return whether a text can be a code (a country's apart): small letters a to z, digits and underscores."""
    return _CODE.fullmatch(text) is not None


def _make_code(name: str, where: str, row: dict[str, str]) -> Code:
    code = row["code"]
    if not code:
        raise CampaignError(
            sentence(N_("{where}: the code is empty."), where=where), N_("Give the line a code or remove it.")
        )
    if name == "countries" and code != UNCLASSIFIED and not ISO3.fullmatch(code):
        raise CampaignError(
            sentence(N_("{where}: {code} is not a country code."), where=where, code=code),
            N_("Use the three capital letters of ISO 3166."),
        )
    if name != "countries" and not is_code(code):
        raise CampaignError(
            sentence(N_("{where}: {code} cannot be a code."), where=where, code=code),
            N_("Use small letters a to z, digits and underscores, such as youth_employment."),
        )
    if not re.fullmatch(r"[0-9]{1,9}", row["sort_order"]):
        raise CampaignError(
            sentence(N_("{where}: sort_order is not a whole number."), where=where),
            N_("Write a number, 10 for example."),
        )
    for column, words in _WORDS.items() if name == "indicators" else ():
        if row[column] not in ("", *words):
            raise CampaignError(
                sentence(N_("{where}: {value} cannot be the {column} of {code}."), where=where, value=row[column],
                         column=column, code=code),
                sentence(N_("Use one of {codes}."), codes=", ".join(words)),
            )  # fmt: skip
    labels = {column.removeprefix(LABEL): text for column, text in row.items() if column.startswith(LABEL) and text}
    return Code(
        codelist=name,
        code=code,
        labels=Texts(labels or {SOURCE: code}),
        aliases=tuple(alias.strip() for alias in row["aliases"].split(SEPARATOR) if alias.strip()),
        sort_order=int(row["sort_order"]),
        parent=row.get(_PARENT_COLUMNS.get(name, ""), "") or None,
        base_status=_base_status(where, row) if name == "statuses" else None,
        extra={column: row[column] for column in EXTRA_COLUMNS.get(name, ())},
    )


def _base_status(where: str, row: dict[str, str]) -> str | None:
    code, base = row["code"], row["base_status"]
    if code in (*DERIVED_STATUSES, UNCLASSIFIED):
        return None
    if base not in BASE_STATUSES:
        raise CampaignError(
            sentence(N_("{where}: the status {code} has no base status."), where=where, code=code),
            sentence(N_("Use one of {codes}."), codes=", ".join(BASE_STATUSES)),
        )
    if code in BASE_STATUSES and base != code:
        raise CampaignError(
            sentence(N_("{where}: the status {code} is a base status itself."), where=where, code=code),
            sentence(N_("Write {code} as its base_status."), code=code),
        )
    return base


def _fit_shipped_places(folder: CampaignFolder, codelists: dict[str, list[Code]]) -> None:
    """Remove the parents that the campaign's lists lack from the shipped subregions and countries."""
    regions = {code.code for code in codelists["regions"]}
    region_of: dict[str, str] = {}
    for name in _PARENT_COLUMNS:  # the subregions first: they decide where their countries lie
        if not folder.has_own_codelist(name):
            codelists[name] = [_fit_place(code, regions, region_of) for code in codelists[name]]
        region_of |= {code.code: code.extra["region"] for code in codelists[name]}


def _fit_place(code: Code, regions: set[str], region_of: dict[str, str]) -> Code:
    subregion = code.extra.get("subregion", "")
    subregion = subregion if subregion in region_of else ""
    region = region_of[subregion] if subregion else code.extra["region"]
    extra = code.extra | {"region": region if region in regions else ""}
    if "subregion" in code.extra:
        extra["subregion"] = subregion
    return replace(code, extra=extra, parent=extra[_PARENT_COLUMNS[code.codelist]] or None)


def _refuse_unknown_places(folder: CampaignFolder, name: str, codelists: dict[str, list[Code]]) -> None:
    regions = {code.code for code in codelists["regions"]}
    region_of = {code.code: code.extra["region"] for code in codelists["subregions"]}
    path = folder.codelist_file(name)
    for code in codelists[name]:
        where = f"{path}: {code.code}"
        region, subregion = code.extra["region"], code.extra.get("subregion", "")
        if region and region not in regions:
            raise CampaignError(
                sentence(N_("{where} is in the unknown region {region}."), where=where, region=region),
                N_("Use a code of regions.csv."),
            )
        if subregion and subregion not in region_of:
            raise CampaignError(
                sentence(N_("{where} is in the unknown subregion {subregion}."), where=where, subregion=subregion),
                N_("Use a code of subregions.csv."),
            )
        if subregion and region != region_of[subregion]:
            raise CampaignError(
                sentence(
                    N_("{where} is in {subregion}, which is in {of}, not in {region}."),
                    where=where,
                    subregion=subregion,
                    of=region_of[subregion] or sentence(N_("no region")),
                    region=region or sentence(N_("no region")),
                ),
                N_("Correct its region or its subregion."),
            )


def _fit_units(folder: CampaignFolder, codelists: dict[str, list[Code]]) -> None:
    """Take units that the campaign's list lacks from the shipped indicators; check those of its own list.

    Raises:
        CampaignError: an indicator of the campaign's list has an unknown unit.
    """
    units = {"", *(code.code for code in codelists["units"])}
    unknown = next((code for code in codelists["indicators"] if code.extra["unit"] not in units), None)
    if unknown and folder.has_own_codelist("indicators"):
        where = f"{folder.codelist_file('indicators')}: {unknown.code}"
        raise CampaignError(
            sentence(N_("{where} has the unknown unit {unit}."), where=where, unit=unknown.extra["unit"]),
            N_("Use a code of units.csv."),
        )
    codelists["indicators"] = [
        code if code.extra["unit"] in units else replace(code, extra=code.extra | {"unit": ""})
        for code in codelists["indicators"]
    ]


def _fit_groupings(folder: CampaignFolder, codelists: dict[str, list[Code]]) -> None:
    """Reduce shipped groupings to the campaign's countries; check those of its own list.

    Raises:
        CampaignError: a grouping of the campaign's own list has no country, an unknown one, or no source.
    """
    path, codes = folder.codelist_file("groupings"), {code.code for code in codelists["countries"]} - {UNCLASSIFIED}
    for number, code in enumerate(codelists["groupings"]):
        unknown = [country for country in code.members if country not in codes]
        if unknown and not folder.has_own_codelist("groupings"):
            members = SEPARATOR.join(country for country in code.members if country in codes)
            codelists["groupings"][number] = replace(code, extra=code.extra | {"countries": members})
        elif unknown:
            raise CampaignError(
                sentence(
                    N_("{path}: {code} names the unknown country {country}."),
                    path=str(path),
                    code=code.code,
                    country=unknown[0],
                ),
                N_("Use the codes of countries.csv."),
            )
        elif code.code != UNCLASSIFIED and not code.members:
            raise CampaignError(
                sentence(N_("{path}: {code} has no country."), path=str(path), code=code.code),
                N_("Write their codes, such as KEN|UGA."),
            )
        elif code.code != UNCLASSIFIED and not code.extra["source"]:
            raise CampaignError(
                sentence(N_("{path}: {code} has no source."), path=str(path), code=code.code),
                N_("Write where its list of countries comes from, and as of when."),
            )


def _refuse_shared_spellings(path: Path, codes: list[Code], folded: dict[str, str]) -> None:
    owners: dict[str, str] = {}
    for code in codes:
        for text in code.spellings:
            owner = owners.setdefault(folded[text], code.code)
            if folded[text] and owner != code.code:
                raise CampaignError(
                    sentence(
                        N_('{path}: "{text}" means both {owner} and {code}.'),
                        path=str(path),
                        text=text,
                        owner=owner,
                        code=code.code,
                    ),
                    N_("Accents, capitals and punctuation do not matter; keep it in one of the two lines."),
                )
