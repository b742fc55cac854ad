"""Number 4: cut the power of the machine that the database runs on, by copying its disk.

The cluster lies on a file system in a file. Everything that writes is frozen in the middle, the
file is copied as it lies (what was never synchronised is not in it), and a second database starts
from the copy. The control runs with fsync off. It needs root and loop mounts; where there are
none the trial says so. Not here: processes that die on a machine that lives (`kills.py`).

What this cannot show: a disk that lies about having written, because what the file system sent to
the disk is in the copy even if nobody asked for it to be flushed.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import perf_counter

from chaos.judging import LOSSES, nothing_lost, ranks_dense, sound
from chaos.people import Heard, People
from chaos.trial import Attempt, Control, Impossible, Outcome, Trial
from chaos.unsafe import UnsafeServer
from chaos.world import Database, World, world_in
from earnest.store.embedded import EmbeddedServer
from earnest.store.errors import StoreError

AT_ONCE = 64
IMAGE_BYTES = 3 * 1024**3
"""Size of the disk; the file has holes, so it takes only what is written."""

LIVES_S = (0.5, 2.0)
CUTS_IN_A_WORLD = 10
"""So many cuts one world takes: each is judged whole, so a world that grew for ever would take most
of the time of all."""

UNREADABLE = "copy_does_not_start"
_PROCESSES = Path("/proc")


class Disk:
    """A file system in a file, mounted at a folder."""

    def __init__(self, image: Path, folder: Path) -> None:
        """Nothing is mounted yet."""
        self.image = image
        self.folder = folder

    def make(self) -> None:
        """Make an empty file system. Raises `Impossible`."""
        with self.image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        _run("mkfs.ext4", "-q", "-F", str(self.image))

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        """Mount it; a journal that was cut short is recovered by that. Raises `Impossible`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # The file system shall not write by itself in the middle of a copy.
        _run("mount", "-o", "loop,commit=300", str(self.image), str(self.folder))
        try:
            yield self.folder
        finally:
            _run("umount", "--lazy", str(self.folder))

    def settle(self) -> None:
        """Bring everything to the disk, as a machine does that has been idle for long."""
        _run("sync", "--file-system", str(self.folder))

    def copied_to(self, image: Path) -> None:
        """Copy what is on the disk now; what waits in memory is not on it."""
        _run("cp", "--sparse=always", "--reflink=never", str(self.image), str(image))


def _run(*command: str) -> None:
    if shutil.which(command[0]) is None:
        raise Impossible(f"cutting the power needs the program {command[0]}, which is not here")
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise Impossible(
            f"cutting the power needs root and loop mounts; `{' '.join(command[:2])}` said: "
            f"{done.stderr.strip()}"
        )


async def cut_often(attempt: Attempt) -> Outcome:
    """Cut the power of a database as it is shipped."""
    return await _cut(attempt, EmbeddedServer)


async def cut_without_fsync(attempt: Attempt) -> Outcome:
    """The same with a database that never waits for its disk."""
    return await _cut(attempt, UnsafeServer)


async def _cut(attempt: Attempt, database_at: Callable[[Path], Database]) -> Outcome:
    outcome = Outcome()
    cuts = _Cuts(attempt, outcome)
    for first in range(0, attempt.rounds, CUTS_IN_A_WORLD):
        await cuts.in_a_world(first, min(CUTS_IN_A_WORLD, attempt.rounds - first), database_at)
    outcome.figures["cuts"] = len(cuts.seconds)
    outcome.figures["acknowledged"] = cuts.acknowledged
    outcome.figures["recovered in, longest s"] = round(max(cuts.seconds), 1)
    return outcome


