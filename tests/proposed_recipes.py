"""Recipes that the command `recipe` proposes for a file of a new kind, as it states them."""

from typing import Any

PROPOSED = """id = "export_actions"
title = "Plain table: actions"
holds = "actions"

[fields.title]
headers = ["Name"]
"""


def as_choice(header: str, value: str, is_taken: bool, **means: str) -> dict[str, Any]:
    """Return a column as a choice; its header's meaning, by field."""
    return {"header": header, "values": [value], "taken": [is_taken], "means": means}


def column(choices: list[dict[str, Any]], *, is_other_day: bool = False, rival_of: str | None = None) -> dict[str, Any]:
    """Return a column of the file, or those of a question with a column a choice."""
    cells = choices[0]["values"] if len(choices) == 1 else []
    told = {"values": cells, "filled": 1, "is_hidden": False, "cells": cells}
    headers = [one["header"] for one in choices]
    return {"headers": headers, "choices": choices, "is_other_day": is_other_day, "rival_of": rival_of, **told}


CHOICE_COLUMNS = [
    column([as_choice("Name", "One", True)]),
    column([as_choice("Africa", "x", True, regions="africa")]),
    column([as_choice("Elsewhere", "x", True)]),
    column([as_choice("About/Education", "1", True, themes="education"), as_choice("About/Work", "0", False)]),
]


def propose(**other: Any) -> dict[str, Any]:
    """Propose a recipe for the file new.csv with the columns Name and Colour, or with differences from it."""
    stated: dict[str, Any] = {
        "file": "new.csv",
        "sheet": None,
        "recipe_id": "export_actions",
        "text": PROPOSED,
        "known_by": None,
        "columns": [
            column([as_choice("Name", "One", False)]),
            column([as_choice("Colour", "One", False)], is_other_day=True),
        ],
        "asks_order": False,
        "known_text": "",
    }
    return stated | other
