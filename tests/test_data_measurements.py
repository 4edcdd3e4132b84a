"""The CO2 record and the volume of nuclei are what their loaders say."""

import sys

import numpy as np
import pytest
from PIL import Image

from helpers import data


def test_co2_has_a_value_or_nan_for_every_week():
    values, dates = data.co2()
    assert values.shape == dates.shape == (2284,)
    assert values.dtype == np.float64
    assert set(np.diff(dates)) == {np.timedelta64(7, "D")}
    assert all(day.item().isoweekday() == 6 for day in dates)
    assert str(dates[0]) == "1958-03-29"
    assert str(dates[-1]) == "2001-12-29"
    measured = values[~np.isnan(values)]
    assert len(measured) == 2225  # the number that the package's notes give
    assert 310 < measured.min() < measured.max() < 375


def test_co2_agrees_with_a_second_reading_of_the_file():
    values, dates = data.co2()
    table = np.genfromtxt(data.data_path("co2.csv"), delimiter=",", skip_header=1)
    np.testing.assert_array_equal(values, table[:, 1])
    assert [int(str(day).replace("-", "")) for day in dates] == table[:, 0].tolist()


def test_co2_rises_and_swings_once_a_year():
    values, dates = data.co2()
    months = dates.astype("datetime64[M]").astype(int) % 12
    trend = np.polynomial.Polynomial.fit(*_known(dates, values), 2)
    left = values - trend(dates.astype(float))
    by_month = [np.nanmean(left[months == month]) for month in range(12)]
    assert int(np.argmax(by_month)) == 4  # May, before the northern summer
    assert int(np.argmin(by_month)) in (8, 9)
    assert 5 < max(by_month) - min(by_month) < 7


def _known(dates, values):
    known = ~np.isnan(values)
    return dates[known].astype(float), values[known]


def test_volume_is_the_stack_of_its_pages():
    volume, masks = data.nuclei_volume()
    assert volume.shape == masks.shape == (31, 61, 57)
    assert volume.dtype == masks.dtype == np.uint16
    assert (volume.min(), volume.max()) == (104, 375)
    with Image.open(data.data_path("nuclei_volume.tif")) as file:
        file.seek(17)
        np.testing.assert_array_equal(volume[17], file)


def test_each_mask_is_one_piece_and_brighter_than_what_is_around():
    volume, masks = data.nuclei_volume()
    labels = np.unique(masks)[1:]
    assert len(labels) == 51
    assert all(_is_one_piece(masks == label) for label in labels)
    assert volume[masks > 0].mean() > 1.2 * volume[masks == 0].mean()


def _is_one_piece(mask):
    """Grow a region from one voxel through its six neighbours, inside the mask."""
    mask = np.pad(mask, 1)
    region = np.zeros_like(mask)
    region[tuple(np.argwhere(mask)[0])] = True
    size = 0
    while size < region.sum():
        size = region.sum()
        for axis in range(3):
            region |= np.roll(region, 1, axis) | np.roll(region, -1, axis)
            region &= mask
    return bool((region == mask).all())


def test_without_pillow_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match="pip install pillow"):
        data.nuclei_volume()


@pytest.mark.parametrize("load", [data.co2, data.nuclei_volume])
def test_the_arrays_are_the_callers_own(load):
    first, _ = load()
    first[:] = 0
    assert load()[0].any()
