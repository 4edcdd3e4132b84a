import json
import time

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import Input, Sequential
from keras.layers import (
    Add,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    Conv3D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Lambda,
    MaxPooling2D,
    SeparableConv2D,
    UpSampling2D,
)

from helpers import architectures
from helpers.accounting import account, weightless
from helpers.geometry import conv_cost, receptive_field
from helpers.layers import (
    BilinearUpsampling2D,
    BottleneckUnit,
    InceptionModule,
    ResidualUnit,
    SeparableUnit,
    SqueezeExcite,
)


def network(name, *arguments, **options):
    with weightless():
        return getattr(architectures, name)(*arguments, **options)


def branching(shape, build):
    images = Input(shape, name="images")
    return keras.Model(images, build(images))


# Published figures


@pytest.mark.parametrize(
    ("name", "options", "multiply_adds"),
    [
        ("vgg16", {}, 15.5e9),
        ("vgg19", {}, 19.6e9),
        ("resnet34", {}, 3.6e9),
        ("resnet50", {}, 3.8e9),
        ("resnet152", {}, 11.3e9),
        ("googlenet", {}, 1.5e9),
        ("xception", {}, 8.4e9),
        ("alexnet", {"groups": 2}, 724_406_816),
    ],
)
def test_multiply_adds_of_the_papers(name, options, multiply_adds):
    # ResNet's paper rounds down, and counts the stride at the 1×1 convolution.
    costs = account(network(name, **options))
    assert costs.totals.multiply_adds == pytest.approx(multiply_adds, rel=0.09)
    assert costs.unknown == []


def test_exact_multiply_adds():
    assert account(network("vgg16")).totals.multiply_adds == 15_470_264_320
    assert account(network("alexnet", groups=2)).totals.multiply_adds == 724_406_816


def test_connections_of_lenet():
    """The paper counts 340,908 connections, those of the biases included."""
    costs = account(network("lenet5"))
    connections = {"C1": 122_304, "C3": 151_600, "C5": 48_120, "F6": 10_164}
    for name, published in connections.items():
        row = costs.row(name)
        assert row.multiply_adds + np.prod(row.output_shape) == published
    subsampling = {"S2": 5_880, "S4": 2_000}
    for name, published in subsampling.items():
        # Four inputs share a coefficient: one product for four connections.
        assert costs.row(name).multiply_adds * (4 + 1) == published
    assert costs.row("output").multiply_adds == 840
    total = sum(connections.values()) + sum(subsampling.values()) + 840
    assert total == 340_908


def test_receptive_field_of_vgg16_after_its_last_pooling():
    row = account(network("vgg16")).row("block5_pool")
    assert (row.receptive_field, row.stride) == (212, 32)


@pytest.mark.parametrize("name", architectures.__all__)
def test_sums_and_totals(name):
    model = network(name)
    costs, totals = account(model), account(model).totals
    trainable = sum(np.prod(one.shape) for one in model.trainable_weights)
    assert totals.parameters == model.count_params()
    assert totals.trainable_parameters == trainable
    for rows in (costs.rows, costs.blocks):
        assert sum(row.parameters for row in rows) == totals.parameters
        assert sum(row.multiply_adds for row in rows) == totals.multiply_adds
        memory = sum(row.activation_bytes for row in rows)
        assert memory == totals.activation_bytes_training
    assert totals.activation_bytes_inference < totals.activation_bytes_training
    assert [block.name for block in costs.blocks] == [one.name for one in model.layers]
    for block, layer in zip(costs.blocks, model.layers, strict=True):
        assert block.output_shape[1:] == layer.output.shape[1:]
        assert block.parameters == layer.count_params()


def test_resnet152_takes_less_than_two_seconds():
    model = network("resnet152")
    start = time.process_time()
    account(model)
    assert time.process_time() - start < 2


# Hand counts


