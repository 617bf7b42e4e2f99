"""Headers that speak of persons: their columns go to the private store, and never become a question."""

from collections.abc import Iterable
from functools import cache

from etl.texts.folding import select_matching
from etl.texts.plain import plain

# Headers of form and survey tools that hold contacts, places or devices of respondents, folded.
PERSONAL_HEADERS = (
    "*mail*", "*courriel*", "*correo*", "*phone*", "*telefono*", "*mobile*", "*whatsapp*", "*contact*", "*focal*",
    "*persona de enlace*", "name", "nom", "nombre", "full name", "nom complet", "nombre completo", "first name",
    "last name", "prenom*", "apellido*", "*respondent name*", "*your name*", "*votre nom*", "*su nombre*",
    "submitted by", "submission submitted by", "username", "deviceid", "device id", "subscriberid", "simserial",
    "*phonenumber*", "ip address*", "ipaddress", "location latitude", "location longitude", "submittername",
    "submitter name", "submitterid", "recipient*", "network id",
)  # fmt: skip

# Headers that ask for the name of somebody or something: never a question with a few answers to choose from.
_NAMING = frozenset({
    "name", "names", "nom", "noms", "prenom", "prenoms", "nombre", "apellido", "apellidos", "surname", "lastname",
    "firstname", "username", "vorname", "nachname", "enumerator", "enumerateur", "enqueteur", "encuestador",
    "interviewer", "surveyor", "signature", "address", "adresse", "direccion",
})  # fmt: skip
_NAMING_PHRASES = (
    "submitted by", "filled in by", "filled by", "completed by", "reported by", "prepared by", "rempli par",
    "soumis par", "prepare par", "completado por", "enviado por", "elaborado por",
)  # fmt: skip


def select_listed(folded: Iterable[str]) -> set[str]:
    """Those of many folded headers that the list names."""
    return select_matching(PERSONAL_HEADERS, folded)


@cache
def is_personal(header: str) -> bool:
    """Whether a header (or a part of it) speaks of a person or asks for a name: stricter than the list alone."""
    text = plain(header)
    if select_listed([text]):
        return True
    return bool(_NAMING & set(text.split())) or any(phrase in text for phrase in _NAMING_PHRASES)
