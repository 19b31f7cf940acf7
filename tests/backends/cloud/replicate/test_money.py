"""Prices before, costs after, and the monthly limit."""

from __future__ import annotations

import pytest

from app.core.errors import UserError
from tests.servers.replicate import ReplicateServer

H100 = 0.001525


def test_the_first_estimate_comes_from_the_models_page(studio) -> None:
    request = studio.request(width=1024, height=1024, count=4)
    estimate = studio.backend.estimate(request)
    assert estimate.cost == pytest.approx(4 * 7.0 * H100)
    assert estimate.seconds == pytest.approx(7.0 + 2.0)
    assert estimate.peak_memory_bytes is None


def test_estimates_follow_what_was_measured_and_the_size(studio, server: ReplicateServer) -> None:
    server.plan(predict_time=0.5)
    studio.generate(steps=18)
    again = studio.backend.estimate(studio.request(steps=18))
    assert again.cost == pytest.approx(0.5 * H100, abs=1e-7)
    larger = studio.backend.estimate(studio.request(steps=18, width=512, height=512))
    assert larger.cost == pytest.approx(4 * 0.5 * H100, abs=1e-7)
    longer = studio.backend.estimate(studio.request(steps=40))
    assert longer.cost == pytest.approx(2 * 0.5 * H100, abs=1e-7)
    sprint = studio.backend.estimate(studio.request(model="nvidia/sana-sprint-1.6b", width=1024, height=1024))
    assert sprint.cost == pytest.approx(7.0 * 6 / 22 * H100, abs=1e-7)


def test_every_picture_is_written_down_with_its_cost(studio, server: ReplicateServer) -> None:
    server.plan(predict_time=1.0)
    server.plan(predict_time=3.0)
    generated = studio.generate(count=2)
    assert [event.provenance.cost for event in generated] == pytest.approx([H100, 3 * H100])
    month = studio.ledger.this_month()
    assert (month.cost, month.pictures) == (pytest.approx(4 * H100), 2)


def test_without_metrics_the_services_clock_tells_the_time(studio, server: ReplicateServer) -> None:
    server.plan(predict_time=None, duration=0.5)
    (generated,) = studio.generate()
    assert generated.provenance.predict_time == pytest.approx(0.5, abs=0.4)
    assert generated.provenance.cost == pytest.approx(generated.provenance.predict_time * H100, abs=1e-6)
    assert studio.ledger.this_month().cost == pytest.approx(generated.provenance.cost)


def test_a_picture_of_which_no_time_is_told_counts_as_much_as_estimated(studio, server: ReplicateServer) -> None:
    server.plan(predict_time=None, clock=False)
    expected = studio.backend.estimate(studio.request()).cost
    (generated,) = studio.generate()
    assert generated.provenance.cost is None
    assert generated.provenance.predict_time is None
    month = studio.ledger.this_month()
    assert (month.cost, month.pictures) == (pytest.approx(expected), 1)
    assert studio.backend.estimate(studio.request()).cost == expected, "an estimate is no measurement"


def test_a_picture_that_took_no_time_is_counted(studio, server: ReplicateServer) -> None:
    server.plan(predict_time=0.0)
    studio.generate()
    assert studio.ledger.this_month().pictures == 1


def test_a_failure_may_cost_but_is_no_picture(studio, server: ReplicateServer) -> None:
    server.plan(status="failed", error="boom")
    with pytest.raises(UserError):
        studio.generate()
    month = studio.ledger.this_month()
    assert (month.cost, month.pictures) == (pytest.approx(1.87 * H100, rel=1e-4), 0)


def test_the_limit_stops_before_anything_is_sent_and_offers_to_go_on(studio, server: ReplicateServer) -> None:
    studio.settings.set("cloud_monthly_limit", 1.0)
    studio.ledger.add("earlier", 0.9999)
    with pytest.raises(UserError) as error:
        studio.generate()
    assert "this month's limit for the cloud is $1.00" in str(error.value.message)
    studio.settings.set("cloud_monthly_limit", 0.001)
    with pytest.raises(UserError, match=r"limit for the cloud is \$0\.001;"):
        studio.events(width=1024, height=1024)
    assert "$1.00 of it is spent" in str(error.value.message)
    assert "Settings, Cloud" in str(error.value.remedy)
    assert server.requests == []
    (generated,) = studio.generate(**error.value.suggestion)
    assert generated.provenance.cost > 0
    assert "spend_up_to" not in server.inputs()[0]


def test_an_agreement_is_for_one_sum_only(studio, server: ReplicateServer) -> None:
    studio.settings.set("cloud_monthly_limit", 1.0)
    studio.ledger.add("earlier", 1.0)
    with pytest.raises(UserError) as error:
        studio.generate()
    agreed = dict(error.value.suggestion)
    assert agreed == {"spend_up_to": 1.01}
    studio.generate(**agreed)
    studio.ledger.add("later", 0.01)
    with pytest.raises(UserError, match="limit"):
        studio.generate(**agreed)
    assert len(server.predictions) == 1


def test_the_limit_counts_all_pictures_of_a_request(studio, server: ReplicateServer) -> None:
    one = studio.backend.estimate(studio.request()).cost
    studio.settings.set("cloud_monthly_limit", round(2.5 * one, 6))
    assert len(studio.generate(count=2)) == 2
    server.requests.clear()
    with pytest.raises(UserError, match="limit"):
        studio.other().generate(count=3)
    assert server.requests == []
