"""The writer: groups share a commit, and one that fails takes nobody along."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection

from server.store.database import Database
from server.store.writer import Job

INSERT = "INSERT INTO target_files VALUES (zeroblob(16), '{}', 'x')"


def names(connection: Connection) -> list[str]:
    found = connection.exec_driver_sql("SELECT name FROM target_files ORDER BY name")
    return [row[0] for row in found]


def put(name: str) -> Job:
    return lambda connection: connection.exec_driver_sql(INSERT.format(name))


def test_jobs_that_wait_together_share_a_transaction_and_fail_apart(tmp_path: Path) -> None:
    go_on = threading.Event()

    def broken(connection: Connection) -> None:
        connection.exec_driver_sql(INSERT.format("half"))
        raise ValueError("broken")

    async def story() -> None:
        database = Database(tmp_path / "sluis.db")
        slow = asyncio.ensure_future(database.write(lambda _: go_on.wait(10)))
        await asyncio.sleep(0.05)  # the writer is at work: what comes now waits together
        jobs = [database.write(job) for job in (put("a"), broken, put("b"))]
        waiting = asyncio.gather(*jobs, return_exceptions=True)
        await asyncio.sleep(0.05)
        assert await database.read(names) == []  # reading goes on meanwhile
        go_on.set()
        await slow
        results = await waiting
        assert isinstance(results[1], ValueError)
        assert await database.read(names) == ["a", "b"]
        database.close()

    asyncio.run(story())


def test_a_job_is_on_disk_before_it_is_answered(tmp_path: Path) -> None:
    async def story() -> None:
        database = Database(tmp_path / "sluis.db")
        for number in range(20):
            await database.write(put(f"{number:02}"))
            assert len(await database.read(names)) == number + 1
        database.close()

    asyncio.run(story())


def test_closing_finishes_what_waits(tmp_path: Path) -> None:
    async def story() -> None:
        database = Database(tmp_path / "sluis.db")
        jobs = [asyncio.ensure_future(database.write(put(f"{n:03}"))) for n in range(300)]
        await asyncio.sleep(0)
        database.close()
        await asyncio.gather(*jobs)

    asyncio.run(story())
    database = Database(tmp_path / "sluis.db")
    assert len(asyncio.run(database.read(names))) == 300
    database.close()


def test_the_error_of_a_job_is_its_callers(tmp_path: Path) -> None:
    async def story() -> None:
        database = Database(tmp_path / "sluis.db")
        with pytest.raises(ZeroDivisionError):
            await database.write(lambda _: 1 // 0)
        database.close()

    asyncio.run(story())
