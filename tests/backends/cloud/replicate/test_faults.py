"""What can go wrong at Replicate, and on the way there and back."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest

from app.core.errors import GenerationCancelled, UserError
from app.core.events import Event, Generated, Loading
from app.core.message import message
from tests.servers.replicate import Fault, ReplicateServer, picture


def fails(studio, **values: Any) -> UserError:
    with pytest.raises(UserError) as error:
        studio.events(**values)
    assert error.value.remedy
    return error.value


def problem(status: int, title: str, detail: str) -> Fault:
    return Fault(status=status, body={"title": title, "detail": detail, "status": status})


# Refusals: certainly not billed, so not kept as under way.


def test_a_wrong_key(studio, server: ReplicateServer) -> None:
    server.token = "r8_anotherkey"
    wrong = studio.other(token=lambda: "r8_" + "w" * 37)
    error = fails(wrong)
    assert str(error.message) == "Replicate does not accept the key."
    assert "Settings, Cloud" in str(error.remedy)
    assert len(server.requests) == 1, "asked again with a key that is wrong"


def test_no_credit(studio, server: ReplicateServer) -> None:
    server.script("create", problem(402, "Insufficient credit", "You have insufficient credit to run this model."))
    error = fails(studio, count=3)
    assert "no credit left" in str(error.message)
    assert "billing" in str(error.remedy)
    assert len(server.paths("create")) == 1, "what met one picture is not tried with the others"
    assert studio.under_way() == 0


def test_what_the_server_finds_wrong_is_shown(studio, server: ReplicateServer) -> None:
    server.script("create", problem(422, "Input validation failed", "- input.width: Must be at\n least 512\n"))
    error = fails(studio)
    assert str(error.message) == "Replicate refuses the request: width: Must be at least 512."
    assert studio.under_way() == 0


def test_a_report_of_the_model_itself_is_shown(studio, server: ReplicateServer) -> None:
    detail = [{"loc": ["input", "width"], "msg": "ensure this value is at most 2048", "type": "value_error"}]
    server.script("create", Fault(status=422, body={"detail": detail}))
    assert "at most 2048" in str(fails(studio).message)


@pytest.mark.parametrize(("status", "words"), [(403, "does not allow"), (404, "does not know"), (418, "418")])
def test_other_refusals(studio, server: ReplicateServer, status: int, words: str) -> None:
    server.script("create", problem(status, "No", "Not like this"))
    assert words in str(fails(studio).message)
    assert studio.under_way() == 0


def test_a_model_without_version(studio, server: ReplicateServer) -> None:
    server.models["nvidia/sana"]["latest_version"] = None
    server.versions["nvidia/sana"] = []
    assert "does not offer Sana 1.6B any more" in str(fails(studio).message)


@pytest.mark.parametrize("latest", [None, "absent", "without its schema"])
def test_a_model_that_does_not_show_its_latest_version(studio, server: ReplicateServer, latest: str | None) -> None:
    model = server.models["nvidia/sana"]
    model["latest_version"] = None
    if latest == "absent":
        del model["latest_version"]
    elif latest:
        model["latest_version"] = {"id": "an older one"}
    assert len(studio.generate()) == 1
    assert server.predictions.popitem()[1]["version"] == server.versions["nvidia/sana"][0]["id"]


def test_a_model_that_is_gone(studio, server: ReplicateServer) -> None:
    del server.models["nvidia/sana"]
    assert "does not know this model" in str(fails(studio, count=2).message)
    assert len(server.paths("model")) == 1


# The rate limit.


def test_a_throttled_order_waits_as_told_and_goes_on(studio, server: ReplicateServer) -> None:
    server.script("create", Fault(status=429, headers={"Retry-After": "1"}, body={"detail": "Request was throttled."}))
    began = time.monotonic()
    events = studio.events()
    assert time.monotonic() - began >= 1.0
    assert (
        Loading(message("{service} is busy and asks to wait ({seconds} s)", service="Replicate", seconds=1)) in events
    )
    assert sum(isinstance(event, Generated) for event in events) == 1
    assert len(server.predictions) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"detail": "Request was throttled. Your rate limit resets in ~1s."},
        {"detail": "Request was throttled.", "status": 429, "retry_after": 1},
    ],
)
def test_the_wait_may_stand_in_the_answer(studio, server: ReplicateServer, body: dict[str, Any]) -> None:
    server.script("create", Fault(status=429, body=body))
    began = time.monotonic()
    assert len(studio.generate()) == 1
    assert time.monotonic() - began >= 1.0


def test_a_throttled_order_without_advice_waits_longer_each_time(studio, server: ReplicateServer) -> None:
    server.script("create", *[Fault(status=429)] * 4)
    began = time.monotonic()
    events = studio.events(count=2)
    assert time.monotonic() - began >= 0.05 + 0.1 + 0.2 + 0.2
    assert [event.seed for event in events if isinstance(event, Generated)] == [7, 8]
    assert any(
        isinstance(event, Loading) and str(event.message).startswith("Replicate is busy and asks to wait")
        for event in events
    )


def test_a_throttle_without_end_is_given_up(studio, server: ReplicateServer) -> None:
    server.script("create", *[Fault(status=429)] * 500)
    hasty = studio.other(throttle_patience=0.4)
    assert "no more pictures from this account now" in str(fails(hasty).message)
    assert server.predictions == {}
    assert studio.under_way() == 0


def test_a_throttled_order_can_be_cancelled(studio, server: ReplicateServer) -> None:
    server.script("create", Fault(status=429, headers={"Retry-After": "600"}))
    began = time.monotonic()
    with pytest.raises(GenerationCancelled):
        studio.events(
            lambda events: any(isinstance(event, Loading) and "600 s" in str(event.message) for event in events),
            count=3,
        )
    assert time.monotonic() - began < 60
    assert len(server.paths("create")) == 1
    assert studio.under_way() == 0


def test_a_throttled_look_is_patient(studio, server: ReplicateServer) -> None:
    server.script("model", Fault(status=429))
    server.script("get", Fault(status=429), Fault(status=503), Fault(status=500, body=b"<html>oops</html>"))
    assert len(studio.generate()) == 1
    assert len(server.predictions) == 1


# Orders whose fate is unclear: they may have been billed, and are never repeated without asking.

UNCLEAR = {
    "an answer cut short": Fault(handled=True, cut="body"),
    "no answer": Fault(handled=True, cut="before"),
    "an answer that never comes": Fault(handled=True, hang=30),
    "500": Fault(handled=True, status=500, body={"detail": "Internal error"}),
    "502 with a page": Fault(handled=True, status=502, body=b"<html>Bad gateway</html>"),
    "503": Fault(handled=True, status=503, headers={"Retry-After": "1"}),
    "nonsense": Fault(handled=True, status=201, body=b"{"),
    "another shape": Fault(handled=True, status=201, body={"surprise": True}),
}


@pytest.mark.parametrize("fault", UNCLEAR.values(), ids=UNCLEAR.keys())
def test_an_unclear_order_that_was_taken_is_found_and_adopted(studio, server: ReplicateServer, fault: Fault) -> None:
    server.script("create", fault)
    events = (studio.other(read=2) if fault.hang else studio).events()
    assert sum(isinstance(event, Generated) for event in events) == 1
    assert any(isinstance(event, Loading) and str(event.message).startswith("Asking Replicate") for event in events)
    assert len(server.paths("create")) == 1
    assert len(server.predictions) == 1
    assert studio.under_way() == 0


def test_of_several_unclear_orders_each_finds_its_own(studio, server: ReplicateServer) -> None:
    server.script("create", *[Fault(handled=True, cut="body")] * 3)
    assert [event.seed for event in studio.generate(count=3)] == [7, 8, 9]
    assert len(server.predictions) == 3


def test_an_unclear_order_that_is_not_found_is_told_and_not_repeated(studio, server: ReplicateServer) -> None:
    server.script("create", Fault(cut="before"))
    error = fails(studio)
    assert "may have been charged" in str(error.message)
    assert "looked for first" in str(error.remedy)
    assert len(server.paths("create")) == 1
    assert len(server.paths("list")) == 3
    assert studio.under_way() == 1, "it is looked for at the next try"
    assert len(studio.generate()) == 1
    assert studio.under_way() == 0
    assert len(server.predictions) == 1


def test_after_an_unclear_order_no_other_is_made(studio, server: ReplicateServer) -> None:
    server.script("create", Fault(cut="before"))
    assert "Picture 1 of 3" in str(fails(studio, count=3).message)
    assert len(server.paths("create")) == 1


def test_an_unclear_order_that_shows_up_late_is_found_by_the_next_try(studio, server: ReplicateServer) -> None:
    server.script("create", Fault(handled=True, cut="before"))
    server.script("list", *[Fault(status=500)] * 3)
    assert "may have been charged" in str(fails(studio).message)
    assert len(studio.generate()) == 1
    assert len(server.paths("create")) == 1
    assert len(server.predictions) == 1


def test_an_older_prediction_with_the_same_input_is_not_taken_for_ours(studio, server: ReplicateServer) -> None:
    studio.generate()
    (old,) = server.predictions.values()
    old["created_at"] = "2026-01-01T00:00:00.000000Z"
    server.script("create", Fault(cut="before"))
    assert "may have been charged" in str(fails(studio).message)


def test_an_order_that_could_not_be_sent_is_no_mystery(studio, server: ReplicateServer, monkeypatch) -> None:
    monkeypatch.setenv("REPLICATE_BASE_URL", "http://127.0.0.1:9")
    error = fails(studio)
    assert "cannot be reached" in str(error.message)
    assert "internet" in str(error.remedy)
    assert studio.under_way() == 0


def test_the_next_page_of_a_list_is_never_fetched(studio, server: ReplicateServer) -> None:
    """Its address comes from the answer, and the client would send the key to whatever host it names."""
    server.script("create", Fault(cut="before"))
    page = {"next": f"{server.file_url}/v1/predictions?cursor=x", "previous": None, "results": []}
    server.script("list", *[Fault(status=200, body=page)] * 3)
    fails(studio)
    assert server.file_requests == []


# Following a prediction.


def test_a_prediction_that_fails(studio, server: ReplicateServer) -> None:
    server.plan(status="failed", error="CUDA out of memory.\nTried to allocate 20 GiB", predict_time=2.0)
    error = fails(studio)
    assert "CUDA out of memory. Tried to allocate 20 GiB" in str(error.message)
    assert studio.under_way() == 0
    assert studio.ledger.this_month().cost == pytest.approx(2.0 * 0.001525)


def test_a_prediction_that_somebody_cancelled(studio, server: ReplicateServer) -> None:
    server.plan(status="canceled")
    assert str(fails(studio).message) == "The picture was cancelled at Replicate."
    assert studio.under_way() == 0


def test_a_prediction_that_was_aborted(studio, server: ReplicateServer) -> None:
    server.plan(status="aborted", predict_time=None)
    error = fails(studio)
    assert "not charged" in str(error.message)
    assert studio.under_way() == 0
    assert studio.ledger.this_month().cost == 0


def test_an_aborted_prediction_in_the_list_hides_no_other(studio, server: ReplicateServer) -> None:
    server.plan(status="aborted", predict_time=None)
    fails(studio, prompt="another")
    server.script("create", Fault(handled=True, cut="body"))
    assert len(studio.generate()) == 1


def test_a_status_of_the_future_is_waited_for(studio, server: ReplicateServer) -> None:
    original = server.current
    calls = 0

    def current(name: str) -> Any:
        nonlocal calls
        calls += 1
        found = original(name)
        return {**found, "status": "queued"} if calls < 3 and found else found

    server.current = current
    assert len(studio.generate()) == 1


def test_a_prediction_that_hangs_is_cancelled_at_the_deadline(studio, server: ReplicateServer) -> None:
    server.plan(duration=3600)
    error = fails(studio.other(deadline=0.4))
    assert "did not finish the picture within" in str(error.message)
    assert [prediction["status"] for prediction in server.predictions.values()] == ["canceled"]
    assert studio.under_way() == 0


def test_a_server_that_falls_silent_keeps_the_picture_for_the_next_try(studio, server: ReplicateServer) -> None:
    server.script("get", *[Fault(cut="before")] * 1000)
    error = fails(studio.other(silence=0.4))
    assert "does not answer any more" in str(error.message)
    assert "without being charged again" in str(error.remedy)
    server._faults.clear()
    assert len(studio.generate()) == 1
    assert len(server.predictions) == 1


def test_answers_that_hang_are_asked_again(studio, server: ReplicateServer) -> None:
    server.script("get", Fault(hang=30))
    assert len(studio.other(read=2).generate()) == 1
    assert len(server.paths("get")) >= 2


def test_the_key_is_revoked_while_it_generates(studio, server: ReplicateServer) -> None:
    server.script("get", problem(401, "Unauthenticated", "No"))
    assert "does not accept the key" in str(fails(studio).message)
    assert len(studio.generate()) == 1
    assert len(server.predictions) == 1


def test_one_failure_of_many_loses_no_other_picture(studio, server: ReplicateServer) -> None:
    server.plan()
    server.plan(status="failed", error="boom")
    server.plan()
    events: list[Event] = []
    with pytest.raises(UserError) as error:
        studio.events(into=events, count=3)
    assert [event.seed for event in events if isinstance(event, Generated)] == [7, 9]
    assert str(error.value.message) == "Picture 2 of 3: Replicate could not generate the picture: boom."
    assert studio.under_way() == 0
    assert len(server.predictions) == 3


def test_fields_that_nobody_needs_may_be_missing(studio, server: ReplicateServer) -> None:
    model = server.models["nvidia/sana"]
    for name in ("url", "visibility", "run_count", "description", "default_example"):
        del model[name]
    for name in ("cog_version", "created_at"):
        del model["latest_version"][name]
    create = server.create

    def lean(body: Any) -> tuple[int, dict[str, Any]]:
        status, prediction = create(body)
        for name in ("model", "logs", "error", "source", "urls", "data_removed"):
            prediction.pop(name, None)
        return status, prediction

    server.create = lean
    assert len(studio.generate()) == 1


@pytest.mark.parametrize(
    ("error", "told"), [({"code": "E1"}, "E1"), ({"detail": "no GPU"}, ": no GPU."), (7, "it gave no reason")]
)
def test_an_error_that_is_no_text(studio, server: ReplicateServer, error: Any, told: str) -> None:
    server.plan(status="failed", error=error)
    assert told in str(fails(studio).message)


# The way there.


@pytest.fixture
def _no_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_no_exceptions")
def test_the_systems_proxy_is_used_but_not_for_this_machine(
    studio, server: ReplicateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("REPLICATE_BASE_URL", "http://api.invalid")
    with pytest.raises(UserError):  # the stand-in is no proxy
        studio.backend.check_token()
    assert server.requests[-1].path == "http://api.invalid/v1/account"
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("REPLICATE_BASE_URL", server.url)
    assert len(studio.generate()) == 1


# The picture itself.


def test_a_picture_that_is_cut_is_fetched_again(studio, server: ReplicateServer) -> None:
    server.script("file", Fault(cut="body"), Fault(status=503))
    (generated,) = studio.generate()
    assert generated.output.pixels.shape == (256, 256, 3)
    assert len(server.file_requests) == 3


PICTURE = picture({"prompt": "a red kite over dunes", "seed": 7, "width": 256, "height": 256}, "png")
BROKEN = {
    "cut": Fault(cut="body"),
    "truncated": Fault(body=PICTURE[: len(PICTURE) // 2]),
    "a byte short": Fault(body=PICTURE[:-20]),
    "damaged": Fault(body=PICTURE[:200] + bytes(50) + PICTURE[250:]),
    "html": Fault(body=b"<!doctype html><title>Log in</title>", headers={"Content-Type": "text/html"}),
    "empty": Fault(body=b""),
    "huge": Fault(body=bytes((64 << 20) + 1)),
    "forbidden": Fault(status=403, body=b"AccessDenied"),
    "moved in circles": Fault(status=302, headers={"Location": "out.png"}, body=b""),
    "elsewhere": Fault(status=302, headers={"Location": "file:///etc/passwd"}, body=b""),
}


@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_whole_picture_is_told_and_kept(studio, server: ReplicateServer, fault: Fault) -> None:
    server.script("file", *[fault] * 12)
    error = fails(studio)
    assert "could not be fetched" in str(error.message)
    assert "without being charged again" in str(error.remedy)
    assert studio.under_way() == 1
    server._faults.clear()
    assert len(studio.generate()) == 1
    assert len(server.predictions) == 1
    assert studio.ledger.this_month().pictures == 1
    assert studio.under_way() == 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_picture_that_is_gone(studio, server: ReplicateServer, status: int) -> None:
    server.script("file", Fault(status=status, body=b"NoSuchKey"))
    error = fails(studio)
    assert "no longer at Replicate" in str(error.message)
    assert "charged again" in str(error.remedy)
    assert studio.under_way() == 0
    assert len(server.file_requests) == 1


def test_an_output_that_was_deleted(studio, server: ReplicateServer) -> None:
    server.plan(output=None, removed=True)
    assert "no longer at Replicate" in str(fails(studio).message)
    assert studio.under_way() == 0


NOTHING: list[Any] = [None, [], "", [None], [""], [[]], {}]
UNREADABLE: list[Any] = [{"image": "x"}, 7, ["x", 7], "ftp://example.com/a.png", "not an address", "data:,x", True]


@pytest.mark.parametrize("output", NOTHING + UNREADABLE, ids=repr)
def test_an_answer_without_a_picture_is_said_and_closes_the_order(studio, server: ReplicateServer, output: Any) -> None:
    server.plan(output=output)
    error = fails(studio)
    assert ("its filter may have refused the prompt" in str(error.message)) == (output in NOTHING)
    assert "charged" in str(error.remedy)
    assert "without being charged" not in str(error.remedy)
    assert studio.under_way() == 0
    assert studio.ledger.this_month().cost > 0, "it was billed"
    assert len(studio.generate()) == 1, "the same seed is ordered anew"
    assert len(server.predictions) == 2


def test_a_filter_takes_only_its_own_picture(studio, server: ReplicateServer) -> None:
    server.plan()
    server.plan(output=[])
    events: list[Event] = []
    with pytest.raises(UserError, match="Picture 2 of 3: Replicate gave no picture"):
        studio.events(into=events, count=3)
    assert [event.seed for event in events if isinstance(event, Generated)] == [7, 9]
    assert studio.ledger.this_month().pictures == 2
    assert studio.under_way() == 0


def test_the_first_address_in_a_list_is_taken(studio, server: ReplicateServer) -> None:
    server.plan(output=[None, f"{server.file_url}/xezq/x/out.png"])
    with pytest.raises(UserError, match="no longer at Replicate"):
        studio.events()
    assert [request.path for request in server.file_requests] == ["/xezq/x/out.png"]


def test_a_list_of_one_output(studio, server: ReplicateServer) -> None:
    server.plan(output=[f"{server.file_url}/nowhere/out.png"])
    assert "no longer at Replicate" in str(fails(studio).message)  # it was asked for there
    assert [request.path for request in server.file_requests] == ["/nowhere/out.png"]


def test_plain_http_is_for_this_machine_only(studio, server: ReplicateServer) -> None:
    from app.backends.cloud.output import PictureBroken, download

    with pytest.raises(PictureBroken, match="not safe"):
        download(
            f"{server.file_url}/x/out.png",
            service="Replicate",
            plain_http=False,
            stopping=lambda: False,
            connect=1,
            read=1,
        )
    assert server.file_requests == []


def test_a_picture_of_another_size_says_so(studio, server: ReplicateServer) -> None:
    other = {"prompt": "x", "width": 320, "height": 192}
    server.script("file", Fault(body=picture(other, "png")))
    (generated,) = studio.generate()
    assert generated.output.pixels.shape == (192, 320, 3)
    assert str(generated.provenance.note) == "Replicate made a picture of 320 × 192 pixels."


@pytest.mark.parametrize("kind", ["jpg", "webp"])
def test_other_formats_are_read(studio, server: ReplicateServer, kind: str) -> None:
    server.script("file", Fault(body=picture({"prompt": "x", "width": 256, "height": 256}, kind)))
    (generated,) = studio.generate()
    assert generated.output.pixels.shape == (256, 256, 3)


# What other services of the same kind answer.


@pytest.mark.parametrize("advice", ["0", "Thu, 01 Jan 1970 00:00:00 GMT", "-3"])
def test_an_advice_to_wait_for_no_time_is_no_advice(studio, server: ReplicateServer, advice: str) -> None:
    server.script("create", *[Fault(status=429, headers={"Retry-After": advice})] * 3)
    events = studio.events()
    assert any(isinstance(event, Loading) and "asks to wait" in str(event.message) for event in events)
    assert len(server.paths("create")) == 4


def test_a_date_to_wait_for_is_by_the_services_clock(studio, server: ReplicateServer) -> None:
    dates = {"Date": "Thu, 01 Jan 2099 00:00:00 GMT", "Retry-After": "Thu, 01 Jan 2099 00:00:01 GMT"}
    server.script("create", Fault(status=429, headers=dates))
    began = time.monotonic()
    studio.events()
    assert 1 <= time.monotonic() - began < 10


def test_a_create_that_timed_out_at_the_service_is_looked_for(studio, server: ReplicateServer) -> None:
    server.script("create", Fault(status=408, handled=True))
    assert len(studio.generate()) == 1
    assert len(server.paths("create")) == 1


@pytest.mark.parametrize("body", [{"error": "width is odd"}, {"message": "width is odd"}])
def test_a_refusal_in_other_words(studio, server: ReplicateServer, body: dict[str, Any]) -> None:
    server.script("create", Fault(status=422, body=body))
    assert "width is odd" in str(fails(studio).message)


@pytest.mark.parametrize("change", [{"version": None}, {"created_at": "yesterday"}, {"created_at": None}])
def test_answers_that_tell_less_are_answers(studio, server: ReplicateServer, change: dict[str, Any]) -> None:
    create = server.create

    def less(body: Any) -> tuple[int, dict[str, Any]]:
        status, prediction = create(body)
        prediction.update(change)
        return status, prediction

    server.create = less
    server.script("create", Fault(handled=True, cut="body"))
    (generated,) = studio.generate()
    assert generated.provenance.version == server.versions["nvidia/sana"][0]["id"]
    assert len(server.predictions) == 1, "an order whose answer was cut is found again"


def test_a_picture_within_the_answer(studio, server: ReplicateServer) -> None:
    values = {"prompt": "x", "width": 64, "height": 32}
    data = base64.b64encode(picture(values, "png")).decode()
    server.plan(output=f"data:image/png;base64,{data}")
    (generated,) = studio.generate()
    assert generated.output.pixels.shape == (32, 64, 3)


def test_a_picture_within_the_answer_may_be_broken(studio, server: ReplicateServer) -> None:
    server.plan(output="data:image/png;base64,AAAA")
    assert "no picture that this app can read" in str(fails(studio).message)
    assert studio.under_way() == 0


def test_a_prediction_that_is_missed_once_is_asked_for_again(studio, server: ReplicateServer) -> None:
    server.plan(duration=0.2)
    server.script("get", Fault(status=404), Fault(status=404))
    assert len(studio.generate()) == 1


def test_a_prediction_that_stays_unknown_is_given_up(studio, server: ReplicateServer) -> None:
    server.plan(duration=30)
    server.script("get", *[Fault(status=404)] * 500)
    error = fails(studio)
    assert str(error.message) == "Replicate does not know the picture any more."
    assert studio.under_way() == 0


def test_the_last_line_of_the_log_is_shown_where_it_counts_nothing(studio, server: ReplicateServer) -> None:
    server.plan(duration=0.5)
    current = server.current

    def wordy(name: str) -> dict[str, Any] | None:
        prediction = current(name)
        if prediction is not None and prediction["logs"]:
            prediction["logs"] = "Loading pipeline\nUsing seed: 7\n"
        return prediction

    server.current = wordy
    told = [str(event.message) for event in studio.events() if isinstance(event, Loading)]
    assert "Replicate is generating: Using seed: 7" in told


# Cancelling.


def cancelled_while_generating(studio, server: ReplicateServer) -> None:
    server.plan(duration=30)
    with pytest.raises(GenerationCancelled):
        studio.events(
            lambda events: bool(events) and any(p["status"] == "processing" for p in server.predictions.values())
        )


def test_a_cancel_that_takes_a_moment_is_waited_for(studio, server: ReplicateServer) -> None:
    server.script("cancel", Fault(handled=True, body={"id": "a", "status": "processing", "input": {}, "version": "v"}))
    cancelled_while_generating(studio, server)
    assert studio.under_way() == 0
    assert studio.ledger.this_month().cost > 0, "what ran until then is billed"


def test_a_cancel_that_is_not_heeded_is_said_again_at_the_next_start(studio, server: ReplicateServer) -> None:
    body = {"id": "a", "status": "processing", "input": {}, "version": "v"}
    server.script("cancel", Fault(status=200, body=body))
    cancelled_while_generating(studio, server)
    assert studio.under_way() == 1
    assert list(studio.restarted().backend.recover(lambda: False)) == []
    assert studio.under_way() == 0
    assert [prediction["status"] for prediction in server.predictions.values()] == ["canceled"]


def test_a_cancel_during_the_order_is_kept_for_the_next_start(studio, server: ReplicateServer) -> None:
    """As when a command is stopped while its order is on the way: the process ends before the answer comes."""
    server.plan(duration=30)
    server.script("create", Fault(handled=True, hang=3))
    hasty = studio.other(grace=0.1)
    with pytest.raises(GenerationCancelled):
        hasty.events(lambda _: bool(server.predictions))
    (entry,) = hasty.backend._pending._file.read().values()
    assert entry["unwanted"] is True
    hasty.backend._pending._followed.clear()  # the process has ended
    assert list(studio.restarted().backend.recover(lambda: False)) == []
    assert [prediction["status"] for prediction in server.predictions.values()] == ["canceled"]
