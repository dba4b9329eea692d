from datetime import UTC, datetime, timedelta
from time import thread_time
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.people import zones
from bot.people.places import Place


def ms(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp() * 1000)


WINTER, SUMMER = ms("2026-01-15T12:00"), ms("2026-07-15T12:00")
NAMES = st.sampled_from(sorted(available_timezones()))


def found(typed: str, now: int = WINTER) -> list[str]:
    return [place.zone for place in zones.find(typed, now)]


def suggested(typed: str, now: int = WINTER) -> list[str]:
    return [place.zone for place in zones.suggest(typed, now)]


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        # as the time zone database has it, in any case
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("AMERICA/NEW YORK", "America/New_York"),
        ("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
        ("Z", "UTC"),
        # old names
        ("US/Eastern", "America/New_York"),
        ("us/pacific", "America/Los_Angeles"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Calcutta", "Asia/Kolkata"),
        ("Kiev", "Europe/Kyiv"),
        ("Europe/Amsterdam", "Europe/Amsterdam"),
        # abbreviations
        ("PST", "America/Los_Angeles"),
        ("EST", "America/New_York"),
        ("Eastern Time", "America/New_York"),
        ("CET", "Europe/Berlin"),
        ("BST", "Europe/London"),
        ("AEDT", "Australia/Sydney"),
        # offsets; the database has their signs the other way round
        ("UTC+2", "Etc/GMT-2"),
        ("GMT+1", "Etc/GMT-1"),
        ("gmt +01:00", "Etc/GMT-1"),
        ("+02:00", "Etc/GMT-2"),
        ("UTC-5", "Etc/GMT+5"),
        ("UTC−5", "Etc/GMT+5"),
        ("UTC+0", "UTC"),
        ("UTC+14", "Etc/GMT-14"),
        ("+5:30", "Asia/Kolkata"),
        ("UTC+0545", "Asia/Kathmandu"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        # cities
        ("Mumbai", "Asia/Kolkata"),
        ("Delhi", "Asia/Kolkata"),
        ("Beijing", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"),
        ("NYC", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("München", "Europe/Berlin"),
        ("St. Louis", "America/Chicago"),
        ("Louisville", "America/Kentucky/Louisville"),
        ("Edinburgh", "Europe/London"),
        ("Hong Kong", "Asia/Hong_Kong"),
        ("London", "Europe/London"),
        ("London, Ontario", "America/Toronto"),
        ("Paris, Texas", "America/Chicago"),
        ("portland, ME", "America/New_York"),
        # countries and states
        ("Germany", "Europe/Berlin"),
        ("Japan", "Asia/Tokyo"),
        ("India", "Asia/Kolkata"),
        ("UK", "Europe/London"),
        ("England", "Europe/London"),
        ("the Netherlands", "Europe/Amsterdam"),
        ("Spain", "Europe/Madrid"),
        ("California", "America/Los_Angeles"),
        ("Vatican", "Europe/Vatican"),
    ],
)
def test_a_zone_is_known_as_people_call_it(typed: str, zone: str) -> None:
    assert found(typed) == [zone]
    assert suggested(typed)[0] == zone


@pytest.mark.parametrize(
    ("typed", "first", "also"),
    [
        ("IST", "Asia/Kolkata", {"Asia/Jerusalem", "Europe/Dublin"}),
        ("CST", "America/Chicago", {"Asia/Shanghai"}),
        ("GMT", "Europe/London", {"UTC"}),
        ("USA", "America/New_York", {"America/Chicago", "Pacific/Honolulu", "America/Phoenix"}),
        ("Australia", "Australia/Sydney", {"Australia/Perth", "Australia/Brisbane"}),
        ("Georgia", "America/New_York", {"Asia/Tbilisi"}),
        ("Washington", "America/Los_Angeles", {"America/New_York"}),
        ("Birmingham", "Europe/London", {"America/Chicago"}),
        ("Texas", "America/Chicago", set()),
        ("Kiribati", "Pacific/Tarawa", set()),
    ],
)
def test_what_may_be_several_clocks_offers_them(typed: str, first: str, also: set[str]) -> None:
    meant = found(typed)
    assert meant[0] == first
    assert also <= set(meant)
    assert also <= set(suggested(typed))


def test_a_question_names_places_with_their_time() -> None:
    assert zones.question("IST", zones.find("IST", WINTER), WINTER) == (
        "“IST”: India (17:30 now), Israel (14:00 now) or Ireland (12:00 now)?"
    )


def test_a_clock_time_offers_the_cities_that_have_it() -> None:
    assert {"Europe/Paris", "Europe/Berlin", "Africa/Lagos"} <= set(found("13:00", WINTER))


@pytest.mark.parametrize(
    "typed", ["", ",", "Narnia", "UTC+25", "+5:75", "../../etc/passwd", "25:00", "99", "Factory"]
)
def test_an_unknown_zone_gets_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput, match="Write a large city near you, a country"):
        zones.find(typed, WINTER)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berl", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("NEW_Y", "America/New_York"),
        ("buenos", "America/Argentina/Buenos_Aires"),
        ("kolk", "Asia/Kolkata"),
        ("münch", "Europe/Berlin"),
        ("utc", "UTC"),
        ("bogotá", "America/Bogota"),
        ("Nouméa", "Pacific/Noumea"),
        ("lo", "Europe/London"),  # larger than Los Angeles
        ("eucla", "Australia/Eucla"),  # too small for the list of cities
    ],
)
def test_a_zone_is_suggested_as_one_types(typed: str, first: str) -> None:
    assert suggested(typed)[0] == first


