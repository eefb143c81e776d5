"""A service with all its facts: as plain values, and in lines for people.

The plain values have the keys of the service file; each fact that is known names its source.
Unknown is a value here too, and is shown with the day on which it was looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from blocklists.catalogue import Catalogue, Countries, HostFact, Plan, Program, Service, Source
from blocklists.catalogue.built_in import BuiltIn, Feature
from blocklists.catalogue.reading.programs import SIGNS

UNKNOWN = "unknown"


def plain(service: Service) -> dict[str, Any]:
    """Give a service as its file writes it, with nothing left out that is known.

    Beside the file's keys it names the vendor, which stands at the top of the file.
    """
    return {
        "id": service.id,
        "name": service.name,
        "former": list(service.former),
        "vendor": service.vendor,
        "vendor_name": service.vendor_name,
        "category": service.category.value,
        "reach": service.reach.value,
        "reviewed": service.reviewed.isoformat(),
        "basis": _basis(service),
        "replaces": list(service.replaces),
        "countries": _countries(service.countries),
        "plans": {kind.value: _plan(plan) for kind, plan in service.plans.items()} or UNKNOWN,
        "hosts": [_host(fact) for fact in service.hosts],
        "headers": [_known(vars(each)) for each in service.headers],
        "programs": [_known(vars(each)) for each in service.programs],
        "extensions": [dict(vars(each)) for each in service.extensions],
    }


def _basis(service: Service) -> dict[str, Any]:
    if service.basis.page:
        return {"page": service.basis.page}
    return {"lists": list(service.basis.lists)}


def _countries(countries: Countries) -> dict[str, str]:
    four = {name: value or UNKNOWN for name, value in vars(countries).items() if name != "source"}
    return {**four, **({"source": countries.source} if countries.source else {})}


def _plan(plan: Plan) -> dict[str, Any]:
    known = {
        "told_by": plan.told_by.value,
        "header": plan.header,
        "trains": plan.trains.value,
        "retention": UNKNOWN if plan.retention is None else plan.retention,
        "eu_residency": plan.eu_residency.value,
        "source": plan.source,
    }
    return {name: value for name, value in known.items() if value != ""}


def _host(fact: HostFact) -> dict[str, Any]:
    marks = {"plan": fact.plan, "leaf": fact.leaf, "all_users": fact.all_users}
    return {
        fact.kind: fact.value,
        "use": fact.use.value,
        **{name: value for name, value in marks.items() if value},
        "source": fact.source,
    }


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    return {name: value for name, value in {**values, **lists}.items() if value}


def sources_of(catalogue: Catalogue, service: Service) -> dict[str, dict[str, str]]:
    """Give every source that a fact of a service names: title, address, day read."""
    names = sorted(named_sources(service))
    return {name: _plain_source(catalogue.source(service, name)) for name in names}


def _plain_source(source: Source) -> dict[str, str]:
    return {"title": source.title, "url": source.url, "read": source.read.isoformat()}


def named_sources(service: Service) -> set[str]:
    """Give the names of all sources that a service's facts and basis name."""
    return {name for name in _names(service) if name}


def _names(service: Service) -> Iterator[str]:
    yield service.basis.page
    yield from service.basis.lists
    yield from facts_by_source(service)


def facts_by_source(service: Service) -> Iterator[str]:
    """Give the source of each fact of a service, once a fact."""
    yield service.countries.source
    for part in (
        service.plans.values(),
        service.hosts,
        service.headers,
        service.programs,
        service.extensions,
    ):
        for each in part:
            yield each.source


