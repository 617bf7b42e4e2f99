"""Who acts in a process: whom a page has told a command that it started, else who typed the command.

It is told in the environment: unlike a command line, other users of the computer cannot see that.
"""

import getpass
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from dashboard.access.rights import COMMAND_LINE, Person, Role, SignInWay
from dashboard.logs import request_id
from dashboard.processes.runner import ACTOR


class Actor(NamedTuple):
    """Somebody who acts, and the request by which they do, where there is one."""

    person: Person
    request: str = ""


def tell(person: Person) -> dict[str, str]:
    """The environment of a process that acts for a person: who that is, and the number of the request."""
    actor = {
        "key": person.key,
        "name": person.name,
        "address": person.address,
        "role": person.role.name,
        "way": person.way.value,
        "request": request_id.current(),
    }
    return {ACTOR: json.dumps(actor)}


def find_actor(environment: Mapping[str, str] | None = None) -> Actor:
    """Find who acts in this process: the person its environment names, else the system's user on the command line."""
    text = (os.environ if environment is None else environment).get(ACTOR, "")
    try:
        actor = json.loads(text)
        person = Person(
            role=Role[actor["role"]],
            way=SignInWay(actor["way"]),
            key=str(actor["key"]),
            name=str(actor["name"]),
            address=str(actor["address"]),
        )
        return Actor(person, str(actor["request"]))
    except (ValueError, KeyError, TypeError):
        return Actor(replace(COMMAND_LINE, name=_find_user()))


def _find_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have a number only
        return str(os.getuid()) if hasattr(os, "getuid") else ""
