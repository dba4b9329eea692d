"""An option may be 6,000 characters long, and a message 2,000."""

from tests.journeys.stage import Stage


async def test_nonsense_of_any_length_is_answered(stage: Stage) -> None:
    await stage.publish()
    for command, option in (
        ("me zone", "zone"),
        ("serial schedule", "time"),
        ("serial schedule", "weekdays"),
    ):
        answer = await stage.mara.slash(stage.stories, command, **{option: "x" * 6000})
        assert not answer.failed, command
        assert answer.ephemeral
        assert "xxx" in answer.content
        assert len(answer.content) <= 2000
