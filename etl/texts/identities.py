"""Names of persons in a text where a word announces them, and numbers, places and dates that belong to one person.

Letters alone do not reveal a name: only one behind a form of address, a label or a signature counts.
A number counts as a person's behind a word that names its kind, or by its check digits. SQL picks the texts that
may hold any (the macro `may_hold_person`).
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from ipaddress import ip_address
from typing import NamedTuple

from etl.texts.personal import has_no_name, reads_as_organisation

_Span = tuple[int, int]
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĆČĐŁŃŚŠŹŻŽİĞŞ]"
_WORD = rf"(?:{_CAPITAL}\.|{_CAPITAL}[\w'’-]*)"
_LINK = r"(?:(?:de|del|la|las|los|da|dos|di|van|von|der|bin|ben|ibn|el|al|y|e)[ \u00a0]+){0,3}"


def _names(least: int) -> str:
    """Return a pattern for a name of so many words or more, up to four."""
    return rf"(?P<found>{_WORD}(?:[ \u00a0]+{_LINK}{_WORD}){{{least - 1},3}})"


_NAMED = (
    r"full[ ]name|first[ ]name|last[ ]name|surname|(?:my|your)[ ]name|name|noms?(?:[ ]et[ ]pr[ée]noms?)?|pr[ée]noms?"
    r"|nombres?(?:[ ]y[ ]apellidos?)?|apellidos?|nome|signature|signed|sign[ée]e?|firma|firmado|assinatura|respondent"
    r"|r[ée]pondante?|encuestad[oa]|interviewee"
)
_ROLES = (
    r"contact(?:[ ]person|[ ]name)?|contacto|focal[ ]point|point[ ]focal|punto[ ]focal|ponto[ ]focal|respons[aá]ble"
    r"|responsible(?:[ ]person)?|respons[aá]vel|person[ ]in[ ]charge|persona[ ](?:de[ ]contacto|a[ ]cargo)"
    r"|personne[ ](?:de[ ]contact|en[ ]charge|ressource)|encargad[oa]|coordinator|coordonnat\w+|coordinador\w*"
    r"|interlocut\w+|r[ée]f[ée]rente?|enlace|supervisora?|superviseure?|manager|auth?o?r|auteur|attn\.?|attention"
    r"|interviewer|enumerator|enqu[êe]t(?:eur|rice)|encuestadora?|ansprechpartner(?:in)?|kontakt|vocer[oa]|liaison"
)
_DONE_BY = (
    r"(?:submitted|filled(?:[ ]in)?|completed|prepared|reported|written|signed|sent)[ ]by"
    r"|(?:soumis|rempli|pr[ée]par[ée]|sign[ée]|envoy[ée]|r[ée]dig[ée])[ ]par"
    r"|(?:enviado|elaborado|llenado|firmado|completado|preparado|redactado)[ ]por"
)
_ASKED = (
    r"contact(?:er|ez|ar|e|en)?|(?:contact[ ]person|focal[ ]point|point[ ]focal|punto[ ]focal)(?:[ ]is|[ ]est|[ ]es)?"
    r"|write[ ]to|speak[ ](?:to|with)|ask(?:[ ]for)?|call|[ée]cri(?:re|vez)[ ][àa]|escrib(?:a|ir)[ ]a|appele[rz]"
    r"|joindre|s['’]adresser[ ][àa]|demander|llam(?:ar|e)|pregunt(?:ar|e)[ ]por|my[ ]name[ ]is|i[ ]am|je[ ]m['’]appelle"
    r"|je[ ]suis|me[ ]llamo|mi[ ]nombre[ ]es|soy|c/o"
)
_REGARDS = (
    r"(?:best|kind|warm)?[ ]?regards|sincerely|yours(?:[ ](?:faithfully|truly|sincerely))?|cordialement"
    r"|bien[ ][àa][ ]vous"
    r"|signature|signed|sign[ée]|firma|salutations(?:[ ]distingu[ée]es)?|atentamente|saludos(?:[ ]cordiales)?"
    r"|cordial[ ]saludo|respetuosamente|atenciosamente|att[ea]\.?|best[ ]wishes"
    r"|(?:mit[ ])?freundlichen?[ ]gr[üu](?:ß|ss)en?"
)
_DAY = (
    r"(?P<found>\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}|\d{1,2}(?:st|nd|rd|th|er|º)?(?:[ ]de|[ ]of)?[ ][^\W\d]{3,10}\.?"
    r"(?:[ ]de|[ ]of)?,?[ ]\d{4}|[^\W\d]{3,10}[ ]\d{1,2},?[ ]\d{4})"
)
_CODE = r"(?P<found>[A-Z0-9](?:[ ./-]?[A-Z0-9]){3,32})(?!\w)"
_PAPERS = (
    r"passe?port|pasaporte|passaporte|c[ée]dula(?:[ ]de[ ](?:ciudadan[ií]a|identidad))?"
    r"|carte(?:[ ]nationale)?[ ]d['’]identit[ée]|national[ ]id(?:entity)?(?:[ ]card)?|identity[ ](?:card|document)"
    r"|id[ ]card|documento(?:[ ]nacional)?[ ]de[ ]identidad"
    r"|social[ ]security|s[ée]curit[ée][ ]sociale|seguridad[ ]social|aadhaar|driv(?:er|ing)['’]?s?[ ]licen[cs]e"
    r"|permis[ ]de[ ]conduire|licencia[ ]de[ ]conducir|voter(?:['’]s)?[ ](?:id|card)|bank[ ]account|compte[ ]bancaire"
    r"|cuenta[ ]bancaria|credit[ ]card|carte[ ]bancaire|tarjeta[ ]de[ ]cr[ée]dito"
)
_ACRONYMS = r"DNI|NIF|NIE|CNI|SSN|NSS|NIR|CURP|CPF|NINO|NIN|BVN|IMEI|IBAN|RIB"
_NUMBER_OF = r"(?:\W{0,3}\b(?:no|nr|number|num[ée]ro|n[úu]mero|n[°ºo]|id|is|est|es)\b|[ ]?n[°º])*\W{0,4}?"
_DEGREES = r"\d{1,3}[ ]?°[ ]?\d{1,2}(?:[.,]\d+)?[ ]?['’′](?:[ ]?\d{1,2}(?:[.,]\d+)?[ ]?(?:[\"”″]|''))?[ ]?[NSEWO]?"
_GOES_ON = re.compile(rf"(?:(?:[ ](?:of|for|de|du|des|del|la|le|the|and|et|y|&)){{0,3}}[ ]{_CAPITAL}[\w'’-]*){{1,3}}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PICTURE = re.compile(
    r"img|image|imagen|imagem|dsc|dscn|dcim|pxl|photo|foto|pic|picture|vid|video|mov|screenshot|whatsapp|wa|scan|logo"
    r"|banner|map|chart|graph|figure|fig|cover|icon|untitled|capture|clip|audio|rec|copy|final|edit|edited"
)
_ACRONYM = 6  # letters of a word in capitals that may be an organisation's
_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"  # the check letters of Spanish numbers of persons


class _Kind(NamedTuple):
    """A pattern whose group `found` is removed where the judge agrees, and a condition on the text."""

    trigger: str
    pattern: str
    judge: Callable[[str, str], bool]


def _always(_text: str, _rest: str) -> bool:
    return True


def _is_name(text: str, rest: str) -> bool:
    """Whether capitals are a person's and not an organisation's, which may go on behind them."""
    return not (has_no_name(text) or reads_as_organisation(text + (more[0] if (more := _GOES_ON.match(rest)) else "")))


def _is_no_acronym(text: str, rest: str) -> bool:
    """Judge in the same way where one word in capitals may well be an organisation: ILO, UNICEF."""
    return not (text.isupper() and text.isalpha() and 1 < len(text) <= _ACRONYM) and _is_name(text, rest)


def _is_full_name(text: str, rest: str) -> bool:
    return len(text.split()) > 1 and _is_name(text, rest)


def _is_full_name_first(text: str, rest: str) -> bool:
    """Judge in the same way where the first word may be an organisation's, as in UNICEF Kenya."""
    return _is_no_acronym(text.split()[0], "") and _is_full_name(text, rest)


