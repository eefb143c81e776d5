"""What changed from one catalogue to another, fact by fact, and whether it shrank."""

from __future__ import annotations

import pytest

from blocklists.curation.difference import Change, difference, shrinks
from tests.simulators.service_files import ACME, FILES, NOORD, catalogue_of, changed

OLD = catalogue_of(**FILES)
TRAY = "{kind: app, name: Acme Tray, processes: [acmetray.exe], source: own}"


def changes(right: str, wrong: str) -> list[tuple[str, str | None, str | None]]:
    """Give the changes that one passage makes; all are of one service."""
    found = difference(OLD, catalogue_of(acme=changed(right, wrong), noord=NOORD))
    assert found.added == found.removed == ()
    assert len({each.service for each in found.changes}) == 1
    return [(each.fact, each.old, each.new) for each in found.changes]


def test_the_same_has_no_difference() -> None:
    found = difference(OLD, catalogue_of(**FILES))
    assert (found.added, found.removed, found.changes, found.shrinks) == ((), (), (), "")


def test_services_come_and_go() -> None:
    less = catalogue_of(acme=ACME)
    assert difference(OLD, less).removed == ("babbel",)
    assert difference(less, OLD).added == ("babbel",)
    assert difference(less, OLD).changes == ()


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("owner: NO", "owner: SE", [("countries.owner", "NO", "SE")]),
        ("host: unknown", "host: DE", [("countries.host", "unknown", "DE")]),
        (
            "model: FR, source: own",
            "model: FR, source: privacy",
            [("countries.source", "own", "privacy")],
        ),
        ("trains: opt-out", "trains: no", [("plans.free.trains", "opt-out", "no")]),
        ("retention: 30", "retention: 0", [("plans.free.retention", "30", "0")]),
        (
            "[Acme Talk]",
            "[Acme Speak]",
            [("former: Acme Speak", None, "yes"), ("former: Acme Talk", "yes", None)],
        ),
        (
            "reviewed: 2026-05-01",
            "reviewed: 2026-06-01",
            [("reviewed", "2026-05-01", "2026-06-01")],
        ),
        ("name: Acme Chat", "name: Acme Talk", [("name", "Acme Chat", "Acme Talk")]),
        (
            "{exact: api.acme.example, leaf: true, use: api, source: own}",
            "{exact: api.acme.example, use: api, source: own}",
            [
                (
                    "hosts: exact api.acme.example",
                    "use api, leaf True, source own",
                    "use api, source own",
                )
            ],
        ),
        (
            "      - {path: acme.example/chat, use: site, source: own}\n",
            "",
            [("hosts: path acme.example/chat", "use site, source own", None)],
        ),
        (
            TRAY,
            TRAY.replace("[acmetray.exe]", "[acmetray.exe, tray]"),
            [
                (
                    "programs: app Acme Tray",
                    "processes acmetray.exe, source own",
                    "processes acmetray.exe tray, source own",
                )
            ],
        ),
        (
            "kind: app, name: Acme Desktop, processes: [acme.exe, acme]",
            "kind: app, name: Acme Desktop, processes: [acme.exe]",
            [
                (
                    "programs: app Acme Desktop",
                    "processes acme.exe acme, bundles com.acme.chat, signer Acme Inc., source own",
                    "processes acme.exe, bundles com.acme.chat, signer Acme Inc., source own",
                )
            ],
        ),
        (
            "value: ids of teams",
            "value: names of teams",
            [
                (
                    "headers: name X-Acme-Team",
                    (
                        "value ids of teams, hosts acme-chat.example, plan team, "
                        "leaves_open the API, source own"
                    ),
                    (
                        "value names of teams, hosts acme-chat.example, plan team, "
                        "leaves_open the API, source own"
                    ),
                )
            ],
        ),
        (
            "browser: firefox, name: Acme Helper",
            "browser: firefox, name: Acme Aid",
            [
                (
                    "extensions: id helper@acme.example",
                    "browser firefox, name Acme Helper, source own",
                    "browser firefox, name Acme Aid, source own",
                )
            ],
        ),
        (
            "2025-11-30\n    basis: {page: own}",
            "2025-11-30\n    basis: {lists: [first, second]}",
            [
                ("basis.lists: first", None, "yes"),
                ("basis.lists: second", None, "yes"),
                ("basis.page", "own", None),
            ],
        ),
        (
            "countries: unknown",
            "countries: {vendor: US, owner: unknown, host: unknown, model: unknown, source: own}",
            [("countries.source", None, "own"), ("countries.vendor", "unknown", "US")],
        ),
    ],
)
def test_a_fact_that_changes(
    right: str, wrong: str, told: list[tuple[str, str | None, str | None]]
) -> None:
    assert changes(right, wrong) == told


def test_plans_that_become_known() -> None:
    plan = "{free: {told_by: none, trains: no, retention: 0, eu_residency: no, source: own}}"
    found = changes("plans: unknown", f"plans: {plan}")
    assert found[0] == ("plans", "unknown", None)
    assert ("plans.free.trains", None, "no") in found


def test_the_order_of_hosts_is_no_change() -> None:
    first, second = (
        "      - {suffix: acme-chat.example, use: site, source: own}\n",
        "      - {exact: api.acme.example, leaf: true, use: api, source: own}\n",
    )
    text = changed(first, "SECOND").replace(second, first).replace("SECOND", second)
    assert difference(OLD, catalogue_of(acme=text, noord=NOORD)).changes == ()


def test_changes_are_in_order() -> None:
    text = ACME.replace("owner: NO", "owner: SE").replace("reach: tail", "reach: known")
    found = difference(OLD, catalogue_of(acme=text, noord=NOORD)).changes
    assert found == (
        Change("acme-chat", "countries.owner", "NO", "SE"),
        Change("acme-paint", "reach", "tail", "known"),
    )


def test_a_catalogue_that_shrinks_says_by_how_much() -> None:
    assert shrinks(OLD, catalogue_of(acme=ACME)) == (
        "the catalogue shrinks: services from 3 to 2, hosts from 6 to 5"
    )
    fewer = changed("      - {path: acme.example/chat, use: site, source: own}\n", "")
    assert shrinks(OLD, catalogue_of(acme=fewer, noord=NOORD)) == (
        "the catalogue shrinks: hosts from 6 to 5"
    )
    assert shrinks(catalogue_of(acme=ACME), OLD) == ""
