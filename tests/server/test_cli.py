"""`sluis` from the outside: answers, JSON, exit codes, and one clear line where it stops."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.cli import COMMANDS, Command, main
from server.founding import TRIAL_POLICY
from tests.simulators.organisation import Organisation

ROOT = Path(__file__).parents[2]
BROKEN = "services: {chatgpt: {verdict: off}}\ncategories: {asistant: {verdict: block}}\n"


def sluis(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    """Run the program as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "server.cli", *arguments],
        cwd=ROOT,
        input=given.decode("latin-1"),
        encoding="latin-1",
        capture_output=True,
        check=False,
        timeout=60,
    )


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command here: exit code, standard output, standard error."""
    try:
        code = main(arguments)
    except SystemExit as ended:  # argparse
        code = int(str(ended.code))
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.words)
def test_every_command_has_help_with_an_example(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = answer(capsys, *command.words.split(), "--help")
    assert code == 0
    assert f"example: {command.example}" in out
    assert command.example.startswith(f"sluis {command.words}")


def test_help_shows_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = answer(capsys, "--help")
    assert code == 0
    assert all(each.words in out for each in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [[], ["polcy"], ["policy"], ["policy", "chek"], ["catalogue", "lookup"], ["explain", "a", "b"]],
)
def test_wrong_use_is_said_on_standard_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = answer(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "usage" in err


def test_a_look_up_starts_fast() -> None:
    """In time of the processor, since other tests may keep the machine busy meanwhile."""

    def spent() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return children.ru_utime + children.ru_stime

    took = []
    for _ in range(5):
        before = spent()
        assert sluis("catalogue", "lookup", "chatgpt.com").returncode == 0
        took.append(spent() - before)
    assert min(took) < 0.3, took


def test_lookup_says_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "catalogue", "lookup", "WWW.ChatGPT.com.") == (
        0,
        "www.chatgpt.com\tchatgpt\n",
        "",
    )


def test_lookup_of_many_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    hosts = ("chatgpt.com", "www.example.nl", "claude.ai", "203.0.113.5")
    code, out, _ = answer(capsys, "catalogue", "lookup", "--json", *hosts)
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        {"host": "chatgpt.com", "service": "chatgpt"},
        {"host": "www.example.nl", "service": None},
        {"host": "claude.ai", "service": "claude"},
        {"host": "203.0.113.5", "service": None},
    ]


def test_lookup_reads_a_pipe_and_no_line_spoils_another() -> None:
    told = sluis(
        "catalogue", "lookup", "-", "--json", given=b"chatgpt.com\n\n a b \n\xff\nclaude.ai"
    )
    found = [json.loads(line) for line in told.stdout.splitlines()]
    assert [each["service"] for each in found] == ["chatgpt", None, None, "claude"]
    assert "'a b' is not a host name" in told.stderr
    assert told.returncode == 0


def test_lookup_of_nothing_known_is_no(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "catalogue", "lookup", "www.example.nl")[:2] == (1, "www.example.nl\t-\n")


def test_lookup_of_no_host_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = answer(capsys, "catalogue", "lookup", "chat gpt.com")
    assert (code, out) == (2, "")
    assert "is not a host name" in err


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    lines = b"chatgpt.com\n" * 20_000
    program = f"{sys.executable} -m server.cli catalogue lookup - | head -1"
    told = subprocess.run(
        ["sh", "-c", program], cwd=ROOT, input=lines, capture_output=True, check=False, timeout=60
    )
    assert (told.stdout, told.stderr) == (b"chatgpt.com\tchatgpt\n", b"")


def test_the_shipped_catalogue_has_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = answer(capsys, "catalogue", "check", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["ok"]
    assert found["services"] >= 40


def test_a_faulty_catalogue_is_no(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "acme.yaml").write_text("vendor: acne\n")
    code, out, err = answer(capsys, "catalogue", "check", str(tmp_path))
    assert (code, out) == (1, "")
    assert f"{tmp_path}/acme.yaml:1: vendor: acne is not the file's name" in err
    assert f"{tmp_path}/acme.yaml:1: services: is missing" in err
    assert json.loads(answer(capsys, "catalogue", "check", str(tmp_path), "--json")[1]) == {
        "ok": False,
        "problems": err.splitlines(),
    }


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = answer(capsys, "catalogue", "check", str(tmp_path / "gone"))
    assert code == 3
    assert "gone: cannot be read: No such file or directory" in err


def test_the_trial_policy_has_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = answer(capsys, "policy", "check", str(TRIAL_POLICY))
    assert (code, err) == (0, "")
    assert "no fault" in out
    assert "approval le-chat-2026: Nobody can tell the plan enterprise of Le Chat" in out
    again = json.loads(answer(capsys, "policy", "check", str(TRIAL_POLICY), "--json")[1])
    assert {each["what"] for each in again["not_enforced"]} >= {"approval le-chat-2026", "programs"}


def test_the_sentences_come_in_dutch(capsys: pytest.CaptureFixture[str]) -> None:
    out = answer(capsys, "policy", "check", str(TRIAL_POLICY), "--language", "nl")[1]
    assert "Niemand kan het abonnement enterprise van Le Chat onderscheiden" in out


def test_a_faulty_policy_is_no_with_every_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(BROKEN)
    code, out, err = answer(capsys, "policy", "check", str(file))
    assert (code, out) == (1, "")
    assert [line.split(": ")[:2] for line in err.splitlines()] == [
        [f"{file}:1", "services.chatgpt.verdict"],
        [f"{file}:2", "categories.asistant"],
    ]
    again = json.loads(answer(capsys, "policy", "check", str(file), "--json")[1])
    assert again == {"ok": False, "problems": err.splitlines()}


@pytest.mark.parametrize("name", ["gone.yaml", "."])
def test_a_policy_that_cannot_be_read(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = answer(capsys, "policy", "check", str(tmp_path / name))
    assert code == 3
    assert "cannot be read" in err


def test_explain_by_a_file_needs_no_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["explain", "chatgpt.com", "--policy", str(TRIAL_POLICY), "--data", str(tmp_path)]
    code, out, err = answer(capsys, *command)
    assert (code, err) == (0, "")
    words = json.loads(answer(capsys, *command, "--json")[1])
    assert words["verdict"] == "block"
    assert words["decision"] == "category assistant"
    assert all(line in out for line in words["lines"].values())


def test_explain_at_another_time(capsys: pytest.CaptureFixture[str]) -> None:
    def verdict(at: str) -> str:
        command = ["explain", "chat.mistral.ai", "--policy", str(TRIAL_POLICY), "--json"]
        return str(json.loads(answer(capsys, *command, "--at", at)[1])["verdict"])

    assert verdict("2027-12-31T22:59") == "allow"
    assert verdict("2027-12-31T23:00") == "block"
    assert verdict("2028-01-01T00:30+01:00") == "block"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["a b", "--policy", str(TRIAL_POLICY)], 2),
        (["chatgpt.com", "--policy", "gone.yaml"], 3),
        (["chatgpt.com", "--at", "tomorrow"], 2),
        (["chatgpt.com", "--language", "de"], 2),
    ],
)
def test_explain_says_what_is_wrong(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    found, out, err = answer(capsys, "explain", *arguments)
    assert (found, out) == (code, "")
    assert err


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "chatgpt.com"],
        ["policy", "apply", str(TRIAL_POLICY)],
        ["link"],
        ["device", "token", "new"],
    ],
)
def test_without_a_server_one_line_says_how_to_start_it(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = answer(capsys, *arguments, "--data", str(tmp_path))
    assert (code, out) == (3, "")
    assert err == (
        f"{tmp_path}: no server runs here; start it with `sluis serve`, "
        "or name its data folder with --data DIR\n"
    )


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "serve", "--port", port)[0] == 2


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a server that runs."""
    with Organisation(tmp_path_factory.mktemp("server") / "data") as organisation:
        yield organisation.folder


