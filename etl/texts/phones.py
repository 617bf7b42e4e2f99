"""Phone numbers in free text, told from dates, years, amounts, identifiers and addresses of pages.

A run of digits is cut into the groups it is written in, and every stretch of groups may be a number. The library knows
each country's numbers, but a text about 1 000 000 children holds valid ones everywhere; so the way a number is written
and the words around it decide how much must be proved:

- behind `+` or `00`: hardly anything but a phone number;
- behind a word such as "Tel." or "WhatsApp": any number of such length;
- beginning with 0, or behind "call": it must be valid in one of the countries;
- else it must also be grouped as that country groups its numbers, and not in threes, as amounts are.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_BLANK = r" \t\u00a0\u00ad\u2000-\u200f\u202a-\u202f\u2060-\u2069\u3000\ufeff"
_BETWEEN = rf"[{_BLANK}()./·*\-\u2010-\u2015\u2212－]"
_PLUS = rf"(?P<plus>(?:\([{_BLANK}]?)?[+＋]{_BETWEEN}{{0,2}})?\(?"
_APART = rf"[{_BLANK}]+[/\-\u2010-\u2015\u2212][{_BLANK}]+|[{_BLANK}]{{2}}"
_REMARK = rf"[{_BLANK}]*\((?!\d{{1,5}}\))"  # a bracket around more than digits
# The digits of one number, then those of numbers that stand beside each other: 0711 234567 / 0722 345678.
_RUNS = (
    re.compile(rf"{_PLUS}\d(?:(?!{_APART}|{_REMARK}){_BETWEEN}{{0,4}}\d)*"),
    re.compile(rf"{_PLUS}\d(?:(?!{_REMARK}){_BETWEEN}{{0,4}}\d)*"),
)
_LONG_RUN = re.compile(rf"\d(?:{_BETWEEN}{{0,4}}\d){{6}}")
_CALLING_CODE = re.compile(r"[+＋]|(?<!\d)(?<!\d[,.])0(?:0|11)")
_GROUP = re.compile(r"\d+")
_LEAST, _MOST = 7, 15  # digits of a phone number
_MOST_GROUPS = 9
_CONTEXT = 40  # characters before and after a number that speak of it
_NOTHING = "\0"
_TAIL = re.compile(
    rf"(?:/\d{{1,3}}(?![\d/]))*(?:[{_BLANK},]{{0,3}}(?:ext(?:ensi[oó]n)?|poste|int|x)\.?[{_BLANK}:]{{0,2}}\d{{1,6}})?",
    re.IGNORECASE,
)

_YEAR = r"(?:19|20|25)\d\d"  # 25 as well: 2564 is a year of the Thai calendar
_PAGE = re.compile(r"(?:https?://|ftp://|www\.)\S+|\b10\.\d{4,}/\S+", re.IGNORECASE)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
# Texts of digits that are no phone number, whatever they would be valid as.
_NO_PHONE = re.compile(
    rf"""\b[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}\b                           # UUID
    | (?<!\d)(?<!\d[-./]){_YEAR}([-./])(?:0?[1-9]|1[0-2])\1{_DAY}
        (?:(?!\1?\d)|(?:[-_\s]\d\d){{2,3}}(?!\d))                                       # 2021-05-12, -10-30
    | (?<!\d)(?<!\d[-./]){_DAY}([-./]){_DAY}\2{_YEAR}(?!\2?\d)                          # 12/05/2021
    | (?<!\d)(?<!\d[-./\s]){_DAY}\s{_DAY}\s{_YEAR}(?!\s?\d)                            # 12 05 2021
    | (?<!\d)(?<!\d[-./]){_DAY}([-./]){_DAY}\3\d\d(?!\3?\d)                            # 12/05/21
    | (?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d(?!\d)               # 12052021
    | (?<!\d)(?<!\d[-./\s]){_YEAR}(?:[-–—/.()\s]{{1,5}}{_YEAR})+(?!\d)                  # 2019-2021
    | (?<!\d)(?<!\d[-./\s])\d{{1,3}}[-–/]{_YEAR}(?![-./\s]?\d)                        # law 025/2003
    | (?<!\d)(?<!\d[-./\s]){_YEAR}[-–/]\d{{1,4}}(?![-./\s]?\d)                        # law 2015-0131
    | (?<![\d:])\d{{1,2}}:\d\d(?!\d)                                                    # 10:30
    | (?<!\d)\d\d\.\d{{3}}\.\d{{3}}/\d{{4}}-\d\d(?!\d)                                 # a company in Brazil
    | (?<!\d)(?<!\d[./])\d{{1,3}}\.\d{{4,}}(?!\.?\d)                                  # 36.82190
    """,
    re.IGNORECASE | re.VERBOSE,
)
_IN_LINK = re.compile(r"(?:wa\.me/|[?&]phone=|(?:tel|callto|sms):)(?://)?(\+?\d[\d.()-]{5,20}\d)", re.IGNORECASE)

_SURE_LABEL = re.compile(
    r"(?:\b(?:t[eé]l(?:[eé]?(?:ph|f)on(?:e|o|os|es|ique|ico)?)?|telf|tfno|tlf|(?:tele|smart)?phones?|ph|mobiles?|mob|"
    r"cell|cel|celular|m[oó]vil|portable|gsm|fax|whats?app|contact no|hotline|helpline)\b)[^\w\n]{0,4}"
    r"(?:(?:number|num[eé]ro|n[uú]mero|no|nr|n[°º])?\W{0,3})?$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:call|ring|dial|text|sms|contact(?:e[rz]|ar)?|appele[rz]|joindre|llam(?:e|ar|ando)|marcar|reach)\b\W{0,3}"
    r"(?:(?:me|us|him|her|them|nous|nos|moi|on|at|al?|el|le|la|au|or|ou|o)\W{1,2}){0,3}$",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(
    r"\b(?:isbn(?:-1[03])?|issn|doi|uuid|iban|siret|siren|rccm|nit|ruc|ein|abn|acn|vat|tva|cnpj|cuit|tin|kvk|crn|"
    r"regist(?:ered|ration|re|ro))\b(?:\s?(?:no|nr|n[°º]|num(?:ber|[eé]ro)|n[uú]mero)\b)?\W{0,4}(?:\d\d\s)?$",
    re.IGNORECASE,
)
_SOME_NUMBER = re.compile(
    r"(?:\b(?:no|nr|num(?:ber|[eé]ro)|n[uú]mero|id|ref(?:erence|[eé]rence|erencia)?|grant|contract|contrat|contrato|"
    r"project|projet|proyecto|report|rapport|informe|account|compte|cuenta|registration|invoice|ticket|law|loi|ley|"
    r"decree|d[eé]cret|decreto|code|c[oó]digo)\b|n[°º]|#)\W{0,4}$",
    re.IGNORECASE,
)
_MONEY = (
    r"(?:[$€£¥₦₹₱₵]|US\$|USD|EUR|GBP|CHF|CAD|AUD|KES|KSh|UGX|TZS|NGN|GHS|ZAR|ETB|XOF|XAF|F\s?CFA|CFA|FCFA|INR|Rs\.?|"
    r"BDT|PKR|NPR|PHP|IDR|VND|MXN|BRL|R\$|COP|PEN|ARS|CLP|dollars?|d[oó]lares|euros?|francs?)"
)
_MONEY_BEFORE = re.compile(rf"{_MONEY}\s?$")
_AMOUNT_AFTER = re.compile(
    rf"^\s?(?:%|{_MONEY}(?!\w)|(?:millions?|millones|mill[oó]n|billions?|milliards?|thousand|people|persons?|personnes|"
    r"personas|children|enfants|ni[ñn][oa]s|households|m[eé]nages|hogares|workers|km|kg|ha|tonn?es|tons)\b)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(rf"[1-9]\d{{0,2}}(?:[{_BLANK}.]\d{{3}}){{1,4}}")

EVERY_REGION = ("*",)
"""All countries: for one row of unknown origin."""


class _Stretch(NamedTuple):
    """Groups of digits that may be one number: where they stand and how they are written."""

    start: int
    stop: int
    groups: tuple[str, ...]
    text: str
    has_plus: bool
    run: tuple[int, int]

    @property
    def digits(self) -> str:
        """Return all its digits."""
        return "".join(self.groups)


_Spans = list[tuple[int, int]]
_Judge = Callable[[str, _Stretch, tuple[str, ...]], bool]


def may_hold_phone(text: str) -> bool:
    """Whether a text has as many digits as the shortest number, wherever they stand in it."""
    return sum(map(str.isdigit, text)) >= _LEAST


def find_phones(text: str, regions: Sequence[str]) -> _Spans:
    """Find the phone numbers of a text (start, stop), in order; the module defines them.

    `regions` are the countries (ISO 3166, two letters), or `EVERY_REGION`, whose numbers need no calling
    code.
    """
    if not _LONG_RUN.search(text):
        return []
    if regions == EVERY_REGION:
        regions = tuple(sorted(_library().SUPPORTED_REGIONS))
    spans = [match.span(1) for match in _IN_LINK.finditer(text)]
    rest = _blank(text, spans)
    rest = _blank(rest, (match.span() for match in _PAGE.finditer(rest)))
    if _CALLING_CODE.search(rest):
        rest = _note(rest, _ABROAD, (), spans)
    rest = _blank(rest, (match.span() for match in _NO_PHONE.finditer(rest)))
    if _LONG_RUN.search(rest):
        _note(rest, _AT_HOME, tuple(regions), spans)
    return sorted(spans)


def _note(text: str, judges: Iterable[_Judge], regions: tuple[str, ...], spans: _Spans) -> str:
    """Add to `spans` the phone numbers that the judges, one after the other, find; return the text without those."""
    for judge, runs in product(judges, _RUNS):
        phones = list(_find(text, runs, judge, regions))
        text = _blank(text, phones)
        spans += phones
    return text


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Replace each character of the spans with a sign that belongs to no number."""
    for start, stop in spans:
        text = f"{text[:start]}{_NOTHING * (stop - start)}{text[stop:]}"
    return text


def _find(text: str, runs: re.Pattern[str], judge: _Judge, regions: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the longest stretches of each run of digits that the judge takes for a phone number."""
    for run in runs.finditer(text):
        if len(run[0]) < _LEAST:
            continue
        groups = [match.span() for match in _GROUP.finditer(text, *run.span())]
        if sum(stop - start for start, stop in groups) < _LEAST:
            continue
        first = 0
        while first < len(groups):
            stretch = _longest(text, run, groups, first, judge, regions)
            if stretch is None:
                first += 1
                continue
            while first < len(groups) and groups[first][1] <= stretch.stop:
                first += 1
            tail = _TAIL.match(text, stretch.stop)
            stop = tail.end() if tail else stretch.stop
            yield stretch.start, stop
            while first < len(groups) and groups[first][0] < stop:
                first += 1


def _longest(
    text: str, run: re.Match[str], groups: _Spans, first: int, judge: _Judge, regions: tuple[str, ...]
) -> _Stretch | None:
    """Find the longest stretch from the group `first` on that the judge takes for a phone number."""
    for last in range(min(len(groups), first + _MOST_GROUPS) - 1, first - 1, -1):
        stretch = _cut(text, run, groups, first, last)
        if len(stretch.digits) < _LEAST:
            return None
        if len(stretch.digits) <= _MOST + 3 and judge(text, stretch, regions):
            return stretch
    return None


def _cut(text: str, run: re.Match[str], groups: _Spans, first: int, last: int) -> _Stretch:
    """Cut the stretch from one group to another, with its `+` and with a bracket that it closes."""
    start, stop = groups[first][0], groups[last][1]
    if first == 0:
        start = run.start()
    elif text[start - 1] == "(":
        start -= 1
    if text[start] == "(" and ")" not in text[start:stop]:
        start += 1
    parts = tuple(text[begin:end] for begin, end in groups[first : last + 1])
    return _Stretch(start, stop, parts, text[start:stop], first == 0 and run["plus"] is not None, run.span())


def _fills_run(text: str, stretch: _Stretch, regions: tuple[str, ...]) -> bool:
    """Whether a run looks international as a whole: then nothing of it stays, though less would be valid."""
    return stretch.stop == stretch.run[1] and _looks_international(text, stretch, regions)


def _is_international(_text: str, stretch: _Stretch, _regions: tuple[str, ...]) -> bool:
    """Whether it is a country's number with its calling code behind `+`, `00` or (from North America) `011`."""
    digits = stretch.digits
    if stretch.has_plus:
        return _is_valid("+" + digits, None)
    return any(digits.startswith(prefix) and _is_valid("+" + digits[len(prefix) :], None) for prefix in ("00", "011"))


def _looks_international(_text: str, stretch: _Stretch, _regions: tuple[str, ...]) -> bool:
    """Whether it is written as an international number is, valid or not: 8 to 15 digits behind `+`, and no amount."""
    return (
        stretch.has_plus
        and _LEAST < len(stretch.digits) <= _MOST
        and not _THOUSANDS.fullmatch(stretch.text.lstrip("(+＋ "))
    )


def _is_national(text: str, stretch: _Stretch, regions: tuple[str, ...]) -> bool:
    """Whether it is a number of one of the countries, and written or announced as one."""
    before, after = text[max(0, stretch.start - _CONTEXT) : stretch.start], text[stretch.stop : stretch.stop + _CONTEXT]
    if _SURE_LABEL.search(before):
        return _is_valid_in(stretch.digits, regions)
    before_run = text[max(0, stretch.run[0] - _CONTEXT) : stretch.run[0]]
    if (
        any(sign.isalpha() or sign == "_" for sign in (before[-1:], after[:1]))
        or _OTHER_NUMBER.search(before_run)
        or _MONEY_BEFORE.search(before_run)
    ):
        return False
    has_zero = stretch.groups[0].startswith("0") and (len(stretch.groups[0]) > 1 or stretch.text.startswith("(0)"))
    if has_zero:
        return _is_valid_in(stretch.digits, regions)
    if _SOME_NUMBER.search(before_run) or _AMOUNT_AFTER.search(after):
        return False
    if _LABEL.search(before):
        return _is_valid_in(stretch.digits, regions)
    if _has_calling_code(stretch.digits, regions):
        return True
    return not _THOUSANDS.fullmatch(stretch.text) and (
        len(stretch.groups) > 1 and stretch.groups in _groupings(stretch.digits, regions)
    )


def _is_announced(text: str, stretch: _Stretch, _regions: tuple[str, ...]) -> bool:
    """Whether a word that only stands before phone numbers stands before it."""
    before = text[max(0, stretch.start - _CONTEXT) : stretch.start]
    is_one = len(stretch.digits) <= _MOST and not (
        _THOUSANDS.fullmatch(stretch.text) or any(sign in stretch.text for sign in ("/", " - "))
    )
    return is_one and _SURE_LABEL.search(before) is not None


_ABROAD: tuple[_Judge, ...] = (_fills_run, _is_international, _looks_international)
_AT_HOME: tuple[_Judge, ...] = (_is_national, _is_announced)


def _is_valid_in(digits: str, regions: tuple[str, ...]) -> bool:
    return len(digits) <= _MOST and any(_is_valid(digits, region) for region in regions)


@cache
def _library() -> ModuleType:
    """Return the library of the countries' numbers, loaded for the first text that may hold one: it takes 50 ms."""
    import phonenumbers

    return phonenumbers


@cache
def _is_valid(digits: str, region: str | None) -> bool:
    number = _parse(digits, region)
    return number is not None and bool(_library().is_valid_number(number))


def _parse(digits: str, region: str | None) -> "PhoneNumber | None":
    library = _library()
    try:
        number: PhoneNumber = library.parse(digits, region)
    except library.NumberParseException:
        return None
    return number


def _has_calling_code(digits: str, regions: tuple[str, ...]) -> bool:
    """Whether it is a mobile number of one of the countries whose `+` is missing: 254711000111."""
    if not 11 <= len(digits) <= 13 or digits.startswith("1"):
        return False
    library, number = _library(), _parse("+" + digits, None)
    return (
        number is not None
        and library.region_code_for_number(number) in regions
        and library.number_type(number)
        in (library.PhoneNumberType.MOBILE, library.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    )


def _groupings(digits: str, regions: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return the grouping of the digits in each country where the number is valid."""
    library = _library()
    numbers = [_parse(digits, region) for region in regions if _is_valid(digits, region)]
    return {
        tuple(_GROUP.findall(library.format_number(number, library.PhoneNumberFormat.NATIONAL)))
        for number in numbers
        if number is not None
    }
