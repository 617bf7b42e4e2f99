"""Headers and cells that speak of persons.

What the list names goes to the private store. What asks for a name never becomes a question. What may name a person as
well as an organisation or a page is public only where its cells say so, or staff.
"""

import re
from collections.abc import Collection, Iterable
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
    "submitter name", "submitterid", "recipient*", "network id", "*ip address*", "*adresse ip*", "*direccion ip*",
    "gps", "gps *", "*coordonnees gps*", "*coordenadas gps*", "*linkedin*", "*skype*", "*telegram*", "*passport*",
    "*passeport*", "*pasaporte*", "*passaporte*", "*date of birth*", "*birth date*", "birthdate", "birthday", "dob",
    "*fecha de nacimiento*", "*date de naissance*", "*data de nascimento*", "*national id", "*national id *",
    "*identity card*", "*carte d identite*", "*documento de identidad*", "dni", "*cedula", "curp", "cpf", "ssn",
    "*social security n*", "iban", "*bank account*", "*compte bancaire*", "*cuenta bancaria*",
)  # fmt: skip

# Headers that ask for the name of somebody or something: never a question with a few answers to choose from.
_NAMING = frozenset({
    "name", "names", "nom", "noms", "nome", "prenom", "prenoms", "nombre", "apellido", "apellidos", "surname",
    "lastname", "firstname", "username", "vorname", "nachname", "enumerator", "enumerateur", "enqueteur", "encuestador",
    "interviewer", "surveyor", "signature", "firma", "assinatura", "address", "adresse", "direccion", "domicilio",
})  # fmt: skip

# Words of headers that may name a person, in the languages of the campaign and in Portuguese.
_OF_PERSONS = frozenset({
    "account", "age", "aprobado", "approved", "asesor", "asesora", "assistant", "auteur", "author", "autor",
    "autora", "beneficiaire", "beneficiario", "beneficiary", "birth", "by", "cargo", "charge", "charged", "chef",
    "chief", "colaborador", "colaboradora", "collaborateur", "completado", "consultant", "consultor", "contact",
    "contacto", "contato", "contraparte", "coordenadas", "coordinador", "coordinadora", "coordinates",
    "coordinator", "coordonnateur", "coordonnatrice", "coordonnees", "correspondant", "corresponsal", "counterpart",
    "delegado", "delegate", "delegue", "desk", "director", "directora", "directeur", "directrice", "domicile",
    "edad", "editor", "elaborado", "employee", "employe", "empleado", "encargada", "encargado", "encuestada",
    "encuestado", "enlace", "enviado", "facebook", "facilitator", "filled", "firmado", "firmante", "focal", "gps",
    "handle", "head", "homologue", "informant", "informante", "informateur", "instagram", "interlocuteur",
    "interlocutor", "interlocutora", "jefa", "jefe", "latitude", "lead", "leader", "liaison", "llenado",
    "longitude", "manager", "member", "membre", "mentor", "miembro", "mobilizador", "naissance", "nacimiento",
    "officer", "operador", "owner", "participante", "participant", "participants", "participantes", "par", "person",
    "persona", "personne", "personnel", "perfil", "pessoa", "photo", "poc", "point", "por", "porte", "preenchido",
    "profil", "profile", "qui", "quien", "redige", "referent", "referente", "rempli", "repondant", "repondante",
    "reporter", "representant", "representante", "representative", "respondent", "respondente", "responsable",
    "responsables", "responsavel", "responsible", "reviewer", "revisado", "secretaire", "secretaria", "secretario",
    "secretary", "signataire", "signatory", "signe", "signed", "skype", "spokesperson", "staff", "submitted",
    "superviseur", "supervisor", "telegram", "tiktok", "titular", "twitter", "user", "username", "usuario",
    "utilisateur", "valide", "validado", "verified", "vocero", "volontaire", "voluntario", "volunteer", "vu",
    "whatsapp", "who",
})  # fmt: skip
# Words that say that a header means an organisation, whatever else it says: "Responsible institution".
_OF_ORGANISATIONS = frozenset({
    "agence", "agencia", "agency", "association", "asociacion", "bodies", "body", "company", "compania",
    "countries", "country", "department", "departement", "departamento", "empresa", "entidad", "entite", "entities",
    "entity", "entreprise", "estado", "etat", "firm", "institucion", "institution", "institutions", "ministere",
    "ministerio", "ministries", "ministry", "organisation", "organisations", "organizacion", "organization",
    "organizations", "organismo", "organisme", "partner", "partners", "socios", "state", "states", "stakeholder",
    "stakeholders", "structure", "unit", "unite",
})  # fmt: skip
_ORGANISATION = re.compile(
    r"\b(?:minist|universi|union|syndica|sindica|federa|confedera|foundation|fondation|fundac|stiftung|verband|verein"
    r"|gewerkschaft|associa|asociac|organi[sz]a|network|reseau|council|consejo|conseil|institut|agenc|chamber|chambre"
    r"|camara|compan|societ|sociedad|cooperativ|committee|comite|commission|comision|govern|gouvern|gobierno|authorit"
    r"|department|departement|departamento|direction generale|secretari|office\b|oficina\b|bureau\b|trust\b|bank\b"
    r"|banque|banco\b|ltd\b|limited\b|inc\b|llc\b|plc\b|gmbh\b|ngo\b|ong\b|group\b|groupe\b|grupo\b|club\b"
    r"|centre\b|center\b|centro\b|school\b|ecole\b|escuela\b|league\b|guild\b)"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w.-]+\.[a-z]{2,}(?:/\S*)?$", re.IGNORECASE)
