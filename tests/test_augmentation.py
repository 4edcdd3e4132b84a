"""Random changes: what each does to one image, and what none may do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import augmentation
from helpers.augmentation import (
    augment,
    random_contrast,
    random_cutout,
    random_flip,
    random_rotation,
    random_shift,
)

IMAGES = np.random.default_rng(0).integers(1, 256, (64, 9, 7, 2), dtype=np.uint8)


@given(st.integers(0, 2**32), st.sampled_from([np.uint8, np.float32]))
def test_shape_and_type_stay_and_the_callers_images_too(seed, dtype):
    images = IMAGES.astype(dtype)
    before = images.copy()
    for name, change in augmentation.CHANGES.items():
        amount = {"contrast": 0.5, "rotation": 20, "shift": 2, "cutout": 3}.get(name)
        arguments = () if amount is None else (amount,)
        changed = change(images, np.random.default_rng(seed), *arguments)
        assert changed.shape == images.shape, name
        assert changed.dtype == dtype, name
        again = change(images, np.random.default_rng(seed), *arguments)
        np.testing.assert_array_equal(changed, again)
    np.testing.assert_array_equal(images, before)


def test_about_half_of_the_images_are_flipped_and_the_others_not():
    changed = random_flip(IMAGES, np.random.default_rng(1))
    mirrored = (changed == IMAGES[:, :, ::-1]).all(axis=(1, 2, 3))
    same = (changed == IMAGES).all(axis=(1, 2, 3))
    assert (mirrored ^ same).all()
    assert 20 < mirrored.sum() < 44


def test_each_shift_is_a_slice_of_the_image_over_zeros():
    changed = random_shift(IMAGES, np.random.default_rng(1), 2)
    seen = set()
    for image, moved in zip(IMAGES, changed, strict=True):
        for down in range(-2, 3):
            for right in range(-2, 3):
                wanted = np.zeros_like(image)
                rows = slice(max(0, down), 9 + min(0, down))
                columns = slice(max(0, right), 7 + min(0, right))
                from_rows = slice(max(0, -down), 9 + min(0, -down))
                from_columns = slice(max(0, -right), 7 + min(0, -right))
                wanted[rows, columns] = image[from_rows, from_columns]
                if np.array_equal(wanted, moved):
                    seen.add((down, right))
                    break
            else:
                continue
            break
        else:
            pytest.fail("no shift of up to 2 pixels gives this image")
    assert {down for down, _ in seen} == {right for _, right in seen}
    assert {down for down, _ in seen} == {-2, -1, 0, 1, 2}


def test_cutout_blanks_one_rectangle_of_at_most_its_size():
    changed = random_cutout(IMAGES, np.random.default_rng(1), 4)
    for image, cut in zip(IMAGES, changed, strict=True):
        blank = (cut == 0).all(axis=-1)
        rows, columns = np.flatnonzero(blank.any(1)), np.flatnonzero(blank.any(0))
        assert 1 <= len(rows) <= 4
        assert 1 <= len(columns) <= 4
        assert blank.sum() == len(rows) * len(columns)
        np.testing.assert_array_equal(cut[~blank], image[~blank])


def test_rotation_keeps_what_is_round():
    y, x = np.mgrid[-10:11, -10:11]
    hill = np.exp(-(y**2 + x**2) / 20)[None, ..., None]
    turned = random_rotation(hill, np.random.default_rng(0), 180)
    assert np.abs(turned - hill).max() < 0.03
    assert random_rotation(IMAGES, np.random.default_rng(0), 0).tolist() == (
        IMAGES.tolist()
    )


def test_rotation_by_a_right_angle_is_the_turned_array():
    image = np.random.default_rng(0).random((1, 8, 8, 1))

    class Right(np.random.Generator):
        def uniform(self, low, high, size):
            return np.full(size, 90.0)

    turned = random_rotation(image, Right(np.random.PCG64()), 90)
    np.testing.assert_allclose(turned[0], np.rot90(image[0], -1), atol=1e-12)


def test_contrast_keeps_the_mean_of_floats():
    images = IMAGES / 255
    changed = random_contrast(images, np.random.default_rng(0), 0.5)
    np.testing.assert_allclose(changed.mean((1, 2, 3)), images.mean((1, 2, 3)))
    ratio = changed.std((1, 2, 3)) / images.std((1, 2, 3))
    assert ratio.min() >= 0.5
    assert ratio.max() <= 1.5
    assert np.ptp(ratio) > 0.7


def test_nothing_asked_for_is_nothing_done():
    rng = np.random.default_rng(0)
    for nothing in ({}, {"flip": False, "shift": 0}):
        np.testing.assert_array_equal(augment(IMAGES, rng, **nothing), IMAGES)


def test_unknown_changes_and_generators_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="augment: there is no change 'zoom'"):
        augment(IMAGES, rng, zoom=2)
    with pytest.raises(TypeError, match=r"rng must be a .*Generator, got 0"):
        random_flip(IMAGES, 0)
    with pytest.raises(ValueError, match="batch, height, width, channels"):
        random_flip(IMAGES[0], rng)
    with pytest.raises(ValueError, match="random_contrast: amount must be"):
        random_contrast(IMAGES, rng, 1.5)
    with pytest.raises(TypeError, match="random_shift: pixels must be"):
        random_shift(IMAGES, rng, 1.5)
