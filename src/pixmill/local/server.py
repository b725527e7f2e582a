"""The lightbox as a server: a socket, the guard, and an orderly end."""

import asyncio
import ipaddress
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import uvicorn

from pixmill.errors import Refused
from pixmill.local.guard import Doors, Guard
from pixmill.local.lightbox import Lightbox
from pixmill.local.routes import application

_GRACE = 2  # seconds for requests that are under way at the end
_ENDING = (signal.SIGINT, signal.SIGTERM)
_LOOK = 0.05  # seconds between looks at whether it is time to end


@dataclass(frozen=True)
class Address:
    """Where a server listens.

    Attributes:
        listening: the socket.
        host: as it was asked for.
        token: what everybody must show; None if only this machine can come.
    """

    listening: socket.socket
    host: str
    token: str | None

    @property
    def port(self) -> int:
        """The port, also if any was asked for."""
        return int(self.listening.getsockname()[1])

    @property
    def url(self) -> str:
        """What to open in a browser."""
        everywhere = ipaddress.ip_address(self.listening.getsockname()[0]).is_unspecified
        host = socket.gethostname() if everywhere else self.host
        name = f"[{host}]" if ":" in host else host
        return f"http://{name}:{self.port}/" + (f"?token={self.token}" if self.token else "")

    @property
    def doors(self) -> Doors:
        """Whom to let in."""
        if self.token is None:
            return Doors(self.port, frozenset(("localhost",)))
        names = frozenset(name.lower() for name in ("localhost", self.host, socket.gethostname()))
        return Doors(self.port, names, is_remote=True, token=self.token)


def listen(host: str, port: int, *, allow_remote: bool) -> Address:
    """Open the socket.

    Raises:
        Refused: "remote-refused": other machines could come, and that was not allowed; "address-unusable":
            it is not one of this machine's, or it is taken.
    """
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise Refused("address-unusable", f"There is no address {host}.") from error
    is_remote = not ipaddress.ip_address(str(where[0]).partition("%")[0]).is_loopback
    if is_remote and not allow_remote:
        raise Refused("remote-refused", f"Other machines could reach {host}.")
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise Refused("address-unusable", f"Port {port} of {host}: {error.strerror}.") from error
    return Address(listening, host, secrets.token_urlsafe(24) if is_remote else None)


def serve(box: Lightbox, address: Address, opened: Callable[[str], None]) -> None:
    """Follow and serve, until SIGINT or SIGTERM.

    Args:
        box: what to serve.
        address: where.
        opened: is told the address when the page can be opened.

    Raises:
        PixmillError: following could not begin.
        KeyboardInterrupt: at the end, if it was SIGINT that ended it.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            Guard(application(box), address.doors),
            log_level="critical",
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE,
        )
    )
    serving = threading.Thread(target=_run, args=(server, box, address.listening), name="pixmill-serve")
    with _ending() as ended:
        box.start()
        serving.start()
        try:
            told = False
            while not (ended.is_set() or box.ended.is_set()) and serving.is_alive():
                if server.started and box.holding.is_set() and not told:
                    told = True
                    opened(address.url)
                ended.wait(_LOOK if not told else 1.0)
        finally:
            box.bell.close()  # or those that listen would hold it up
            server.should_exit = True
            box.stop()
            serving.join()
            address.listening.close()
    if box.error is not None:
        raise box.error


def _run(server: uvicorn.Server, box: Lightbox, listening: socket.socket) -> None:
    async def run() -> None:
        box.bell.attach()
        await server.serve(sockets=[listening])

    asyncio.run(run())


@contextmanager
def _ending() -> Generator[threading.Event]:
    """An event that is set by a signal to end; the handlers that were there come back."""
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        ended.set()

    before = [(number, signal.signal(number, end)) for number in _ENDING]
    try:
        yield ended
    finally:
        for number, handler in before:
            signal.signal(number, handler)
