"""What stands around the models of a run, from the ledger to the wire.

A real model is `Remembered(Opening(Retried(Paced(provider))))`: a look-up stands in no line, nor does a call that waits
for its prefix to be opened, and a retry stands in it again. In batches it is
`Remembered(Inside(Retried(Batched(provider))))`: a retry goes with the next wave, and no call waits for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager

from arena.models.base import Model, paid
from arena.models.ledger import Ledger, Remembered
from arena.models.opening import Opening, Prefixes
from arena.models.pacing import Bounded, Paced, Pacing
from arena.models.provider import Provider
from arena.models.retry import USUAL, Health, Policy, Retried
from arena.models.waves import Batched, Inside, Waves


def wrapped(
    models: Mapping[str, Model],
    ledger: Ledger,
    slots: AbstractAsyncContextManager[object],
    pacing: Pacing,
    health: Health,
    policy: Policy = USUAL,
    waves: Waves | None = None,
) -> dict[str, Model]:
    """Each model by its spec, behind the ledger: those with an `account` paced and retried, the others in the slots.

    Of those whose provider `caches` prefixes, one call opens each. With `waves` calls to those with an account go in
    batches.
    """
    prefixes = Prefixes()

    def careful(model: Model) -> Model:
        if not paid(model):
            return Bounded(model, slots, ledger)
        gate, patience = pacing.gate(model), patient(policy, model)
        if waves and isinstance(model, Provider):
            return Retried(Batched(model, waves, gate), patience, health, ledger)
        retried = Retried(Paced(model, gate, ledger), patience, health, ledger)
        return Opening(retried, gate.account, prefixes) if getattr(model, "caches", False) else retried

    def counted(model: Model) -> Model:
        return Inside(model, waves) if waves else model

    return {spec: Remembered(counted(careful(model)), ledger) for spec, model in models.items()}


def patient(policy: Policy, model: Model) -> Policy:
    """The policy for a model that may have a `deadline` of its own for each attempt, in seconds."""
    deadline: float = getattr(model, "deadline", policy.attempt)
    return policy._replace(attempt=deadline, deadline=max(policy.deadline, 1.5 * deadline))
