"""Checks for the exercises of Chapter 7, ResNet, Xception, SENet."""

import numpy as np

from helpers.checks._compare import as_numbers, compare


def projected_unit(weights, trainable):
    """Check 7.1: what the first unit of ResNet-34's second stage holds."""
    try:
        weights, trainable = float(weights), float(trainable)
    except (TypeError, ValueError):
        return "Give two numbers: weights and trainable."
    branch = 9 * 64 * 128 + 9 * 128 * 128
    right = branch + 64 * 128
    hints = {
        branch: "The 1×1 layer on the shortcut is missing.",
        right + 3 * 128: "These convolutions have no biases.",
        2 * 9 * 64 * 128 + 64 * 128: "The second 3×3 layer reads 128 maps, not 64.",
        2 * 9 * 128 * 128 + 64 * 128: "The first 3×3 layer reads 64 maps, not 128.",
        branch + 9 * 64 * 128: "The filter on the shortcut is 1×1, not 3×3.",
        branch + 128 * 128: "The shortcut reads the unit's input: 64 maps.",
    }
    if weights != right:
        fallback = "Two 3×3 layers, and a 1×1 one on the shortcut: size · maps · maps."
        return "Weights: " + hints.get(weights, fallback)
    hints = {
        right: "The batch normalizations are missing: γ and β for each map.",
        right + 2 * 2 * 128: "There are three batch normalizations, one of them on "
        "the shortcut.",
        right + 3 * 4 * 128: "The moving averages are not trained.",
        right + 3 * 128: "Each batch normalization learns two numbers a map.",
    }
    if trainable != right + 3 * 2 * 128:
        fallback = "Three batch normalizations with γ and β for 128 maps each."
        return "Trainable: " + hints.get(trainable, fallback)
    return None


def _normalized(inputs, gamma, beta, epsilon, axes=None, correction=0):
    axes = tuple(range(inputs.ndim - 1)) if axes is None else axes
    mean = inputs.mean(axis=axes, keepdims=True)
    variance = inputs.var(axis=axes, ddof=correction, keepdims=True)
    return gamma * (inputs - mean) / np.sqrt(variance + epsilon) + beta


def _over_all(inputs, gamma, beta, epsilon):
    return _normalized(inputs, gamma, beta, epsilon, tuple(range(inputs.ndim)))


def _without_root(inputs, gamma, beta, epsilon):
    axes = tuple(range(inputs.ndim - 1))
    centred = inputs - inputs.mean(axis=axes)
    return gamma * centred / (inputs.var(axis=axes) + epsilon) + beta


def _epsilon_outside(inputs, gamma, beta, epsilon):
    axes = tuple(range(inputs.ndim - 1))
    centred = inputs - inputs.mean(axis=axes)
    return gamma * centred / (inputs.std(axis=axes) + epsilon) + beta


def normalize_batch(function):
    """Check 7.2: batch normalization in training, for two and four dimensions."""
    rng = np.random.default_rng(7)
    cases = [
        (rng.normal(2, 3, (4, 3, 5, 6)), *rng.normal(size=(2, 6)), 0.5),
        (rng.normal(1, 2, (5, 6)), *rng.normal(size=(2, 6)), 0.1),
    ]
    mistakes = {
        "You took the mean over the batch only. The places of a map count, too.": (
            lambda x, g, b, e: _normalized(x, g, b, e, (0,))
        ),
        "You normalize each image for itself, over its maps: that is layer "
        "normalization.": (
            lambda x, g, b, e: _normalized(x, g, b, e, tuple(range(1, x.ndim)))
        ),
        "You normalize over the last axis. Each map has its own mean.": (
            lambda x, g, b, e: _normalized(x, g, b, e, (x.ndim - 1,))
        ),
        "You took one mean for all maps. Each map has its own.": _over_all,
        "Your variance divides by m − 1. Here it divides by m.": (
            lambda x, g, b, e: _normalized(x, g, b, e, correction=1)
        ),
        "You divide by the variance. Take its square root.": _without_root,
        "ε belongs under the root, next to the variance.": _epsilon_outside,
        "ε is missing under the root.": lambda x, g, b, e: _normalized(x, g, b, 0),
        "γ and β are missing.": lambda x, g, b, e: _normalized(x, 1, 0, e),
        "You exchanged γ and β.": lambda x, g, b, e: _normalized(x, b, g, e),
    }
    return compare(function, _normalized, mistakes, cases)


def _relu(values):
    return np.maximum(values, 0)


def _wire(inputs, projection):
    return inputs if projection is None else inputs @ projection


def _unit(inputs, w1, w2, projection):
    return _relu(_relu(inputs @ w1) @ w2 + _wire(inputs, projection))


