"""The model of a pipeline: nothing overlaps that must not, nobody waits in vain."""

import itertools

import pytest

from helpers.pipelines import schedule

CASES = list(itertools.product([1, 7], [0, 3, 8], [0, 5], [1, 2, 4], [0, 1, 3]))


@pytest.mark.parametrize(("batches", "prepare", "train", "parallel", "ahead"), CASES)
def test_spans_obey_the_rules(batches, prepare, train, parallel, ahead):
    spans = schedule(batches, prepare, train, parallel, ahead)
    training = [span for span in spans if span.lane == "train"]
    prepared = [span for span in spans if span.lane == "prepare 1"]
    assert [span.batch for span in training] == list(range(batches))
    assert len(spans) == batches * (1 + parallel)
    for before, after in itertools.pairwise(training):
        assert after.start >= before.end
    for before, after in itertools.pairwise(prepared):
        assert after.start >= before.end
    for ready, used in zip(prepared, training, strict=True):
        assert ready.end <= used.start
        assert used.end - used.start == pytest.approx(train)
        assert ready.end - ready.start == pytest.approx(prepare / parallel)
    for span in prepared:
        waiting = [t for t in training if t.batch < span.batch and t.start > span.start]
        assert len(waiting) < max(ahead, 1)


def test_without_prefetching_times_add_up():
    assert schedule(10, 6, 5, parallel=2)[-1].end == 10 * (3 + 5)


def test_with_prefetching_the_slower_side_sets_the_pace():
    assert schedule(10, 6, 5, prefetch=1)[-1].end == 10 * 6 + 5
    assert schedule(10, 3, 5, prefetch=1)[-1].end == 3 + 10 * 5


@pytest.mark.parametrize("more", [{"prepare": -1}, {"parallel": 0}, {"prefetch": -1}])
def test_bad_numbers_are_refused(more):
    with pytest.raises(ValueError, match=f"schedule: {next(iter(more))} must be"):
        schedule(**({"batches": 2, "prepare": 1, "train": 1} | more))
