"""The policy pack in a process of its own, asked over gRPC as Pulumi's engine asks it.

with Analyzer(folder) as analyzer:
    assert analyzer.complaints(resources) == set()
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

_PATIENCE = 60


class Complaint(NamedTuple):
    """What a rule has found."""

    rule: str
    message: str


@dataclass(frozen=True)
class Subject:
    """A resource to be judged.

    Attributes:
        kind: its type.
        name: in the program.
        urn: what it goes by.
        inputs: its arguments.
        dependencies: URNs of all that it needs.
        sources: URNs of what each of its inputs came from, where that is known.
    """

    kind: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    dependencies: Iterable[str]
    sources: Mapping[str, Iterable[str]] = field(default_factory=dict[str, Iterable[str]])


class Analyzer:
    """A policy pack, from `__enter__` to `__exit__`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        # Without a buffer, as Pulumi starts it: the pack does not flush its port.
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-W", "ignore", str(self._folder)],
            stdout=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")},
            text=True,
        )
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE)
        port = self._process.stdout.readline().strip() if ready else ""
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        self._process.kill()
        self._process.communicate()

    def rules(self) -> set[str]:
        """The names of all rules that stop a deployment."""
        info = self._stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=_PATIENCE)
        return {each.name for each in info.policies if each.enforcementLevel == analyzer_pb2.MANDATORY}

    def complaints(self, subjects: Iterable[Subject]) -> set[Complaint]:
        """What all rules have to say of a stack."""
        resources = [_resource(each) for each in subjects]
        answers = [self._stub.Analyze(_alone(each), timeout=_PATIENCE) for each in resources]
        whole = analyzer_pb2.AnalyzeStackRequest(resources=resources)
        answers.append(self._stub.AnalyzeStack(whole, timeout=_PATIENCE))
        return {Complaint(each.policyName, each.message) for answer in answers for each in answer.diagnostics}


def _resource(subject: Subject) -> analyzer_pb2.AnalyzerResource:
    sources = {
        name: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns) for name, urns in subject.sources.items()
    }
    return analyzer_pb2.AnalyzerResource(
        type=subject.kind,
        name=subject.name,
        urn=subject.urn,
        properties=_struct(subject.inputs),
        dependencies=subject.dependencies,
        propertyDependencies=sources,
    )


def _alone(resource: analyzer_pb2.AnalyzerResource) -> analyzer_pb2.AnalyzeRequest:
    return analyzer_pb2.AnalyzeRequest(
        type=resource.type, name=resource.name, urn=resource.urn, properties=resource.properties
    )


def _struct(inputs: Mapping[str, Any]) -> struct_pb2.Struct:
    """Inputs as a message has them; of files, no rule knows anything."""
    message = struct_pb2.Struct()
    message.update(json.loads(json.dumps(dict(inputs), default=str)))
    return message