def test_layers_one_by_one():
    model = Sequential(
        [
            Input((12, 10, 4)),
            Conv2D(8, (3, 5), strides=(2, 1), padding="same", name="conv"),
            Conv2D(6, 3, groups=2, name="grouped"),
            DepthwiseConv2D(3, depth_multiplier=2, use_bias=False, name="depthwise"),
            SeparableConv2D(5, 2, name="separable"),
            Conv2DTranspose(7, 3, strides=2, name="transposed"),
            BatchNormalization(name="norm"),
            MaxPooling2D(2, name="pool"),
            Dense(3, name="per_pixel"),
            Flatten(name="flatten"),
            Dense(2, name="dense"),
        ]
    )
    rows = account(model).rows
    assert rows[0].kind == "InputLayer"
    found = {
        row.name: (row.output_shape[1:], row.parameters, row.multiply_adds)
        for row in rows[1:]
    }
    assert found == {
        "conv": ((6, 10, 8), 15 * 4 * 8 + 8, 6 * 10 * 15 * 4 * 8),
        "grouped": ((4, 8, 6), 9 * 4 * 6 + 6, 4 * 8 * 9 * 4 * 6),
        "depthwise": ((2, 6, 12), 9 * 12, 2 * 6 * 9 * 12),
        "separable": ((1, 5, 5), 4 * 12 + 12 * 5 + 5, 5 * (4 * 12 + 12 * 5)),
        "transposed": ((3, 11, 7), 9 * 5 * 7 + 7, 5 * 9 * 5 * 7),
        "norm": ((3, 11, 7), 28, 0),
        "pool": ((1, 5, 7), 0, 0),
        "per_pixel": ((1, 5, 3), 7 * 3 + 3, 5 * 7 * 3),
        "flatten": ((15,), 0, 0),
        "dense": ((2,), 15 * 2 + 2, 15 * 2),
    }


def test_agrees_with_conv_cost():
    model = Sequential([Input((150, 100, 3)), Conv2D(200, 5, padding="same", name="c")])
    cost = conv_cost((150, 100, 3), filters=200, filter_size=5, padding="SAME")
    row = account(model).row("c")
    assert (row.parameters, row.multiply_adds, row.activation_bytes) == cost


def test_other_numbers_of_axes():
    series = Sequential([Input((20, 3)), Conv1D(4, 5, dilation_rate=2, name="c")])
    row = account(series).row("c")
    assert (row.multiply_adds, row.receptive_field, row.stride) == (12 * 15 * 4, 9, 1)
    volume = Sequential([Input((6, 6, 6, 1)), Conv3D(2, 3, strides=2, name="c")])
    row = account(volume).row("c")
    assert (row.multiply_adds, row.receptive_field, row.stride) == (8 * 27 * 2, 3, 2)
    table = Sequential([Input((6,)), Dense(3, name="d")])
    row = account(table).row("d")
    assert (row.multiply_adds, row.receptive_field, row.stride) == (18, None, None)


def test_batch_and_bytes_multiply():
    model = network("lenet5")
    one, many = account(model), account(model, batch_size=7, bytes_per_value=2)
    assert many.totals.multiply_adds == 7 * one.totals.multiply_adds
    assert many.totals.parameters == one.totals.parameters
    for name in ("activation_bytes_inference", "activation_bytes_training"):
        assert getattr(many.totals, name) * 2 == 7 * getattr(one.totals, name)
    assert many.row("C1").output_shape == (7, 28, 28, 6)


def test_multiply_adds_are_tensorflows():
    model = Sequential(
        [
            Input((20, 16, 4)),
            Conv2D(8, 5, strides=(1, 2), padding="same"),
            ResidualUnit(8, squeeze_ratio=4),
            BottleneckUnit(4, strides=2),
            InceptionModule((4, 3, 5, 2, 3, 4)),
            SeparableUnit((6, 7), strides=2),
            DepthwiseConv2D(2, depth_multiplier=3),
            Flatten(),
            Dense(3),
        ]
    )
    assert account(model).totals.multiply_adds == tensorflow_multiply_adds(model)


