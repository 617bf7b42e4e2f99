"""JSON Schema's validator, loaded without the grammar of IRIs: that takes four seconds, and no schema here has one."""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as where the package is not installed

import jsonschema  # noqa: E402

__all__ = ["jsonschema"]
