"""What the server does not do, however it is asked."""

import socket
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from tests.local.served import COMMAND, Server, served
from tests.local.waiting import until
from tests.sync.pictures import photo

SECRET = b"nobody should read this"


@pytest.fixture(scope="module", autouse=True)
def _secret(server: Server) -> None:
    home = server.source.parent
    (home / "secret.txt").write_bytes(SECRET)
    for name in (".git/config", ".pixmill/secret.jpg"):
        (server.source / name).parent.mkdir(parents=True, exist_ok=True)
        (server.source / name).write_bytes(SECRET)
    (server.source / "here.jpg").write_bytes(photo())
    (server.source / "away").symlink_to(home)
    assert server.finished("here.jpg") == ["complete"]


def raw(server: Server, request: str) -> bytes:
    """The answer to a request that no client would send as it is."""
    host, port = server.host.split(":")
    text = request.replace("\n", "\r\n").replace("HOST", server.host)
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"{text}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(1 << 16), b""))


UP = ("..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..%00", "%c0%ae%c0%ae", "....", "%2e%2e%5c..", "\\..")


@pytest.mark.parametrize("base", ["/files/original/", "/files/rendition/", "/static/", "/api/originals/"])
def test_no_address_leads_out_of_the_two_places(server: Server, base: str) -> None:
    for up, slash, depth in product(UP, ("/", "%2f", "%5c", "%252f", "//"), (1, 2, 6)):
        for target in ("secret.txt", f"etc{slash}passwd", "schema/recipe.schema.json"):
            path = base + (up + slash) * depth + target
            answer = raw(server, f"GET {path} HTTP/1.1\nHost: HOST")
            assert answer.split()[1] in {b"400", b"404"}, path
            assert SECRET not in answer
            assert b"root:" not in answer
            assert b"$schema" not in answer


@pytest.mark.parametrize(
    "path",
    [
        "/files/original/%2Fetc%2Fpasswd",
        "/files/original//etc/passwd",
        "/files/original/file%3A%2F%2F%2Fetc%2Fpasswd",
        "/files/original/away%2Fsecret.txt",  # through a link in the source to a folder
        "/files/original/away%2Fpixmill.toml",
        "/files/original/.pixmill%2Fsecret.jpg",
        "/files/original/.git%2Fconfig",
        "/files/original/",
        "/files/original/here.jpg%00.png",
        "/files/original/%ff%fe",
        "/files/rendition/.pixmill%2Fstate.json",
        "/files/rendition/.pixmill%2Ftmp%2Fx.jpg",
        "/files/rendition/here.jpg",
        "/files/preview/..%2F..%2Fsecret.txt/0",
        "/static/../__init__.py",
        "/static/%2e%2e/__init__.py",
        "/static/..%2F..%2Ferrors.py",
        "/static/",
        "/static//etc/passwd",
        "/api/nothing",
        "/docs",
        "/openapi.json",
    ],
)
def test_what_is_not_there_is_not_found(server: Server, path: str) -> None:
    answer = server.get(path)

    assert (answer.status, answer.code) == (404, "not-found")


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.jpg",
        "..\\..\\evil.jpg",
        "/evil.jpg",
        "a/../../evil.jpg",
        "....//evil.jpg",
        "\x00/evil.jpg",
    ],
)
def test_no_upload_leads_out_of_the_source(server: Server, name: str) -> None:
    before = sorted(server.source.parent.iterdir())

    for headers in ({}, {"X_Pixmill_Path": name.replace("\x00", "%00")}):
        answer = server.upload(name, photo(seed=4), **headers)
        assert answer.status == 201
        key = answer.json()["key"]
        assert (server.source / key).is_file()
        assert ".." not in key.split("/")
    assert sorted(server.source.parent.iterdir()) == before


def test_no_upload_goes_through_a_link(server: Server) -> None:
    answer = server.upload("away/evil.jpg", photo(seed=4))

    assert (answer.status, answer.code) == (400, "unusable-name")
    assert not (server.source.parent / "evil.jpg").exists()


