import multiprocessing
import sys
import threading
import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import _blocks
from helpers._blocks import block_steps, for_each, slices, workspace


@pytest.fixture
def two_workers(monkeypatch):
    monkeypatch.setattr(_blocks, "_workers", lambda: 2)
    _blocks._executor.cache_clear()
    yield
    _blocks._executor.cache_clear()


@pytest.mark.parametrize("count", [0, 1, 3, 4, 500])
def test_each_item_is_worked_on_once(two_workers, count):
    done = []
    for_each(done.append, range(count))
    assert sorted(done) == list(range(count))


def test_items_are_shared_and_a_single_one_is_not(two_workers):
    def threads(count):
        seen = set()

        def work(_):
            seen.add(threading.current_thread())
            time.sleep(0.01)

        for_each(work, range(count))
        return seen

    assert len(threads(20)) == 2
    assert threads(1) == {threading.current_thread()}


@pytest.mark.parametrize("culprit", ["caller", "helper"])
def test_an_error_ends_the_work_and_is_told(two_workers, culprit):
    caller, done = threading.current_thread(), []

    def work(item):
        time.sleep(0.005)
        if (threading.current_thread() is caller) == (culprit == "caller"):
            raise ZeroDivisionError(item)
        done.append(item)

    with pytest.raises(ZeroDivisionError):
        for_each(work, range(400))
    assert len(done) < 399
    rest = len(done)
    time.sleep(0.03)
    assert len(done) == rest


def test_calls_within_the_work_do_not_wait_for_one_another(two_workers):
    total = []
    for_each(lambda _: for_each(total.append, range(10)), range(10))
    assert len(total) == 100


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_after_threads_does_not_hang(two_workers):
    for_each(lambda _: time.sleep(0.002), range(20))
    context = multiprocessing.get_context("fork")
    child = context.Process(target=for_each, args=(time.sleep, [0.001] * 20))
    child.start()
    child.join(20)
    assert child.exitcode == 0


def test_a_browser_starts_no_threads(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert _blocks._workers.__wrapped__() == 1


sizes = st.lists(st.integers(1, 70), min_size=1, max_size=3)


@given(sizes, st.integers(1, 1 << 21))
def test_blocks_cover_everything_once_and_lie_in_one_piece(sizes, item_bytes):
    steps = block_steps(sizes, item_bytes)
    seen = np.zeros(sizes, int)
    blocks = list(product(*map(slices, sizes, steps)))
    for block in blocks[:1] + blocks[-1:]:
        assert seen[block].flags.c_contiguous
        assert seen[block].size * item_bytes <= max(_blocks.BLOCK_BYTES, item_bytes)
    if len(blocks) < 3000:
        for block in blocks:
            seen[block] += 1
        assert (seen == 1).all()


def test_a_workspace_is_kept_for_its_use_and_thread():
    first = workspace("test", (4, 5), np.dtype(np.float32))
    assert first.ctypes.data % _blocks.CACHE_LINE == 0
    again = workspace("test", (2, 3), np.dtype(np.float64))
    assert np.shares_memory(first, again)
    assert not np.shares_memory(first, workspace("other", (4, 5), first.dtype))
    theirs = []
    thread = threading.Thread(
        target=lambda: theirs.append(workspace("test", (4, 5), first.dtype))
    )
    thread.start()
    thread.join()
    assert not np.shares_memory(first, theirs[0])


def test_a_huge_workspace_is_not_kept():
    shape = (4 * _blocks.BLOCK_BYTES + 1,)
    one, other = (workspace("huge", shape, np.dtype(np.uint8)) for _ in range(2))
    assert not np.shares_memory(one, other)
