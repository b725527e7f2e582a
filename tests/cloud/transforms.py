"""Transforms: functions of the program that the engine calls back with a registration before it takes it."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Self

import grpc
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, resource_pb2
from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest, TransformResourceOptions

from .goals import STACK

_PATIENCE = 30  # seconds for one answer

_LISTS = (
    ("depends_on", "dependencies"),
    ("ignore_changes", "ignoreChanges"),
    ("replace_on_changes", "replaceOnChanges"),
    ("aliases", "aliases"),
    ("additional_secret_outputs", "additionalSecretOutputs"),
)
_PLAIN = (("version", "version"), ("provider", "provider"), ("deleted_with", "deletedWith"))
_CHOICES = (("protect", "protect"), ("retain_on_delete", "retainOnDelete"))


class Transforms:
    """All that were registered: a resource's own, those of what it belongs to, the stack's, in this order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stack: list[callback_pb2.Callback] = []
        self._by_urn: dict[str, list[callback_pb2.Callback]] = {}
        self._parents: dict[str, str] = {}
        self._stubs: dict[str, callback_pb2_grpc.CallbacksStub] = {}
        self._channels = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._channels.close()

    def add_for_stack(self, callback: callback_pb2.Callback) -> None:
        """Take a transform for every resource that comes from now on."""
        self._stack.append(callback)

    def add(self, urn: str, parent: str, callbacks: Sequence[callback_pb2.Callback]) -> None:
        """Take a resource's own transforms, which are those of all that belongs to it, too."""
        self._by_urn[urn] = list(callbacks)
        self._parents[urn] = parent

    def apply(self, request: RegisterResourceRequest) -> None:
        """Let all transforms that concern it change a registration.

        Raises:
            grpc.RpcError: a transform has failed.
        """
        if request.type == STACK:
            return
        concerning = list(request.transforms)
        above = request.parent
        while above:
            concerning += self._by_urn.get(above, [])
            above = self._parents.get(above, "")
        for callback in [*concerning, *self._stack]:
            self._apply(callback, request)

    def _apply(self, callback: callback_pb2.Callback, request: RegisterResourceRequest) -> None:
        asked = resource_pb2.TransformRequest(
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            properties=request.object,
            options=_options(request),
        )
        invocation = callback_pb2.CallbackInvokeRequest(
            token=callback.token, request=asked.SerializeToString()
        )
        told = self._stub(callback.target).Invoke(invocation, timeout=_PATIENCE).response
        answer = resource_pb2.TransformResponse.FromString(told)
        request.object.CopyFrom(answer.properties)
        if answer.HasField("options"):
            _take(answer.options, request)

    def _stub(self, target: str) -> callback_pb2_grpc.CallbacksStub:
        with self._lock:
            if target not in self._stubs:
                channel = self._channels.enter_context(grpc.insecure_channel(target))
                self._stubs[target] = callback_pb2_grpc.CallbacksStub(channel)
            return self._stubs[target]


def _options(request: RegisterResourceRequest) -> TransformResourceOptions:
    options = TransformResourceOptions()
    for option, wanted in _LISTS:
        getattr(options, option).extend(getattr(request, wanted))
    for option, wanted in _PLAIN:
        setattr(options, option, getattr(request, wanted))
    for option, wanted in _CHOICES:
        if request.HasField(wanted):  # type: ignore[arg-type]
            setattr(options, option, getattr(request, wanted))
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    return options


def _take(options: TransformResourceOptions, request: RegisterResourceRequest) -> None:
    for option, wanted in _LISTS:
        request.ClearField(wanted)  # type: ignore[arg-type]
        getattr(request, wanted).extend(getattr(options, option))
    for option, wanted in _PLAIN:
        setattr(request, wanted, getattr(options, option))
    for option, wanted in _CHOICES:
        request.ClearField(wanted)  # type: ignore[arg-type]
        if options.HasField(option):  # type: ignore[arg-type]
            setattr(request, wanted, getattr(options, option))
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")
    request.deleteBeforeReplace = options.delete_before_replace
