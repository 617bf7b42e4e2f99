"""Invented subscribers for the fictional sample, at addresses that nobody has."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from dashboard.campaign.codelists import Code
from dashboard.mail.subscribers import Wish

NUMBER = 24


def make_subscribers(codes: Mapping[str, Mapping[str, Code]], languages: Sequence[str]) -> Iterator[tuple[str, Wish]]:
    """Addresses and wishes: half want all, the others one of the first regions or themes, in every language."""
    regions, themes = list(codes["regions"]), list(codes["themes"])
    wishes: list[dict[str, tuple[str, ...]]] = [{}, {"regions": tuple(regions[:1])}, {}, {"themes": tuple(themes[:1])}]
    every = islice(product(range(NUMBER), wishes, languages), NUMBER)
    for number, (_, wish, lang) in enumerate(every, start=1):
        yield f"sample.reader.{number:03}@example.org", Wish(lang, **wish)
