"""The parts of the program, as a CycloneDX list (SBOM): the same for the same requirements.

cyclonedx-py reads names, versions and hashes; dependencies, licences and the program itself are added here.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.supply.pins import Pin

NAME = "progress-dashboard"
LISTER = (sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible", "--no-validate")


def write_sbom(requirements: Path, pins: Sequence[Pin], licences: Mapping[str, str], to: Path) -> int:
    """Write the list.

    Args:
        requirements: The compiled list.
        pins: The same, read.
        licences: The licence of each package that is installed, as an SPDX expression by name.
        to: The JSON file.

    Returns:
        How many packages are in it.

    Raises:
        ValueError: it is no valid CycloneDX.
    """
    command = [*LISTER, str(requirements)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    bom = json.loads(said.stdout)
    for component in bom["components"]:
        component["bom-ref"] = f"{component['name']}=={component['version']}"
        del component["description"]  # the line of the list with its hashes, a second time
        if component["name"] in licences:
            component["licenses"] = [{"expression": licences[component["name"]]}]
    bom["components"].sort(key=lambda component: component["bom-ref"])
    bom["metadata"]["component"] = {"type": "application", "bom-ref": NAME, "name": NAME}
    bom["dependencies"] = _needs(pins)
    text = json.dumps(bom, indent=2, sort_keys=True) + "\n"
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"The list is no valid CycloneDX: {error}")
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text, encoding="utf-8")
    return len(bom["components"])


def _needs(pins: Sequence[Pin]) -> list[dict[str, Any]]:
    """List the dependencies, by the remarks in the compiled list."""
    needs: dict[str, set[str]] = {NAME: set()}
    references: dict[str, set[str]] = {}
    for pin in pins:
        references.setdefault(pin.name, set()).add(f"{pin.name}=={pin.version}")
    for pin in pins:
        for parent in pin.wanted_by:
            for reference in {NAME} if parent.startswith("-r ") else references[parent]:
                needs.setdefault(reference, set()).add(f"{pin.name}=={pin.version}")
    return [{"ref": reference, "dependsOn": sorted(needed)} for reference, needed in sorted(needs.items())]
