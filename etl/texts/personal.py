"""Headers and cells about persons.

Columns on the list go to the private store. One that asks for a name never becomes a question. One that may name a
person as well as an organisation or a page is public only where its cells, or staff, say so.
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
    "*telefone*", "celular", "movil", "tel", "telf", "cell", "fax", "imei", "ip", "mac address",
)  # fmt: skip

# Headers that ask for the name of somebody or something: never a question with a few answers to choose from.
_NAMING = frozenset({
    "name", "names", "nom", "noms", "nome", "prenom", "prenoms", "nombre", "apellido", "apellidos", "surname",
    "lastname", "firstname", "username", "vorname", "nachname", "enumerator", "enumerateur", "enqueteur", "encuestador",
    "interviewer", "surveyor", "signature", "firma", "assinatura", "address", "adresse", "direccion", "domicilio",
})  # fmt: skip

# Words of headers that may name a person, in the languages of the campaign and in Portuguese.
_OF_PERSONS = frozenset({
    "account", "admin", "administrator", "age", "agent", "agente", "alcalde", "alias", "ambassador", "animateur",
    "animatrice", "apodo", "approved", "approver", "aprobado", "asesor", "asesora", "asignado", "asistente", "assigne",
    "assigned", "assistant", "attended", "attendee", "attribue", "auteur", "author", "autor", "autora", "behalf",
    "beneficiaire", "beneficiario", "beneficiary", "birth", "by", "caregiver", "caretaker", "cargo", "cc", "ceo",
    "chair", "chairperson", "champion", "charge", "charged", "chef", "chief", "clerk", "colaborador", "colaboradora",
    "collaborateur", "collector", "completado", "consultant", "consultor", "contact", "contacto", "contato",
    "contraparte", "coordenadas", "coordinador", "coordinadora", "coordinates", "coordinator", "coordonnateur",
    "coordonnatrice", "coordonnees", "correspondant", "corresponsal", "counterpart", "delegado", "delegate", "delegue",
    "deputy", "desk", "details", "digitador", "directeur", "director", "directora", "directrice", "docente",
    "domicile", "duena", "dueno", "edad", "editor", "elaborado", "elder", "empleado", "employe", "employee",
    "encargada", "encargado", "encuestada", "encuestado", "enlace", "enquete", "enseignant", "enumerador", "enviado",
    "ethnic", "ethnicity", "etnia", "evaluador", "evaluateur", "evaluator", "expert", "experta", "facebook",
    "facilitador", "facilitadora", "facilitateur", "facilitator", "father", "filled", "firmado", "firmante", "focal",
    "fonction", "formador", "formateur", "geolocation", "gestor", "gestora", "gps", "guardian", "handle", "head",
    "homologue", "identidad", "identite", "identity", "imei", "informant", "informante", "informateur", "iniciales",
    "initiales", "initials", "inspecteur", "inspector", "inspectora", "instagram", "interlocuteur", "interlocutor",
    "interlocutora", "interviewee", "ip", "jefa", "jefe", "job", "lat", "latitude", "lead", "leader", "liaison",
    "licence", "llenado", "login", "lon", "longitude", "madre", "maestro", "maire", "manager", "marital", "matricule",
    "mayor", "member", "membre", "mentor", "mere", "miembro", "minister", "ministra", "ministre", "mobilizador",
    "monitor", "mother", "nacimiento", "naiss", "naissance", "nationality", "nickname", "nin", "nominee", "observador",
    "observateur", "officer", "operador", "operateur", "operator", "orateur", "owner", "padre", "par", "parent",
    "participant", "participante", "participantes", "participants", "pere", "perfil", "person", "persona", "personne",
    "personnel", "pessoa", "photo", "poc", "point", "ponente", "por", "porte", "position", "poste", "preenchido",
    "prepared", "president", "presidente", "profil", "profile", "promotor", "promotora", "proprietaire", "puesto",
    "quem", "qui", "quien", "rapporteur", "rapporteuse", "redige", "referent", "referente", "religion", "rempli",
    "repondant", "repondante", "reporter", "representant", "representante", "representative", "respondent",
    "respondente", "responsable", "responsables", "responsavel", "responsible", "reviewer", "revisado", "rfc", "rut",
    "secretaire", "secretaria", "secretario", "secretary", "signataire", "signatory", "signe", "signed", "skype",
    "speaker", "spokesperson", "staff", "submitted", "superviseur", "supervisor", "surnom", "tax", "teacher",
    "tecnica", "tecnico", "telegram", "testigo", "tiktok", "titular", "trainer", "treasurer", "tuteur", "tutor",
    "tutora", "twitter", "user", "username", "usuario", "utilisateur", "validado", "validator", "valide",
    "verificador", "verificateur", "verified", "vocero", "volontaire", "voluntario", "volunteer", "vu", "whatsapp",
    "who", "witness", "worker",
})  # fmt: skip
# Words that say that a header means an organisation, whatever else it says: "Responsible institution".
_OF_ORGANISATIONS = frozenset({
    "agence", "agencia", "agency", "asociacion", "association", "bodies", "body", "compania", "company",
    "countries", "country", "departamento", "departement", "department", "empresa", "entidad", "entite", "entities",
    "entity", "entreprise", "estado", "etat", "firm", "institucion", "institution", "institutions", "ministere",
    "ministerio", "ministries", "ministry", "organisation", "organisations", "organisme", "organismo",
    "organizacion", "organization", "organizations", "partenaires", "partes", "partner", "partners", "prenante",
    "prenantes", "socios", "stakeholder", "stakeholders", "state", "states", "structure", "unit", "unite",
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
    "accord", "account", "act", "action", "acuerdo", "address", "africa", "agree", "agriculture", "all", "always",
    "america", "and", "answer", "applicable", "april", "asia", "ask", "aucun", "august", "autre", "available",
    "bon", "bueno", "call", "campagne", "campaign", "card", "central", "child", "childhood", "children",
    "community", "completed", "congo", "construction", "contact", "convention", "correo", "date", "day", "december",
    "decent", "details", "director", "disagree", "do", "dont", "east", "educacion", "education", "el", "email",
    "enfants", "est", "este", "europe", "excellent", "extremely", "facebook", "fair", "fait", "february", "female",
    "fishing", "form", "general", "good", "health", "high", "human", "id", "infantil", "information", "instagram",
    "international", "it", "jamais", "january", "july", "june", "know", "labour", "law", "les", "less", "linkedin",
    "list", "los", "low", "mail", "male", "malo", "many", "march", "mauvais", "may", "medium", "mining", "minister",
    "more", "most", "much", "mucho", "muy", "nada", "name", "names", "national", "nations", "neither", "neutral",
    "never", "new", "ninguno", "no", "nom", "nombre", "none", "nord", "norte", "north", "not", "nous", "november",
    "number", "nunca", "oceania", "october", "oeste", "of", "often", "or", "other", "otra", "otro", "ouest", "oui",
    "over", "pacific", "partially", "partly", "passport", "person", "persona", "personne", "peu", "phone", "plan",
    "please", "plutot", "poco", "point", "policy", "poor", "president", "primary", "program", "programa",
    "programme", "progress", "project", "public", "quite", "rarely", "report", "rights", "rural", "saint", "salud",
    "san", "satisfied", "secondary", "sector", "september", "si", "siempre", "sierra", "skype", "social",
    "sometimes", "somewhat", "south", "souvent", "strongly", "sud", "sur", "sure", "tel", "telefono", "telegram",
    "telephone", "the", "they", "this", "title", "toujours", "tout", "trabajo", "tracing", "training", "travail",
    "tres", "twitter", "under", "unsatisfied", "urban", "us", "usually", "very", "we", "week", "west", "whatsapp",
    "work", "workers", "write", "year", "years", "yes", "york", "you",
})  # fmt: skip
MARK = "[…]"
"""The mark in place of a person's data."""
_NAMING_PHRASES = (
    "submitted by", "filled in by", "filled by", "completed by", "reported by", "prepared by", "rempli par",
    "soumis par", "prepare par", "completado por", "enviado por", "elaborado por",
)  # fmt: skip


def select_listed(folded: Iterable[str]) -> set[str]:
    """Select the folded headers that are on the list."""
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
