"""TFLite models answer nearly as the networks that they come from."""

import numpy as np
import pytest

from helpers.data import fashion_mnist
from helpers.lite import Interpreter, convert
from helpers.training import load_trained, predict


@pytest.fixture(scope="module")
def network():
    return load_trained("compact")


@pytest.fixture(scope="module")
def images():
    return fashion_mnist().test_images[:200] / np.float32(255)


@pytest.fixture(scope="module")
def files(network, images):
    return {
        "float32": convert(network, "float32"),
        "float16": convert(network, "float16"),
        "int8": convert(network, "int8", images[:50]),
    }


@pytest.mark.parametrize(
    ("kind", "close"), [("float32", 1e-4), ("float16", 1e-2), ("int8", 0.2)]
)
def test_answers_are_those_of_the_network(kind, close, files, network, images):
    expected = predict(network, images)
    answers = Interpreter(files[kind], batch_size=50).predict(images)
    assert answers.dtype == np.float32
    assert np.quantile(np.abs(answers - expected), 0.99) < close
    same = (answers.argmax(axis=1) == expected.argmax(axis=1)).mean()
    assert same >= (0.97 if kind == "int8" else 0.995)
    one = Interpreter(files[kind])(images[:1])
    np.testing.assert_allclose(one, answers[:1], atol=0.02)


def test_integers_take_a_quarter_of_the_bytes(files):
    sizes = {kind: len(content) for kind, content in files.items()}
    assert sizes["float16"] < 0.6 * sizes["float32"]
    assert sizes["int8"] < 0.36 * sizes["float32"]


def test_what_is_missing_is_said(network, files, images):
    with pytest.raises(ValueError, match="examples are needed"):
        convert(network)
    with pytest.raises(ValueError, match=r"kind must be one of .*, got 'int4'"):
        convert(network, "int4")
    with pytest.raises(ValueError, match="must divide by 64, got 200"):
        Interpreter(files["int8"], batch_size=64).predict(images)
