"""What can go wrong at an endpoint, with each protocol."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import pytest

from app.backends.base import Lost, Recovered, State
from app.backends.cloud.endpoints import EndpointBackend
from app.core.errors import GenerationCancelled, UserError
from app.core.events import Event, Generated, Loading
from app.library.endpoints import Endpoint, Kind
from app.library.settings import Settings
from app.library.spending import Ledger
from tests.backends.cloud.endpoints.conftest import KEY, Desk
from tests.servers.endpoints import EndpointServer, picture
from tests.servers.replicate import Fault

every_kind = pytest.mark.parametrize("server", tuple(Kind), indirect=True)
at_once = pytest.mark.parametrize("server", [Kind.OPENAI, Kind.HUGGINGFACE], indirect=True)
with_addresses = pytest.mark.parametrize("server", [Kind.OPENAI, Kind.FAL, Kind.RUNPOD], indirect=True)
queues = pytest.mark.parametrize("server", [Kind.FAL, Kind.RUNPOD], indirect=True)


@every_kind
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "does not accept the key"),
        (402, "no credit left"),
        (403, "does not allow this"),
        (404, "does not know this model"),
        (418, "refuses the request (418): no tea"),
        (307, "sends its requests on to another address"),
        (303, "sends its requests on to another address"),
    ],
)
def test_a_refused_order_is_explained_and_not_made_again(
    desk: Desk, server: EndpointServer, status: int, words: str
) -> None:
    fault = Fault(status=status, body={"detail": "no tea"}, headers={"Location": f"{server.file_url}/stolen"})
    server.script("order", fault)
    with pytest.raises(UserError) as raised:
        desk.events(count=3)
    assert words in str(raised.value)
    assert (len(server.paths()), desk.under_way()) == (1, 0)
    assert server.file_requests == []


@every_kind
def test_a_throttled_order_waits_as_told(desk: Desk, server: EndpointServer) -> None:
    server.script("order", Fault(status=429, headers={"Retry-After": "1"}, body={"detail": "slow down"}))
    began = time.monotonic()
    events = desk.events()
    assert time.monotonic() - began >= 1.0
    assert any("asks to wait" in str(event.message) for event in events if isinstance(event, Loading))
    assert len(server.paths()) == 2


def test_an_account_without_quota_is_not_waited_for(desk: Desk, server: EndpointServer) -> None:
    body = {"error": {"message": "You exceeded your quota.", "code": "insufficient_quota"}}
    server.script("order", Fault(status=429, body=body, headers={"Retry-After": "30"}))
    with pytest.raises(UserError, match="no credit left"):
        desk.events()


def test_a_host_may_tell_to_come_back_later(desk: Desk, server: EndpointServer) -> None:
    server.script("order", Fault(status=303, headers={"Location": "/later?call=1"}))
    server.script("later", Fault(status=303, headers={"Location": f"{server.origin}/later?call=1"}))
    assert len(desk.generate()) == 1
    assert (len(server.paths()), server.paths("later")) == (1, ["/later?call=1"] * 2)


def test_a_server_that_starts_need_not_tell_its_models(desk: Desk, server: EndpointServer) -> None:
    server.script("models", Fault(status=503), Fault(cut="before"), Fault(status=401))
    assert not desk.backend.look_up("mine", lambda: False)
    assert not desk.backend.look_up("mine", lambda: False)
    with pytest.raises(UserError, match="does not accept the key"):
        desk.backend.look_up("mine", lambda: False)


@every_kind
@pytest.mark.parametrize(
    "fault",
    [
        Fault(cut="before", handled=True),
        Fault(cut="body", handled=True),
        Fault(status=502, body=b"<html>Bad gateway</html>", handled=True),
        Fault(body=b"<html>Hello</html>", headers={"Content-Type": "text/html"}, handled=True),
        Fault(body=b"{" * 100_000, headers={"Content-Type": "application/json"}, handled=True),
        Fault(hang=30, handled=True),
    ],
    ids=["cut", "half", "gateway", "html", "nonsense", "hang"],
)
def test_an_order_whose_answer_is_lost_is_told_and_not_repeated(
    desk: Desk, server: EndpointServer, fault: Fault
) -> None:
    server.script("order", fault)
    desk = desk.restarted(read=0.4, deadline=0.4)
    with pytest.raises(UserError, match="may have been charged"):
        desk.events()
    assert (len(server.paths()), desk.under_way()) == (1, 0)


@at_once
def test_a_server_that_says_that_it_failed_is_believed(desk: Desk, server: EndpointServer) -> None:
    server.script("order", Fault(status=500, body={"error": {"message": "CUDA out of memory"}}))
    with pytest.raises(UserError, match="CUDA out of memory"):
        desk.events()
    assert (len(server.paths()), desk.under_way()) == (1, 0)


@every_kind
def test_nothing_is_ordered_where_nobody_listens(desk: Desk, server: EndpointServer) -> None:
    server.__exit__()
    with pytest.raises(UserError, match="cannot be reached: there is no connection"):
        desk.events()
    assert desk.under_way() == 0
    with pytest.raises(UserError, match="cannot be reached"):
        desk.backend.test()


@every_kind
@pytest.mark.parametrize("content", [b"not a picture", picture(64, 64)[:80], b""])
def test_what_is_no_picture_is_refused(desk: Desk, server: EndpointServer, content: bytes) -> None:
    import base64

    text = base64.b64encode(content).decode()
    server.output = {
        "openai": [{"b64_json": text}],
        "fal": [{"url": f"data:image/png;base64,{text}"}],
        "runpod": {"images": [{"data": text}]},
        "huggingface": content,
    }[server.kind]
    with pytest.raises(UserError, match="no picture"):
        desk.events()
    assert desk.under_way() == 0


@every_kind
def test_a_picture_that_claims_to_be_enormous_is_refused(desk: Desk, server: EndpointServer) -> None:
    import base64
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    text = base64.b64encode(bomb).decode()
    server.output = {
        "openai": [{"b64_json": text}],
        "fal": [{"url": f"data:image/png;base64,{text}"}],
        "runpod": {"images": [{"data": text}]},
        "huggingface": bomb,
    }[server.kind]
    with pytest.raises(UserError, match="no picture"):
        desk.events()


def test_an_answer_that_drips_for_ever_is_given_up(desk: Desk, server: EndpointServer) -> None:
    """A byte now and then keeps each read within its time."""
    import socket
    import threading

    def drip() -> None:
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            for _ in range(200):
                connection.sendall(b"x")
                time.sleep(0.1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, daemon=True).start()
        desk.values = {"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}
        began = time.monotonic()
        with pytest.raises(UserError, match="does not answer in time"):
            desk.restarted(read=0.3, connect=0.3).backend.test()
        assert time.monotonic() - began < 5


@every_kind
def test_an_endless_answer_is_cut_off(desk: Desk, server: EndpointServer) -> None:
    endpoint = "status" if server.kind in (Kind.FAL, Kind.RUNPOD) else "order"
    server.script(endpoint, *[Fault(body=b'"' + b"x" * (91 << 20) + b'"')] * 40)
    with pytest.raises(UserError):
        desk.restarted(silence=0.5).events()


@pytest.mark.parametrize("server", [Kind.OPENAI, Kind.FAL], indirect=True)
def test_what_a_filter_took_away_is_told(desk: Desk, server: EndpointServer) -> None:
    server.filtered = True
    with pytest.raises(UserError, match="filter may have refused the prompt"):
        desk.events()
    assert (len(server.paths()), desk.under_way()) == (1, 0)


@pytest.mark.parametrize("server", [Kind.OPENAI, Kind.FAL], indirect=True)
def test_a_filter_is_known_by_its_code(desk: Desk, server: EndpointServer) -> None:
    body: dict[str, Any] = {"error": {"message": "Blocked.", "code": "content_policy_violation"}}
    if server.kind == Kind.FAL:
        body = {"detail": [{"loc": ["body"], "msg": "Blocked.", "type": "content_policy_violation"}]}
    server.script("result" if server.kind == Kind.FAL else "order", Fault(status=422, body=body))
    with pytest.raises(UserError, match="filter may have refused the prompt"):
        desk.events()


@queues
def test_a_job_that_vanished_is_told(desk: Desk, server: EndpointServer) -> None:
    server.script("status", *[Fault(status=404, body={"detail": "gone"})] * 100)
    with pytest.raises(UserError, match="does not know the picture any more"):
        desk.events()
    assert desk.under_way() == 0


@queues
def test_a_queue_that_stumbles_is_asked_again(desk: Desk, server: EndpointServer) -> None:
    server.script("status", Fault(status=502), Fault(cut="before"), Fault(body=b"<html>"), Fault(status=429))
    assert len(desk.generate()) == 1
    assert len(server.paths()) == 1


@queues
def test_a_job_that_failed_says_why(desk: Desk, server: EndpointServer) -> None:
    if server.kind == Kind.FAL:
        server.script("result", Fault(status=422, body={"detail": [{"loc": ["body", "prompt"], "msg": "too long"}]}))
    else:
        server.script("status", Fault(body={"id": "job-0-u1", "status": "FAILED", "error": "too long"}))
    with pytest.raises(UserError, match=r"could not generate the picture: .*too long"):
        desk.events()


@queues
def test_cancelling_cancels_there_too(desk: Desk, server: EndpointServer) -> None:
    server.takes = 30
    with pytest.raises(GenerationCancelled):
        desk.events(cancel=lambda _: bool(server.paths("status")))
    assert len(server.paths("cancel")) == 1
    assert desk.under_way() == 0


@at_once
@pytest.mark.parametrize("picture_in_work", [1, 2])
def test_cancelling_drops_the_connection_at_once(desk: Desk, server: EndpointServer, picture_in_work: int) -> None:
    server.script("order", *[Fault(handled=True)] * (picture_in_work - 1), Fault(hang=30))
    began = time.monotonic()
    with pytest.raises(GenerationCancelled):
        desk.events(cancel=lambda _: len(server.paths()) == picture_in_work, count=2)
    assert time.monotonic() - began < 4
    assert desk.under_way() == 0


def leave_while_generating(desk: Desk, server: EndpointServer, **values: Any) -> None:
    """As if the app ended."""
    server.takes = 1.0
    events = cast("Generator[Event]", desk.backend.generate(desk.request(**values), lambda: False))
    for _ in events:
        if server.paths():
            break
    while server.kind in (Kind.FAL, Kind.RUNPOD) and not server.paths("status"):
        next(events)
    events.close()
    time.sleep(0.3)


@queues
def test_what_was_under_way_is_fetched_by_the_next_start(desk: Desk, server: EndpointServer) -> None:
    leave_while_generating(desk, server)
    (found,) = desk.restarted().backend.recover(lambda: False)
    assert isinstance(found, Recovered)
    assert found.generated.seed == 7
    assert (len(server.paths()), desk.under_way()) == (1, 0)
    assert desk.ledger.this_month().pictures == 1


@pytest.mark.parametrize("server", [Kind.FAL], indirect=True)
def test_what_was_under_way_is_fetched_also_where_the_address_was_edited(desk: Desk, server: EndpointServer) -> None:
    leave_while_generating(desk, server)
    (found,) = Desk(server, {"url": f"{server.url}/fal-ai/sana/sprint"}).backend.recover(lambda: False)
    assert isinstance(found, Recovered)
    assert desk.ledger.this_month().cost > 0


@queues
def test_the_same_request_again_fetches_instead_of_ordering(desk: Desk, server: EndpointServer) -> None:
    leave_while_generating(desk, server)
    again = desk.restarted()
    assert again.backend.unfinished_seed(again.request(seed=1)) == 7
    assert len(again.generate()) == 1
    assert len(server.paths()) == 1


@at_once
def test_what_was_asked_for_and_lost_is_told_by_the_next_start(desk: Desk, server: EndpointServer) -> None:
    leave_while_generating(desk, server)
    (lost,) = desk.restarted().backend.recover(lambda: False)
    assert isinstance(lost, Lost)
    assert "may have been charged" in str(lost.message)
    assert (len(server.paths()), desk.under_way()) == (1, 0)


@at_once
def test_the_same_request_again_tells_before_it_orders_again(desk: Desk, server: EndpointServer) -> None:
    leave_while_generating(desk, server)
    again = desk.restarted()
    with pytest.raises(UserError, match="may have been charged"):
        again.events()
    assert len(server.paths()) == 1
    server.takes = 0
    assert len(again.generate()) == 1


@every_kind
def test_the_key_is_in_no_error_and_no_file(
    desk: Desk, server: EndpointServer, home: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="app")
    for status in (400, 401, 403, 500):
        server.script("order", Fault(status=status, body={"detail": f"the key {KEY} is wrong"}))
        with pytest.raises(UserError) as raised:
            desk.events()
        assert KEY not in repr(raised.value) + str(raised.value.__context__) + str(raised.value.__cause__)
    made = desk.generate()
    assert KEY not in repr(made)
    assert KEY not in caplog.text
    for file in home.rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes()


def test_the_monthly_limit_asks_first_also_where_the_price_is_not_known(server: EndpointServer) -> None:
    desk = Desk(server, {"price": 3.0})
    desk.generate()
    assert desk.ledger.this_month().cost == 3.0
    with pytest.raises(UserError, match="this month's limit"):
        desk.events(prompt="another")
    desk.settings.set("cloud_monthly_limit", 0)
    with pytest.raises(UserError):
        desk.events(prompt="another")
    assert len(server.paths()) == 1


@pytest.mark.parametrize("server", [Kind.RUNPOD], indirect=True)
def test_always_ask_asks_also_where_the_price_is_not_known(desk: Desk, server: EndpointServer) -> None:
    desk.settings.set("cloud_monthly_limit", 0)
    with pytest.raises(UserError, match="not known") as raised:
        desk.events()
    assert raised.value.suggestion
    assert server.paths() == []


@pytest.mark.parametrize("server", [Kind.FAL], indirect=True)
def test_offline_nothing_is_asked(desk: Desk, server: EndpointServer) -> None:
    desk.settings.set("offline", True)
    assert not desk.backend.check().ready
    for ask in (desk.backend.test, desk.events, lambda: desk.backend.look_up("mine", lambda: False)):
        with pytest.raises(UserError, match="offline"):
            ask()
    assert server.requests == []
    assert isinstance(desk.request(), object)


@queues
def test_orders_are_charged_each_though_a_service_counts_from_the_start_again(server: EndpointServer) -> None:
    desk = Desk(server, {"price": 0.5})
    desk.generate()
    server.jobs.clear()
    desk.generate(prompt="another")
    assert desk.ledger.this_month().cost == 1.0


def test_offline_a_server_on_this_machine_may_be_asked(desk: Desk, server: EndpointServer) -> None:
    desk.settings.set("offline", True)
    assert desk.backend.check().ready
    assert len(desk.generate()) == 1


@pytest.mark.parametrize("server", [Kind.FAL], indirect=True)
def test_a_wait_that_a_queue_names_is_no_longer_than_its_silence(desk: Desk, server: EndpointServer) -> None:
    server.script("status", Fault(status=503, headers={"Retry-After": "3600"}))
    began = time.monotonic()
    assert len(desk.restarted(silence=0.5).generate()) == 1
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("server", [Kind.OPENAI], indirect=True)
def test_a_server_on_this_machine_that_does_not_run_is_told_as_such(desk: Desk, server: EndpointServer) -> None:
    assert not desk.backend.look()
    assert desk.backend.check().state is State.READY
    away = Desk(server, {"url": "http://127.0.0.1:1"}).backend
    assert away.look()
    assert not away.look()
    status = away.check()
    assert status.state is State.NOT_RUNNING
    assert "http://127.0.0.1:1" in str(status.reason)
    assert status.remedy


def test_a_server_elsewhere_is_never_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr(socket, "create_connection", refuse)
    backend = EndpointBackend(Endpoint("far", Kind.OPENAI, "https://gpu.example.com"), Settings(), Ledger())
    assert not backend.look()
    assert backend.check().ready


def test_a_picture_whose_address_was_told_is_fetched_by_the_next_try(desk: Desk, server: EndpointServer) -> None:
    server.shape = "url"
    server.script("file", *[Fault(cut="body")] * 3)
    with pytest.raises(UserError, match="could not be fetched"):
        desk.events()
    assert desk.under_way() == 1
    assert len(desk.restarted().generate()) == 1
    assert (len(server.paths()), desk.under_way()) == (1, 0)


@with_addresses
def test_a_picture_that_has_expired_is_told(desk: Desk, server: EndpointServer) -> None:
    server.shape = "url"
    server.script("file", Fault(status=404))
    with pytest.raises(UserError, match="no longer at mine"):
        desk.events()
    assert desk.under_way() == 0


@with_addresses
def test_a_picture_is_not_fetched_by_a_redirect_to_another_scheme(desk: Desk, server: EndpointServer) -> None:
    server.shape = "url"
    server.script("file", *[Fault(status=302, headers={"Location": "file:///etc/passwd"})] * 3)
    with pytest.raises(UserError, match="could not be fetched"):
        desk.events()


def test_pictures_of_a_finished_order_are_counted_once(desk: Desk, server: EndpointServer) -> None:
    assert all(isinstance(event, Generated) for event in desk.generate(count=3))
    assert desk.ledger.this_month().pictures == 3
