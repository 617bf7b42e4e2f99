"""The scripts of the interactive page, compressed when first asked for, under addresses that change with them."""

import hashlib
import importlib.util
import threading
from functools import cache
from pathlib import Path

from dashboard.web.static import COMPRESSORS

DRAWING = Path(__file__).with_name("interactive.js")


def _find_plotly() -> Path:
    """Plotly's script in its installed package, found without importing it."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly")
    return Path(next(iter(spec.submodule_search_locations))) / "package_data" / "plotly.min.js"


class Scripts:
    """The scripts by their public names, which carry a hash of their content."""

    def __init__(self) -> None:
        """Read and name them."""
        self._files = {_name(path): path for path in (DRAWING, _find_plotly())}
        self.drawing, self.plotly = self._files
        self._bodies: dict[tuple[str, str], bytes] = {}
        self._lock = threading.Lock()

    def has(self, name: str) -> bool:
        """Whether there is a script of this name."""
        return name in self._files

    def find(self, name: str, encoding: str) -> bytes:
        """A script in an encoding (`br`, `gzip`, `identity`); blocks when it is compressed for the first time."""
        with self._lock:
            if (name, encoding) not in self._bodies:
                raw = self._files[name].read_bytes()
                self._bodies[name, encoding] = COMPRESSORS[encoding](raw) if encoding in COMPRESSORS else raw
            return self._bodies[name, encoding]


@cache
def scripts() -> Scripts:
    """The scripts of this process."""
    return Scripts()


def _name(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"{path.name.partition('.')[0]}-{digest}.js"