@pytest.mark.parametrize(
    ("typed", "now", "found", "not_found"),
    [
        ("13:00", WINTER, "Europe/Berlin", "Europe/London"),
        ("13:00", SUMMER, "Europe/London", "Europe/Berlin"),
        ("13.04", WINTER, "Europe/Berlin", "Europe/London"),  # whose watch is a little off
        ("12h58", WINTER, "Europe/Berlin", "Europe/London"),
        ("1 pm", WINTER, "Europe/Berlin", "Pacific/Auckland"),
        ("1 am", WINTER, "Pacific/Auckland", "Europe/Berlin"),
        ("1 a.m.", WINTER, "Pacific/Auckland", "Europe/Berlin"),
        ("17:45", WINTER, "Asia/Kathmandu", "Asia/Kolkata"),
        ("5:45", WINTER, "Asia/Kathmandu", "Asia/Kolkata"),  # half a day unsaid
        ("0:00", ms("2026-01-15T23:58"), "UTC", "Europe/Berlin"),  # over midnight
        ("23:58", ms("2026-01-16T00:02"), "UTC", "Europe/Berlin"),
    ],
)
def test_a_zone_is_suggested_by_the_clock(typed: str, now: int, found: str, not_found: str) -> None:
    assert found in suggested(typed, now)
    assert not_found not in suggested(typed, now)


@pytest.mark.parametrize("typed", ["24:00", "9:75", "99", "zzzz"])
def test_what_is_no_time_and_no_city_suggests_nothing(typed: str) -> None:
    assert suggested(typed) == []


@pytest.mark.parametrize("now", [WINTER, SUMMER], ids=["winter", "summer"])
@pytest.mark.parametrize(
    "home", ["Atlantic/Cape_Verde", "Pacific/Pago_Pago", "Asia/Kathmandu", "Pacific/Chatham"]
)
def test_whoever_types_their_clock_finds_a_zone_that_keeps_it(home: str, now: int) -> None:
    clock = zones.local(home, now).strftime("%H:%M")
    assert zones.local(home, now).utcoffset() in {
        zones.local(zone, now).utcoffset() for zone in suggested(clock, now)
    }


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{1,2}[:.h ]?[0-9]{0,2} ?[ap]?m?"))
def test_whatever_is_typed_each_suggestion_can_be_chosen(typed: str) -> None:
    places = zones.suggest(typed, SUMMER)
    assert len(places) <= 25
    assert len({place.zone for place in places}) == len(places)
    for place in places:
        assert found(place.zone, SUMMER) == [place.zone]
        assert 1 <= len(zones.label(place, SUMMER)) <= 100


@given(NAMES, st.integers(ms("2020-01-01T00:00"), ms("2040-01-01T00:00")))
def test_a_label_shows_the_clock_there(name: str, now: int) -> None:
    label = zones.label(Place(zones.place_name(name), name), now)
    here = datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(name))
    assert label.endswith(f"{here:%H:%M} now")
    assert len(label) <= 100


def test_a_label_is_for_people() -> None:
    def label(zone: str) -> str:
        return zones.label(Place(zones.place_name(zone), zone), WINTER)

    assert label("America/Argentina/Buenos_Aires") == "Buenos Aires (America/Argentina): 09:00 now"
    assert label("UTC") == "UTC: 12:00 now"
    assert zones.label(zones.find("Delhi", WINTER)[0], WINTER) == "Delhi, India: 17:30 now"


@pytest.mark.parametrize("hours", [*range(-12, 0), *range(1, 15)])
def test_an_offset_is_called_as_people_write_it(hours: int) -> None:
    (place,) = zones.find(f"UTC{hours:+}", WINTER)
    assert zones.local(place.zone, WINTER).utcoffset() == timedelta(hours=hours)
    assert zones.zone_name(place.zone) == f"UTC{hours:+}"
    assert zones.label(place, WINTER).startswith(f"UTC{hours:+}, all year: ")


def test_the_table_of_abbreviations_is_right_about_their_zones() -> None:
    """As far as the time zone database itself has these letters; it calls Manila's PST, as Los
    Angeles'."""
    for names, places in zones.ABBREVIATIONS.items():
        for zone in {zone for _, zone in places} - {"UTC", "Asia/Manila"}:
            used = {zones.local(zone, now).tzname() for now in (WINTER, SUMMER)}
            spelt = {name.upper() for name in names.split()}
            numeric = all(name and name[0] in "+-" for name in used)
            assert numeric or used & spelt, (names, zone)


def test_the_large_cities_are_all_zones_and_an_empty_box_shows_them() -> None:
    for zone in zones.LARGE_CITIES:
        assert zone in found(zone)
        assert abs(zones.local(zone, WINTER).utcoffset() or timedelta(0)) <= timedelta(hours=14)
    assert suggested("") == list(zones.LARGE_CITIES[:25])


def test_large_cities_are_suggested_while_nothing_else_is_loaded() -> None:
    assert [place.zone for place in zones.suggest_large("São P")] == ["America/Sao_Paulo"]
    assert zones.suggest_large("Narnia") == []


@pytest.mark.parametrize("typed", ["a", "s", "lon", "san", "America", "zzzz", "UTC+2", "9:00"])
def test_suggesting_takes_a_few_milliseconds(typed: str) -> None:
    zones.suggest("London", WINTER)  # loads what is needed
    took = []
    for _ in range(5):
        started = thread_time()
        zones.suggest(typed, WINTER)
        took.append(thread_time() - started)
    assert min(took) < 0.03  # far above what it takes, for slow machines
