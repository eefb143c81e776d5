"""The file of a policy into a Policy, or every fault of it at once."""

from __future__ import annotations

from collections.abc import Mapping

from blocklists.catalogue import Service
from blocklists.policy.model import Policy
from blocklists.policy.reading import read_policy
from blocklists.policy.rules import faults
from blocklists.yamlfile import BadFile
from blocklists.yamlfile.loading import load


def load_policy(data: bytes, name: str, services: Mapping[str, Service]) -> Policy:
    """Read the YAML of a policy against the services of a catalogue.

    `name` stands in messages. Raises BadFile with the faults of form, of content, and of what
    the catalogue knows of the services.
    """
    top = load(data, name)
    policy = read_policy(top, services)
    found = [*top.faults.found, *faults(policy, services)]
    if found:
        raise BadFile(found)
    return policy
