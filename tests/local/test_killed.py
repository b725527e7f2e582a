"""A server that is killed at any moment leaves nothing half-done that the next one does not put right."""

import json
import os
import signal
import socket
from pathlib import Path

from tests.local.served import Server, served
from tests.local.waiting import until
from tests.sync.pictures import fill, photo, snapshot

from pixmill.recipe import Recipe
from pixmill.syncing import sync

RECIPE = """
[[rendition]]
name = "standard"
width = 320
formats = ["jpeg", "webp", "png"]
"""


def uploading(server: Server, name: str, data: bytes, sent: int) -> socket.socket:
    """An upload that has come so far, and goes no further."""
    host, port = server.host.split(":")
    connection = socket.create_connection((host, int(port)))
    head = (
        f"PUT /api/uploads/{name} HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.origin}\r\n"
        f"X-Pixmill: 1\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    connection.sendall(head.encode() + data[:sent])
    return connection


def workers_of(parent: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_killed_in_the_middle_of_uploads(tmp_path: Path) -> None:
    data = os.urandom(4 << 20)
    with served(tmp_path) as server:
        spares = server.source / ".pixmill" / "uploads"
        connections = [uploading(server, f"{number}.jpg", data, 3 << 20) for number in range(3)]
        # One mebibyte of each is on the disk, at least.
        assert until(lambda: sum(path.stat().st_size for path in spares.glob("*")) >= 3 << 20)
        server.end(signal.SIGKILL)
        for connection in connections:
            connection.close()
        assert len(list(spares.iterdir())) == 3
        assert [path.name for path in server.source.iterdir()] == [".pixmill"]

    with served(tmp_path) as again:
        assert list(spares.iterdir()) == []
        assert again.get("/api/originals").json()["total"] == 0
        assert again.upload("0.jpg", photo()).json()["key"] == "0.jpg"
        assert again.finished("0.jpg") == ["complete"]


def test_ended_in_the_middle_of_an_upload(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        spares = server.source / ".pixmill" / "uploads"
        with uploading(server, "half.jpg", photo(), 200):
            assert until(lambda: list(spares.glob("*")))
            assert server.end(signal.SIGINT) == 0
        assert list(spares.iterdir()) == []
        assert not (server.source / "half.jpg").exists()


def test_what_another_server_is_writing_is_not_cleared_away(tmp_path: Path) -> None:
    data = photo(640, 480)
    with served(tmp_path) as server:
        with uploading(server, "slow.jpg", data, 500) as connection:
            assert until(lambda: list(server.source.glob(".pixmill/uploads/*")))
            with served(tmp_path, destination=str(tmp_path / "other")):
                connection.sendall(data[500:])
                assert connection.recv(100).startswith(b"HTTP/1.1 201 ")
        assert (server.source / "slow.jpg").read_bytes() == data


def test_killed_in_the_middle_of_rendering(tmp_path: Path) -> None:
    (tmp_path / "pixmill.toml").write_text(RECIPE, "utf-8")
    fill(tmp_path / "source", 40, width=640, height=480)
    sync(tmp_path / "source", tmp_path / "undisturbed", Recipe.parse(RECIPE), jobs=2)
    for files in (1, 30, 60):
        with served(tmp_path) as server:
            goal = files + len(list(server.destination.rglob("*.*")))
            assert until(lambda: len(list(server.destination.rglob("*.*"))) >= goal)  # noqa: B023 - now
            workers = workers_of(server.process.pid)
            server.end(signal.SIGKILL)
            assert until(lambda: not any(map(alive, workers)))  # noqa: B023 - now
        for path in (tmp_path / "destination" / "manifests").rglob("*.json"):
            json.loads(path.read_bytes())

    with served(tmp_path) as again:
        totals = until(lambda: finished_totals(again))
        assert (totals["complete"], totals["rejected"], totals["failed"]) == (36, 4, 0)
        assert snapshot(again.destination) == snapshot(tmp_path / "undisturbed")
        assert again.end(signal.SIGTERM) == 0


def finished_totals(server: Server) -> dict[str, int]:
    totals = server.get("/api/state").json()["totals"]
    busy = totals["waiting"] + totals["working"]
    return totals if totals["originals"] == 40 and not busy else {}
