"""The catalogue's copy: read where it is what the files would give, and never in the way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from blocklists.catalogue.loading import load_catalogue
from blocklists.yamlfile import BadFile
from server.kept_catalogue import kept_catalogue
from tests.simulators.service_files import FILES, NOORD, changed, written

ROOT = Path(__file__).parents[2]


def environment(cache: Path) -> dict[str, str]:
    return {"XDG_CACHE_HOME": str(cache)}


def copy_in(cache: Path) -> Path:
    """Give the one copy in a cache, and see that nothing else was left there."""
    (copy,) = (cache / "sluis").iterdir()
    return copy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "services")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_both_times_it_is_what_loading_gives(folder: Path, cache: Path) -> None:
    loaded = load_catalogue(folder)
    assert kept_catalogue(folder, environment=environment(cache)) == loaded
    again = kept_catalogue(folder, environment=environment(cache))
    assert again == loaded
    assert list(again.services) == list(loaded.services)
    assert again.lookup(loaded.services["babbel"].hosts[0].host)


def test_the_shipped_catalogue_comes_back_whole(cache: Path) -> None:
    loaded = load_catalogue()
    assert kept_catalogue(environment=environment(cache)) == loaded
    assert kept_catalogue(environment=environment(cache)) == loaded


def test_the_copy_is_what_is_read(folder: Path, cache: Path, tmp_path: Path) -> None:
    """Another folder's copy under this one's name is believed: the files are not read again."""
    other = tmp_path / "other"
    small = written(tmp_path / "small", acme=FILES["acme"].replace("Acme Chat", "Acme Talks"))
    kept_catalogue(folder, environment=environment(cache))
    kept_catalogue(small, environment=environment(other))
    copy_in(cache).write_bytes(copy_in(other).read_bytes())
    found = kept_catalogue(folder, environment=environment(cache))
    assert found.services["acme-chat"].name == "Acme Talks"


def test_a_change_of_a_file_is_seen_and_the_old_copy_goes(folder: Path, cache: Path) -> None:
    kept_catalogue(folder, environment=environment(cache))
    first = copy_in(cache)
    (folder / "noord.yaml").write_text(changed("name: Babbel", "name: Gebabbel", NOORD))
    found = kept_catalogue(folder, environment=environment(cache))
    assert found.services["babbel"].name == "Gebabbel"
    assert copy_in(cache) != first


def test_files_that_come_and_go_are_seen(folder: Path, cache: Path) -> None:
    kept_catalogue(folder, environment=environment(cache))
    more = NOORD.replace("noord", "zuid").replace("babbel", "klap")
    (folder / "zuid.yaml").write_text(more)
    assert "klap" in kept_catalogue(folder, environment=environment(cache)).services
    (folder / "zuid.yaml").unlink()
    assert "klap" not in kept_catalogue(folder, environment=environment(cache)).services


def test_a_file_with_faults_is_refused_and_nothing_is_kept(folder: Path, cache: Path) -> None:
    kept_catalogue(folder, environment=environment(cache))
    (folder / "noord.yaml").write_text(changed("suffix: babbel.example", "suffix: com", NOORD))
    with pytest.raises(BadFile, match="com is"):
        kept_catalogue(folder, environment=environment(cache))
    (folder / "noord.yaml").write_text(NOORD)
    assert kept_catalogue(folder, environment=environment(cache)) == load_catalogue(folder)


def test_a_folder_that_is_not_there(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(FileNotFoundError):
        kept_catalogue(tmp_path / "gone", environment=environment(cache))


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.999])
def test_a_copy_that_was_cut_off_is_made_anew(folder: Path, cache: Path, part: float) -> None:
    kept_catalogue(folder, environment=environment(cache))
    whole = copy_in(cache).read_bytes()
    copy_in(cache).write_bytes(whole[: int(len(whole) * part)])
    assert kept_catalogue(folder, environment=environment(cache)) == load_catalogue(folder)
    assert copy_in(cache).read_bytes() == whole


@pytest.mark.parametrize("part", [0.0, 0.005, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_one_bit_that_fell_over_is_seen(folder: Path, cache: Path, part: float) -> None:
    """A letter of a host may be wrong and the rest be read all the same."""
    kept_catalogue(folder, environment=environment(cache))
    whole = copy_in(cache).read_bytes()
    wrong = bytearray(whole)
    wrong[int(len(whole) * part)] ^= 1
    copy_in(cache).write_bytes(wrong)
    assert kept_catalogue(folder, environment=environment(cache)) == load_catalogue(folder)
    assert copy_in(cache).read_bytes() == whole


def test_a_folder_where_the_copy_should_be(folder: Path, cache: Path) -> None:
    kept_catalogue(folder, environment=environment(cache))
    copy = copy_in(cache)
    copy.unlink()
    copy.mkdir()
    assert kept_catalogue(folder, environment=environment(cache)) == load_catalogue(folder)


@pytest.mark.parametrize("where", ["/dev/null", "/dev/null/deeper", "/proc/sluis", "x" * 300])
def test_a_place_where_nothing_can_be_kept(folder: Path, where: str) -> None:
    found = kept_catalogue(folder, environment={"XDG_CACHE_HOME": where})
    assert found == load_catalogue(folder)


def test_a_full_disk_leaves_nothing_behind(folder: Path, cache: Path) -> None:
    """A file may grow to a thousand bytes here; the copy is larger."""
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from server.kept_catalogue import kept_catalogue\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "found = kept_catalogue(Path(sys.argv[1]), environment={'CACHE_DIRECTORY': sys.argv[2]})\n"
        "print(*found.services)"
    )
    told = subprocess.run(
        [sys.executable, "-B", "-c", program, str(folder), str(cache)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stdout == "acme-chat acme-paint babbel\n"
    assert list(cache.iterdir()) == []


def test_where_the_copy_lies(folder: Path, tmp_path: Path) -> None:
    own, user, home = tmp_path / "own", tmp_path / "user", tmp_path / "home"
    places = {"CACHE_DIRECTORY": str(own), "XDG_CACHE_HOME": str(user), "HOME": str(home)}
    for name, made in (
        ("CACHE_DIRECTORY", own),
        ("XDG_CACHE_HOME", user / "sluis"),
        ("HOME", home / ".cache" / "sluis"),
    ):
        kept_catalogue(folder, environment=places)
        assert len(list(made.glob("catalogue-*.msgpack"))) == 1
        assert made.stat().st_mode & 0o077 == 0
        del places[name]
    assert kept_catalogue(folder, environment={}) == load_catalogue(folder)