_PARTICLES = frozenset({
    "al", "bin", "da", "de", "del", "den", "der", "di", "do", "dos", "du", "e", "el", "ibn", "la", "las", "le",
    "los", "van", "von", "y",
})  # fmt: skip
# Words of answers and of places, which are written with capitals as names are.
_NO_NAMES = frozenset({
    "agree", "agriculture", "all", "always", "answer", "applicable", "available", "africa", "america", "and",
    "asia", "child", "children", "childhood", "completed", "community", "decent", "disagree", "do", "dont",
    "education", "europe", "excellent", "extremely", "fair", "female", "good", "health", "high", "human",
    "information", "know", "labour", "less", "low", "male", "many", "medium", "more", "most", "much", "neither",
    "neutral", "never", "no", "none", "north", "not", "number", "of", "often", "or", "other", "oui", "over",
    "partially", "partly", "poor", "policy", "primary", "progress", "project", "public", "quite", "rarely",
    "rights", "rural", "satisfied", "secondary", "sector", "social", "somewhat", "sometimes", "south", "strongly",
    "sure", "training", "under", "unsatisfied", "urban", "usually", "very", "west", "work", "workers", "year",
    "years", "yes", "east", "central", "pacific", "oceania", "mining", "fishing", "construction", "si", "nada",
    "muy", "poco", "mucho", "acuerdo", "trabajo", "infantil", "educacion", "salud", "bueno", "malo", "nunca",
    "siempre", "otro", "otra", "ninguno", "norte", "sur", "este", "oeste", "tres", "peu", "plutot", "tout", "fait",
    "accord", "travail", "enfants", "jamais", "toujours", "souvent", "autre", "aucun", "nord", "sud", "est",
    "ouest", "bon", "mauvais", "new", "york", "san", "saint", "sierra", "congo", "person", "name", "names", "email",
    "mail", "phone", "details", "point", "address", "us", "form", "telephone", "title", "date", "list", "tracing",
    "programme", "program", "programa", "campaign", "campagne", "action", "plan", "law", "act", "report", "president",
    "minister", "director", "general", "nations", "day", "week", "international", "national", "persona", "personne",
    "nombre", "nom", "correo", "telefono", "convention", "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december", "the", "this", "they", "we", "you", "it", "el", "los",
    "les", "nous", "please",
})  # fmt: skip
MARK = "[…]"
"""What stands where something of a person was taken out."""
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


@cache
def may_name_person(header: str) -> bool:
    """Whether a header may name a person as well as something else; one that speaks of organisations does not."""
    words = set(plain(header).split())
    return not words & _OF_ORGANISATIONS and (bool(words & _OF_PERSONS) or is_personal(header))


def reads_as_name(text: str) -> bool:
    """Whether a short text is written as persons' names are: two to five words with capitals, and no organisation's."""
    words = text.replace(",", " ").split()
    capitals = [word for word in words if word.lower() not in _PARTICLES]
    return (
        2 <= len(capitals) <= 5
        and len(words) <= 7
        and all(word[0].isupper() and all(c.isalpha() or c in ".'’-" for c in word) for word in capitals)
        and not has_no_name(text)
        and not reads_as_organisation(text)
    )


def has_no_name(text: str) -> bool:
    """Whether capitals are those of answers, places and labels, and of no person."""
    return bool(_NO_NAMES & set(plain(text).split()))


def reads_as_organisation(text: str) -> bool:
    """Whether a text has a word that organisations' names have."""
    return _ORGANISATION.search(plain(text)) is not None


def reads_as_link(text: str) -> bool:
    """Whether a text is the address of a page."""
    return _LINK.match(text.strip()) is not None


def are_names(texts: Collection[str]) -> bool:
    """Whether at least half of some texts are written as persons' names are, or held a contact."""
    return bool(texts) and 2 * sum(MARK in text or reads_as_name(text) for text in texts) >= len(texts)
