"""The record of Chapter 10: what it holds, and that its figures follow from it."""

import numpy as np
import pytest

from helpers.data import tree_crowns
from helpers.training import load_record
from tools import transfer_methods as methods
from tools import transfer_study as study

LABELS = tree_crowns(size=8).test_labels


@pytest.fixture(scope="module")
def record():
    return load_record(study.RECORD)


def runs_of(tree):
    """Yield every training's figures, wherever they stand in the record."""
    for branch in tree.values():
        if isinstance(branch, dict):
            if "seconds" in branch:
                yield branch
            else:
                yield from runs_of(branch)


def test_record_holds_every_training(record):
    assert set(record["methods"]) == set(methods.RATES)
    for by_count in record["methods"].values():
        assert [int(count) for count in by_count] == list(study.COUNTS)
        for seeds in by_count.values():
            assert [int(seed) for seed in seeds] == list(study.SEEDS)
    assert set(record["broken"]) == set(study.BROKEN)
    assert all(len(runs) == len(study.SEEDS) for runs in record["broken"].values())
    assert record["settings"]["shown"] == methods.SHOWN


def test_accuracies_are_shares_of_their_sets(record):
    sizes = {"validation": 134, "test": 496, "elsewhere": 146}
    for figures in runs_of({k: record[k] for k in ("methods", "broken")}):
        for split, size in sizes.items():
            right = figures[split] * size
            assert 0 < right <= size
            assert right == pytest.approx(round(right), abs=0.03)


def test_chances_give_the_accuracy_on_the_test(record):
    for figures in runs_of(record["methods"]):
        percent = np.array(figures["crown_percent"].split(), int)
        assert percent.shape == LABELS.shape
        sure = percent != 50  # rounding hides on which side these are
        right = np.sum((percent > 50)[sure] == LABELS[sure])
        undecided = np.sum(~sure)
        assert right <= figures["test"] * len(LABELS) + 0.1 <= right + undecided + 0.2


def test_tree_of_names_is_built_from_paths(monkeypatch):
    monkeypatch.setattr(study, "machine", lambda note: {"note": note})
    tree = study.record({"a/b/0": {"x": 1}, "a/b/1": {"x": 2}, "c/0": {"x": 3}})
    assert tree["a"] == {"b": {"0": {"x": 1}, "1": {"x": 2}}}
    assert tree["c"] == {"0": {"x": 3}}


def test_smaller_images_are_means_of_four():
    images = np.arange(16, dtype=np.uint8).reshape(1, 4, 4, 1)
    assert methods.smaller(images)[0, ..., 0].tolist() == [[2, 4], [10, 12]]
