"""Whoever hangs up sends nothing any more, however slow the way to the server was."""

import contextlib
import socket
from collections.abc import Iterator

from audiostudio.engines.remote.web import Line, heard

PATIENCE = 30.0


def test_what_was_cancelled_while_it_was_being_connected_is_never_sent() -> None:
    line = Line()
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, contextlib.ExitStack() as others:
        server.settimeout(PATIENCE)
        address = server.getsockname()
        waiting = [others.enter_context(socket.socket()) for _ in range(3)]  # the next one waits for a place
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)

        def work() -> Iterator[bytes]:
            with line.client.stream("POST", f"http://{address[0]}:{address[1]}/", content=b"what costs") as reply:
                yield from reply.iter_bytes()

        asking = heard(work, line.hang_up)
        assert next(asking) is None
        asking.close()
        known = {one.getsockname() for one in waiting}
        while True:
            late, who = server.accept()
            others.enter_context(late)
            if who not in known:
                break
        late.settimeout(PATIENCE)
        with contextlib.suppress(ConnectionError):
            assert late.recv(1000) == b""
    line.close()
