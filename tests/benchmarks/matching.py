"""Host to verdict beside a bare look-up in a dict, with real names; compiling; starting."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

from blocklists.blocklist import Blocklist, Entry
from blocklists.catalogue import Catalogue, Category, HostFact, Service
from blocklists.compiler import compile_blocklist
from blocklists.hosts import Host
from blocklists.matcher import decide
from blocklists.policy import Policy, load_policy
from server.kept_catalogue import kept_catalogue
from tests.benchmarks.measured import Measured, ratio, spread

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
NAMES, ROUNDS = 1_000, 60
MANY = 100_000
"""Look-ups between two measurements of memory."""
SERVICES = 3_000
STARTS = 15
MOST_RATIO, MOST_BYTES, MOST_COMPILE_S, MOST_START_S = 3.0, 1_024, 1.0, 0.3


def measure() -> list[Measured]:
    """Measure matching, compiling and the start of a look-up."""
    catalogue = kept_catalogue(environment=os.environ)
    policy = _policy(catalogue)
    blocklist = _compiled(catalogue, policy)
    return [_matching(blocklist), _compiling(catalogue), _starting()]


def _policy(catalogue: Catalogue) -> Policy:
    """Block every category, so that every name of the catalogue is in the list."""
    rules = "\n".join(f"  {category}: {{verdict: block}}" for category in Category)
    return load_policy(f"categories:\n{rules}\n".encode(), "policy.yaml", catalogue.services)


def _compiled(catalogue: Catalogue, policy: Policy) -> Blocklist:
    made = compile_blocklist(
        catalogue, policy, version=1, published=AT, never=[Host("sluis.example")]
    )
    return made.blocklist


def _matching(blocklist: Blocklist) -> Measured:
    names = _names(blocklist)
    table = {entry.host: entry for entry in blocklist.entries}
    ours, bare, steps = list[float](), list[float](), sum(name.count(".") + 1 for name in names)
    turns: list[tuple[Callable[[], None], list[float]]] = [
        (lambda: _decide_all(blocklist, names), ours),
        (lambda: _look_up_all(table, names), bare),
    ]
    dice = random.Random(1)
    for _ in range(ROUNDS):
        dice.shuffle(turns)
        for work, took in turns:
            took.append(_seconds(work) / len(names) * 1e6)
    grown = _grown(blocklist, names)
    found = ratio(ours, bare)
    return Measured(
        title="Host to verdict",
        how=f"{NAMES} names, half below an entry of {len(blocklist.entries)} and half below none, "
        f"{steps / len(names):.1f} labels each, {ROUNDS} rounds in turn. Bare is a dict asked for "
        f"the name and each name above it. Memory: what {MANY} look-ups leave behind.",
        heads=("", "median µs", "95th", "highest", "÷ bare (95 % interval)"),
        rows=(
            ("verdict", *spread(ours, 2), f"**{found}**"),
            ("bare look-up", *spread(bare, 2), "1"),
            ("memory kept, bytes", str(grown), "", "", ""),
        ),
        ceiling=f"the ratio is at most {MOST_RATIO:.0f}, and under {MOST_BYTES} bytes are kept",
        holds=found.value <= MOST_RATIO and grown < MOST_BYTES,
    )


def _names(blocklist: Blocklist) -> list[Host]:
    dice = random.Random(2)
    entries = dice.choices([entry for entry in blocklist.entries if entry.kind != "path"], k=500)
    names = [Host(f"www.{entry.host}") for entry in entries]
    names += [Host(f"www.page-{number}.voorbeeld.nl") for number in range(NAMES - len(names))]
    dice.shuffle(names)
    return names


def _decide_all(blocklist: Blocklist, names: Sequence[Host]) -> None:
    for name in names:
        decide(blocklist, name, "/", AT)


def _look_up_all(table: Mapping[Host, Entry], names: Sequence[str]) -> None:
    for whole in names:
        name = whole
        while name and name not in table:
            _, _, name = name.partition(".")


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _grown(blocklist: Blocklist, names: Sequence[Host]) -> int:
    """Bytes that many look-ups of ever new names leave behind."""
    tracemalloc.start()
    _decide_all(blocklist, names)
    before, _ = tracemalloc.get_traced_memory()
    for number in range(MANY):
        decide(blocklist, Host(f"new-{number}.{names[number % len(names)]}"), "/", AT)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return max(0, after - before)


def _compiling(catalogue: Catalogue) -> Measured:
    large = _enlarged(catalogue)
    policy = _policy(large)
    took = [_seconds(lambda: _compile(large, policy)) for _ in range(7)]
    entries = len(_compiled(large, policy).entries)
    return Measured(
        title="Compiling",
        how=f"The catalogue's services under new names until there are {SERVICES}; every category "
        f"blocked: {entries} entries. Seven times.",
        heads=("", "median s", "95th", "highest"),
        rows=((f"{SERVICES} services", *spread(took, 2)),),
        ceiling=f"the median is under {MOST_COMPILE_S:.0f} s",
        holds=median(took) < MOST_COMPILE_S,
    )


def _compile(catalogue: Catalogue, policy: Policy) -> None:
    _compiled(catalogue, policy)


def _enlarged(catalogue: Catalogue) -> Catalogue:
    services: dict[str, Service] = {}
    copies = 0
    while len(services) < SERVICES:
        for service in catalogue.services.values():
            name = f"{service.id[:50]}-{copies}"
            hosts = tuple(_renamed(fact, name, copies) for fact in service.hosts)
            services[name] = replace(service, id=name, hosts=hosts)
        copies += 1
    kept = dict(sorted(services.items())[:SERVICES])
    return Catalogue(kept, catalogue.lists)


def _renamed(fact: HostFact, service: str, copy: int) -> HostFact:
    host, slash, path = fact.value.partition("/")
    return replace(fact, service=service, value=f"copy-{copy}.{host}{slash}{path}")


def _starting() -> Measured:
    """Start `sluis catalogue lookup` beside a Python that does nothing."""
    ours = [sys.executable, "-m", "server.cli", "catalogue", "lookup", "chatgpt.com"]
    bare = [sys.executable, "-c", "pass"]
    _run(ours)  # makes the parsed copy
    pairs = [(_seconds(lambda: _run(ours)), _seconds(lambda: _run(bare))) for _ in range(STARTS)]
    took = [one for one, _ in pairs]
    return Measured(
        title="Starting a look-up",
        how=f"`sluis catalogue lookup chatgpt.com`, {STARTS} times beside a Python that does "
        "nothing; the catalogue's parsed copy is there.",
        heads=("", "median s", "95th", "highest"),
        rows=(
            ("look-up", *spread(took, 2)),
            ("Python alone", *spread([other for _, other in pairs], 2)),
        ),
        ceiling=f"the median is under {MOST_START_S:.1f} s",
        holds=median(took) < MOST_START_S,
    )


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)
