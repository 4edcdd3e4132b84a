"""What the templates of this bank need, drawn from a seed.

The bank is an example, and public with its solutions: keep yours elsewhere. Numbers
are drawn, and tasks are chosen; examples are computed here by the very code that the
template shows as the solution.
"""

import math

import numpy as np

PATCH_TASKS = {
    "largest": (
        "the largest product of a value and its weight",
        "np.max(patch * weights)",
    ),
    "distance": (
        "the sum of the squared differences between values and weights",
        "np.sum((patch - weights) ** 2)",
    ),
    "spread": (
        "the largest product of a value and its weight, less the smallest",
        "np.ptp(patch * weights)",
    ),
}
BOX_FORMATS = {
    "yxyx": ("`top, left, bottom, right`", "box[1], box[0], box[3], box[2]"),
    "xywh": (
        "`left, top, width, height`",
        "box[0], box[1], box[0] + box[2], box[1] + box[3]",
    ),
    "yxhw": (
        "`top, left, height, width`",
        "box[1], box[0], box[1] + box[3], box[0] + box[2]",
    ),
}
MEASURES = {
    "smaller": ("divided by the area of the smaller box", "min(areas)"),
    "larger": ("divided by the area of the larger box", "max(areas)"),
    "mean": ("divided by the mean of their areas", "(sum(areas) / 2)"),
}
WAYS = ["patch", "box_format", "measure"]


def draw(name, rng):
    """Return the values of a set's template.

    Parameters
    ----------
    name : str
        Of the set; this bank has one.
    rng : numpy.random.Generator
        Made of the seed and the name.

    Returns
    -------
    dict
        Names in the template to values.
    """
    drawn = {
        "layer": _layer(rng),
        "steps": [int(step) for step in rng.choice([1, 2, 3], 2, replace=False)],
        "data_seed": int(rng.integers(1000, 9999)),
        "side": int(rng.integers(20, 31)),
    }
    tasks = (PATCH_TASKS, BOX_FORMATS, MEASURES)
    for way, choices in zip(WAYS, tasks, strict=True):
        key = str(rng.choice(list(choices)))
        drawn[way], drawn[f"{way}_code"] = choices[key]
    return drawn | _examples(drawn, rng) | {"threshold": _threshold(drawn)}


def _layer(rng):
    """Return a layer, its parameters and outputs, and what mistakes make of them."""
    f_h, f_w = rng.choice([2, 3, 5, 7], 2, replace=False)
    channels, maps, stride = rng.choice([3, 4, 6]), rng.integers(10, 90), 3
    height, width = 3 * rng.integers(20, 60, 2) + rng.integers(1, 3, 2)
    layer = {"f_h": f_h, "f_w": f_w, "channels": channels, "maps": maps}
    layer |= {"height": height, "width": width, "stride": stride}
    layer = {key: int(value) for key, value in layer.items()}
    layer["parameters"] = int((f_h * f_w * channels + 1) * maps)
    layer["weights"] = int(f_h * f_w * channels * maps)
    layer["one_channel"] = int((f_h * f_w + 1) * maps)
    layer["same"] = [math.ceil(height / stride), math.ceil(width / stride)]
    layer["valid"] = [int(height - f_h) // stride + 1, int(width - f_w) // stride + 1]
    return layer


def _examples(drawn, rng):
    """Return small inputs and right answers, for the public tests."""
    patch, weights = rng.integers(-4, 5, (2, 2, 3))
    environment = {"np": np, "patch": patch, "weights": weights}
    answer = eval(drawn["patch_code"], environment)
    return {
        "example_patch": patch.tolist(),
        "example_weights": weights.tolist(),
        "example_answer": int(answer),
        "example_sum": int((patch * weights).sum()),
    }


def _threshold(drawn):
    """Return an answer of Question 5 that some others reach and some do not."""
    rng = np.random.default_rng(drawn["data_seed"] + 3)
    picture = rng.integers(-2, 3, (drawn["side"], drawn["side"])) / 2
    weights = rng.integers(-1, 2, (3, 2)) * 1.0
    view = np.lib.stride_tricks.sliding_window_view(picture, (3, 2))
    patches = view[:: drawn["steps"][0], :: drawn["steps"][1]].reshape(-1, 3, 2)
    environment = {"np": np, "weights": weights}
    answers = [eval(drawn["patch_code"], environment, {"patch": p}) for p in patches]
    return float(np.quantile(answers, 0.6, method="nearest"))