def tensorflow_multiply_adds(model):
    """Ask TensorFlow's profiler, for the operations that multiply with weights."""
    profiler = tf.compat.v1.profiler
    specification = tf.TensorSpec((1, *model.input_shape[1:]))
    traced = tf.function(model).get_concrete_function(specification, training=False)
    options = profiler.ProfileOptionBuilder.float_operation()
    options = profiler.ProfileOptionBuilder(options).with_empty_output().build()
    profile = profiler.profile(traced.graph, cmd="scope", options=options)
    kinds = {one.name: one.type for one in traced.graph.get_operations()}
    counted, nodes = 0, [profile]
    while nodes:
        node = nodes.pop()
        nodes += node.children
        if kinds.get(node.name) in ("Conv2D", "DepthwiseConv2dNative", "MatMul"):
            counted += node.float_ops
    return counted // 2


# Receptive fields


@st.composite
def stacks(draw):
    """A few convolutions and poolings, as (taps, stride, dilation)."""
    layers = st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(1, 2))
    stack = draw(st.lists(layers, min_size=1, max_size=4))
    return [(taps, stride, 1 if stride > 1 else rate) for taps, stride, rate in stack]


@given(stacks())
@settings(deadline=None, max_examples=25)
def test_receptive_field_of_a_stack_is_geometrys(stack):
    model = Sequential(
        [
            Input((90, 90, 1)),
            *(
                Conv2D(1, taps, strides=stride, dilation_rate=rate)
                for taps, stride, rate in stack
            ),
        ]
    )
    row = account(model).rows[-1]
    size, stride, _ = receptive_field(stack)
    assert (row.receptive_field, row.stride) == (size, stride)


