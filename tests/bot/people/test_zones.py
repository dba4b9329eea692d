from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.people import zones


def ms(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp() * 1000)


WINTER, SUMMER = ms("2026-01-15T12:00"), ms("2026-07-15T12:00")
NAMES = st.sampled_from(sorted(available_timezones()))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("AMERICA/NEW YORK", "America/New_York"),
        ("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_known_in_any_case(typed: str, expected: str) -> None:
    assert zones.parse(typed) == expected


@pytest.mark.parametrize("typed", ["", "Atlantis", "+02:00", "Etc/GMT+5", "../../etc/passwd", "9"])
def test_an_unknown_zone_gets_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput, match="Type a city near you, or what time it is"):
        zones.parse(typed)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berl", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("NEW_Y", "America/New_York"),
        ("buenos", "America/Argentina/Buenos_Aires"),
        ("kolk", "Asia/Kolkata"),
        ("utc", "UTC"),
        # A large city goes before others whose names begin alike, a city before a region.
        ("lo", "America/Los_Angeles"),
        ("ho", "Pacific/Honolulu"),
    ],
)
def test_a_zone_is_suggested_by_its_city(typed: str, first: str) -> None:
    assert zones.suggest(typed, WINTER)[0] == first


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("São Paulo", "America/Sao_Paulo"),
        ("bogotá", "America/Bogota"),
        ("Nouméa", "Pacific/Noumea"),
    ],
)
def test_a_city_is_found_with_its_accents(typed: str, zone: str) -> None:
    assert zone in zones.suggest(typed, WINTER)


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
    suggested = zones.suggest(typed, now)
    assert found in suggested
    assert not_found not in suggested


@pytest.mark.parametrize("typed", ["24:00", "9:75", "99", "zzzz"])
def test_what_is_no_time_and_no_city_suggests_nothing(typed: str) -> None:
    assert zones.suggest(typed, WINTER) == []


@pytest.mark.parametrize("now", [WINTER, SUMMER], ids=["winter", "summer"])
@pytest.mark.parametrize(
    "home", ["Atlantic/Cape_Verde", "Pacific/Pago_Pago", "Asia/Kathmandu", "Pacific/Chatham"]
)
def test_whoever_types_their_clock_finds_a_zone_that_keeps_it(home: str, now: int) -> None:
    clock = zones.local(home, now).strftime("%H:%M")
    suggested = zones.suggest(clock, now)
    assert zones.local(home, now).utcoffset() in {
        zones.local(zone, now).utcoffset() for zone in suggested
    }


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{1,2}[:.h ]?[0-9]{0,2} ?[ap]?m?"))
def test_whatever_is_typed_each_suggestion_can_be_chosen(typed: str) -> None:
    suggested = zones.suggest(typed, SUMMER)
    assert len(suggested) <= 25
    assert len(set(suggested)) == len(suggested)
    for zone in suggested:
        assert zones.parse(zone) == zone
        assert 1 <= len(zones.label(zone, SUMMER)) <= 100


@given(NAMES, st.integers(ms("2020-01-01T00:00"), ms("2040-01-01T00:00")))
def test_a_label_shows_the_clock_there(name: str, now: int) -> None:
    label = zones.label(name, now)
    here = datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(name))
    assert label.endswith(f"{here:%H:%M} now")
    assert len(label) <= 100


def test_a_label_is_for_people() -> None:
    assert zones.label("America/Argentina/Buenos_Aires", WINTER) == (
        "Buenos Aires (America/Argentina): 09:00 now"
    )
    assert zones.label("UTC", WINTER) == "UTC: 12:00 now"


def test_the_large_cities_are_all_zones_and_an_empty_box_shows_them() -> None:
    for zone in zones.LARGE_CITIES:
        assert zones.parse(zone) == zone
        assert abs(zones.local(zone, WINTER).utcoffset() or timedelta(0)) <= timedelta(hours=14)
    assert zones.suggest("", WINTER) == list(zones.LARGE_CITIES[:25])
