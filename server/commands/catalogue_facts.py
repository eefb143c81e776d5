"""`sluis catalogue show | search | sources | stats | stale`: what the catalogue knows."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from blocklists.catalogue import Category, PlanKind
from blocklists.catalogue.built_in import BuiltIn, load_built_in
from blocklists.countries import COUNTRIES
from blocklists.curation.describing import (
    UNKNOWN,
    feature_lines,
    lines,
    plain,
    plain_feature,
    sources_of,
)
from blocklists.curation.searching import Wanted, features_by
from blocklists.curation.searching import search as found_by
from blocklists.curation.statistics import months_before, statistics
from blocklists.curation.statistics import sources as used_sources
from blocklists.curation.statistics import stale as not_reviewed
from blocklists.yamlfile import BadFile
from server.commands.answering import COULD_NOT, DONE, NO, WRONG_USE, Stopped, add_json, print_json
from server.commands.shipped import shipped_catalogue, shipped_judgements

_MONTHS = 6


def show_arguments(parser: argparse.ArgumentParser) -> None:
    """Which service."""
    parser.add_argument("service", metavar="ID", help="a service, or a feature that is built in")
    add_json(parser)


def show(parsed: argparse.Namespace) -> int:
    """Give all facts of a service, or of a feature built into a browser or system."""
    catalogue = shipped_catalogue()
    if service := catalogue.services.get(parsed.service):
        if parsed.json:
            print_json({**plain(service), "sources": sources_of(catalogue, service)})
        else:
            print("\n".join(lines(catalogue, service)))
        return DONE
    built_in = _built_in()
    if feature := built_in.features.get(parsed.service):
        if parsed.json:
            print_json(plain_feature(built_in, feature))
        else:
            print("\n".join(feature_lines(built_in, feature)))
        return DONE
    near = found_by(catalogue, Wanted(words=(parsed.service,)))[:3]
    hint = f"; did you mean {', '.join(each.id for each in near)}?" if near else ""
    raise Stopped(f"{parsed.service} is no service of the catalogue{hint}", NO)


def search_arguments(parser: argparse.ArgumentParser) -> None:
    """What to search for."""
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="stands in an id, name, vendor or host"
    )
    parser.add_argument("--category", choices=[each.value for each in Category])
    parser.add_argument(
        "--country", metavar="CODE", help="one of the four countries, as NL, or unknown"
    )
    parser.add_argument("--plan", choices=[each.value for each in PlanKind])
    parser.add_argument(
        "--european", action="store_true", help="vendor, owner and host are known to be in the EEA"
    )
    parser.add_argument(
        "--alternatives", action="store_true", help="those that can stand in for another service"
    )
    parser.add_argument(
        "--built-in",
        action="store_true",
        help="features of browsers and systems instead of services; words alone count",
    )
    add_json(parser)


def search(parsed: argparse.Namespace) -> int:
    """Give the services that meet all that is asked, the best known first."""
    if parsed.built_in:
        return _search_built_in(parsed)
    country = parsed.country
    if country is not None and country not in COUNTRIES and country != UNKNOWN:
        raise Stopped(f"{country} is no country; write two capitals, as NL, or unknown", WRONG_USE)
    catalogue = shipped_catalogue()
    wanted = Wanted(
        words=tuple(parsed.words),
        category=Category(parsed.category) if parsed.category else None,
        country=country,
        plan=PlanKind(parsed.plan) if parsed.plan else None,
        european=parsed.european,
        alternatives=parsed.alternatives,
    )
    found = found_by(catalogue, wanted)
    for service in found:
        if parsed.json:
            print_json(plain(service))
        else:
            hosts = ", ".join(fact.value for fact in service.hosts[:3])
            print(f"{service.id}\t{service.name}\t{service.category}\t{service.reach}\t{hosts}")
    return DONE if found else NO


def _search_built_in(parsed: argparse.Namespace) -> int:
    built_in = _built_in()
    found = features_by(built_in, parsed.words)
    for feature in found:
        if parsed.json:
            print_json(plain_feature(built_in, feature))
        else:
            settings = ", ".join(setting.name for setting in feature.off) or "no setting"
            print(f"{feature.id}\t{feature.name}\t{feature.product}\t{feature.runs}\t{settings}")
    return DONE if found else NO


def sources_arguments(parser: argparse.ArgumentParser) -> None:
    """How to answer."""
    add_json(parser)


def sources(parsed: argparse.Namespace) -> int:
    """Give every source, and how many facts and services rest on it."""
    for used in used_sources(shipped_catalogue()):
        source = used.source
        if parsed.json:
            print_json(
                {
                    "id": used.name,
                    "title": source.title,
                    "url": source.url,
                    "read": source.read.isoformat(),
                    "kind": "list" if source.family else "page",
                    "family": source.family or None,
                    "licence": source.licence or None,
                    "facts": used.facts,
                    "services": used.services,
                }
            )
        else:
            told = f"{used.facts} facts\t{used.services} services\t{source.title} <{source.url}>"
            print(f"{used.name}\t{told}")
    return DONE


def stats_arguments(parser: argparse.ArgumentParser) -> None:
    """How to answer."""
    add_json(parser)


def stats(parsed: argparse.Namespace) -> int:
    """Count the catalogue, and what it rests on."""
    counted = statistics(shipped_catalogue(), _built_in(), shipped_judgements().values())
    if parsed.json:
        print_json(counted)
        return DONE
    for group, counts in counted.items():
        print(group)
        for what, count in counts.items():
            print(f"  {count:6}  {what}")
    return DONE


def stale_arguments(parser: argparse.ArgumentParser) -> None:
    """How old is too old."""
    parser.add_argument(
        "--months", type=int, default=_MONTHS, metavar="N", help="months (%(default)s)"
    )
    add_json(parser)


def stale(parsed: argparse.Namespace) -> int:
    """Name the services that nobody went through for so many months; the answer is no if any."""
    if parsed.months < 0:
        raise Stopped("--months: write a whole number from 0", WRONG_USE)
    found = not_reviewed(
        shipped_catalogue(), months_before(datetime.now(tz=UTC).date(), parsed.months)
    )
    for service in found:
        reviewed = service.reviewed.isoformat()
        if parsed.json:
            print_json({"service": service.id, "reviewed": reviewed})
        else:
            print(f"{reviewed}\t{service.id}\t{service.name}")
    if not found and not parsed.json:
        print(f"every service was reviewed in the last {parsed.months} months")
    return NO if found else DONE


def _built_in() -> BuiltIn:
    try:
        return load_built_in()
    except (BadFile, OSError) as error:
        raise Stopped(str(error), COULD_NOT) from error
