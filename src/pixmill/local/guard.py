"""Who may speak to the server, and what every answer says to the browser.

The page is on a port that any program on this machine, and any page in its browser, can reach. So:

- A request must name one of the server's own names as its host: a foreign name that leads here (DNS
  rebinding) is refused.
- A browser must not be sent here by a foreign page, except to open the page itself.
- A write must bear a header that no form can send, and come from the page itself: by its Origin, or, from a
  program, by the token.
- On other addresses than loopback everything needs the token.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import RedirectResponse, Response

from pixmill.errors import Refused
from pixmill.local.answers import error

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of everything but files, which have a stricter one of their own."""

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_READS = frozenset(("GET", "HEAD"))
_COOKIE_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Doors:
    """Where the server can be reached, and by whom.

    Attributes:
        port: that it listens on.
        names: host names that are its own.
        is_remote: whether others than this machine may come.
        token: what they must show; None if nobody needs one.
    """

    port: int
    names: frozenset[str]
    is_remote: bool = False
    token: str | None = None

    def admits(self, host: str) -> bool:
        """Whether a Host header names this server."""
        name, _, port = host.rpartition(":") if not host.endswith("]") and ":" in host else (host, "", "80")
        if port != str(self.port):
            return False
        name = name.removeprefix("[").removesuffix("]").lower()
        if name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        # No foreign name can hide behind a bare address.
        return address.is_loopback or self.is_remote

    @property
    def cookie(self) -> str:
        """Cookies do not know ports, so this one's name does."""
        return f"pixmill-{self.port}"

    def opens_to(self, token: str | None) -> bool:
        """Whether this is the token."""
        if self.token is None or token is None:
            return False
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.token.encode())


class Guard:
    """Stands before the application.

    Args:
        app: what to guard.
        doors: whom to let in.
    """

    def __init__(self, app: App, doors: Doors) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                policy = {"content-security-policy": PAGE_POLICY}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.encode(), value.encode())
                        for name, value in {**_ALWAYS, **policy}.items()
                        if name.encode() not in names
                    ),
                ]
            await send(message)

        headers = _headers(scope)
        answer = self._refusal(scope, headers) or self._welcome(scope, headers)
        await (answer or self._app)(scope, receive, sealed)

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> Response | None:
        """Why a request may not come in."""
        if not self._doors.admits(headers.get("host", "")):
            return error(Refused("foreign-request", "The request was for another host."), status=421)
        said = None
        if headers.get("sec-fetch-site") == "cross-site" and scope["path"] != "/":
            said = "The request came from another site."
        elif scope["method"] not in _READS:
            said = self._fault_of_write(headers)
        return error(Refused("foreign-request", said)) if said else None

    def _fault_of_write(self, headers: Mapping[str, str]) -> str | None:
        if headers.get("x-pixmill") != "1":
            return "The header X-Pixmill: 1 is missing."
        origin = headers.get("origin")
        if origin is None:
            is_known = self._doors.opens_to(_bearer(headers))
        else:
            is_known = origin.lower() == f"http://{headers['host']}".lower()
        return None if is_known else "The request came from another origin, or does not say from where."

    def _welcome(self, scope: Scope, headers: Mapping[str, str]) -> Response | None:
        """What those need who may come in with a token alone."""
        if not self._doors.is_remote:
            return None
        if scope["path"] == "/" and scope["method"] in _READS:
            token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [None])[0]
            if self._doors.opens_to(token):
                return self._stamped()
        if self._doors.opens_to(_bearer(headers)) or self._doors.opens_to(self._cookie(headers)):
            return None
        return error(Refused("token-needed"), status=401)

    def _stamped(self) -> Response:
        """To the page, without the token in its address."""
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(
            self._doors.cookie,
            self._doors.token or "",
            max_age=_COOKIE_SECONDS,
            httponly=True,
            samesite="strict",
        )
        return answer

    def _cookie(self, headers: Mapping[str, str]) -> str | None:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._doors.cookie)
        except CookieError:
            return None
        return found.value if found else None


def _headers(scope: Scope) -> dict[str, str]:
    """The headers; of those that are there twice all, so that none can hide behind another."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        text = name.decode("latin-1").lower()
        said = value.decode("latin-1")
        found[text] = f"{found[text]}, {said}" if text in found else said
    return found


def _bearer(headers: Mapping[str, str]) -> str | None:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None
