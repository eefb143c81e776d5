"""Blocking work in a thread that ends with the process, so that a slow server holds up no stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


async def detached(
    work: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs
) -> Answer:
    """Do the work in a thread of its own and give what it gives.

    asyncio.to_thread would keep the process until the thread is done; here a cancelled caller
    leaves it behind. So the work must be bounded by itself.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Answer] = loop.create_future()

    def settle(settled: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(lambda: None if answer.done() else settled())

    def run() -> None:
        try:
            given = work(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - it goes to the caller
            failure = error
            settle(lambda: answer.set_exception(failure))
        else:
            settle(lambda: answer.set_result(given))

    threading.Thread(target=run, daemon=True).start()
    return await answer
