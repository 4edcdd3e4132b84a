"""Checks for the exercises of Chapter 8, ResNet-34 from scratch."""

import numpy as np

from helpers.checks._compare import as_numbers, compare
from helpers.conv import conv2d


def counted_unit(unit, skip):
    """Check 8.1: trainable parameters of a unit from 128 to 256 maps, stride 2."""
    try:
        unit, skip = float(unit), float(skip)
    except (TypeError, ValueError):
        return "Give two numbers: unit and skip."
    right_skip = 128 * 256 + 2 * 256
    branch = 9 * 128 * 256 + 9 * 256 * 256 + 4 * 256
    skips = {
        128 * 256: "You counted the filters. A batch normalization follows them: "
        "two numbers a map.",
        128 * 256 + 256: "A batch normalization has two numbers a map that training "
        "changes, a scale and a shift.",
        128 * 256 + 4 * 256: "The moving mean and variance are not trained.",
        9 * 128 * 256 + 2 * 256: "The skip's filters are 1×1.",
    }
    if skip != right_skip:
        fallback = "A 1×1 convolution from 128 to 256 maps without bias, and its norm."
        return "Skip: " + skips.get(skip, fallback)
    units = {
        branch: "That is the branch. The unit has a skip with parameters, too.",
        branch + right_skip - 6 * 256: "The norms' scales and shifts are missing.",
        branch + right_skip + 6 * 256: "Moving means and variances are not trained.",
        branch + right_skip + 3 * 256: "These convolutions have no biases: the batch "
        "normalization behind each would subtract them.",
        2 * 9 * 128 * 256 + 4 * 256 + right_skip: "The second 3×3 layer reads the 256 "
        "maps of the first.",
    }
    if unit != branch + right_skip:
        fallback = "Add up two 3×3 layers, the 1×1 layer and three norms."
        return "Unit: " + units.get(unit, fallback)
    return None