def _is_papers(text: str, _rest: str) -> bool:
    """Whether a code has digits enough, and is no year or span of years."""
    digits = sum(c.isdigit() for c in text)
    return digits >= 4 and len(_YEAR.sub("", text).strip(" -/.")) >= 3


def _is_iban(text: str, _rest: str) -> bool:
    code = re.sub(r"\W", "", text)
    is_grouped = re.fullmatch(r"\w{4}(?: \w{4}){3,7}(?: \w{1,4})?", text) is not None
    return 15 <= len(code) <= 34 and (is_grouped or _count(code[4:] + code[:4]) % 97 == 1)


def _count(code: str) -> int:
    return int("".join(str(int(c, 36)) for c in code))


def _is_card(text: str, _rest: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()][::-1]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def _is_spanish(text: str, _rest: str) -> bool:
    code = re.sub(r"\W", "", text).upper()
    digits = code[:-1].translate(str.maketrans("XYZ", "012"))
    return digits.isdigit() and _LETTERS[int(digits) % 23] == code[-1]


def _is_ip(text: str, _rest: str) -> bool:
    """Whether it is an address of a computer, and no numbering of sections (1.2.3.4)."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    parts = text.split(".")
    return len(text) > 6 and (address.version == 6 or int(parts[0]) >= 10 or any(len(part) > 2 for part in parts))


def _is_picture_of_somebody(text: str, _rest: str) -> bool:
    words = re.findall(r"[^\W\d_]{3,}", text.rpartition(".")[0])
    return any(not _PICTURE.fullmatch(word.lower()) for word in words)


def _is_street(text: str, _rest: str) -> bool:
    number = re.search(r"\d+", text)
    return number is None or not _YEAR.fullmatch(number[0])


_KINDS = (
    _Kind(
        r"\b[DIHLMPS]",
        rf"(?<![\w.])(?:M\.|M(?:r|rs|s|me|lle)\b\.?|Dra?\b\.?|Prof\b\.?|Sr(?:a|ta)?\b\.?|Ing\.|Lic\.|Hon\.|Madame"
        rf"|Monsieur|Señora?|Senhora?|Doña)[ \u00a0]+{_names(1)}",
        _is_name,
    ),
    _Kind(":", rf"(?<!\w)(?i:{_NAMED})[ \u00a0]?:[ \u00a0\n]*{_names(1)}", _is_name),
    _Kind(":", rf"(?<!\w)(?i:{_ROLES}|{_DONE_BY})[ \u00a0]?:[ \u00a0\n]*{_names(1)}", _is_no_acronym),
    _Kind("", rf"(?<!\w)(?i:{_ROLES})[ \u00a0](?:[–—-]|is|est|es|ist)[ \u00a0]{_names(2)}", _is_full_name),
    _Kind("--", rf"(?:^|\n)--[ ]?\r?\n{_names(2)}", _is_full_name),
    _Kind("/s/", rf"/s/[ \u00a0]*{_names(1)}", _is_name),
    _Kind("", rf"(?<!\w)(?i:{_DONE_BY}|{_ASKED})(?:[ ](?:a|à|with|avec|con))?[ \u00a0]+{_names(2)}", _is_full_name),
    _Kind("", rf"(?<!\w)(?i:{_REGARDS})(?:[ ]?[,!]\s*|\s*\n\s*|[ ]?:[ ]?){_names(1)}", _is_name),
    _Kind("[Aa]tt", rf"(?<!\w)(?i:att[ea]\.)[ ]{_names(2)}", _is_full_name),
    _Kind(
        r"\d",
        r"(?<!\w)(?i:born|n[ée](?:e|\(e\))?|nacid[oa]|naci[óo]|nascid[oa]|d\.?o\.?b\.?"
        r"|(?:date[ ]of[ ])?birth(?:[ ]?date)?"
        r"|birthday|date[ ]de[ ]naissance|fecha[ ]de[ ]nacimiento|data[ ]de[ ]nascimento)\W{1,3}"
        rf"(?:(?i:in|at|à|a|en|em)[ ][^\d\n]{{1,40}}?[ ,]+)?(?:(?i:on|in|the|le|el|en|em)\W+){{0,2}}{_DAY}",
        _always,
    ),
    _Kind(
        r"\d",
        rf"(?<![\w.,])(?P<found>\d{{1,5}}[A-Za-z]?,?[ ](?:{_CAPITAL}[\w'’.-]+[ ]){{1,4}}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd|Crescent|Terrace|Close)\b\.?)",
        _is_street,
    ),
    _Kind(
        r"\d",
        r"(?<![\w.,])(?P<found>\d{1,4}(?:[ ]?(?:bis|ter))?,?[ ]"
        r"(?i:rue|avenue|boulevard|bd|chemin|all[ée]e|impasse|quai)[ ]"
        rf"(?:d[eu][ ]|de[ ]la[ ]|des[ ]|de[ ]l['’]|d['’])?{_CAPITAL}[\w'’-]+(?:[ -]{_CAPITAL}[\w'’-]+){{0,3}})",
        _is_street,
    ),
    _Kind(
        r"\d",
        r"(?<!\w)(?P<found>(?i:calle|avenida|carrera|jir[óo]n|paseo|av\.|cra\.|rua)[ ](?:[\w.]+[ ]){0,4}?"
        r"(?:[Nn][°ºo.]{1,2}[ ]?|#[ ]?)?\d{1,5}(?:[ ]?-[ ]?\d{1,3})?)\b",
        _is_street,
    ),
    _Kind(
        r"\d",
        r"(?<![\w.])(?P<found>[-+−]?\d{1,3}[.,]\d{4,}[ ]?°?[ ]?[NSns]?[ ]?[,;/ ][ ]?"
        r"[-+−]?\d{1,3}[.,]\d{4,}(?:[ ]?°?[ ]?[EWOewo]\b)?)",
        _always,
    ),
    _Kind(
        "°",
        rf"(?P<found>{_DEGREES}(?:[ ,;]*{_DEGREES})?)",
        _always,
    ),
    _Kind(
        r"\d",
        r"(?<!\w)(?i:gps|lat(?:itude)?|lon(?:g(?:itude)?)?|coord\w*)\W{1,3}(?P<found>[-+−]?\d{1,3}[.,]\d{2,}"
        r"(?:[ ]?[,; ][ ]?[-+−]?\d{1,3}[.,]\d{2,})?)",
        _always,
    ),
    _Kind(r"maps|/@", r"(?P<found>(?:https?://)?(?:goo\.gl/maps|maps\.app\.goo\.gl)/[^\s<>()]+)", _always),
    _Kind(r"maps|/@", r"/@(?P<found>-?\d{1,3}\.\d+,-?\d{1,3}\.\d+)", _always),
    _Kind(r"\d", r"(?<![\w.:/-])(?P<found>\d{1,3}(?:\.\d{1,3}){3})(?![\w.]\w|\w)", _is_ip),
    _Kind(r"\d", r"(?<!\w)(?i:ip)(?:[ ]\w+)?\W{1,3}(?P<found>\d{1,3}(?:\.\d{1,3}){3})", _always),
    _Kind(":", r"(?<![\w:])(?P<found>(?:[0-9a-fA-F]{1,4}:{1,2}){2,7}[0-9a-fA-F]{1,4})(?![\w:])", _is_ip),
    _Kind("[:-]", r"(?<![\w:-])(?P<found>[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5})(?![\w:-])", _always),
    _Kind(
        r"\.",
        r"(?<![\w/.%=-])(?P<found>(?:[A-Z][\w'-]*[ ]){0,3}[\w-]+"
        r"\.(?i:jpe?g|png|heic|heif|gif|webp|mp4|mov|3gp|m4a|mp3|wav|amr))\b",
        _is_picture_of_somebody,
    ),
    _Kind(
        r"\.",
        r"(?<![\w/.%=-])(?P<found>(?i:cv|r[ée]sum[ée]|curriculum|passport|signature|id[ ]?card)[ _-][\w -]*?\w"
        r"\.(?i:pdf|docx?|odt|rtf))\b",
        _always,
    ),
    _Kind(r"\d", rf"(?<!\w)(?:(?i:{_PAPERS})|{_ACRONYMS})(?i:{_NUMBER_OF})(?<!\w){_CODE}", _is_papers),
    _Kind(r"\d", r"(?<!\w)(?P<found>[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?)(?!\w)", _is_iban),
    _Kind(r"\d", r"(?<![\w.,-])(?P<found>\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4})(?![\w-])", _is_card),
    _Kind(r"\d", r"(?<![\w.-])(?P<found>(?:\d{8}|\d{2}\.\d{3}\.\d{3}|[XYZ]-?\d{7})-?[A-Z])(?!\w)", _is_spanish),
    _Kind(r"\d", r"(?<![\w.-])(?P<found>[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d)(?!\w)", _always),  # CURP
    _Kind(r"\d", r"(?<![\w.-])(?P<found>\d{3}-\d{2}-\d{4}|\d{3}\.\d{3}\.\d{3}-\d{2})(?![\w-])", _always),  # SSN, CPF
)


def find_identities(text: str) -> list[_Span]:
    """Find the names, numbers, places and dates of persons in a text (start, stop), in order."""
    spans: list[_Span] = []
    for trigger, pattern, judge in _compiled():
        if trigger is None or trigger.search(text):
            spans += _find(pattern, judge, text)
    return sorted(spans)


def find_beside(text: str, mark: str) -> list[_Span]:
    """Find the full names directly before a contact that was removed, or in brackets behind it.

    `Jane Doe (tel. […])`, `[…] (Jane Doe)`.
    """
    if mark not in text:
        return []
    service = r"tel|t[ée]l|e-?mail|mail|phone|mobile|cel|whatsapp"
    beside = rf"[ \u00a0]?[,:;–-]?[ \u00a0]?[(<\[]?(?i:{service})?[.: \u00a0]{{0,3}}{re.escape(mark)}"
    born = r",?[ ](?:born|n[ée]e?|nacid[oa])(?!\w)"
    before, behind = rf"(?<!\w){_names(2)}(?={beside}|{born})", rf"{re.escape(mark)}[ \u00a0]?\({_names(2)}(?=\))"
    return [span for place in (before, behind) for span in _find(re.compile(place), _is_full_name_first, text)]


def _find(pattern: re.Pattern[str], judge: Callable[[str, str], bool], text: str) -> Iterator[_Span]:
    for match in pattern.finditer(text):
        if judge(match["found"], text[match.end("found") : match.end("found") + 60]):
            yield match.span("found")


@cache
def _compiled() -> tuple[tuple[re.Pattern[str] | None, re.Pattern[str], Callable[[str, str], bool]], ...]:
    return tuple(
        (re.compile(kind.trigger) if kind.trigger else None, re.compile(kind.pattern), kind.judge) for kind in _KINDS
    )
