"""The policy: what one organisation decided, with the basis of what it permits.

- `model` are its values.
- `reading` makes a policy of a file's parts; `approvals` reads its longest part.
- `rules` hold it against the catalogue: what a ban forbids, what an approval must give.
- `loading` is the whole of it: a file into a policy, or every fault at once.
"""

from __future__ import annotations

from blocklists.policy.loading import load_policy
from blocklists.policy.model import (
    Advice,
    Agreement,
    Alternative,
    Approval,
    Ban,
    Basis,
    Dpia,
    European,
    Force,
    HumanCheck,
    Match,
    Need,
    Policy,
    Reference,
    Ruling,
    Stop,
    Transfer,
    Words,
)
from blocklists.policy.rules import separable

__all__ = [
    "Advice",
    "Agreement",
    "Alternative",
    "Approval",
    "Ban",
    "Basis",
    "Dpia",
    "European",
    "Force",
    "HumanCheck",
    "Match",
    "Need",
    "Policy",
    "Reference",
    "Ruling",
    "Stop",
    "Transfer",
    "Words",
    "load_policy",
    "separable",
]
