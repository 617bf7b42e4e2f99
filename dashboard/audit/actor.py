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
    """What a process that acts for somebody is given into its environment, with the number of the request."""
    told = {
        "key": person.key,
        "name": person.name,
        "address": person.address,
        "role": person.role.name,
        "way": person.way.value,
        "request": request_id.current(),
    }
    return {ACTOR: json.dumps(told)}


def find_actor(environment: Mapping[str, str] | None = None) -> Actor:
    """Who acts in this process: whom it was told, else the command line with the name of the system's user."""
    told = (os.environ if environment is None else environment).get(ACTOR, "")
    try:
        stated = json.loads(told)
        person = Person(
            role=Role[stated["role"]],
            way=SignInWay(stated["way"]),
            key=str(stated["key"]),
            name=str(stated["name"]),
            address=str(stated["address"]),
        )
        return Actor(person, str(stated["request"]))
    except (ValueError, KeyError, TypeError):
        return Actor(replace(COMMAND_LINE, name=_find_user()))


def _find_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have a number only
        return str(os.getuid()) if hasattr(os, "getuid") else ""
