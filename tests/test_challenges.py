"""The challenge's results: complete, ordered, and each with its paper."""

from pathlib import Path

import pytest

from helpers.challenges import HUMAN_TOP5_ERROR, ILSVRC
from tools.notebook_checks import Book

ROOT = Path(__file__).resolve().parents[1]

# The organisers' own tables, per cent to three decimals; the papers round them. The
# GoogLeNet paper has 6.67 and 7.32 where the tables have 6.656 and 7.325.
OFFICIAL = {
    2010: 28.191,
    2011: 25.770,
    2012: 15.315,
    2013: 11.197,
    2014: 6.656,
    2015: 3.567,
    2016: 2.991,
    2017: 2.251,
}


def test_one_winner_a_year_and_it_agrees_with_the_organisers():
    winners = {r.year: r.top5_error for r in ILSVRC if r.place == 1}
    assert winners == pytest.approx(OFFICIAL, abs=0.04)


def test_winners_get_better_every_year_and_pass_the_human_in_2015():
    errors = [r.top5_error for r in ILSVRC if r.place == 1]
    assert errors == sorted(errors, reverse=True)
    better = [r.year for r in ILSVRC if r.top5_error < HUMAN_TOP5_ERROR]
    assert min(better) == 2015


def test_no_winner_is_a_single_network_or_a_validation_score():
    for result in ILSVRC:
        assert result.split in {"test", "validation"}
        if result.place:
            assert result.split == "test"
            assert result.networks != 1


def test_each_result_cites_a_paper_of_the_bibliography():
    assert {r.source for r in ILSVRC} <= Book.at(ROOT).citations


@pytest.mark.parametrize(
    ("networks", "words"),
    [
        (None, "several networks"),
        (0, "no network"),
        (1, "1 network"),
        (7, "7 networks"),
    ],
)
def test_averaged_says_how_many(networks, words):
    assert ILSVRC[0]._replace(networks=networks).averaged() == words
