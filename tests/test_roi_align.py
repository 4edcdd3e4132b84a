"""RoIAlign against a loop over points, TensorFlow's crops, and closed forms."""

import numpy as np
import pytest

from helpers.boxes import roi_align


def read_off(features, y, x):
    """Interpolate bilinearly, by the rules of the published code."""
    height, width, _ = features.shape
    if y < -1 or y > height or x < -1 or x > width:
        return np.zeros(features.shape[2])
    y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
    top, left = int(y), int(x)
    bottom, right = min(top + 1, height - 1), min(left + 1, width - 1)
    down, across = y - top, x - left
    return (1 - down) * (
        (1 - across) * features[top, left] + across * features[top, right]
    ) + down * (
        (1 - across) * features[bottom, left] + across * features[bottom, right]
    )


def by_loops(features, boxes, rows, columns, ratio, aligned):
    answer = np.zeros((len(boxes), rows, columns, features.shape[2]))
    for index, (x_min, y_min, x_max, y_max) in enumerate(boxes):
        shift = 0.5 if aligned else 0.0
        least = 0.0 if aligned else 1.0
        high = max(y_max - y_min, least) / rows
        wide = max(x_max - x_min, least) / columns
        for row, column in np.ndindex(rows, columns):
            for i, j in np.ndindex(ratio, ratio):
                y = y_min - shift + (row + (i + 0.5) / ratio) * high
                x = x_min - shift + (column + (j + 0.5) / ratio) * wide
                answer[index, row, column] += read_off(features, y, x)
    return answer / ratio**2


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_as_point_by_point(seed, aligned):
    rng = np.random.default_rng(seed)
    height, width, rows, columns = rng.integers(1, 9, 4)
    ratio = int(rng.integers(1, 4))
    features = rng.standard_normal((height, width, 3))
    corners = rng.uniform(-4, 12, (6, 2, 2))
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    found = roi_align(features, boxes, (rows, columns), ratio, aligned)
    expected = by_loops(features, boxes, rows, columns, ratio, aligned)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_one_point_a_cell_is_tensorflows_crop(seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    height, width, size = 9, 13, 4
    features = rng.standard_normal((height, width, 2)).astype(np.float32)
    low, high = rng.uniform(0.5, 4, (5, 2)), rng.uniform(4.5, 8.5, (5, 2))
    boxes = np.concatenate([low, high], axis=1)
    # The crop's corners lie on the first and last point, in parts of the last pixel.
    half = (high - low) / size / 2
    ends = np.concatenate([(low + half)[:, ::-1], (high - half)[:, ::-1]], axis=1) - 0.5
    ends /= [height - 1, width - 1, height - 1, width - 1]
    crops = tf.image.crop_and_resize(
        features[None], ends.astype(np.float32), np.zeros(5, int), (size, size)
    )
    np.testing.assert_allclose(roi_align(features, boxes, size, 1), crops, atol=1e-4)


def test_a_slope_is_read_at_the_middle_of_each_cell():
    rows, columns = np.mgrid[:20, :30]
    features = np.stack([columns + 0.5, rows + 0.5], axis=2).astype(float)
    (found,) = roi_align(features, [[3.2, 5.1, 11.2, 17.1]], (3, 4))
    np.testing.assert_allclose(found[..., 0], np.tile([4.2, 6.2, 8.2, 10.2], (3, 1)))
    np.testing.assert_allclose(found[..., 1], np.tile([[7.1], [11.1], [15.1]], (1, 4)))


def test_types_and_no_boxes():
    features = np.ones((4, 4, 2), np.float32)
    assert roi_align(features, np.empty((0, 4)), 3).shape == (0, 3, 3, 2)
    assert roi_align(features, [[0.0, 0.0, 1.0, 1.0]], 1).dtype == np.float32
    assert roi_align(features.astype(float), [[0, 0, 1, 1]], 1).dtype == np.float64


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"features": np.ones((4, 4))}, ValueError, "features must have the axes"),
        ({"features": np.ones((0, 4, 1))}, ValueError, "features must not be empty"),
        ({"boxes": [[3, 0, 1, 1]]}, ValueError, "no maximum below its minimum"),
        ({"boxes": [[0, 0, np.nan, 1]]}, ValueError, "finite"),
        ({"output_size": 0}, ValueError, "output_size"),
        ({"output_size": (2, 2, 2)}, ValueError, "output_size"),
        ({"sampling_ratio": 0}, ValueError, "sampling_ratio"),
        ({"sampling_ratio": 1.5}, TypeError, "sampling_ratio"),
        ({"aligned": "yes"}, TypeError, "aligned must be True or False"),
    ],
)
def test_bad_arguments_are_refused(change, kind, message):
    arguments = {
        "features": np.ones((4, 4, 1)),
        "boxes": [[0, 0, 2, 2]],
        "output_size": 2,
    }
    with pytest.raises(kind, match=message):
        roi_align(**(arguments | change))
