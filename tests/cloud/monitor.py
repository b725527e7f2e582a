"""The engine's two ends of Pulumi's protocol: the resource monitor and the engine's own service.

with serving(Monitor(deployment, namespace, folder)) as address:
    ...  # a program, or a component provider's Construct, is given the address for both
"""

# ruff: noqa: ARG002, N802 - methods are named and called as the protocol has them

import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import (
    callback_pb2,
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    resource_pb2,
    resource_pb2_grpc,
)

from .deployment import Deployment, Interrupted, Stopped
from .goals import PROVIDER, STACK, Goal, Namespace, goal
from .provider import Refused
from .state import Resource
from .transforms import Transforms
from .values import Reader, Values, has_unknown, wired

Answer = TypeVar("Answer")

_THREADS = 64
_LARGEST = 400 * 1024 * 1024  # of a message, as Pulumi has it
_FEATURES = {
    "secrets": resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    "resourceReferences": resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    "aliasSpecs": resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    "deletedWith": resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    "transforms": resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
}


class Monitor(resource_pb2_grpc.ResourceMonitorServicer, engine_pb2_grpc.EngineServicer):
    """Takes registrations and answers them from a deployment.

    Args:
        deployment: what decides and does.
        namespace: the project and the stack.
        folder: what relative paths in the program are relative to.
    """

    def __init__(self, deployment: Deployment, namespace: Namespace, folder: Path) -> None:
        self.transforms = Transforms()
        self.outputs: Values = {}
        self.logs: list[str] = []
        self._deployment = deployment
        self._namespace = namespace
        self._reader = Reader(folder)
        self._root = ""
        self._lock = threading.Lock()

    def GetDeploymentInfo(
        self, request: object, context: grpc.ServicerContext
    ) -> resource_pb2.DeploymentInfo:
        return resource_pb2.DeploymentInfo(
            project=self._namespace.project,
            stack=self._namespace.stack,
            dryRun=self._deployment.dry_run,
            supportedFeatures=_FEATURES.values(),
        )

    def SupportsFeature(
        self,
        request: resource_pb2.SupportsFeatureRequest,
        context: grpc.ServicerContext,
    ) -> resource_pb2.SupportsFeatureResponse:
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _FEATURES)

    def RegisterResource(
        self, request: resource_pb2.RegisterResourceRequest, context: grpc.ServicerContext
    ) -> resource_pb2.RegisterResourceResponse:
        def register() -> resource_pb2.RegisterResourceResponse:
            own = list(request.transforms)
            self.transforms.apply(request)
            wanted = goal(request, self._namespace, self._reader)
            self.transforms.add(wanted.urn, wanted.parent, own)
            if wanted.type == STACK:
                self._root = wanted.urn
            made = self._deployment.register(wanted)
            return resource_pb2.RegisterResourceResponse(
                urn=made.urn, id=made.id, object=_object(wanted.wire, made)
            )

        return _answered(register, context, f"{request.type} {request.name}")

    def RegisterResourceOutputs(
        self,
        request: resource_pb2.RegisterResourceOutputsRequest,
        context: grpc.ServicerContext,
    ) -> empty_pb2.Empty:
        if request.urn == self._root:
            self.outputs = self._reader.values(request.outputs)
        return empty_pb2.Empty()

    def ReadResource(
        self, request: resource_pb2.ReadResourceRequest, context: grpc.ServicerContext
    ) -> resource_pb2.ReadResourceResponse:
        def read() -> resource_pb2.ReadResourceResponse:
            wanted = Goal(
                urn=self._namespace.urn(request.type, request.name, request.parent),
                type=request.type,
                name=request.name,
                custom=True,
                parent=request.parent,
                provider=request.provider.rpartition("::")[0],
            )
            if has_unknown(request.id):
                return resource_pb2.ReadResourceResponse(urn=wanted.urn, id=request.id)
            made = self._deployment.read(request.type, request.id, wanted)
            return resource_pb2.ReadResourceResponse(
                urn=made.urn, id=made.id, properties=_object(request.properties, made)
            )

        return _answered(read, context, f"{request.type} {request.id}")

    def Invoke(
        self, request: resource_pb2.ResourceInvokeRequest, context: grpc.ServicerContext
    ) -> resource_pb2.ResourceInvokeResponse:
        def invoke() -> resource_pb2.ResourceInvokeResponse:
            region = self._deployment.region(request.provider.rpartition("::")[0])
            arguments = self._reader.values(request.args)
            try:
                found = self._deployment.provider.invoke(request.tok, region, arguments)
            except Refused as error:
                failure = provider_pb2.CheckFailure(reason=str(error))
                return resource_pb2.ResourceInvokeResponse(failures=[failure])
            answer = resource_pb2.ResourceInvokeResponse()
            getattr(answer, "return").CopyFrom(wired(found))  # a keyword of Python's
            return answer

        return _answered(invoke, context, request.tok)

    def RegisterStackTransform(
        self,
        request: callback_pb2.Callback,
        context: grpc.ServicerContext,
    ) -> empty_pb2.Empty:
        self.transforms.add_for_stack(request)
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: object, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        if request.severity != engine_pb2.DEBUG:
            severity = engine_pb2.LogSeverity.Name(request.severity).lower()
            with self._lock:
                self.logs.append(f"{severity}: {request.message.strip()}")
        return empty_pb2.Empty()

    def GetRootResource(
        self, request: object, context: grpc.ServicerContext
    ) -> engine_pb2.GetRootResourceResponse:
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(
        self,
        request: engine_pb2.SetRootResourceRequest,
        context: grpc.ServicerContext,
    ) -> engine_pb2.SetRootResourceResponse:
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()


@contextmanager
def serving(monitor: Monitor) -> Generator[str]:
    """Serve a monitor on loopback; its address."""
    options = [("grpc.max_receive_message_length", _LARGEST), ("grpc.so_reuseport", 0)]
    with ThreadPoolExecutor(_THREADS) as threads, monitor.transforms:
        server = grpc.server(threads, options=options)
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
        engine_pb2_grpc.add_EngineServicer_to_server(monitor, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            server.stop(None).wait()


def _answered(answer: Callable[[], Answer], context: grpc.ServicerContext, what: str) -> Answer:
    """An answer; what goes wrong is told to the program, which then ends."""
    try:
        return answer()
    except Stopped as error:
        context.abort(grpc.StatusCode.CANCELLED, f"{what}: {error}")
    except grpc.RpcError as error:  # of a transform
        context.abort(grpc.StatusCode.UNKNOWN, f"{what}: {error}")
    except (Refused, NotImplementedError, ValueError, OSError, Interrupted) as error:
        context.abort(grpc.StatusCode.UNKNOWN, f"{what}: {error}")


def _object(wire: struct_pb2.Struct, made: Resource) -> struct_pb2.Struct:
    """All properties of a resource: those that were asked for, as they came, and those that came of it."""
    everything = struct_pb2.Struct()
    everything.CopyFrom(wire)
    if made.type != STACK and not made.type.startswith(PROVIDER):
        everything.MergeFrom(wired(_without_files(made.outputs)))
    return everything


def _without_files(outputs: Any) -> Values:  # noqa: ANN401 - as JSON has them
    return {key: each for key, each in outputs.items() if not (isinstance(each, dict) and "sha256" in each)}
