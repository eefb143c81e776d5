"""Work in a thread that ends with the process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from agent.detached import detached


def test_it_gives_what_the_work_gives() -> None:
    assert asyncio.run(detached(divmod, 7, 2)) == (3, 1)


def test_it_raises_what_the_work_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(detached(divmod, 7, 0))


def test_the_loop_goes_on_meanwhile() -> None:
    async def both() -> list[str]:
        done: list[str] = []

        async def slow() -> None:
            await detached(time.sleep, 0.2)
            done.append("slow")

        async def quick() -> None:
            done.append("quick")

        await asyncio.gather(slow(), quick())
        return done

    assert asyncio.run(both()) == ["quick", "slow"]


STOPS = """
import asyncio, time
from agent.detached import detached

async def stop():
    task = asyncio.ensure_future(detached(time.sleep, 60))
    await asyncio.sleep(0.1)
    task.cancel()

asyncio.run(stop())
"""


def test_a_slow_server_holds_up_no_stop() -> None:
    start = time.monotonic()

    subprocess.run([sys.executable, "-c", STOPS], check=True, timeout=30)

    assert time.monotonic() - start < 20