class _Cuts:
    """All cuts of an attempt, over worlds that begin anew now and then."""

    def __init__(self, attempt: Attempt, outcome: Outcome) -> None:
        self.seconds: list[float] = []
        self.acknowledged = 0
        self._attempt = attempt
        self._outcome = outcome
        self._chance = attempt.chance("cuts")

    async def in_a_world(
        self, first: int, count: int, database_at: Callable[[Path], Database]
    ) -> None:
        """So many cuts of one world, which is thrown away after them."""
        folder = self._attempt.folder / str(first)
        folder.mkdir(parents=True, exist_ok=True)
        disk = Disk(folder / "disk.img", folder / "disk")
        disk.make()
        with ExitStack() as stack:
            mounted = stack.enter_context(disk.mounted())
            database = database_at(mounted / "database")
            async with world_in(folder / "world", database=database) as world:
                disk.settle()
                people = await People.of(world, f"power-{first}", self._attempt.seed)
                goes_on = True
                try:
                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(people.crowd(AT_ONCE, lambda _: goes_on))
                        for number in range(first + 1, first + count + 1):
                            await self._one(number, disk, world, people)
                        goes_on = False
                finally:
                    await people.close()
            self.acknowledged += people.acknowledged
        shutil.rmtree(folder, ignore_errors=True)

    async def _one(self, number: int, disk: Disk, world: World, people: People) -> None:
        await people.until_told(len(people.told) + AT_ONCE)
        await asyncio.sleep(self._chance.uniform(*LIVES_S))
        self.seconds.append(await _one_cut(disk, world, people, self._outcome))
        self._attempt.say(f"cut {number}: the copy recovered in {self.seconds[-1]:.1f} s")
        self._attempt.reach(number, self.acknowledged + people.acknowledged)


async def _one_cut(disk: Disk, world: World, people: People, outcome: Outcome) -> float:
    """Freeze, copy, thaw; then start from the copy what the power cut would have left."""
    copy = Disk(disk.image.with_name("copy.img"), disk.image.with_name("copy"))
    frozen = [*(server.process_id for server in world.servers), *family(world.database.process_id)]
    with _stopped(frozen):
        heard = people.snapshot()
        await asyncio.to_thread(disk.copied_to, copy.image)
    # The next cut comes under load again; until then the copy has the machine to itself.
    with people.resting():
        return await _recovered(copy, heard, outcome)


async def _recovered(copy: Disk, heard: Heard, outcome: Outcome) -> float:
    """Start from a copy and judge what it holds; how long it took to start, in seconds."""
    started = perf_counter()
    try:
        with copy.mounted() as folder:
            # After a power cut no process of before is alive, whatever its number was.
            for file in ("postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"):
                (folder / "database" / "postgres" / file).unlink(missing_ok=True)
            database = EmbeddedServer(folder / "database")
            try:
                await asyncio.to_thread(database.start)
            except StoreError as error:
                outcome.fail(UNREADABLE, str(error))
                return perf_counter() - started
            try:
                back = perf_counter() - started
                seen = Outcome()
                nothing_lost(database.url, heard, seen)
                ranks_dense(database.url, seen)
                await sound(database.url, seen)
                _add(outcome, seen)
            finally:
                await asyncio.to_thread(database.stop)
    finally:
        copy.image.unlink(missing_ok=True)
    return back


def _add(outcome: Outcome, seen: Outcome) -> None:
    """What one cut showed; figures are those of the last one, losses are those of all."""
    outcome.failures.update(seen.failures)
    outcome.examples.extend(seen.examples)
    lost = outcome.figures.get("lost", 0), seen.figures.get("lost", 0)
    outcome.figures |= seen.figures
    outcome.figures["lost"] = sum(int(each) for each in lost)


@contextmanager
def _stopped(processes: Sequence[int]) -> Iterator[None]:
    """Let processes stand still; those that ended meanwhile are left out."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def family(process_id: int) -> list[int]:
    """A process and its children, as the system tells."""
    found = [process_id]
    for status in _PROCESSES.glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name in brackets may hold blanks; state and parent follow the last bracket.
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            if parent == process_id:
                found.append(int(status.parent.name))
    return found


TRIAL = Trial(
    name="power",
    number=4,
    shows="Whatever was acknowledged is on the disk when the power fails.",
    unit="cuts",
    rounds=50,
    short_rounds=1,
    lasts="6 min",
    act=cut_often,
    control=Control(
        says="with fsync off a power cut loses what was acknowledged",
        act=cut_without_fsync,
        noticed_as=LOSSES | {UNREADABLE},
        rounds=3,
        short_rounds=1,
    ),
)
"""What `make chaos` runs."""