def _multiply_adds(size, channels, filters, strides):
    outputs = (-(-size // strides)) ** 2
    fits = strides == 1 and channels == filters
    skip = 0 if fits else channels * filters
    return outputs * (9 * channels * filters + 9 * filters**2 + skip)


def unit_multiply_adds(function):
    """Check 8.2: ``function(size, channels, filters, strides)`` of a whole unit."""
    cases = [
        (56, 64, 64, 1),
        (56, 64, 128, 2),
        (28, 32, 48, 1),
        (7, 16, 16, 2),
    ]

    def changed(outputs, first_reads, always):
        def cost(size, channels, filters, strides):
            pixels = outputs(size, strides)
            fits = strides == 1 and channels == filters
            skip = channels * filters if always or not fits else 0
            first = 9 * (channels if first_reads else filters) * filters
            return pixels * (first + 9 * filters**2 + skip)

        return cost

    def behind(size, strides):
        return (-(-size // strides)) ** 2

    def no_skip(size, channels, filters, strides):
        pixels = behind(size, strides)
        return pixels * (9 * channels * filters + 9 * filters**2)

    def only_by_stride(size, channels, filters, strides):
        skip = channels * filters if strides > 1 else 0
        return no_skip(size, channels, filters, strides) + behind(size, strides) * skip

    mistakes = {
        "The 1×1 convolution of the skip is missing, where there is one.": no_skip,
        "The skip needs its 1×1 convolution as well where only the number of maps "
        "changes.": only_by_stride,
        "You gave every skip a 1×1 convolution. One that fits has none.": changed(
            behind, True, True
        ),
        "Count the places of the outputs: with stride 2 they are a quarter.": changed(
            lambda size, strides: size**2, True, False
        ),
        "With an odd size the outputs are rounded up, not down.": changed(
            lambda size, strides: (size // strides) ** 2, True, False
        ),
        "The first layer reads the maps of the input, not of the output.": changed(
            behind, False, False
        ),
    }
    return compare(function, _multiply_adds, mistakes, cases)


def _relu(maps):
    return np.maximum(maps, 0)


def _same(maps, kernel):
    return conv2d(maps, kernel, padding="SAME")


def _unit(maps, first, second):
    return _relu(_same(_relu(_same(maps, first)), second) + maps)


def residual_unit(function):
    """Check 8.3: a unit without norms, as ``function(maps, first, second)``."""
    rng = np.random.default_rng(8)
    cases = [
        (
            rng.normal(size=(2, 5, 6, 3)),
            rng.normal(size=(3, 3, 3, 3)),
            rng.normal(size=(3, 3, 3, 3)),
        ),
        (
            rng.normal(size=(1, 4, 4, 2)),
            rng.normal(size=(3, 3, 2, 2)),
            rng.normal(size=(3, 3, 2, 2)),
        ),
    ]
    mistakes = {
        "The skip is missing: add the input before the last ReLU.": (
            lambda x, a, b: _relu(_same(_relu(_same(x, a)), b))
        ),
        "The ReLU comes after the sum, so that the branch can also subtract.": (
            lambda x, a, b: _relu(_same(_relu(_same(x, a)), b)) + x
        ),
        "The ReLU after the sum is missing.": (
            lambda x, a, b: _same(_relu(_same(x, a)), b) + x
        ),
        "The ReLU between the two convolutions is missing.": (
            lambda x, a, b: _relu(_same(_same(x, a), b) + x)
        ),
        "You add the branch to its own middle. The skip carries the unit's input.": (
            lambda x, a, b: _relu(_same(_relu(_same(x, a)), b) + _relu(_same(x, a)))
        ),
        "You concatenated. A residual unit adds.": (
            lambda x, a, b: _relu(
                np.concatenate([_same(_relu(_same(x, a)), b), x], axis=-1)
            )
        ),
    }
    return compare(function, _unit, mistakes, cases)


def _padded(maps, filters, strides):
    kept = maps[:, ::strides, ::strides]
    missing = filters - maps.shape[-1]
    return np.pad(kept, ((0, 0), (0, 0), (0, 0), (0, missing)))


def padded_skip(function):
    """Check 8.4: a skip without parameters, ``function(maps, filters, strides)``."""
    rng = np.random.default_rng(9)
    cases = [
        (rng.normal(size=(2, 6, 8, 3)), 6, 2),
        (rng.normal(size=(1, 5, 7, 2)), 4, 2),
        (rng.normal(size=(1, 4, 4, 3)), 5, 1),
    ]

    def rolled(maps, filters, strides):
        missing = filters - maps.shape[-1]
        return np.roll(_padded(maps, filters, strides), missing, axis=-1)

    def repeated(maps, filters, strides):
        kept = maps[:, ::strides, ::strides]
        return np.take(kept, np.arange(filters) % maps.shape[-1], axis=-1)

    mistakes = {
        "The zeros go behind the maps, not before them.": rolled,
        "You repeated the maps. The new ones hold zeros.": repeated,
        "You keep the second pixel of each pair. Begin with the first.": (
            lambda maps, filters, strides: _padded(
                maps[:, strides - 1 :, strides - 1 :], filters, strides
            )
        ),
        "The maps of zeros are missing.": (
            lambda maps, filters, strides: maps[:, ::strides, ::strides]
        ),
        "The pixels have to be skipped as well.": (
            lambda maps, filters, strides: _padded(maps, filters, 1)
        ),
    }
    return compare(function, _padded, mistakes, cases)


WIDTHS = (64, 128, 256, 512)
UNITS = 16


def _parameters(units):
    """Trainable parameters of a ResNet of basic units for 1,000 classes."""
    total, below = 9408 + 128, 64
    for width, repeats in zip(WIDTHS, units, strict=True):
        for _ in range(repeats):
            total += 9 * width * (below + width) + 4 * width
            total += 0 if below == width else below * width + 2 * width
            below = width
    return total + 513_000


def lighter_network(units):
    """Check 8.5: 16 units over four stages, for less than 12 million parameters."""
    units, hint = as_numbers(units)
    if hint:
        return hint
    if units.shape != (4,) or (units % 1).any() or (units < 1).any():
        return "Give four whole numbers, one for each stage, each at least 1."
    units = [int(n) for n in units]
    if sum(units) != UNITS:
        return (
            f"Your stages have {sum(units)} units together; they should have {UNITS}."
        )
    count = _parameters(units)
    if count >= 12e6:
        return (
            f"That makes {count:,} parameters. A unit of the last stage has four times "
            "as many as one of the stage before, for the same multiply-adds."
        )
    return None


EXERCISES = {
    "8.1": counted_unit,
    "8.2": unit_multiply_adds,
    "8.3": residual_unit,
    "8.4": padded_skip,
    "8.5": lighter_network,
}
