"""Asked to stop, the bot finishes what is under way and ends: quickly, quietly and with code 0."""

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.faults import Delay, Phase, Status
from tests.conftest import ROOT
from tests.journeys.own_process import (
    LONGEST_STOP,
    PATIENCE,
    OwnProcess,
    environment,
    poll,
    started,
)
from tests.journeys.stage import Stage

SIGNALS = [signal.SIGTERM, signal.SIGINT]


@pytest.fixture
async def bot(empty_stage: Stage, tmp_path: Path) -> AsyncIterator[OwnProcess]:
    async with started(tmp_path, environment(empty_stage)) as bot:
        assert "Cliffhanger is running" in await bot.line()
        await empty_stage.playground.until_connected(PATIENCE)
        yield bot


def begun(empty_stage: Stage, *paths: str) -> asyncio.Event:
    """Set once a POST to each of the paths' ends has come."""
    event, awaited = asyncio.Event(), set(paths)

    def note(method: str, path: str, phase: Phase) -> None:
        if method == "POST" and phase == "before":
            awaited.difference_update([end for end in awaited if path.endswith(end)])
        if not awaited:
            event.set()

    empty_stage.playground.faults.on_request = note
    return event


def states(empty_stage: Stage) -> list[tuple[str, bool]]:
    with sqlite3.connect(empty_stage.url.removeprefix("sqlite:///")) as database:
        query = "SELECT state, message_id IS NOT NULL FROM outbox ORDER BY id"
        return database.execute(query).fetchall()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.mark.parametrize("number", SIGNALS)
async def test_what_is_under_way_is_finished(
    empty_stage: Stage, bot: OwnProcess, number: signal.Signals
) -> None:
    draft = await empty_stage.mara.slash(
        empty_stage.stories, "serial add", file=("a.txt", b"Once. " * 300)
    )
    assert draft.message is not None
    await empty_stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    for path in ("/channels/*/messages", "/interactions/*/callback"):
        empty_stage.playground.faults.add("POST", path, Delay(1.0))
    both = begun(empty_stage, "/messages", "/callback")
    posting = asyncio.create_task(
        empty_stage.mara.click(draft.message, label="Post part 1 now, then daily")
    )
    await asyncio.wait_for(both.wait(), 20)
    assert await bot.stop(number) < LONGEST_STOP
    assert not (await posting).failed
    assert len(empty_stage.posts()) == 1
    assert set(states(empty_stage)) == {("sent", 1)}


@pytest.mark.parametrize(
    "path", ["/interactions/*/callback", "/channels/*/messages"], ids=["answer", "post"]
)
async def test_what_takes_too_long_holds_nothing_up(
    empty_stage: Stage, bot: OwnProcess, tmp_path: Path, path: str
) -> None:
    """Whoever waits for an answer is told; a post is settled by the next start."""
    draft = await empty_stage.mara.slash(
        empty_stage.stories, "serial add", file=("a.txt", b"Once. " * 300)
    )
    assert draft.message is not None
    await empty_stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    empty_stage.playground.faults.add("POST", path, Delay(30))
    posting = asyncio.create_task(
        empty_stage.mara.click(draft.message, label="Post part 1 now, then daily")
    )
    await asyncio.wait_for(begun(empty_stage, path.rpartition("*")[2]).wait(), 20)
    assert await bot.stop() < LONGEST_STOP
    if path.startswith("/interactions"):
        answer = await posting
        assert not answer.failed
        shown = [answer.content, *(message["content"] for message in answer.followups)]
        assert any("being restarted" in content for content in shown)
    async with started(tmp_path, environment(empty_stage)) as again:
        await again.line()
        await poll(lambda: set(states(empty_stage)) == {("sent", 1)})
        assert len(empty_stage.posts()) == 1
        await again.stop()


async def test_a_hangup_is_nothing_to_it(empty_stage: Stage, bot: OwnProcess) -> None:
    bot.process.send_signal(signal.SIGHUP)
    assert not (await empty_stage.tobias.slash(empty_stage.stories, "help")).failed
    assert bot.process.returncode is None
    await bot.stop()


