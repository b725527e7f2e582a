"""How refusals are told: functions that yield what AWS would say, by the types of resources they are for."""

from collections.abc import Callable, Iterator

from tests.cloud.aws.calls import Calls
from tests.cloud.values import Values

Foresight = Callable[[Values], Iterator[str]]
Question = Callable[[Calls, Values], Iterator[str]]

FORESEEN: dict[str, list[Foresight]] = {}
ASKED: dict[str, list[Question]] = {}


def foreseen(*kinds: str) -> Callable[[Foresight], Foresight]:
    """A refusal that inputs alone tell of. Of unknown inputs it is told nothing."""

    def known(rule: Foresight) -> Foresight:
        for each in kinds:
            FORESEEN.setdefault(each, []).append(rule)
        return rule

    return known


def asked(*kinds: str) -> Callable[[Question], Question]:
    """A refusal for which it must be known what stands."""

    def known(rule: Question) -> Question:
        for each in kinds:
            ASKED.setdefault(each, []).append(rule)
        return rule

    return known
