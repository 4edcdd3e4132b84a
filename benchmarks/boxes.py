"""`helpers.boxes` beside TensorFlow's suppression.

Boxes of 10 to 150 pixels on 1,000×1,000, of which most are kept, and heaps of boxes
around 20 objects, as a detector gives them, of which few are.
"""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import numpy as np  # isort: skip

from helpers.boxes import non_max_suppression

# boxes, whether they lie in heaps, budget
CASES = (
    (100, False, 2.0),
    (1_000, False, 1.0),
    (10_000, False, 1.0),
    (1_000, True, 4.0),
    (10_000, True, 2.0),
)
IOU_THRESHOLD = 0.5
HEAPS, SPREAD = 20, 8


def ratios():
    """Yield a `Ratio` for each case."""
    tf = _ratio.tensorflow()
    for count, in_heaps, budget in CASES:
        boxes, scores = detections(count, in_heaps)
        yxyx, weights = tf.constant(boxes[:, [1, 0, 3, 2]]), tf.constant(scores)
        rest = (count, IOU_THRESHOLD)
        yield _ratio.compare(
            f"non_max_suppression {count} boxes{' in heaps' * in_heaps}",
            lambda b=boxes, s=scores: non_max_suppression(b, s, IOU_THRESHOLD),
            lambda b=yxyx, s=weights, r=rest: tf.image.non_max_suppression(
                b, s, *r
            ).numpy(),
            budget,
        )


def detections(count, in_heaps):
    rng = np.random.default_rng(0)
    corners = rng.uniform(0, 1000, (count, 2))
    sizes = rng.uniform(10, 150, (count, 2))
    if in_heaps:
        heap = rng.integers(0, HEAPS, count)
        corners = corners[heap] + rng.normal(0, SPREAD, (count, 2))
        sizes = np.maximum(sizes[heap] + rng.normal(0, SPREAD, (count, 2)), 1)
    boxes = np.concatenate([corners, corners + sizes], axis=1).astype(np.float32)
    return boxes, rng.random(count).astype(np.float32)
