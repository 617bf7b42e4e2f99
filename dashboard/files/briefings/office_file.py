"""The file of a deck or document as a package of parts: its properties, its bytes, and whether it is whole."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from lxml import etree

from dashboard.files.briefings.content import Briefing

_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/%s}"


def state_origin(properties: Any, briefing: Briefing, title: str) -> None:
    """State title, campaign, selection and build in the properties of a file."""
    properties.title, properties.author = title[:255], briefing.campaign[:255]
    properties.last_modified_by = properties.author
    properties.subject, properties.keywords = briefing.selection[:255], briefing.build_id
    properties.language, properties.revision = briefing.lang, 1
    properties.created = properties.modified = briefing.made_at.replace(tzinfo=None)


def save_package(document: Any, target: Path, made_at: datetime) -> None:
    """Save a presentation or document; its parts carry the day the data was made, not the moment of writing."""
    scratch = io.BytesIO()
    document.save(scratch)
    with zipfile.ZipFile(scratch) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name in parts.namelist():
            info = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            file.writestr(info, parts.read(name))


def find_gaps(file: Path) -> list[str]:
    """Find what keeps programs from opening a package: parts that are there twice, are missing or have no type."""
    with zipfile.ZipFile(file) as parts:
        twice = [name for name, times in Counter(map(str.casefold, parts.namelist())).items() if times > 1]
        return [f"{name} is there twice" for name in twice] or list(_gaps(parts))


def _gaps(parts: zipfile.ZipFile) -> Iterator[str]:
    """Yield parts without a type, types and relationships without a part."""
    names = {f"/{name}" for name in parts.namelist()}
    types = etree.fromstring(parts.read("[Content_Types].xml"))
    overrides = Counter(one.get("PartName") for one in types.iter(_PACKAGE % "content-types" + "Override"))
    endings = {one.get("Extension").casefold() for one in types.iter(_PACKAGE % "content-types" + "Default")}
    yield from (f"{name} has two types" for name, times in overrides.items() if times > 1)
    yield from (f"{name} has a type and is missing" for name in overrides if name not in names)
    for name in sorted(names - {"/[Content_Types].xml"} - overrides.keys()):
        if name.rpartition(".")[2].casefold() not in endings:
            yield f"{name} has no type"
    for name in sorted(one for one in names if one.endswith(".rels")):
        base = PurePosixPath(name).parent.parent
        for one in etree.fromstring(parts.read(name[1:])).iter(_PACKAGE % "relationships" + "Relationship"):
            target = normpath(base / one.get("Target"))
            if one.get("TargetMode") != "External" and target not in names:
                yield f"{name} leads to {target}, which is missing"
