"""Networks that enlarge: they begin bilinear, and the measure is the textbook's."""

import numpy as np
import pytest

from helpers.super_resolution import (
    linear_upsampler,
    patches,
    psnr,
    super_resolver,
)
from helpers.upsampling import upsample_bilinear

PICTURE = np.random.default_rng(0).random((1, 9, 12, 1)).astype(np.float32)


@pytest.mark.parametrize("factor", [2, 4])
def test_untrained_networks_are_bilinear(factor):
    expected = upsample_bilinear(PICTURE, factor)
    resolver = np.asarray(super_resolver(factor)(PICTURE))
    np.testing.assert_allclose(resolver, expected, atol=1e-5)
    linear = np.asarray(linear_upsampler(factor)(PICTURE))
    inside = (slice(None), *(slice(factor, -factor),) * 2)
    np.testing.assert_allclose(linear[inside], expected[inside], atol=1e-5)


@pytest.mark.parametrize("build", [linear_upsampler, super_resolver])
@pytest.mark.parametrize("factor", [3, 0])
def test_odd_factors_are_refused(build, factor):
    with pytest.raises(ValueError, match=f"{build.__name__}: factor"):
        build(factor)


def test_network_learns_from_an_example():
    import keras

    keras.utils.set_random_seed(0)
    wanted = np.repeat(np.repeat(PICTURE, 2, 1), 2, 2)
    model = super_resolver(2, filters=4)
    model.compile("adam", "mse", jit_compile=False)
    before = psnr(wanted, model(PICTURE))
    model.fit(PICTURE, wanted, epochs=20, verbose=0)
    assert psnr(wanted, model(PICTURE)) > before


def test_psnr_follows_its_definition():
    truth = np.zeros((3, 4))
    assert psnr(truth, truth) == float("inf")
    assert psnr(truth, truth + 0.01) == pytest.approx(40)
    assert psnr(truth, truth + 2.55, peak=255) == pytest.approx(40)
    halved = psnr(truth, truth + 0.02) - psnr(truth, truth + 0.01)
    assert halved == pytest.approx(-20 * np.log10(2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros(3), np.zeros(4)), "one shape"),
        ((np.zeros(0), np.zeros(0)), "with pixels"),
        ((np.zeros(3), np.zeros(3), 0), "peak"),
    ],
)
def test_psnr_refuses_what_it_cannot_compare(arguments, message):
    with pytest.raises(ValueError, match=f"psnr: .*{message}"):
        psnr(*arguments)


def test_patches_are_parts_of_the_pictures_in_turn():
    pictures = [np.full((20, 30, 1), value) for value in (1.0, 2.0)]
    cut = patches(pictures, 5, 12)
    assert cut.shape == (5, 12, 12, 1)
    assert cut.dtype == np.float32
    assert cut[:, 0, 0, 0].tolist() == [1, 2, 1, 2, 1]


def test_patches_lie_anywhere_and_follow_the_seed():
    rows = np.arange(20.0)[:, None, None] + np.zeros((20, 13, 1))
    tops = patches([rows], 200, 13)[:, 0, 0, 0]
    assert set(tops) == set(range(8))
    np.testing.assert_array_equal(tops, patches([rows], 200, 13)[:, 0, 0, 0])
    assert (tops != patches([rows], 200, 13, seed=1)[:, 0, 0, 0]).any()


def test_patches_larger_than_a_picture_are_refused():
    for pictures in ([], [np.zeros((20, 10, 1))]):
        with pytest.raises(ValueError, match="patches: pictures"):
            patches(pictures, 1, 12)
