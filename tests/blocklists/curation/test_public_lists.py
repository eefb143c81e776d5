"""Lists of others in every form: what is read, at which line, what is passed over and why."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blocklists.curation.public_lists import PublicList, read_list
from blocklists.hosts import parse_host


def names(text: str) -> list[tuple[int, str]]:
    """Give the names that are read, with their lines."""
    return [(each.line, str(each)) for each in read_list(text).names]


def passed(text: str) -> list[tuple[int, str]]:
    """Give the lines that are passed over, with the reasons."""
    return [(each.line, each.why) for each in read_list(text).passed]


def test_a_hosts_file() -> None:
    text = (
        "# Title: AI\n"
        "127.0.0.1 localhost\n"
        "0.0.0.0 0.0.0.0\n"
        "\n"
        "0.0.0.0 chat.example www.chat.example # two names, of one ## maker **\n"
        "127.0.0.1\tpaint.example\t#tab\n"
        "::1 six.example\n"
        ":: seven.example#glued\n"
        "fe80::1%lo0 localhost\n"
        "192.0.2.1 elsewhere.example\n"
    )
    assert names(text) == [
        (5, "chat.example"),
        (5, "www.chat.example"),
        (6, "paint.example"),
        (7, "six.example"),
        (8, "seven.example"),
    ]
    assert passed(text)[:2] == [
        (2, "one label, not a whole name"),
        (3, "an address, not a name"),
    ]
    assert [line for line, _ in passed(text)] == [2, 3, 9, 10]


def test_rules_of_adguard_and_ublock() -> None:
    text = (
        "[Adblock Plus 2.0]\n"
        "! Title: AI, no thanks\n"
        "||chat.example^\n"
        "||paint.example^$third-party,important,domain=a.example|b.example\n"
        "||shared.example/chat^\n"
        "||shared.example/draw/$document\n"
        "||port.example:8443^\n"
        "||*.below.example^\n"
        "||bare.example\n"
        "@@||chat.example/help^\n"
        "search.example##.ai-answer, .ai-box\n"
        "search.example#@#.ai\n"
        "search.example,other.example##+js(set, ai, false)\n"
        "search.example#$#body { color: red }\n"
        "search.example$$script[tag-content='ai']\n"
        "||www.search.*^\n"
        "||ai*.example.com^\n"
        "||example^\n"
        "/ai[0-9]+/\n"
        "*ai*.js\n"
        "$third-party,script\n"
    )
    assert names(text) == [
        (3, "chat.example"),
        (4, "paint.example"),
        (5, "shared.example/chat"),
        (6, "shared.example/draw"),
        (7, "port.example"),
        (8, "below.example"),
        (9, "bare.example"),
    ]
    parts, pattern = "a rule for parts of a page", "a pattern, not a name"
    assert passed(text)[:-1] == [
        (10, "an exception"),
        *((line, parts) for line in range(11, 16)),
        (16, pattern),
        (17, pattern),
        (18, "one label, not a whole name"),
        (19, pattern),
        (20, pattern),
    ]
    assert passed(text)[-1][0] == 21


def test_a_list_of_rules_for_parts_of_pages_is_no_table() -> None:
    text = (
        "a.example,b.example##.x\nc.example##a[href*='1'], b; c\nd.example##.x, .y\n||e.example^\n"
    )
    assert names(text) == [(4, "e.example")]


def test_dnsmasq() -> None:
    text = (
        "# dnsmasq\n"
        "address=/chat.example/0.0.0.0\n"
        "address=/a.example/b.example/.c.example/#\n"
        "server=/paint.example/192.0.2.1#53 # its own\n"
        "local=/d.example/\n"
        "ipset=/e.example/ai,more\n"
        "nftset=/f.example/4#inet#fw#ai,6#inet#fw#ai6\n"
        "address=/#/0.0.0.0\n"
        "server=192.0.2.1\n"
        "cname=g.example,h.example\n"
    )
    assert names(text) == [
        (2, "chat.example"),
        (3, "a.example"),
        (3, "b.example"),
        (3, "c.example"),
        (4, "paint.example"),
        (5, "d.example"),
        (6, "e.example"),
        (7, "f.example"),
    ]
    assert [line for line, _ in passed(text)] == [8, 9, 10]


def test_dnsmasq_with_sets_is_no_table() -> None:
    assert names("ipset=/a.example/one,two\nipset=/b.example/one,two\n") == [
        (1, "a.example"),
        (2, "b.example"),
    ]


def test_v2fly() -> None:
    text = (
        "# AI\n"
        "include:openai @ads\n"
        "chat.example\n"
        "domain:paint.example @cn @ads\n"
        "full:api.chat.example # its API\n"
        "domain:released.example:@cn\n"
        "plain.example @!cn\n"
        "regexp:^ai[0-9]{1,3}\\.example$\n"
        "keyword:openai\n"
    )
    assert names(text) == [
        (3, "chat.example"),
        (4, "paint.example"),
        (5, "api.chat.example"),
        (6, "released.example"),
        (7, "plain.example"),
    ]
    assert passed(text) == [
        (2, "names another file; give that one too"),
        (8, "a pattern, not a name"),
        (9, "a pattern, not a name"),
    ]


def test_a_table_with_a_heading() -> None:
    text = (
        "Rank,Name,Domain,Category\n"
        '1,"Chat, by Acme",chat.example,assistant\n'
        "2,Paint,https://www.paint.example:8443/start?from=x#top,image\n"
        '3,"Broken,broken.example,image\n'
        "4,Short\n"
        "5,Nothing,,image\n"
        "6,Address,192.0.2.7,image\n"
        "7,Last,last.example/app/,image\n"
    )
    assert names(text) == [
        (2, "chat.example"),
        (3, "www.paint.example/start"),
        (8, "last.example/app"),
    ]
    assert passed(text)[0] == (1, "the heading of a table")
    assert [line for line, _ in passed(text)] == [1, 4, 5, 6, 7]


def test_a_table_without_a_heading() -> None:
    text = "1;Chat v2.0;chat.example\n2;Paint;paint.example\n# remark\n3;Sound;sound.example\n"
    assert names(text) == [(1, "chat.example"), (2, "paint.example"), (4, "sound.example")]


def test_a_table_with_tabs_and_empty_cells() -> None:
    text = "name\tsite\nChat\tchat.example\n\tpaint.example\nSound, loud\tsound.example\n"
    assert names(text) == [(2, "chat.example"), (3, "paint.example"), (4, "sound.example")]


def test_a_cell_of_many_kilobytes_spoils_its_own_row_alone() -> None:
    text = f"a.example,1\n{'x' * 200_000},2\nb.example,3\n"
    assert names(text) == [(1, "a.example"), (3, "b.example")]
    assert [line for line, _ in passed(text)] == [2]


def test_rules_of_clash() -> None:
    text = (
        "payload:\n"
        "  - DOMAIN-SUFFIX,chat.example,Proxy\n"
        "  - DOMAIN,api.chat.example\n"
        "  - DOMAIN-KEYWORD,openai\n"
        "  - IP-CIDR,192.0.2.0/24,no-resolve\n"
        "  - IP-CIDR6,2001:db8::/32\n"
    )
    assert names(text) == [(2, "chat.example"), (3, "api.chat.example")]
    assert [line for line, _ in passed(text)] == [1, 4, 5, 6]


def test_a_set_of_domains_of_clash() -> None:
    text = "payload:\n  - '+.chat.example'\n  - \"paint.example\"\n  - .sound.example\n"
    assert names(text) == [(2, "chat.example"), (3, "paint.example"), (4, "sound.example")]


def test_plain_names_and_wildcards() -> None:
    text = (
        "\ufeffchat.example\r\n"
        "*.paint.example\r\n"
        "+.sound.example\r\n"
        ".video.example\r\n"
        "  https://WWW.Write.Example./Start/?q=1 \r\n"
        "shared.example/chat/\r\n"
        "port.example:443\r\n"
        "// remark\r\n"
        "; remark\r\n"
    )
    assert names(text) == [
        (1, "chat.example"),
        (2, "paint.example"),
        (3, "sound.example"),
        (4, "video.example"),
        (5, "www.write.example/Start"),
        (6, "shared.example/chat"),
        (7, "port.example"),
    ]
    assert passed(text) == []


def test_remarks_with_commas_make_no_table() -> None:
    text = "chat.example # AI, chat\n0.0.0.0 paint.example # AI, image; paint\n"
    assert names(text) == [(1, "chat.example"), (2, "paint.example")]


def test_letters_of_other_scripts() -> None:
    assert names("b\u00fccher.example\nXN--BCHER-KVA.example\n\u6708.example\u3002\n") == [
        (1, "xn--bcher-kva.example"),
        (3, "xn--7ov.example"),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("192.0.2.1", "an address, not a name"),
        ("2001:db8::1", "an address, not a name"),
        ("192.0.2.0/24", "an address, not a name"),
        ("com", "one label, not a whole name"),
        ("ads*.example.com", "a pattern, not a name"),
        ("address=chat.example", "more than a name"),
        ("$removeparam=chat.example", "more than a name"),
        ("chat.example is a chat", "is not a host name"),
        ("user@chat.example", "is not a host name"),
        ("chat..example", "is not a host name"),
        ("http://", "is not a host name"),
        ("<html>", "is not a host name"),
        ("chat.example:99999", "is not a host name"),
        ("\ufffd\ufffd", "is not a host name"),
    ],
)
def test_what_names_no_host_is_passed_with_the_reason(line: str, why: str) -> None:
    (found,) = read_list(line).passed
    assert (found.line, found.text) == (1, line)
    assert why in found.why


def test_a_name_stands_once_at_its_first_line() -> None:
    text = "chat.example\nCHAT.example.\n||chat.example^\nchat.example/x\n"
    assert names(text) == [(1, "chat.example"), (4, "chat.example/x")]


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n! remarks\n", "\ufeff"])
def test_a_list_of_nothing(text: str) -> None:
    assert read_list(text) == PublicList((), ())


COMMENTS = ("#", "!", ";", "//", "[")
TEXTS = st.text(
    st.one_of(
        st.sampled_from(list("#!;|^$*@/.,:=-_ \t\r\n\"'[]ab1\ufeff\u2028\x0c")),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=200,
)


@given(TEXTS)
@example('a,b\n"')
@example("a.b,c\n" * 2 + "\x00,")
@example("\x1c,\x1c")
@example(",\n,")
def test_no_text_raises(text: str) -> None:
    found = read_list(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    told = [each.line for each in found.names] + [each.line for each in found.passed]
    assert all(1 <= line <= lines for line in told)
    assert all(parse_host(each.host) == each.host for each in found.names)
    assert all(each.why for each in found.passed)


FORMS = (
    "{}",
    "0.0.0.0 {}",
    "||{}^",
    "||{}/some/path^$third-party",
    "@@||{}^",
    "{}##.ad, .banner",
    "address=/{}/0.0.0.0",
    "ipset=/{}/one,two",
    "full:{} @ads",
    "include:{}",
    "regexp:{}",
    "DOMAIN-SUFFIX,{},Proxy",
    "1,some words,{}",
    "{};x",
    "*.{}",
    "https://{}/start",
    "some words on {}",
    "*{}*",
    "{}:99999",
    '"{}',
    '1,"{}',
    "=={}",
)


@given(st.lists(st.tuples(st.sampled_from(FORMS), st.sampled_from(COMMENTS)), min_size=1))
def test_every_line_that_is_no_comment_is_read_or_passed(forms: list[tuple[str, str]]) -> None:
    """Whichever forms are mixed, in whichever order; every name is another one."""
    lines = []
    for number, (form, comment) in enumerate(forms):
        lines += [form.format(f"name{number}.example"), f"{comment} name.example, remark"]
    found = read_list("\n".join(lines))
    told = {each.line for each in found.names} | {each.line for each in found.passed}
    assert told == set(range(1, len(lines), 2))
