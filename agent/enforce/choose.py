"""Which mechanism this workstation has for sending names to the sinkhole, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

STUB = "127.0.0.53"
"""Where systemd-resolved answers programs that ask a server of resolv.conf."""


class Mechanism(StrEnum):
    """What there is to choose from."""

    RESOLVED = "systemd-resolved"
    NONE = "none"
    """No resolver of this system can send some names elsewhere."""
    UNUSED = "unused"
    """systemd-resolved runs, and programs ask somebody else."""


@dataclass(frozen=True)
class Environment:
    """What was found on the workstation."""

    resolved_runs: bool
    resolv_conf: str
    """The text of /etc/resolv.conf."""
    nsswitch: str
    """The text of /etc/nsswitch.conf."""


@dataclass(frozen=True)
class Choice:
    """A mechanism, and in one line what the choice rests on."""

    mechanism: Mechanism
    trace: str


def choose(environment: Environment) -> Choice:
    """Choose for this workstation.

    Programs ask systemd-resolved if its module stands before `dns` in nsswitch.conf, or if its stub
    is the only server in resolv.conf.
    """
    servers, sources = _servers(environment.resolv_conf), _sources(environment.nsswitch)
    if not environment.resolved_runs:
        mechanism = Mechanism.NONE
    elif _before("resolve", "dns", sources) or servers == [STUB]:
        mechanism = Mechanism.RESOLVED
    else:
        mechanism = Mechanism.UNUSED
    runs = "yes" if environment.resolved_runs else "no"
    trace = f"resolved={runs} servers={','.join(servers)} hosts={','.join(sources)} -> {mechanism}"
    return Choice(mechanism, trace)


def _servers(resolv_conf: str) -> list[str]:
    lines = (line.split() for line in resolv_conf.splitlines())
    return [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]


def _sources(nsswitch: str) -> list[str]:
    """Where names of hosts are looked up, in order, without the actions in brackets."""
    for line in nsswitch.splitlines():
        database, colon, rest = line.partition("#")[0].partition(":")
        if colon and database.strip() == "hosts":
            return [word for word in rest.split() if word[0].isalpha()]
    return []


def _before(first: str, second: str, sources: list[str]) -> bool:
    return [one for one in sources if one in {first, second}][:1] == [first]
