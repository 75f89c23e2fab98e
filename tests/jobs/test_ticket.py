from audiostudio.jobs.handle import Ticket
from audiostudio.jobs.job import JsonObject
from audiostudio.jobs.operation import Operation
from tests.jobs.conftest import job


def body(_: object, request: JsonObject):  # type: ignore[no-untyped-def]
    yield from ()
    return request


def test_a_cancel_that_comes_before_there_is_somebody_to_wake_wakes_him_at_once() -> None:
    ticket = Ticket(job("any"), Operation("any", body), lambda _: None)
    woken: list[str] = []
    ticket.request_cancel()
    ticket.wake_with(lambda: woken.append("runner"))
    assert woken == ["runner"]
    ticket.wake_with(None)
    assert woken == ["runner"]