def seen_columns(model):
    """Return the widest span of columns whose gradient from one output is not zero.

    All weights are positive and the images are random, so that nothing cancels.
    """
    for weight in model.trainable_weights:
        weight.assign(np.full(weight.shape, 0.1, "float32"))
    images = np.random.default_rng(0).uniform(1, 2, (8, *model.input_shape[1:]))
    images = tf.constant(images.astype("float32"))
    columns, spans = model.output_shape[2], []
    for column in range(columns // 2 - 4, columns // 2 + 4):
        with tf.GradientTape() as tape:
            tape.watch(images)
            answer = tf.reduce_sum(model(images)[:, model.output_shape[1] // 2, column])
        gradient = np.abs(tape.gradient(answer, images)).max(axis=(0, 1, 3))
        (seen,) = np.nonzero(gradient)
        spans.append(seen[-1] - seen[0] + 1)
    return max(spans)


@pytest.mark.parametrize(
    "layers",
    [
        [Conv2D(2, 3), Conv2DTranspose(2, 4, strides=2, padding="same")],
        [Conv2D(2, 3, strides=2), Conv2DTranspose(2, 3, strides=2, padding="same")],
        [AveragePooling2D(2), UpSampling2D(2), Conv2D(1, 3)],
        [AveragePooling2D(2), BilinearUpsampling2D(2)],
        [AveragePooling2D(4), UpSampling2D(4, interpolation="bilinear"), Conv2D(1, 5)],
        [Conv2D(4, 3, strides=2), SeparableConv2D(3, 5), DepthwiseConv2D(2)],
        [ResidualUnit(4, strides=2), ResidualUnit(4)],
        [BottleneckUnit(1), BottleneckUnit(1, strides=2), Conv2D(1, 3)],
        [AveragePooling2D(2), InceptionModule((1, 1, 1, 1, 1, 1))],
        [SeparableUnit(4), SeparableUnit((4, 4, 4), strides=2)],
    ],
    ids=lambda layers: "-".join(type(one).__name__ for one in layers),
)
def test_receptive_field_is_what_the_gradient_sees(layers):
    model = Sequential(
        [
            Input((48, 80, 1)),
            *(one.__class__.from_config(one.get_config()) for one in layers),
        ]
    )
    assert account(model).rows[-1].receptive_field == seen_columns(model)


def test_branches_merge_to_the_largest():
    def build(images):
        narrow = Conv2D(3, 1, padding="same", name="narrow")(images)
        wide = Conv2D(3, 7, padding="same", name="wide")(images)
        wide = Conv2D(3, (1, 3), padding="same", name="wider")(wide)
        added = Add(name="added")([narrow, wide])
        return Concatenate(name="joined")([added, images])

    costs = account(branching((16, 16, 3), build))
    fields = {row.name: row.receptive_field for row in costs.rows}
    assert fields["narrow"] == 1
    assert fields["wide"] == 7
    assert fields["added"] == fields["joined"] == (7, 9)
    assert costs.row("joined").stride == 1


def test_a_gate_sees_the_whole_map():
    model = Sequential([Input((10, 12, 8)), SqueezeExcite(4), Conv2D(2, 3, name="c")])
    row = account(model).row("c")
    assert (row.receptive_field, row.stride) == ((12, 14), 1)


def test_after_a_global_mean_everything_is_seen():
    model = Sequential(
        [Input((9, 9, 2)), Conv2D(2, 3, strides=2), GlobalAveragePooling2D(), Dense(3)]
    )
    assert [row.receptive_field for row in account(model).rows] == [1, 3, 9, 9]
    assert [row.stride for row in account(model).rows] == [1, 2, None, None]


# Memory


def test_memory_of_exercise_2():
    model = Sequential([Input((200, 300, 3))])
    for filters in (100, 200, 400):
        model.add(Conv2D(filters, 3, strides=2, padding="same"))
    one, fifty = account(model).totals, account(model, batch_size=50).totals
    assert one.parameters == 903_400
    assert one.activation_bytes_inference == 6_000_000 + 3_000_000
    assert fifty.activation_bytes_training == 526_000_000 + 36_000_000


def test_peak_of_a_branch():
    """Images 100, a = 100, b = 300, sum of a and d: b lives while a waits."""

    def build(images):
        a = Conv2D(1, 1, name="a")(images)
        b = Conv2D(3, 1, name="b")(a)
        c = Conv2D(2, 1, name="c")(b)
        return Add(name="sum")([a, Conv2D(1, 1, name="d")(c)])

    totals = account(branching((10, 10, 1), build), bytes_per_value=1).totals
    # At c: a, b and c. The images are gone.
    assert totals.activation_bytes_inference == 100 + 300 + 200
    assert totals.activation_bytes_training == 100 + 100 + 300 + 200 + 100 + 100


def test_answers_stay_and_views_take_nothing():
    def build(images):
        first = Conv2D(5, 1, name="first")(images)
        last = Dense(1, name="last")(Dropout(0.5)(Flatten(name="flatten")(images)))
        return [first, last]

    costs = account(branching((10, 10, 1), build), bytes_per_value=1)
    assert costs.row("flatten").activation_bytes == 0
    assert costs.totals.activation_bytes_inference == 100 + 500 + 1
    assert costs.totals.activation_bytes_training == 100 + 500 + 100 + 1


# Models inside models, and layers inside layers


def test_nested_models_are_opened():
    flat = [Conv2D(4, 3, name="one"), Conv2D(5, 3, name="two"), Flatten(name="three")]
    inner = Sequential(flat[1:], name="inner")
    images = Input((None, None, 2), name="free")
    outer = keras.Model(images, Conv2D(4, 3, name="one")(images), name="outer")
    fixed = Input((9, 9, 2), name="images")
    nested = account(keras.Model(fixed, inner(outer(fixed))))
    assert [row.name for row in nested.rows] == [
        "images",
        "outer/one",
        "inner/two",
        "inner/three",
    ]
    alone = account(Sequential([Input((9, 9, 2)), *flat]))
    assert nested.totals.multiply_adds == alone.totals.multiply_adds
    assert (
        nested.totals.activation_bytes_training
        == alone.totals.activation_bytes_training
    )
    assert nested.rows[2].receptive_field == 5
    assert nested.row("inner").parameters == inner.count_params()


def test_units_are_opened():
    with weightless():
        model = Sequential([Input((8, 8, 4)), ResidualUnit(6, strides=2, name="unit")])
    costs = account(model)
    names = {row.name.removeprefix("unit/") for row in costs.rows[1:]}
    assert names >= {"conv1", "conv1_norm", "conv2", "shortcut", "add", "activation"}
    products = 4 * 4 * 9 * (4 * 6 + 6 * 6) + 4 * 4 * 4 * 6
    assert costs.row("unit").multiply_adds == costs.totals.multiply_adds == products
    assert costs.unknown == []


def test_shared_layers_count_their_weights_once():
    shared = Conv2D(3, 3, padding="same", name="shared")
    costs = account(branching((8, 8, 3), lambda images: shared(shared(images))))
    first, second = costs.rows[1:]
    assert (first.name, second.name) == ("shared", "shared#2")
    assert (first.parameters, second.parameters) == (84, 0)
    assert first.multiply_adds == second.multiply_adds
    assert costs.totals.parameters == 84
    assert second.receptive_field == 5


@keras.saving.register_keras_serializable("tests")
class MadeOfOperations(keras.layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 5))
        self.filters = self.add_weight(shape=(3, 3, 5, 2))
        self.scale = self.add_weight(shape=(2,))

    def call(self, inputs):
        neurons = keras.ops.relu(keras.ops.matmul(inputs, self.kernel))
        maps = keras.ops.conv(neurons, self.filters, strides=2, padding="same")
        return keras.ops.max_pool(maps * self.scale, 2)


class Foreign(keras.layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 5))

    def call(self, inputs):
        return tf.einsum("bhwc,cd->bhwd", inputs, self.kernel)

    def compute_output_shape(self, shape):
        return (*shape[:-1], 5)


def test_layers_made_of_operations_are_opened():
    model = Sequential([Input((8, 8, 4)), MadeOfOperations(name="own")])
    costs = account(model)
    assert costs.unknown == []
    assert costs.totals.multiply_adds == 64 * 4 * 5 + 16 * 9 * 5 * 2
    assert costs.row("own").parameters == 20 + 90 + 2
    assert (costs.rows[-1].receptive_field, costs.rows[-1].stride) == (5, 4)


def test_unknown_layers_are_listed():
    model = Sequential(
        [
            Input((8, 8, 4)),
            Conv2D(4, 3),
            Foreign(name="foreign"),
            Conv2D(1, 3, name="c"),
        ]
    )
    costs = account(model)
    assert costs.unknown == ["foreign (Foreign)"]
    row = costs.row("foreign")
    assert row.multiply_adds is None
    assert row.receptive_field is None
    assert (row.parameters, row.output_shape) == (20, (1, 6, 6, 5))
    assert costs.row("c").multiply_adds == 4 * 4 * 9 * 5
    assert costs.row("c").receptive_field is None
    assert "foreign (Foreign)" in repr(costs)
    assert "foreign (Foreign)" in costs._repr_html_()
    assert costs.to_dict()["unknown"] == ["foreign (Foreign)"]


def test_a_changed_call_is_not_taken_for_its_parents():
    class Twice(Dense):
        def call(self, inputs):
            return tf.nn.relu(super().call(inputs))

    class Same(Dense):
        pass

    model = Sequential([Input((4,)), Same(4, name="same"), Twice(4, name="twice")])
    costs = account(model)
    assert costs.unknown == ["twice (Twice)"]
    assert costs.row("same").multiply_adds == 16


def test_lambda_is_opened():
    model = Sequential([Input((4, 4, 2)), Lambda(keras.ops.square), Conv2D(1, 3)])
    assert account(model).unknown == []


def test_channels_first_is_unknown():
    layer = MaxPooling2D(2, data_format="channels_first", name="p")
    model = Sequential([Input((2, 8, 8)), layer])
    assert len(account(model).unknown) == 1


def test_account_leaves_the_model_as_it_was(tmp_path):
    model = Sequential([Input((8, 8, 4)), ResidualUnit(4, name="unit"), Flatten()])
    layers = model._flatten_layers()
    before = [len(one._inbound_nodes) for one in layers]
    account(model)
    assert [len(one._inbound_nodes) for one in layers] == before
    images = np.ones((1, 8, 8, 4), "float32")
    answer = model.predict(images, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(images, verbose=0), answer)
    assert account(loaded).totals == account(model).totals


# What is shown


def test_dict_is_plain():
    costs = account(network("lenet5"), batch_size=2)
    found = json.loads(json.dumps(costs.to_dict()))
    assert set(found) == {"rows", "totals", "unknown"}
    assert set(found["totals"]) == {
        "parameters",
        "trainable_parameters",
        "multiply_adds",
        "activation_bytes_inference",
        "activation_bytes_training",
    }
    assert {row["name"]: row for row in found["rows"]}["C3"] == {
        "name": "C3",
        "output_shape": [2, 10, 10, 16],
        "parameters": 1516,
        "multiply_adds": 300_000,
        "activation_bytes": 2 * 1600 * 4,
        "receptive_field": 14,
        "stride": 2,
    }


def test_text_and_table():
    costs = account(network("resnet34"))
    for text in (repr(costs), costs._repr_html_()):
        assert "21,814,696" in text
        assert "21,797,672" in text
        assert "3,663,761,408" in text
        assert "conv5_3" in text
        assert "conv5_3/conv1" not in text
    assert costs._repr_html_().count("<tr>") == len(costs.blocks) + 2
    assert "50 images" in repr(account(network("lenet5"), batch_size=50))


def test_names_are_escaped():
    model = Sequential([Input((4,)), Dense(1)], name="a_b")
    costs = account(model)
    costs.model_name = "<b>"
    assert "<b>" not in costs._repr_html_()


def test_row_of_no_layer():
    with pytest.raises(ValueError, match="row: name must be that of a layer, got 'C9'"):
        account(network("lenet5")).row("C9")


# Bad input


def test_bad_models_are_refused():
    class Own(keras.Model):
        def call(self, inputs):
            return inputs

    for model in (Own(), Dense(3), "vgg16", None):
        with pytest.raises(TypeError, match="account: model must be a functional or"):
            account(model)
    with pytest.raises(ValueError, match="account: model must be built"):
        account(Sequential([Dense(3)]))
    free = Input((None, None, 3))
    with pytest.raises(ValueError, match="account: model must have inputs of known"):
        account(keras.Model(free, Conv2D(1, 3)(free)))


@pytest.mark.parametrize("name", ["batch_size", "bytes_per_value"])
def test_bad_numbers_are_refused(name):
    model = network("lenet5")
    with pytest.raises(ValueError, match=f"account: {name} must be a positive int"):
        account(model, **{name: 0})
    with pytest.raises(TypeError, match=f"account: {name} must be a positive int"):
        account(model, **{name: 1.5})


def test_weightless_models_leave_nothing_to_make_up_for():
    from keras.src.backend.common import global_state

    before = list(global_state.get_global_attribute("uninitialized_variables") or [])
    with weightless():
        model = architectures.resnet34((32, 32, 3))
    after = list(global_state.get_global_attribute("uninitialized_variables") or [])
    assert after == before
    kernel = model.get_layer("conv1").kernel
    assert kernel._value is None
    with keras.StatelessScope():
        pass
    assert kernel._value is None
