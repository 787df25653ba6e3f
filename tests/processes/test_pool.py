"""A pool gives each worker to one caller at a time, in turn, and again to the caller that had it last."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from operator import add

import pytest

from animate.processes import pool as pool_module
from animate.processes.pool import PoolClosedError, WorkerPool
from animate.processes.worker import WorkerDied, WorkerProcess

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(2)
    yield pool
    pool.close()


def test_workers_start_when_they_are_needed(pool: WorkerPool) -> None:
    assert pool.pids == []
    with pool.slot() as slot:
        assert pool.pids == [slot.worker.pid]
    with pool.slot() as again:
        assert again is slot


def test_they_can_be_started_before(pool: WorkerPool) -> None:
    pool.start()
    assert len(set(pool.pids)) == 2


def test_no_two_callers_have_one_worker_and_the_next_one_waits(pool: WorkerPool) -> None:
    one, two, three, four = (pool.acquire() for _ in range(4))
    assert one.result() is not two.result()
    assert not three.done()
    pool.release(one.result())
    assert three.result(timeout=5) is one.result()
    assert not four.done()


def test_without_a_limit_every_caller_gets_a_worker() -> None:
    pool = WorkerPool()
    assert len({id(pool.acquire().result()) for _ in range(3)}) == 3
    pool.close()


def test_a_caller_gets_the_worker_that_it_had_last(pool: WorkerPool) -> None:
    a, b = pool.acquire("a").result(), pool.acquire("b").result()
    pool.release(b)
    pool.release(a)
    for _ in range(3):
        with pool.slot("b") as slot:
            assert slot is b
        with pool.slot("a") as slot:
            assert slot is a


def test_a_caller_waits_for_its_worker_a_little_and_then_takes_another(pool: WorkerPool) -> None:
    a, b = pool.acquire("a").result(), pool.acquire("b").result()
    pool.release(b)
    again = pool.acquire("a")
    assert not again.done()  # the worker of b is free
    began = time.monotonic()
    assert again.result(timeout=10) is b
    assert time.monotonic() - began >= 0.5 * pool_module.AFFINITY_SECONDS
    assert a.affinity == set()


def test_a_caller_that_is_forgotten_has_no_worker(pool: WorkerPool) -> None:
    with pool.slot("a") as slot:
        assert slot.affinity == {"a"}
    pool.forget("a")
    assert slot.affinity == set()


def test_a_caller_that_cancels_is_passed_over(pool: WorkerPool) -> None:
    one, _ = pool.acquire().result(), pool.acquire().result()
    gone, next_one = pool.acquire(), pool.acquire()
    assert gone.cancel()
    pool.release(one)
    assert next_one.result(timeout=5) is one


def test_a_worker_that_ended_is_replaced_and_has_no_affinity(pool: WorkerPool) -> None:
    with pool.slot("a") as slot:
        before = slot.worker.pid
        slot.worker.kill()
        with pytest.raises(WorkerDied):
            slot.worker.call(add, 1)
    with pool.slot("b") as again:
        assert again is slot
        assert again.worker.pid != before
        assert again.affinity == {"b"}


def test_a_worker_that_ended_while_it_was_idle_is_replaced(pool: WorkerPool) -> None:
    with pool.slot() as slot:
        slot.worker.kill()
    time.sleep(0.2)
    with pool.slot() as slot:
        assert slot.worker.call(repr).startswith("<function")


def test_closing_ends_what_is_at_work_and_refuses_who_waits() -> None:
    pool = WorkerPool(1)
    started = threading.Event()

    def wait() -> object:
        with pool.slot() as slot:
            started.set()
            return slot.worker.call(time.sleep)

    with ThreadPoolExecutor(2) as threads:
        slot = pool.acquire().result()
        waiting = pool.acquire()
        pool.close()
        assert slot.worker.is_over
        with pytest.raises(PoolClosedError):
            waiting.result(timeout=5)
        with pytest.raises(PoolClosedError):
            threads.submit(wait).result(timeout=5)
    assert not started.is_set()


def test_a_process_that_cannot_be_started_is_the_error_of_the_caller_that_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> WorkerProcess:
        raise OSError(12, "Cannot allocate memory")

    pool = WorkerPool(1)
    monkeypatch.setattr(pool_module, "WorkerProcess", fail)
    with pytest.raises(OSError, match="Cannot allocate memory"):
        pool.acquire().result(timeout=5)
    monkeypatch.undo()
    with pool.slot() as slot:
        assert not slot.worker.is_over
    pool.close()
