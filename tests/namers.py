"""A server on loopback that speaks the protocol of chat completions, for tests of suggested names.

It gives the replies that a test wrote down, one after the other (the last one again and again), and
keeps what it was sent: bytes and headers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server gives back; one that ``waits`` does so until the server is stopped."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False


def said(text: str) -> Reply:
    """Give a reply in which the model says a text."""
    message = {"role": "assistant", "content": text}
    return Reply(json.dumps({"choices": [{"index": 0, "message": message}]}).encode())


def named(*entries: tuple[int, str, str]) -> Reply:
    """Give a reply in which the model names segments."""
    rows = [{"id": i, "name": name, "sentence": sentence} for i, name, sentence in entries]
    return said(json.dumps({"segments": rows}))


@dataclass
class Endpoint:
    """A running server: where it is, and what it was sent."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def asked(self) -> dict[str, Any]:
        """Read the data of the last request."""
        return dict(json.loads(json.loads(self.bodies[-1])["messages"][1]["content"]))


@contextmanager
def endpoint(*replies: Reply) -> Iterator[Endpoint]:
    """Run a server until the block ends."""
    found, stopped = Endpoint(), threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(found, list(replies), stopped))
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(
    found: Endpoint, replies: Sequence[Reply], stopped: threading.Event
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = replies[min(len(found.bodies), len(replies) - 1)]
            found.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            found.headers.append({k.lower(): v for k, v in self.headers.items()})
            found.paths.append(self.path)
            if reply.waits:
                stopped.wait()
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": len(reply.body), **reply.headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(reply.body)

        def do_GET(self) -> None:
            """Note that somebody was led here."""
            found.bodies.append(b"")
            self.send_error(405)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
