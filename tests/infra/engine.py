"""As much of Pulumi's engine as a component in a process of its own talks to: the monitor, over gRPC.

with Engine() as engine:
    answer = engine.construct("photos", {"memoryMb": 2048})
    assert engine.deployed.one("aws:lambda/function:Function")["memorySize"] == 2048
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, cast

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)
from tests.infra.deployed import Aws, Deployed, Monitor

PLUGIN = Path(__file__).parents[2] / "plugin"
SPECIAL, OUTPUT = "4dabf18193072939515e22adb298388d", "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""How the protocol marks special values, and the mark of outputs."""

_PATIENCE = 60


class Engine(resource_pb2_grpc.ResourceMonitorServicer, engine_pb2_grpc.EngineServicer):
    """An engine, and the component's process beside it."""

    def __init__(self) -> None:
        self._monitor = Monitor(Aws())
        self.log: list[str] = []

    def __enter__(self) -> Self:
        self._server = grpc.server(ThreadPoolExecutor(16))
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self, self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self._address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(PLUGIN / "__main__.py"), self._address],
            stdout=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")},
            text=True,
        )
        port = cast("Any", self._process.stdout).readline().strip()
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._component = provider_pb2_grpc.ResourceProviderStub(self._channel)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=_PATIENCE)
        self._channel.close()
        self._server.stop(None).wait(_PATIENCE)

    @property
    def deployed(self) -> Deployed:
        """What the component has registered."""
        return Deployed(self._monitor.registered)

    def schema(self) -> dict[str, Any]:
        """What the component says of itself."""
        answer = self._component.GetSchema(provider_pb2.GetSchemaRequest(version=0), timeout=_PATIENCE)
        return json.loads(answer.schema)

    def construct(self, name: str, inputs: dict[str, Any], *, preview: bool = False) -> dict[str, Any]:
        """Have a pipeline made; its outputs."""
        struct = struct_pb2.Struct()
        json_format.ParseDict(inputs, struct)
        request = provider_pb2.ConstructRequest(
            project="shop",
            stack="test",
            dryRun=preview,
            parallel=4,
            monitorEndpoint=self._address,
            type="pixmill:index:ImagePipeline",
            name=name,
            inputs=struct,
        )
        answer = self._component.Construct(request, timeout=_PATIENCE)
        return json_format.MessageToDict(answer.state)

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - the protocol's
        return self._monitor.RegisterResource(request)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - same
        return self._monitor.RegisterResourceOutputs(request)

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - the protocol's
        return self._monitor.Invoke(request)

    def SupportsFeature(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - the protocol's
        supported = cast("Any", self._monitor.SupportsFeature(request)).hasSupport
        return resource_pb2.SupportsFeatureResponse(hasSupport=supported)

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - the protocol's
        return self._monitor.GetDeploymentInfo(request)

    def RegisterPackage(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - the protocol's
        return self._monitor.RegisterPackage(request)

    def Log(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - the protocol's
        self.log.append(request.message)
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - the protocol's
        return engine_pb2.GetRootResourceResponse(urn="")