def dense_unit(function):
    """Check 7.3: a residual unit, ``function(inputs, w1, w2, projection)``."""
    rng = np.random.default_rng(8)
    cases = [
        (rng.normal(size=(5, 4)), *rng.normal(size=(2, 4, 4)), None),
        (
            rng.normal(size=(6, 4)),
            rng.normal(size=(4, 3)),
            rng.normal(size=(3, 3)),
            rng.normal(size=(4, 3)),
        ),
    ]
    mistakes = {
        "Your second ReLU stands before the sum. It comes after it.": (
            lambda x, w1, w2, p: _relu(_relu(x @ w1) @ w2) + _wire(x, p)
        ),
        "You have a ReLU before the sum as well: the branch may be negative.": (
            lambda x, w1, w2, p: _relu(_relu(_relu(x @ w1) @ w2) + _wire(x, p))
        ),
        "The ReLU after the sum is missing.": (
            lambda x, w1, w2, p: _relu(x @ w1) @ w2 + _wire(x, p)
        ),
        "The ReLU after the first layer is missing.": (
            lambda x, w1, w2, p: _relu(x @ w1 @ w2 + _wire(x, p))
        ),
        "The shortcut is missing.": lambda x, w1, w2, p: _relu(_relu(x @ w1) @ w2),
        "The shortcut has a ReLU of its own. It has none.": (
            lambda x, w1, w2, p: _relu(_relu(x @ w1) @ w2 + _relu(_wire(x, p)))
        ),
        "You subtract the input. The unit adds it; the layers learn the difference.": (
            lambda x, w1, w2, p: _relu(_relu(x @ w1) @ w2 - _wire(x, p))
        ),
    }
    return compare(function, _unit, mistakes, cases)


def _gates(squeezed, w1, b1, w2, b2):
    return _sigmoid(_relu(squeezed @ w1 + b1) @ w2 + b2)


def _sigmoid(values):
    return 1 / (1 + np.exp(-values))


def _recalibrated(maps, *layers):
    return maps * _gates(maps.mean(axis=(1, 2)), *layers)[:, None, None]


def recalibrate(function):
    """Check 7.4: squeeze and excitation, ``function(maps, w1, b1, w2, b2)``."""
    rng = np.random.default_rng(9)
    cases = [
        (
            rng.normal(size=(batch, 5, 3, 8)),
            rng.normal(size=(8, 2)),
            rng.normal(size=2),
            rng.normal(size=(2, 8)),
            rng.normal(size=8),
        )
        for batch in (3, 1)
    ]

    def spread(gates):
        return gates[:, None, None]

    def softmax(maps, w1, b1, w2, b2):
        scores = _relu(maps.mean((1, 2)) @ w1 + b1) @ w2 + b2
        powers = np.exp(scores)
        return maps * spread(powers / powers.sum(axis=1, keepdims=True))

    mistakes = {
        "Your answer holds the gates. Multiply each map by its gate.": (
            lambda x, *layers: _gates(x.mean((1, 2)), *layers)
        ),
        "You squeeze with the largest value. It is the mean of each map.": (
            lambda x, *layers: x * spread(_gates(x.max((1, 2)), *layers))
        ),
        "You squeeze with the sum. It is the mean of each map.": (
            lambda x, *layers: x * spread(_gates(x.sum((1, 2)), *layers))
        ),
        "You add the gates. Multiply.": (
            lambda x, *layers: x + spread(_gates(x.mean((1, 2)), *layers))
        ),
        "The ReLU after the first dense layer is missing.": (
            lambda x, w1, b1, w2, b2: (
                x * spread(_sigmoid((x.mean((1, 2)) @ w1 + b1) @ w2 + b2))
            )
        ),
        "The sigmoid is missing.": (
            lambda x, w1, b1, w2, b2: (
                x * spread(_relu(x.mean((1, 2)) @ w1 + b1) @ w2 + b2)
            )
        ),
        "You used softmax. Each gate has a sigmoid of its own.": softmax,
        "The biases are missing.": (
            lambda x, w1, b1, w2, b2: (
                x * spread(_gates(x.mean((1, 2)), w1, 0 * b1, w2, 0 * b2))
            )
        ),
    }
    return compare(function, _recalibrated, mistakes, cases)


RESNET_34 = (3, 4, 6, 3)
WIDTHS = (64, 128, 256, 512)


def _costs(stages, num_classes=1000):
    """Return layers, trainable parameters and multiply-adds of a ResNet of units."""
    layers, parameters = 2, 9408 + 128 + (WIDTHS[-1] + 1) * num_classes
    multiply_adds = 112 * 112 * 9408 + WIDTHS[-1] * num_classes
    below = WIDTHS[0]
    for width, units, size in zip(WIDTHS, stages, (56, 28, 14, 7), strict=True):
        for _ in range(int(units)):
            weights = 9 * below * width + 9 * width * width
            norms = 4 * width
            if below != width:
                weights, norms = weights + below * width, 6 * width
            layers, parameters = layers + 2, parameters + weights + norms
            multiply_adds += size * size * weights
            below = width
    return layers, parameters, multiply_adds


def lighter_resnet(stages):
    """Check 7.5: as deep as ResNet-34, with half of its parameters."""
    stages, hint = as_numbers(stages)
    if hint:
        return hint
    if stages.shape != (4,) or (stages % 1).any() or (stages < 1).any():
        return "Give four whole numbers of units, each at least 1."
    layers, parameters, work = _costs(stages)
    full_layers, full_parameters, full_work = _costs(RESNET_34)
    if layers < full_layers:
        return f"Your network has {layers} layers; it should have at least 34."
    if parameters > full_parameters / 2:
        return (
            f"Your network has {parameters:,} parameters, "
            f"{100 * parameters / full_parameters:.0f} % of ResNet-34's. Which stage "
            "has the dearest units?"
        )
    if work > full_work:
        return (
            f"Your network needs {100 * work / full_work:.1f} % of the multiply-adds. "
            "A unit costs the same in every stage, but for the first of each: do not "
            "add more of them."
        )
    return None


EXERCISES = {
    "7.1": projected_unit,
    "7.2": normalize_batch,
    "7.3": dense_unit,
    "7.4": recalibrate,
    "7.5": lighter_resnet,
}
