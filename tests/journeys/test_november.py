"""A whole November of twelve people in nine time zones, against a model of what they write."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.words.day_totals import SOON
from tests.conftest import NewDatabase
from tests.journeys import november_model as told
from tests.journeys.november import NEW_YORK, YEAR, Month
from tests.journeys.november_model import Writer
from tests.journeys.pictures import picture
from tests.journeys.stage import DAY, Stage

OCTOBER = datetime(YEAR, 10, 20, 16, tzinfo=UTC)
HOURS = (6, 12, 17)  # when people log, by turns: it is the next day already for more and more


@pytest.fixture
async def month(new_sqlite: NewDatabase) -> AsyncIterator[Month]:
    stage = Stage(new_sqlite(), OCTOBER)
    async with stage.playground:
        await stage.start_bot()
        yield Month(stage)
        await stage.close()
        assert stage.playground.problems == []


async def test_a_november_of_twelve(month: Month) -> None:
    stage, model = month.stage, month.model
    mara, tobias = month.writer(stage.mara), month.writer(stage.tobias)
    noor = month.writer("نور الكاتبة")  # written from right to left
    ray = month.writer("Ray", NEW_YORK)
    keala = month.writer("Keala 🌺", "Pacific/Honolulu")
    tebora = month.writer("Tebora", "Pacific/Kiritimati")
    sakura = month.writer("さくら小説部", "Asia/Tokyo", 30_000)
    bishnu = month.writer("Bishnu", "Asia/Kathmandu")
    pete = month.writer("👩‍🚀✨", "Australia/Adelaide", 10_000)
    maxi = month.writer("Maximiliane-Leopoldine vom Wald", "Europe/Berlin")
    anand = month.writer("Ānand")
    ink = month.writer("*Ink*_&_`Quill` @everyone", "Europe/London")
    usual = {  # by the day of the month
        mara: {2: 5_000, 8: 350, 19: 2_000, 29: 40},
        tobias: {1: 400, 6: 300},
        noor: {1: 1_700, 2: 1_500, 3: 100, 19: 20_000, 20: 1_700},
        ray: {5: 900, 11: 450, 26: 9_000},
        keala: dict.fromkeys(range(1, 30, 2), 3200),
        tebora: dict.fromkeys((1, 8, 15, 22, 30), 1500),  # the last is of December
        bishnu: {1: 900, 2: 900, 3: 900, 12: 1_000, 15: 2_000, 25: 700},
        pete: {2: 1_000, 4: 500, 20: 4_000},
        maxi: {1: 2_000, 7: 7_000},
        anand: {6: 2_000, 13: 900, 14: 900},
        ink: {11: 600, 18: 6_000, 27: 25_000},
    }
    sprints: dict[int, dict[Writer, int | None]] = {
        3: {mara: 400, tobias: 350, ray: 500},
        7: {noor: 300, maxi: 450},
        14: {keala: 600, anand: 250},
        17: {mara: 700, ink: 700, pete: 20},
        21: {noor: None, mara: None},
        24: {ray: 800, pete: 310},
        28: {mara: 100, bishnu: 900},
    }  # fmt: skip

    await month.begin()
    for writer in model.writers:
        if writer.zone:
            await month.say(writer, "me zone", zone=writer.zone)
    for writer in (mara, tobias, noor, keala, sakura, bishnu, pete):
        await month.join(writer)
    for writer in (ray, tebora):
        await month.join(writer, listed=False)
    await month.turn_to(date(YEAR, 10, 31), 12)
    await month.add(mara, 500)  # too early
    await month.sprint_at(
        model.days[0],
        0,
        0,
        {mara: 120, ray: 90, noor: 60, keala: 110, pete: 40},
        early=(ray, keala),
    )
    assert mara.wrote[model.days[0]] == [120]
    assert keala.wrote[date(YEAR, 10, 31)] == [110]  # where it is October still

    for day in model.days:
        await month.turn_to(day, HOURS[day.day % 3])
        await month.add(sakura, 1_000, day)
        for writer, amounts in usual.items():
            if day.day in amounts:
                await month.add(writer, amounts[day.day])
        if day.day in sprints:
            await month.sprint(sprints[day.day])
        match day.day:
            case 1:
                await month.join(maxi)
            case 5:
                await month.join_and_tell_the_time(anand, "Kolkata", "Asia/Kolkata")
            case 6:
                await month.add(anand, 700, model.days[1])  # before they came
            case 8:
                await month.leave(tobias)
            case 9:
                await month.take_back(mara, 800)
            case 10:
                await month.leave(bishnu)
                await month.cancelled_sprint(keala)
            case 12:
                await month.stand_at(ray, 12_350)
            case 13:
                await month.move_latest(anand, model.days[11])
            case 14:
                await month.join(bishnu)
            case 16:
                await month.tell_all(noor, 60_000)
                await month.leave_off_latest(noor)
            case 22:
                await month.add(mara, 250, model.days[2])
            case 23:
                await month.add(noor, 900, date(YEAR, 10, 31))  # none of it
        if day.day == 8:
            await month.evening_with_a_restart(day)
        elif day.day == 20:
            await month.evening_without_the_bot(day)
        else:
            await month.evening(day)
        match day.day:
            case 4:
                await month.add_on_evening(mara, 350)
            case 11:
                await month.join(ink)  # for whom it is the 12th
            case 15:
                await month.add(ray, 300)
                await month.move_to(ray, "Asia/Tokyo")
                await month.add(ray, 300)  # that is tomorrow's
            case 10:
                await month.sprint_at(day, 23, 45, {ray: 400, mara: 300, sakura: 30}, early=(ray,))
                assert ray.wrote[day] == [400]  # in a tie the day it began
            case 26:
                await month.sprint_at(day, 23, 44, {ink: 100, mara: 200}, 33, early=(mara,))
                assert mara.wrote[day] == []
            case 18:
                await month.add_on_evening(anand, 400, "yesterday")
    assert len(month.evenings) == 29
    await month.sprint_at(model.days[-1], 23, 30, {noor: 500, mara: 100, maxi: 80})
    assert mara.wrote[model.days[-1]] == [100]  # it rang on 1 December

    await month.turn_to(model.days[-1], 23, 50, "Pacific/Honolulu")
    assert {model.today(one, stage.clock.now()) for one in model.room if one is not keala} == {
        date(YEAR, 12, 1)
    }
    await month.stand_at(keala, 50_110)  # of which 110 are of October
    await month.add(mara, 120, model.days[-1])
    stage.turn(SOON)
    await stage.settle()
    month.check_board()

    stage.turn_to(datetime(YEAR, 12, 1, 12, tzinfo=UTC))
    await stage.settle()
    model.look(stage.clock.now())
    *_, final = stage.posts()
    assert told.final_in(final["content"]) == model.final()
    badges = told.badges_in(final["content"])
    assert badges == model.tell()
    assert badges["50,000 words"] == {keala.name}
    assert "par every day" in sakura.told
    for writer in model.room:
        certificate = await writer.person.click(final, label="My certificate")
        assert model.certificate(writer) in told.plain(certificate.content)
        assert writer.name in (await picture(stage, certificate))["description"]
    gone = await tobias.person.click(final, label="My certificate")
    assert "You were not in that challenge" in gone.content

    for post in stage.posts():
        assert (post["mentions"], post["mention_everyone"]) == ([], False)

    everything = [(post["id"], post["content"]) for post in stage.posts()]
    await month.add(mara, 5_000, model.days[-1])
    await month.add(noor, 5_000, model.days[-1])
    for _ in range(2):
        stage.turn(DAY)
        await stage.settle()
    assert [(post["id"], post["content"]) for post in stage.posts()] == everything
