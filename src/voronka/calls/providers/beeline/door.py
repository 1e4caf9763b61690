"""Beeline at the door: events of calls are kept, those of handsets are none of ours."""

from voronka.calls.hooks.contract import AtDoor, Taken
from voronka.calls.hooks.request import Hook
from voronka.calls.providers.beeline.parser import ENDED_SUBSCRIPTION, kind_of, ref_of_tree
from voronka.calls.providers.beeline.xml import tree_of
from voronka.calls.providers.proof import prove

OF_NO_CALL = ("HookStatusEvent", "SubscriptionEvent", "CallSubscriptionEvent")


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take an event in. Raises: ForgedError when a secret is set and is not shown."""
    prove(exchange, hook)
    try:
        tree = tree_of(hook.body)
    except ValueError:
        return Taken()
    kind = kind_of(tree)
    if kind in OF_NO_CALL:
        return Taken(keeps=False)
    return Taken(ref="" if kind == ENDED_SUBSCRIPTION else ref_of_tree(tree))
