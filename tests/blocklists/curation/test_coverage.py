"""A public list against the catalogue: each of its names is had, left out with a reason, or new."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blocklists.catalogue.guard import Guard, load_guard
from blocklists.curation.coverage import Coverage, coverage
from blocklists.curation.judged import Dropped, Judgement
from blocklists.curation.public_lists import read_list
from blocklists.hosts import Host
from tests.simulators.service_files import FILES, catalogue_of

CATALOGUE = catalogue_of(**FILES)
MAIL = Host("mail.example")
GUARD = Guard({MAIL: "mail of many"}, {})
JUDGED = {
    each.host: each
    for each in (
        Judgement(Host("gone.example"), "", Dropped.DEFUNCT, "closed in May", 1),
        Judgement(Host("maker.example"), "", Dropped.COMPANY, "", 2),
        Judgement(Host("renamed.example"), "acme-chat", None, "", 3),
    )
}


def held(text: str) -> Coverage:
    return coverage(CATALOGUE, GUARD, JUDGED, read_list(text))


def covered(text: str) -> list[tuple[str, str, bool]]:
    return [(str(each.name), str(each.fact), each.narrower) for each in held(text).covered]


def test_names_that_the_catalogue_has() -> None:
    assert covered("WWW.acme-chat.example\nx.work.acme-chat.example\napi.acme.example\n") == [
        ("www.acme-chat.example", "suffix acme-chat.example", False),
        ("x.work.acme-chat.example", "suffix work.acme-chat.example", False),
        ("api.acme.example", "exact api.acme.example", False),
    ]


def test_a_name_of_which_the_catalogue_has_a_part() -> None:
    assert covered("acme.example") == [("acme.example", "exact api.acme.example", True)]


def test_an_exact_host_says_nothing_of_names_below_it() -> None:
    assert [str(each) for each in held("v1.api.acme.example").missing] == ["v1.api.acme.example"]


def test_a_path_is_held_against_paths() -> None:
    assert covered("||acme.example/chat/new^\n||acme.example/chat^\n") == [
        ("acme.example/chat/new", "path acme.example/chat", False),
        ("acme.example/chat", "path acme.example/chat", False),
    ]
    found = held("||acme.example/chatter^\n||acme.example/shop^\n")
    assert [str(each) for each in found.missing] == ["acme.example/chatter", "acme.example/shop"]


def test_a_path_above_one_of_the_catalogue() -> None:
    wide = FILES["acme"].replace("path: acme.example/chat", "path: acme.example/ai/chat")
    found = coverage(catalogue_of(acme=wide), GUARD, {}, read_list("acme.example/ai"))
    assert [(each.fact.value, each.narrower) for each in found.covered] == [
        ("acme.example/ai/chat", True)
    ]


def test_a_path_below_a_host_that_the_catalogue_has_whole() -> None:
    assert covered("babbel.example/x") == [("babbel.example/x", "suffix babbel.example", False)]


def test_names_that_are_left_out_have_their_reason() -> None:
    found = held("gone.example\nwww.gone.example\nmaker.example\nmail.example\nco.uk\n")
    assert [(each.name.host, each.why) for each in found.left_out[:-1]] == [
        ("gone.example", "defunct: closed in May"),
        ("www.gone.example", "defunct: closed in May"),
        ("maker.example", "company"),
        ("mail.example", "shared: mail of many"),
    ]
    assert "is a public suffix" in found.left_out[-1].why


def test_nobody_judged_these_yet() -> None:
    found = held("new.example\nrenamed.example\nchat.mail.example\n")
    assert [(each.host, each.line) for each in found.missing] == [
        ("new.example", 1),
        ("renamed.example", 2),
        ("chat.mail.example", 3),  # below a shared name may be a service
    ]


def test_services_that_the_list_does_not_name() -> None:
    assert held("acme-chat.example\n").not_listed == ("acme-paint", "babbel")
    assert held("babbel.example\npaint.acme.example\nacme-chat.example").not_listed == ()


def test_agreement_is_the_share_of_names() -> None:
    assert held("acme-chat.example\ngone.example\nnew.example\nbabbel.example\n").agreement == 0.5
    assert held("").agreement == 1.0


def test_the_package_s_guard_leaves_shared_hosts_out() -> None:
    found = coverage(CATALOGUE, load_guard(), {}, read_list("google.com\ngithub.io\n"))
    assert len(found.left_out) == 2


NAMES = (
    "acme-chat.example",
    "a.b.acme-chat.example",
    "acme.example/chat",
    "acme.example/x",
    "gone.example",
    "mail.example",
    "x.mail.example",
    "new.example",
    "co.uk",
)


@given(st.lists(st.sampled_from(NAMES), unique=True))
def test_each_name_stands_in_one_group(lines: list[str]) -> None:
    found = held("\n".join(lines))
    told = [str(each.name) for each in found.covered]
    told += [str(each.name) for each in found.left_out]
    assert sorted([*told, *map(str, found.missing)]) == sorted(lines)