@pytest.mark.parametrize("name", [".DS_Store", "cats/Thumbs.db", ".pixmill/lock", ".git/config", "...", "/"])
def test_what_is_no_original_is_not_taken(server: Server, name: str) -> None:
    assert server.upload(name, b"x").code == "unusable-name"


def test_an_upload_that_says_it_is_too_large_is_refused_unread(server: Server) -> None:
    head = f"PUT /api/uploads/big.jpg HTTP/1.1\nHost: HOST\nOrigin: {server.origin}\nX-Pixmill: 1"

    answer = raw(server, f"{head}\nContent-Length: 100001")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"too-many-bytes"' in answer
    assert not (server.source / "big.jpg").exists()


def test_an_upload_of_unknown_length_is_cut_off_at_the_limit(server: Server) -> None:
    pieces = [b"x" * 10_000] * 10

    assert server.upload("full.jpg", pieces, Transfer_Encoding="chunked").status == 201  # type: ignore[arg-type]
    answer = server.upload("big.jpg", [*pieces, b"x"], Transfer_Encoding="chunked")  # type: ignore[arg-type]
    assert (answer.status, answer.code) == (413, "too-many-bytes")
    assert not (server.source / "big.jpg").exists()
    assert until(lambda: not list((server.source / ".pixmill" / "uploads").iterdir()))


WRITES = [
    ("PUT", "/api/uploads/x.jpg"),
    ("POST", "/api/originals/here.jpg/retry"),
    ("DELETE", "/api/originals/here.jpg"),
    ("PUT", "/api/recipe"),
    ("POST", "/api/recipe/check"),
    ("POST", "/api/preview"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_write_must_come_from_the_page(server: Server, method: str, path: str) -> None:
    own = {"Origin": server.origin, "X_Pixmill": "1"}
    port = server.host.split(":")[1]
    for headers in (
        {},
        {"Origin": server.origin},
        {"X_Pixmill": "1"},
        own | {"X_Pixmill": "0"},
        own | {"Origin": "null"},
        own | {"Origin": "https://evil.example"},
        own | {"Origin": f"https://{server.host}"},
        own | {"Origin": f"http://localhost:{port}"},  # another origin than the Host that was asked
        own | {"Origin": f"http://127.0.0.1:{int(port) - 1}"},
        own | {"Origin": f"{server.origin}.evil.example"},
        own | {"Sec_Fetch_Site": "cross-site"},
        {"X_Pixmill": "1", "Authorization": "Bearer "},
    ):
        answer = server.ask(method, path, b"{}", **headers)
        assert (answer.status, answer.code) == (403, "foreign-request"), headers
    assert (server.source / "here.jpg").exists()
    assert not (server.source / "x.jpg").exists()


def test_other_sites_may_not_read_either(server: Server) -> None:
    for path in ("/api/state", "/files/original/here.jpg", "/api/events"):
        answer = server.get(path, Sec_Fetch_Site="cross-site", Origin="https://evil.example")
        assert (answer.status, answer.code) == (403, "foreign-request")
    assert server.ask("OPTIONS", "/api/state", Origin="https://evil.example").status == 403


FOREIGN = (
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1.evil.example:{port}",
    "localhost.evil.example:{port}",
    "192.0.2.1:{port}",
    "0.0.0.0:{port}",
    "[::]:{port}",
    "",
)


@pytest.mark.parametrize("host", FOREIGN)
def test_a_host_of_another_name_is_refused(server: Server, host: str) -> None:
    """A foreign name may lead here: then its pages would be of this server's origin."""
    port = server.host.split(":")[1]
    named = host.format(port=port)

    for path in ("/", "/api/state", "/files/original/here.jpg"):
        answer = server.get(path, Host=named)
        assert (answer.status, answer.code) == (421, "foreign-request")


def test_its_own_names_are_known(server: Server) -> None:
    port = server.host.split(":")[1]

    for name in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}", f"[::1]:{port}"):
        assert server.get("/api/state", Host=name).status == 200


def test_two_hosts_are_none(server: Server) -> None:
    answer = raw(server, "GET /api/state HTTP/1.1\nHost: HOST\nHost: evil.example")

    assert answer.split()[1] in {b"400", b"421"}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"text": 1}', b"\xff", b'{"text": "' + b"x" * (1 << 20)]
)
def test_a_request_that_makes_no_sense_is_refused(server: Server, body: bytes) -> None:
    answer = server.write("POST", "/api/recipe/check", body)

    assert (answer.status, answer.code) == (400, "invalid-request")


