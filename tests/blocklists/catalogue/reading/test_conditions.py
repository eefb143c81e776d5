"""Countries, plans and the headers that tell plans apart."""

from __future__ import annotations

import pytest

from blocklists.catalogue import PlanKind, Residency, ToldBy, Trains
from tests.simulators.service_files import ACME, changed, faults, line, services_of

HEADER = (
    "{name: X-Acme-Team, value: ids of teams, hosts: [acme-chat.example], plan: team,\n"
    "         leaves_open: the API, source: own}"
)
FREE = "{told_by: none, trains: opt-out, retention: 30, eu_residency: no, source: privacy}"


def test_what_is_unknown_is_a_value() -> None:
    chat, paint = services_of(ACME)
    assert chat.countries.host is None
    assert chat.countries.source == "own"
    assert vars(paint.countries) == dict.fromkeys(("vendor", "owner", "host", "model")) | {
        "source": ""
    }
    assert paint.plans == {}


def test_plans_as_they_are_written() -> None:
    plans = services_of(ACME)[0].plans
    assert list(plans) == [PlanKind.FREE, PlanKind.TEAM, PlanKind.ENTERPRISE]
    free, team, enterprise = plans.values()
    assert (free.trains, free.retention, free.eu_residency) == (Trains.OPT_OUT, 30, Residency.NO)
    assert (team.told_by, team.header, team.retention) == (
        ToldBy.HEADER,
        "X-Acme-Team",
        "account",
    )
    assert enterprise.retention is None
    assert enterprise.eu_residency is Residency.UNKNOWN


@pytest.mark.parametrize("days", ["0", "1", "36500"])
def test_days_of_retention(days: str) -> None:
    text = changed(FREE, FREE.replace("retention: 30", f"retention: {days}"))
    assert services_of(text)[0].plans[PlanKind.FREE].retention == int(days)


@pytest.mark.parametrize(
    ("retention", "words"),
    [
        ("-1", "-1 is no time; write days, account or unknown"),
        ("30 days", "30 days is no time"),
        ("1.5", "1.5 is no time"),
        ("forever", "forever is no time"),
        ("36501", "write a whole number from 0 to 36500"),
        ("007", "write a whole number from 0 to 36500"),
        ("\u0663", "write a whole number from 0 to 36500"),
        ("[30]", "is a list; write a whole number"),
        ('""', "is no time"),
    ],
)
def test_a_retention_that_is_no_time(retention: str, words: str) -> None:
    (told,) = faults(changed(FREE, FREE.replace("retention: 30", f"retention: {retention}")))
    assert told.startswith(f"{line(FREE)}: services[1].plans.free.retention: ")
    assert words in told


def test_every_condition_of_a_plan_must_be_said() -> None:
    told = faults(changed(FREE, "{source: own}"))
    assert [each.split(": ")[1].rpartition(".")[2] for each in told] == [
        "told_by",
        "trains",
        "retention",
        "eu_residency",
    ]
    assert all(each.endswith("is missing; write it") for each in told)


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("plans: unknown", "plans: {}", "plans: names no plan; write unknown, or the plans"),
        ("plans: unknown", "plans: none", "plans: must have keys of its own"),
        ("plans: unknown", "plans: {gratis: {}}", "plans.gratis: gratis is no key here"),
        ("countries: unknown", "countries: NL", "countries: must have keys of its own"),
        ("countries: unknown", "countries: {}", "countries.vendor: is missing"),
        ("owner: NO", "owner: Norway", "countries.owner: Norway is no country"),
    ],
)
def test_conditions_with_a_fault(right: str, wrong: str, words: str) -> None:
    assert any(words in each for each in faults(changed(right, wrong)))


def test_a_header_as_it_is_written() -> None:
    (header,) = services_of(ACME)[0].headers
    assert (header.name, header.hosts, header.plan, header.leaves_open) == (
        "X-Acme-Team",
        ("acme-chat.example",),
        PlanKind.TEAM,
        "the API",
    )


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("plan: team", "plan: personal", "plan: personal is not among the plans of this service"),
        ("hosts: [acme-chat.example]", "hosts: []", "hosts: names no host"),
        ("hosts: [acme-chat.example]", "hosts: acme-chat.example", "hosts: must be a list"),
        ("[acme-chat.example]", '["*.acme.example"]', "hosts[1]: *.acme.example has a star"),
        ("[acme-chat.example]", "[a.example, 203.0.113.5]", "hosts[2]: 203.0.113.5 is an address"),
        ("[acme-chat.example]", '["a.example:443"]', "hosts[1]: a.example:443 has a port"),
        ("value: ids of teams, ", "", "value: is missing"),
        ("value: ids", "valeu: ids", "did you mean value?"),
    ],
)
def test_a_header_with_a_fault(right: str, wrong: str, words: str) -> None:
    assert right in HEADER
    told = faults(changed(HEADER, HEADER.replace(right, wrong)))
    place = f"{line(HEADER)}: services[1].headers[1]"
    assert any(each.startswith(place) and words in each for each in told)


def test_a_header_s_hosts_come_in_normal_form() -> None:
    text = changed("hosts: [acme-chat.example]", "hosts: [B\u00dcCHER.Example.]")
    assert services_of(text)[0].headers[0].hosts == ("xn--bcher-kva.example",)


def test_a_plan_told_by_a_header_that_nobody_describes() -> None:
    (told,) = faults(changed("{name: X-Acme-Team,", "{name: X-Acme-Teams,"))
    place = f"{line('- id: acme-chat')}: services[1]: "
    assert told == f"{place}a plan is told by the header X-Acme-Team; describe it under headers"


def test_another_service_of_the_file_may_describe_the_header() -> None:
    moved = ACME.replace(f"    headers:\n      - {HEADER}\n", "")
    text = f"{moved}    headers:\n      - {HEADER.replace('plan: team,', '')}\n"
    assert services_of(text)[1].headers[0].plan is None
