"""Pictures are saved in a thread of their own, in order, and an error ends the job."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from app.core.errors import UserError
from app.core.events import Generated
from app.core.message import message
from app.core.output import ImageOutput
from app.engine.saving import MOST_WAITING, Saving

PICTURE = ImageOutput(np.zeros((8, 8, 3), np.uint8))
SECONDS = 10.0


def picture(number: int) -> Generated:
    return Generated(number, PICTURE, number)


def test_who_adds_a_picture_goes_on_and_at_the_end_all_are_saved_in_order() -> None:
    saved: list[int] = []
    go_on = threading.Event()

    def save(event: Generated) -> None:
        assert go_on.wait(SECONDS)
        saved.append(event.picture)

    with Saving(save) as saving:
        for number in range(MOST_WAITING):
            saving.add(picture(number))
        assert saved == []
        go_on.set()
    assert saved == list(range(MOST_WAITING))


def test_a_slow_disk_is_waited_for_before_memory_fills() -> None:
    saved: list[int] = []
    with Saving(lambda event: saved.append(event.picture)) as saving:
        for number in range(10):
            saving.add(picture(number))
            assert len(saved) >= number - MOST_WAITING


def test_in_this_thread_a_picture_is_saved_at_once() -> None:
    threads: list[str] = []
    with Saving(lambda _: threads.append(threading.current_thread().name), aside=False) as saving:
        saving.add(picture(0))
        assert threads == [threading.current_thread().name]


def test_what_cannot_be_saved_is_told_and_nothing_is_saved_after_it() -> None:
    tried: list[int] = []
    added = threading.Event()

    def full(event: Generated) -> None:
        assert added.wait(SECONDS)
        tried.append(event.picture)
        raise UserError(message("The disk is full."))

    with pytest.raises(UserError, match="full"), Saving(full) as saving:  # noqa: PT012 - it is told at the end
        saving.add(picture(0))
        saving.add(picture(1))
        added.set()
    assert tried == [0]


def test_an_error_of_the_job_itself_comes_first() -> None:
    def full(event: Generated) -> None:
        raise UserError(message("The disk is full."))

    with pytest.raises(ValueError, match="the job"), Saving(full) as saving:  # noqa: PT012
        saving.add(picture(0))
        raise ValueError("the job")