def test_a_method_that_is_not_there_is_refused(server: Server) -> None:
    assert server.write("POST", "/api/state").status == 405
    assert server.write("DELETE", "/api/recipe").status == 405


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that others than this machine could reach; the tests still come by loopback."""
    home = tmp_path_factory.mktemp("remote")
    with served(home, "--host", "0.0.0.0", "--allow-remote") as running:  # noqa: S104 - what is tested
        yield running


def token_of(remote: Server) -> str:
    return remote.url.partition("?token=")[2]


def at_loopback(remote: Server) -> Server:
    port = remote.host.rpartition(":")[2]
    return Server(remote.process, remote.source, remote.destination, f"http://127.0.0.1:{port}/")


def test_nothing_is_given_without_the_token(remote: Server) -> None:
    near = at_loopback(remote)

    assert len(token_of(remote)) >= 32
    for path in ("/", "/api/state", "/static/x.js", "/api/events", "/?token=wrong", "/?token="):
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": f"pixmill={token_of(remote)}"}):
            answer = near.get(path, **headers)
            assert (answer.status, answer.code) == (401, "token-needed")
    assert near.upload("x.jpg", photo()).code == "token-needed"


def test_the_token_opens_by_cookie_and_by_header(remote: Server) -> None:
    near, token = at_loopback(remote), token_of(remote)

    welcome = near.get(f"/?token={token}")
    assert (welcome.status, welcome.headers["Location"]) == (303, "/")
    cookie = welcome.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert near.get("/api/state", Cookie=cookie.partition(";")[0]).status == 200
    assert near.get("/api/state", Authorization=f"Bearer {token}").status == 200
    # A program with the token needs no origin, a browser with the cookie does.
    program = {"X_Pixmill": "1", "Authorization": f"Bearer {token}"}
    assert near.ask("PUT", "/api/uploads/x.jpg", photo(), **program).status == 201
    page = {"X_Pixmill": "1", "Cookie": cookie.partition(";")[0]}
    assert near.ask("PUT", "/api/uploads/y.jpg", photo(), **page).code == "foreign-request"
    assert near.get("/api/state", Host="evil.example", Authorization=f"Bearer {token}").status == 421


def refusal(home: Path, *options: str) -> str:
    """The first line of what `pixmill serve` says when it does not begin."""
    (home / "source").mkdir()
    command = [*COMMAND, "serve", "source", "destination", *options]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    return next(line for line in done.stderr.splitlines() if line.startswith("error"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - what is refused
def test_other_addresses_than_loopback_must_be_allowed(tmp_path: Path, host: str) -> None:
    assert refusal(tmp_path, "--host", host).startswith("error[remote-refused]: ")


def test_a_port_that_is_taken_is_refused(server: Server, tmp_path: Path) -> None:
    port = server.host.split(":")[1]

    assert refusal(tmp_path, "--port", port).startswith("error[address-unusable]: ")


def test_a_destination_that_is_held_is_refused(server: Server, tmp_path: Path) -> None:
    (tmp_path / "destination").symlink_to(server.destination)

    assert refusal(tmp_path, "--port", "0").startswith("error[destination-busy]: ")


def test_it_survives_nonsense(server: Server) -> None:
    for request in (
        "\x16\x03\x01",
        "GET / HTTP/9.9",
        "GET",
        "\0" * 5000,
        "PUT /api/uploads/x HTTP/1.1\nHost: HOST",
    ):
        raw(server, request)

    assert server.get("/api/state").status == 200
