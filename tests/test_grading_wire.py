"""What passes between a student's process and the grader."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tools.grading import wire


def refuse(value):
    raise AssertionError(f"{value!r} stays where it is")


def there_and_back(value):
    content = wire.frame({"value": wire.pack(value, refuse)})
    (size,) = wire.LENGTH.unpack(content[: wire.LENGTH.size])
    assert size == len(content) - wire.LENGTH.size
    message = wire.parse(content[wire.LENGTH.size :])
    return wire.unpack(message["value"], refuse)


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_values_come_back_as_they_were(value):
    assert repr(there_and_back(value)) == repr(value)


@given(
    arrays.arrays(
        st.sampled_from(["f4", "f8", "i8", "u1", "?", "c16", "U3", ">f8"]),
        arrays.array_shapes(min_dims=0, min_side=0),
    )
)
def test_arrays_come_back_with_shape_and_type(array):
    back = there_and_back(array)
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)
    back[...] = 0  # and can be written to


def test_numbers_of_numpy_keep_their_type():
    back = there_and_back([np.float32(1.5), np.int8(-3), np.bool_(True), ...])
    assert [type(each) for each in back[:3]] == [np.float32, np.int8, np.bool_]
    assert back[3] is ...


def test_other_objects_stay_and_are_stood_for():
    kept = []
    message = wire.pack(
        [math.sqrt, object], lambda value: kept.append(value) or {"id": 1}
    )
    assert kept == [math.sqrt, object]
    assert wire.unpack(message, lambda about: about["id"]) == [1, 1]


def test_a_subclass_is_no_plain_value():
    class Sly(float):
        pass

    with pytest.raises(AssertionError, match="stays"):
        wire.pack(Sly(1), refuse)


def test_an_endless_value_is_refused():
    value = []
    value.append(value)
    with pytest.raises(wire.BadMessage, match="nested"):
        wire.pack(value, refuse)


def test_a_large_answer_is_refused(monkeypatch):
    monkeypatch.setattr(wire, "LARGEST", 100)
    with pytest.raises(wire.BadMessage, match="too large"):
        wire.frame({"value": "x" * 101})


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"7", b"{", b"[" * 200_000, b'"text"']
)
def test_what_is_no_message_is_refused(content):
    with pytest.raises(wire.BadMessage):
        wire.parse(content)


def numbers(dtype="<f8", shape=(1,), data="AAAAAAAAAAA="):
    return {"array": {"dtype": dtype, "shape": list(shape), "data": data}}


@pytest.mark.parametrize(
    "message",
    [
        [],
        {},
        {"a": 1, "b": 2},
        {"code": "1 + 1"},
        {"list": 3},
        {"dict": [[1]]},
        {"dict": [[{"list": []}, 1]]},
        {"set": [{"list": []}]},
        numbers(dtype="O"),
        numbers(dtype="nonsense"),
        numbers(dtype="V8"),
        numbers(shape=(2,)),
        numbers(shape=(-1,)),
        numbers(shape=(1.0,)),
        numbers(shape=(10**12, 10**12)),
        numbers(data="???"),
        {"array": {"dtype": "<f8"}},
        {"array": 5},
    ],
)
def test_forged_values_are_refused(message):
    with pytest.raises(wire.BadMessage):
        wire.unpack(message, refuse)


def test_forged_depth_is_refused():
    message = 0
    for _ in range(wire.DEEPEST + 2):
        message = {"list": [message]}
    with pytest.raises(wire.BadMessage, match="nested"):
        wire.unpack(message, refuse)


def test_no_pickle_crosses():
    array = np.array([{"a": 1}], dtype=object)
    with pytest.raises(AssertionError, match="stays"):
        wire.pack(array, refuse)
    assert "pickle" not in json.dumps(wire.pack(np.ones(2), refuse))
