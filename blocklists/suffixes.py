"""Public suffixes and the domains below them; the only file that names tldextract.

- The list is the snapshot that comes with tldextract: no network, no cache, the same for everybody.
- Its private section counts: github.io and hf.space are suffixes, below which others have pages.
- Heavy to import (a third of a second): for the compile side alone, and imported late.
"""

from __future__ import annotations

from functools import cache

from tldextract import TLDExtract

from blocklists.hosts import Host, parents, parse_host


def public_suffix(host: Host) -> Host | None:
    """Give the public suffix of a host (of `com`, `com` itself), None where the list has none."""
    return Host(_extract()(host).suffix) or None


def registrable_domain(host: Host) -> Host | None:
    """Give the domain that somebody registered, None for a public suffix or an unknown one."""
    return Host(_extract()(host).top_domain_under_public_suffix) or None


def of_private_section(suffix: Host) -> bool:
    """Tell whether a public suffix is a company's, whose users have their pages below it."""
    return _extract()(suffix).is_private


def suffix_below(host: Host) -> str | None:
    """Give a public suffix below a host: blob.core.windows.net of windows.net, *.sch.uk of sch.uk.

    None where there is none.
    """
    return _first_below().get(host)


@cache
def _first_below() -> dict[Host, str]:
    found: dict[Host, str] = {}
    for rule in sorted(_extract().tlds):
        if rule.startswith("!"):  # an exception: somebody's own domain, not a suffix
            continue
        every = rule.startswith("*.")
        suffix = _a_labels(rule.removeprefix("*."))
        for above in list(parents(suffix))[0 if every else 1 :]:
            found.setdefault(above, f"*.{suffix}" if every else suffix)
    return found


def _a_labels(suffix: str) -> Host:
    """Write a rule of the list as hosts are written; most are already."""
    return Host(suffix if suffix.isascii() else str(parse_host(suffix)))


@cache
def _extract() -> TLDExtract:
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
