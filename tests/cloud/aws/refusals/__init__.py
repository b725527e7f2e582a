"""What AWS refuses and the emulator takes.

`foresee` looks at inputs alone, in a preview, too; `ask` looks at what stands as well, right before the call.
Each refusal begins with AWS's code and says what AWS says.
"""

from tests.cloud.aws.calls import Calls
from tests.cloud.provider import Refused
from tests.cloud.values import Values

from . import alarms, buckets, documents, functions, mappings, notifications, queues, rules, topics

MODULES = (alarms, buckets, documents, functions, mappings, notifications, queues, topics)
"""Each makes its rules known when it is loaded."""


def foresee(kind: str, inputs: Values) -> None:
    """Refuse what no state of the cloud could make good.

    Args:
        kind: the resource's token.
        inputs: those that are known.

    Raises:
        Refused: AWS would.
    """
    for rule in rules.FORESEEN.get(kind, ()):
        for message in rule(inputs):
            raise Refused(message)


def ask(kind: str, aws: Calls, inputs: Values) -> None:
    """Refuse what does not go with what stands now.

    Args:
        kind: the resource's token.
        aws: the cloud.
        inputs: all of them.

    Raises:
        Refused: AWS would.
    """
    for rule in rules.ASKED.get(kind, ()):
        for message in rule(aws, inputs):
            raise Refused(message)