def test_a_policy_travels_from_check_to_force(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refused policy changes nothing; an applied one is in force when the command ends."""
    at = ("--data", str(data))

    def verdict() -> str:
        return str(json.loads(answer(capsys, "explain", "claude.ai", *at, "--json")[1])["verdict"])

    assert verdict() == "block"
    file = tmp_path / "policy.yaml"
    file.write_text(BROKEN)
    code, out, err = answer(capsys, "policy", "apply", str(file), *at)
    assert (code, out) == (1, "")
    assert f"{file}:2: categories.asistant" in err
    assert verdict() == "block"

    file.write_text(
        TRIAL_POLICY.read_text().replace("services:\n", "services:\n  claude: {verdict: allow}\n")
    )
    code, out, err = answer(capsys, "policy", "apply", str(file), "--why", "proef – één", *at)
    assert (code, err) == (0, "")
    assert out.startswith("policy 2 is in force: list ")
    assert "not enforced, and why:" in out
    assert verdict() == "allow"


def test_a_list_that_shrinks_by_half_wants_leave(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("services: {chatgpt: {verdict: block}}\n")
    apply = ("policy", "apply", str(file), "--data", str(data), "--json")
    code, out, err = answer(capsys, *apply)
    assert (code, out) == (1, "")
    assert "nothing was changed" in err
    code, out, _ = answer(capsys, *apply, "--may-shrink")
    assert code == 0
    assert json.loads(out)["not_enforced"]


def test_links_and_tokens_come_from_the_server(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--data", str(data))
    assert "/sign-in#" in answer(capsys, "link", *at)[1]
    assert json.loads(answer(capsys, "link", *at, "--json")[1])["url"].startswith(
        "http://127.0.0.1:"
    )
    first = answer(capsys, "device", "token", "new", *at)[1]
    second = json.loads(
        answer(capsys, "device", "token", "new", "--kind", "profile", *at, "--json")[1]
    )
    assert first.strip() != second["token"]
    code, _, err = answer(capsys, "device", "token", "new", "--uses", "0", *at)
    assert code == 2
    assert "uses" in err