def handles_sigterm(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = status.partition("SigCgt:")[2].split()[0]
    return bool(int(caught, 16) >> signal.SIGTERM - 1 & 1)


@pytest.mark.parametrize("module", ["bot", "playground"])
@pytest.mark.parametrize("seconds", [0, 0.7, 1.5, 2.5])
async def test_it_may_be_stopped_while_it_starts(
    empty_stage: Stage, tmp_path: Path, module: str, seconds: float
) -> None:
    """From Python's first moments on. Discord is ill as well, so that the start takes long."""
    empty_stage.playground.faults.add("GET", "/users/@me", Status(503), times=1000)
    env = environment(empty_stage, PLAYGROUND_PORT=str(free_port()))
    async with started(tmp_path, env, module) as process:
        await poll(lambda: handles_sigterm(process.process.pid))
        await asyncio.sleep(seconds)
        assert await process.stop() < LONGEST_STOP


def only_child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text())


def may_unshare() -> bool:
    if (unshare := shutil.which("unshare")) is None:
        return False
    tried = subprocess.run([unshare, *NAMESPACE, "true"], capture_output=True, check=False)
    return tried.returncode == 0


NAMESPACE = ["--user", "--map-root-user", "--fork", "--pid", "--mount-proc", "--kill-child"]


@pytest.mark.parametrize("number", SIGNALS)
async def test_as_a_containers_first_process(
    empty_stage: Stage, tmp_path: Path, number: signal.Signals
) -> None:
    """Which the kernel spares every signal that it doesn't handle."""
    if not may_unshare():
        pytest.skip("this machine lets nobody begin a process namespace")
    async with started(tmp_path, environment(empty_stage), inside=["unshare", *NAMESPACE]) as bot:
        await bot.line()
        await empty_stage.playground.until_connected(PATIENCE)
        os.kill(only_child(bot.process.pid), number)
        async with asyncio.timeout(LONGEST_STOP + 2):
            assert await bot.process.wait() == 0
        assert "Traceback" not in bot.said


@pytest.mark.parametrize("ending", ["closed", "full"])
async def test_nobody_needs_to_listen(empty_stage: Stage, tmp_path: Path, ending: str) -> None:
    """As behind `| head -1`, and on a full disk; what it logs goes the same way."""
    if ending == "full":
        stdout = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, stdout = os.pipe()
        os.close(reader)
    async with started(tmp_path, environment(empty_stage), stdout=stdout, stderr=stdout) as bot:
        os.close(stdout)
        await empty_stage.playground.until_connected(PATIENCE)
        assert not (await empty_stage.tobias.slash(empty_stage.stories, "help")).failed
        assert await bot.stop() < LONGEST_STOP


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


async def test_the_playground_stops_as_well(tmp_path: Path) -> None:
    port = free_port()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PLAYGROUND_PORT": str(port)}
    async with started(tmp_path, env, "playground") as playground:
        assert "Cliffhanger is running" in await playground.line()
        assert await playground.stop(signal.SIGINT) < LONGEST_STOP
    reader, stdout = os.pipe()
    os.close(reader)
    async with started(tmp_path, env, "playground", stdout=stdout) as playground:
        os.close(stdout)
        await poll(lambda: listens(port))
        assert playground.process.returncode is None, playground.said
        assert await playground.stop() < LONGEST_STOP


@pytest.mark.parametrize("command", ["inspect", "check"])
async def test_a_command_whose_output_nobody_reads_says_no_other_cause(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / "story.txt").write_text("Once upon a time.\n\n" * 9000)
    arguments = [sys.executable, "-m", "bot", command]
    if command == "inspect":
        arguments.append("story.txt")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR"}
    reader, closed = os.pipe()
    os.close(reader)
    for stdout in (closed, os.open("/dev/full", os.O_WRONLY)):
        process = await asyncio.create_subprocess_exec(
            *arguments, cwd=tmp_path, env=env, stdout=stdout, stderr=PIPE
        )
        os.close(stdout)
        assert process.stderr is not None
        said = (await process.stderr.read()).decode()
        assert await process.wait() == (1 if command == "inspect" else 0)
        reason = "That failed: [Errno 28] No space left on device\n"
        assert said == (reason if command == "inspect" and stdout != closed else "")
