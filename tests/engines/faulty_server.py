"""An HTTP server on loopback, over real sockets, that can be told to misbehave."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Answer:
    status: int = 200
    body: bytes | Iterable[bytes] = b""
    """Bytes, or pieces that are sent as they come."""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    """Pieces of a streamed body after which the connection is cut."""
    hold_after: int | None = None
    """Pieces after which it waits until the server's `release` is set, or the client hangs up."""


def as_json(data: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(data).encode(), headers=headers)


Fault = Callable[[Asked, Callable[[], Answer]], Answer]
"""What is answered in place of the true answer, which the second argument gives."""


class FaultyServer:
    """Serves while its `with` block runs. `faults` are used up one by one by the requests whose path holds `at`."""

    def __init__(self, keep_alive: bool = True) -> None:
        self.keep_alive = keep_alive
        self.asked: list[Asked] = []
        self.release = threading.Event()
        self.holding = threading.Event()
        """Set when an answer waits."""
        self.hung_up = threading.Event()
        """Set when a client closed the connection of an answer that waited."""
        self.connections: set[socket.socket] = set()
        self._faults: list[tuple[str, Fault]] = []
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "FaultyServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._thread.join()
        for one in list(self.connections):
            with contextlib.suppress(OSError):  # closed already
                one.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def fault(self, fault: Fault | Answer, times: int = 1, at: str = "") -> None:
        made: Fault = (lambda _asked, _true, answer=fault: answer) if isinstance(fault, Answer) else fault
        self._faults += [(at, made)] * times

    def behave(self) -> None:
        """No faults any more."""
        self._faults.clear()

    def asked_for(self, path: str) -> list[Asked]:
        return [one for one in self.asked if path in one.path]

    def answer(self, asked: Asked) -> Answer:
        """What a server without faults answers."""
        raise NotImplementedError

    def answered(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            number = next((n for n, (at, _) in enumerate(self._faults) if at in asked.path), None)
            fault = None if number is None else self._faults.pop(number)[1]
        return self.answer(asked) if fault is None else fault(asked, lambda: self.answer(asked))


def _form(content_type: str, data: bytes) -> dict[str, Any]:
    """Fields of a form as text; its files, by their field, as a list of names and contents."""
    message = BytesParser(policy=default).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + data)
    found: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename() is None:
            found[name] = content.decode()
        else:
            found.setdefault(name, []).append((part.get_filename(), content))
    return found


class _Handler(BaseHTTPRequestHandler):
    owner: FaultyServer
    protocol_version = "HTTP/1.1"
    timeout = 10

    def setup(self) -> None:
        super().setup()
        self.owner.connections.add(self.connection)

    def finish(self) -> None:
        self.owner.connections.discard(self.connection)
        super().finish()

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        data = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body: Any = None
        if headers.get("content-type", "").startswith("multipart/"):
            body = _form(headers["content-type"], data)
        elif data:
            body = json.loads(data)
        answer = self.owner.answered(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
        try:
            self._send(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.owner.hung_up.set()
            self.close_connection = True

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("content-type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name.replace("_", "-"), value)
        if not self.owner.keep_alive:
            self.send_header("connection", "close")
        if isinstance(answer.body, bytes):
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            return
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self._stream(answer, iter(answer.body))

    def _stream(self, answer: Answer, pieces: Iterator[bytes]) -> None:
        for number, piece in enumerate(pieces):
            if number == answer.hold_after and not self._hold():
                return
            if number == answer.cut_after:
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def _hold(self) -> bool:
        """Wait; whether to go on."""
        self.owner.holding.set()
        self.connection.settimeout(0.02)
        while not self.owner.release.is_set():
            try:
                if self.connection.recv(1, socket.MSG_PEEK) == b"":
                    self.owner.hung_up.set()
                    self.close_connection = True
                    return False
            except TimeoutError:
                continue
        self.connection.settimeout(self.timeout)
        return True
