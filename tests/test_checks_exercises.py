"""The checks of Chapter 17: the right answers, and named wrong ones."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
from exercise_answers import exercise_tests

from helpers.checks.exercises import EXERCISES
from helpers.data import mnist
from helpers.geometry import conv_cost
from helpers.pooling import avg_pool2d
from helpers.upsampling import upsample_nearest

DATA = Path(__file__).resolve().parents[1] / "data"


def record(name):
    return json.loads((DATA / "trainings" / f"{name}.json").read_text("utf8"))


LAYERS = {
    "dense": 1_920_064,
    "convolution": 4_864,
    "dense_doubled": 7_680_064,
    "convolution_doubled": 4_864,
}


def needs(height, width, batch, padding="SAME", value=4, images=True, copies=1):
    shape, parameters, outputs = (height, width, 3), 0, []
    for maps in (100, 200, 400):
        cost = conv_cost(shape, maps, 3, 2, padding)
        shape, parameters = cost.output_shape, parameters + cost.parameters
        outputs.append(value * cost.activation_bytes // 4)
    weights, image = value * parameters, value * height * width * 3
    two = max(a + b for a, b in zip([image, *outputs], outputs, strict=False))
    kept = sum(outputs) + images * image
    return parameters, weights + two, copies * weights + batch * kept


def floored(height, width, batch):
    parameters = needs(height, width, batch)[0]
    sizes, maps = [height * width * 3], (100, 200, 400)
    for count in maps:
        height, width = height // 2, width // 2
        sizes.append(height * width * count)
    two = max(a + b for a, b in pairwise(sizes))
    return parameters, 4 * (parameters + two), 4 * (parameters + batch * sum(sizes))


def less(prediction, training):
    def wrong(height, width, batch):
        found = needs(height, width, batch)
        return found[0], found[1] - prediction, found[2] - training

    return wrong


def all_outputs(height, width, batch):
    parameters, _, training = needs(height, width, batch)
    image, weights = 12 * height * width, 4 * parameters
    one = (training - weights) // batch - image
    return parameters, weights + one, training


ROWS = record("memory_remedies")["rows"]
START = ROWS["as it is"]["peak_bytes"]
SAVED = {
    name: 100 - 100 * row["peak_bytes"] / START
    for name, row in ROWS.items()
    if name != "as it is"
}
FIVE = {"saved": SAVED, "unchanged": ["smaller batches", "two devices"]}
ONE_WRONG = SAVED | {"float16": 100 - SAVED["float16"]}

COSTS = {
    "pool_parameters": 0,
    "conv_parameters": 36_928,
    "conv_multiplications": 115_605_504,
}
SHARES = {"next_map": 0.7387, "next_pixel": 1, "far_map": 1}
IDEAS = {
    "AlexNet": "ae",
    "GoogLeNet": "gc",
    "ResNet": "i, b",
    "Xception": "dj",
    "SENet": "FH",
}


def filters_of(weights, height, width):
    channels = len(weights) // (height * width)
    filters = np.empty((height, width, channels, weights.shape[1]))
    for number, row in enumerate(weights):
        place, channel = divmod(number, channels)
        filters[place // width, place % width, channel] = row
    return filters


def overlap(mask, stride, at_least=0.5):
    cells = avg_pool2d(mask[..., None].astype(float), stride) >= at_least
    coarse = upsample_nearest(cells.astype(float), stride)[..., 0] > 0
    found, true = ({*map(tuple, np.argwhere(each))} for each in (coarse, mask))
    return len(found & true) / len(found | true)


def corner(mask, stride):
    coarse = mask[::stride, ::stride].repeat(stride, 0).repeat(stride, 1)
    return (coarse & mask).sum() / (coarse | mask).sum()


def right_pixels(mask, stride):
    cells = avg_pool2d(mask[..., None].astype(float), stride) >= 0.5
    return (upsample_nearest(cells.astype(float), stride)[..., 0] == mask).mean()


TRUTH = mnist().test_labels.astype(int)


def mostly(share):
    labels = TRUTH.copy()
    labels[round(len(labels) * share) :] += 1
    return labels % 10


METHODS = record("tree_crowns_transfer")["methods"]


def accuracy(method, where):
    return np.array(
        [
            np.mean([run[where] for run in runs.values()])
            for runs in METHODS[method].values()
        ]
    )


def ahead(method="fine-tuned", of="from scratch", where="test"):
    return 100 * (accuracy(method, where) - accuracy(of, where))


RIGHT = {
    "17.1": LAYERS,
    "17.2": [needs],
    "17.3": FIVE,
    "17.4": COSTS,
    "17.5": SHARES,
    "17.6": [IDEAS],
    "17.7": [filters_of],
    "17.8": [overlap],
    "17.9": [mostly(0.97)],
    "17.10": [ahead()],
}

WRONG = [
    ("17.1", LAYERS | {"dense": 1_920_000}, "bias"),
    ("17.1", LAYERS | {"dense": 640_064}, "three values"),
    ("17.1", LAYERS | {"dense": 64}, "every value"),
    ("17.1", LAYERS | {"dense": "many"}, "dense: .*real numbers"),
    ("17.1", LAYERS | {"convolution": 4_800}, "bias"),
    ("17.1", LAYERS | {"convolution": 1_664}, "three channels"),
    ("17.1", LAYERS | {"dense_doubled": 3_840_128}, "both"),
    ("17.1", LAYERS | {"convolution_doubled": 19_456}, "how large the image"),
    ("17.2", [floored], "rounds up"),
    ("17.2", [lambda h, w, b: needs(h, w, b, value=1)], "4 bytes"),
    ("17.2", [lambda h, w, b: needs(h, w, b, images=False)], "images of the batch"),
    ("17.2", [lambda h, w, b: needs(h, w, b, copies=b)], "one copy"),
    ("17.2", [less(3_613_600, 3_613_600)], "weights take memory"),
    ("17.2", [lambda h, w, b: (*needs(h, w, b)[:2], needs(h, w, 1)[2])], "of its own"),
    ("17.2", [all_outputs], "can drop"),
    ("17.2", [lambda h, w, b: (19_300, 0, 0)], "it should be"),
    ("17.3", FIVE | {"saved": [77, 71]}, "a dict"),
    ("17.3", FIVE | {"saved": ONE_WRONG}, "what is left"),
    ("17.3", FIVE | {"saved": SAVED | {"float16": 0.21}}, "per cent"),
    ("17.3", FIVE | {"saved": SAVED | {"float16": 50}}, "peak bytes"),
    ("17.3", FIVE | {"unchanged": ["smaller batches"]}, "one more"),
    ("17.3", FIVE | {"unchanged": "fewer layers"}, "another network"),
    ("17.3", FIVE | {"unchanged": ["bfloat16"]}, "rounded"),
    ("17.3", FIVE | {"unchanged": ["prayer"]}, "no remedy 'prayer'"),
    ("17.4", COSTS | {"pool_parameters": 4}, "to learn"),
    ("17.4", COSTS | {"conv_parameters": 36_864}, "bias"),
    ("17.4", COSTS | {"conv_parameters": 640}, "all 64 maps"),
    ("17.4", COSTS | {"conv_multiplications": 462_422_016}, "a quarter"),
    ("17.4", COSTS | {"conv_multiplications": 1_806_336}, "all 64 maps"),
    ("17.5", SHARES | {"next_map": 0.2613}, "what is lost"),
    ("17.5", SHARES | {"next_map": 73.87}, "from 0 to 1"),
    ("17.5", SHARES | {"next_map": 0.9963}, "squared"),
    ("17.5", SHARES | {"next_map": 0.5}, "with and without"),
    ("17.5", SHARES | {"next_pixel": 0.7387}, "over maps"),
    ("17.5", SHARES | {"far_map": 0.7387}, "two maps to each side"),
    ("17.6", [IDEAS | {"AlexNet": "ab"}], "AlexNet: look at b"),
    ("17.6", [IDEAS | {"SENet": "f"}], "one more"),
    ("17.6", [{"AlexNet": "a"}], "for each of"),
    ("17.7", [lambda w, h, b: w[None, None]], "1×1"),
    ("17.7", [lambda w, h, b: filters_of(w, b, h)], "exchanged"),
    ("17.7", [lambda w, h, b: filters_of(w, h, b)[::-1, ::-1]], "flipped"),
    ("17.7", [lambda w, h, b: np.moveaxis(filters_of(w, h, b), 3, 0)], "last axis"),
    (
        "17.7",
        [
            lambda w, h, b: np.moveaxis(
                w.reshape(len(w) // h // b, h, b, w.shape[1]), 0, 2
            )
        ],
        "channels first",
    ),
    ("17.8", [corner], "one pixel"),
    ("17.8", [right_pixels], "background"),
    ("17.8", [lambda m, s: overlap(m, s, 1e-6)], "if any"),
    ("17.8", [lambda m, s: overlap(m, s, 1)], "all of its"),
    ("17.8", [lambda m, s: 1], "cell by cell"),
    ("17.9", [mostly(0.9)], "90.0 % are right"),
    ("17.9", [mostly(0.1)], "guessing"),
    ("17.9", [np.zeros((1000, 10))], "argmax"),
    ("17.9", [np.zeros(10)], "1000 labels"),
    ("17.9", ["seven"], "real numbers"),
    ("17.10", [ahead(where="validation")], "next door"),
    ("17.10", [ahead("features")], "computed once"),
    ("17.10", [ahead(of="small")], "small one"),
    ("17.10", [-ahead()], "wrong way"),
    ("17.10", [ahead() / 100], "points"),
    ("17.10", [[1, 2]], "4 numbers"),
    ("17.10", [[1, 2, 3, 4]], "Mean over the seeds"),
]

TestExercises = exercise_tests(EXERCISES, RIGHT, WRONG, ["17.2", "17.7", "17.8"])