def lines(catalogue: Catalogue, service: Service) -> Iterator[str]:
    """Give a service in lines for people."""
    yield f"{service.name} ({service.id}), {service.category}, {service.reach}"
    yield f"  vendor     {service.vendor_name}"
    if service.former:
        yield f"  formerly   {', '.join(service.former)}"
    yield f"  basis      {_basis_line(catalogue, service)}"
    yield f"  reviewed   {service.reviewed}; what is unknown was looked for on that day"
    four = {
        name: value for name, value in _countries(service.countries).items() if name != "source"
    }
    countries = " ".join(f"{name}: {value}" for name, value in four.items())
    yield f"  countries  {countries}{_from(service.countries.source)}"
    if service.replaces:
        yield f"  replaces   {', '.join(service.replaces)}"
    yield from _plan_lines(service)
    for fact in service.hosts:
        yield f"  host       {fact}, {fact.use}{_marks(fact)}{_from(fact.source)}"
    for header in service.headers:
        yield f"  header     {header.name}: {header.value}{_from(header.source)}"
        if header.leaves_open:
            yield f"             leaves open: {header.leaves_open}"
    for program in service.programs:
        told = "; ".join(_signs(program))
        yield f"  {program.kind:10} {program.name}: {told}{_from(program.source)}"
    for extension in service.extensions:
        who = f"{extension.name}, {extension.browser}"
        yield f"  extension  {extension.id} ({who}){_from(extension.source)}"
    for name in sorted(named_sources(service)):
        yield _source_line(name, catalogue.source(service, name))


def _source_line(name: str, source: Source) -> str:
    return f"  [{name}] {source.title} <{source.url}> read {source.read}"


def _signs(program: Program) -> Iterator[str]:
    for name in SIGNS:
        if values := getattr(program, name):
            yield f"{name} {', '.join(map(str, values))}"
    if program.signer:
        yield f"signer {program.signer}"


def _basis_line(catalogue: Catalogue, service: Service) -> str:
    if service.basis.page:
        return f"page read{_from(service.basis.page)}"
    families = catalogue.families(service)
    return f"{families} independent families of lists [{', '.join(service.basis.lists)}]"


def _plan_lines(service: Service) -> Iterator[str]:
    if not service.plans:
        yield "  plans      unknown"
    for plan in service.plans.values():
        told = {"none": "told apart by nothing"}.get(plan.told_by, f"told apart by {plan.told_by}")
        kept = UNKNOWN if plan.retention is None else str(plan.retention)
        days = " days" if kept.isdecimal() else ""
        yield (
            f"  plan       {plan.kind}: trains {plan.trains}, kept {kept}{days}, "
            f"EU residency {plan.eu_residency}, {told}{_from(plan.source)}"
        )


def _marks(fact: HostFact) -> str:
    marks = [f"plan {fact.plan} alone"] if fact.plan else []
    marks += ["no sub-domains"] if fact.leaf else []
    marks += ["all users' pages"] if fact.all_users else []
    return "".join(f", {mark}" for mark in marks)


def _from(source: str) -> str:
    return f" [{source}]" if source else ""


def _sources_of_feature(built_in: BuiltIn, feature: Feature) -> dict[str, Source]:
    names = {feature.source, *(setting.source for setting in feature.off)} - {""}
    return {name: built_in.sources[name] for name in sorted(names)}


def plain_feature(built_in: BuiltIn, feature: Feature) -> dict[str, Any]:
    """Give a built-in feature as its file writes it, with the sources that it names."""
    sources = _sources_of_feature(built_in, feature)
    return {
        "id": feature.id,
        "product": feature.product.value,
        "name": feature.name,
        "service": feature.service or None,
        "does": feature.does,
        "runs": feature.runs.value,
        "off": [_known(vars(setting)) for setting in feature.off],
        **({"source": feature.source} if feature.source else {}),
        "sources": {name: _plain_source(source) for name, source in sources.items()},
    }


def feature_lines(built_in: BuiltIn, feature: Feature) -> Iterator[str]:
    """Give a built-in feature in lines for people."""
    yield f"{feature.name} ({feature.id}), built into {feature.product}; runs: {feature.runs}"
    yield f"  does       {feature.does}"
    if not feature.off:
        yield f"  off        no setting switches it off{_from(feature.source)}"
    for setting in feature.off:
        until = f" to {setting.until}" if setting.until else ""
        platforms = ", ".join(setting.platforms)
        yield (
            f"  off        {setting.name} = {setting.value} ({setting.type}), from "
            f"{setting.since}{until}, {platforms}, {setting.where}{_from(setting.source)}"
        )
    for name, source in _sources_of_feature(built_in, feature).items():
        yield _source_line(name, source)
