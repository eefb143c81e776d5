"""What is published: names, and which files an endpoint lacks."""

from __future__ import annotations

from datetime import UTC, datetime

from server.publishing.files import EARLIER, Change, Publication, SignedFile, published_name


def signed(role: str, version: int) -> SignedFile:
    return SignedFile(role, version, datetime(2026, 11, 25, tzinfo=UTC), b"%d" % version)


def test_published_names_hold_version_or_hash() -> None:
    assert signed("root", 3).name == "3.root.json"
    assert signed("timestamp", 3).name == "timestamp.json"
    assert published_name("list/a.gz", "ff") == "targets/list/ff.a.gz"
    assert published_name("organisation.json", "ff") == "targets/ff.organisation.json"


def test_earlier_files_are_kept_up_to_a_bound_and_roots_for_ever() -> None:
    publication = Publication((), {}, {}, {})
    for version in range(1, 101):
        files = tuple(signed(role, version) for role in ("root", "snapshot", "timestamp"))
        publication = publication.after(Change(files, {}))
    assert len(publication.roots) == 100
    assert len(publication.earlier) == EARLIER
    served = publication.served
    assert {"1.root.json", "100.root.json", "100.snapshot.json", "99.snapshot.json"} <= set(served)
    assert "1.snapshot.json" not in served
    assert served["timestamp.json"].data == b"100"
