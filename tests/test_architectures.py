import keras
import numpy as np
import pytest
from keras_layers import dtype_policy, forward, image_data_format, scatter_weights

from helpers import architectures
from helpers.accounting import weightless
from helpers.architectures import (
    alexnet,
    fashion_cnn,
    googlenet,
    lenet5,
    resnet34,
    resnet50,
    resnet152,
    se_googlenet,
    se_resnet50,
    vgg16,
    vgg19,
    xception,
)
from helpers.architectures._digits import DIGITS

# Smallest side, and channels.
SMALLEST = {
    lenet5: (28, 1),
    alexnet: (64, 3),
    googlenet: (17, 3),
    vgg16: (32, 3),
    vgg19: (32, 3),
    resnet34: (17, 3),
    resnet50: (17, 3),
    resnet152: (17, 3),
    xception: (23, 3),
    se_resnet50: (17, 3),
    se_googlenet: (17, 3),
    fashion_cnn: (8, 1),
}
each_network = pytest.mark.parametrize(
    "network", SMALLEST, ids=lambda one: one.__name__
)


def count(weights):
    return sum(int(np.prod(weight.shape)) for weight in weights)


def shapes(model):
    return {layer.name: layer.output.shape[1:] for layer in model.layers}


def random_images(model, number=2):
    shape = (number, *model.input_shape[1:])
    return np.random.default_rng(0).uniform(size=shape).astype("float32")


# Published counts


@pytest.mark.parametrize(
    ("network", "options", "parameters"),
    [
        (vgg16, {}, 138_357_544),
        (vgg19, {}, 143_667_240),
        (xception, {}, 22_910_480),
        (alexnet, {"groups": 2}, 60_965_224),
        (alexnet, {}, 62_378_344),
        (googlenet, {}, 6_998_552),
        (googlenet, {"auxiliary_heads": True}, 13_378_280),
        (fashion_cnn, {}, 1_413_834),
    ],
)
def test_parameters(network, options, parameters):
    with weightless():
        assert network(**options).count_params() == parameters


@pytest.mark.parametrize(
    ("network", "parameters"),
    [
        (lenet5, 60_000),
        (resnet34, 21_797_672),
        (resnet50, 25_557_032),
        (resnet152, 60_192_808),
        (se_resnet50, 28_088_024),
    ],
)
def test_trainable_parameters(network, parameters):
    with weightless():
        assert count(network().trainable_weights) == parameters


def test_lenet_term_by_term():
    model = lenet5()
    counts = {layer.name: layer.count_params() for layer in model.layers}
    assert {name: number for name, number in counts.items() if number} == {
        "C1": 156,
        "S2": 12,
        "C3": 1_516,
        "S4": 32,
        "C5": 48_120,
        "F6": 10_164,
        "output": 840,
    }
    assert count(model.get_layer("output").trainable_weights) == 0


def test_squeeze_and_excitation_of_googlenet_term_by_term():
    channels = (256, 480, 512, 512, 512, 528, 832, 832, 1024)
    added = sum(2 * c * c // 16 + c // 16 + c for c in channels)
    with weightless():
        assert se_googlenet().count_params() == 6_998_552 + added


# Published shapes


PUBLISHED_SHAPES = {
    lenet5: {
        "C1": (28, 28, 6),
        "S2": (14, 14, 6),
        "C3": (10, 10, 16),
        "S4": (5, 5, 16),
        "C5": (1, 1, 120),
        "F6": (84,),
        "output": (10,),
    },
    alexnet: {
        "conv1": (55, 55, 96),
        "conv2": (27, 27, 256),
        "conv3": (13, 13, 384),
        "conv4": (13, 13, 384),
        "conv5": (13, 13, 256),
        "pool5": (6, 6, 256),
        "fc7": (4096,),
    },
    googlenet: {
        "conv1": (112, 112, 64),
        "pool1": (56, 56, 64),
        "conv2": (56, 56, 192),
        "pool2": (28, 28, 192),
        "inception_3a": (28, 28, 256),
        "inception_3b": (28, 28, 480),
        "pool3": (14, 14, 480),
        "inception_4a": (14, 14, 512),
        "inception_4d": (14, 14, 528),
        "inception_4e": (14, 14, 832),
        "pool4": (7, 7, 832),
        "inception_5a": (7, 7, 832),
        "inception_5b": (7, 7, 1024),
        "mean": (1024,),
    },
    resnet34: {
        "conv1": (112, 112, 64),
        "conv2_3": (56, 56, 64),
        "conv3_4": (28, 28, 128),
        "conv4_6": (14, 14, 256),
        "conv5_3": (7, 7, 512),
    },
    resnet152: {
        "conv2_3": (56, 56, 256),
        "conv3_8": (28, 28, 512),
        "conv4_36": (14, 14, 1024),
        "conv5_3": (7, 7, 2048),
    },
    xception: {
        "conv2": (147, 147, 64),
        "entry3": (19, 19, 728),
        "middle8": (19, 19, 728),
        "exit3": (10, 10, 2048),
    },
    fashion_cnn: {"conv1": (28, 28, 64), "pool3": (3, 3, 256), "dense2": (64,)},
}


@pytest.mark.parametrize(
    ("network", "published"), PUBLISHED_SHAPES.items(), ids=lambda one: str(one)[:20]
)
def test_shapes(network, published):
    with weightless():
        model = network()
    ours = shapes(model)
    assert {name: ours[name] for name in published} == published


def test_auxiliary_heads_of_googlenet():
    with weightless():
        model = googlenet(auxiliary_heads=True)
    ours = shapes(model)
    assert ours["auxiliary_4a_pool"] == (4, 4, 512)
    assert ours["auxiliary_4d_pool"] == (4, 4, 528)
    assert [output.shape for output in model.outputs] == [(None, 1000)] * 3
    assert model.outputs[0].name != model.outputs[1].name


# Against keras.applications


@pytest.mark.parametrize(
    ("network", "theirs"),
    [(vgg16, keras.applications.VGG16), (vgg19, keras.applications.VGG19)],
)
def test_vgg_gives_what_keras_gives(network, theirs):
    with weightless():
        full, full_theirs = network(), theirs(weights=None)
    kinds = (keras.layers.Conv2D, keras.layers.MaxPooling2D, keras.layers.Dense)
    assert [
        (one.name, one.output.shape) for one in full.layers if isinstance(one, kinds)
    ] == [
        (one.name, one.output.shape)
        for one in full_theirs.layers
        if isinstance(one, kinds)
    ]
    ours = network((32, 32, 3), num_classes=10)
    theirs = theirs(weights=None, input_shape=(32, 32, 3), classes=10)
    theirs.set_weights(ours.get_weights())
    images = random_images(ours)
    np.testing.assert_allclose(ours(images), theirs(images), atol=1e-6)


def test_xception_gives_what_keras_gives():
    ours = xception((71, 71, 3), num_classes=10)
    theirs = keras.applications.Xception(
        weights=None, input_shape=(71, 71, 3), classes=10
    )
    assert ours.count_params() == theirs.count_params()
    scatter_weights(theirs)
    copy_weights(theirs, ours)
    images = random_images(ours)
    np.testing.assert_allclose(ours(images), theirs(images), rtol=1e-3, atol=1e-6)


UNITS_OF_KERAS = {
    **{f"block{number + 1}": f"entry{number}" for number in (1, 2, 3)},
    **{f"block{number + 4}": f"middle{number}" for number in range(1, 9)},
    "block13": "exit1",
}


def copy_weights(source, target):
    """Copy the weights of Keras' Xception to ours, layer by layer."""
    ours = {one.name: one for one in target.layers}
    for unit in target.layers:
        ours |= {f"{unit.name}/{one.name}": one for one in unit._flatten_layers()}
    shortcuts = (ours[f"{name}/shortcut"] for name in SHORTCUTS)
    norms = (ours[f"{name}/shortcut_norm"] for name in SHORTCUTS)
    copied = []
    for layer in source.layers:
        if not layer.weights:
            continue
        if layer.name == "predictions":
            twin = ours["predictions"]
        elif layer.name.startswith("conv2d"):
            twin = next(shortcuts)
        elif layer.name.startswith("batch"):
            twin = next(norms)
        else:
            twin = ours[our_name(layer.name)]
        twin.set_weights(layer.get_weights())
        copied.append(twin)
    assert {id(one) for one in copied} == {id(one) for one in leaves(target)}


SHORTCUTS = ("entry1", "entry2", "entry3", "exit1")


def our_name(name):
    """Return our name for a layer such as ``block5_sepconv2_bn``."""
    block, layer, *norm = name.split("_")
    suffix = "_norm" if norm else ""
    number = int(layer[-1])
    if block == "block1":
        return f"conv{number}{suffix}"
    if block == "block14":
        return f"exit{number + 1}{suffix}"
    return f"{UNITS_OF_KERAS[block]}/conv{number}{suffix}"


def leaves(model):
    return [
        one
        for one in model._flatten_layers()
        if one.weights and not list(one._flatten_layers(include_self=False))
    ]


@pytest.mark.parametrize(
    ("network", "theirs"),
    [(resnet50, "ResNet50"), (resnet152, "ResNet152")],
)
def test_resnets_against_keras(network, theirs):
    with weightless():
        ours = network()
        theirs = getattr(keras.applications, theirs)(weights=None)
    # Keras' convolutions have biases, which batch normalization makes pointless.
    biases = sum(
        layer.filters
        for layer in theirs.layers
        if isinstance(layer, keras.layers.Conv2D) and layer.use_bias
    )
    assert count(ours.trainable_weights) == count(theirs.trainable_weights) - biases
    sums = [one.output.shape for one in theirs.layers if one.name.endswith("_out")]
    units = [one.output.shape for one in ours.layers if one.name[:5] in UNIT_NAMES]
    assert units == sums


UNIT_NAMES = ("conv2", "conv3", "conv4", "conv5")


# What the functions promise


@each_network
def test_smallest_input(network):
    side, channels = SMALLEST[network]
    shape = (side, side + 1, channels)
    if network not in (lenet5, fashion_cnn, googlenet, xception, resnet34):
        with weightless():
            model = network(shape, num_classes=3)
        assert model.output_shape == (None, 3)
    else:
        model = network(shape, num_classes=3)
        answer = forward(model, random_images(model))
        np.testing.assert_allclose(answer.sum(axis=-1), 1, rtol=1e-5)
    with pytest.raises(ValueError, match=f"at least {side} pixels high and wide"):
        network((side - 1, side, channels), num_classes=3)


@each_network
def test_default_arguments_and_names(network):
    assert network.__name__ in architectures.__all__
    with weightless():
        model = network()
    assert isinstance(model, keras.Model)
    assert model.name == network.__name__
    published = {lenet5: (28, 28, 1), fashion_cnn: (28, 28, 1), xception: (299, 299, 3)}
    assert model.input_shape[1:] == published.get(network, (224, 224, 3))
    classes = 10 if network in (lenet5, fashion_cnn) else 1000
    assert model.output_shape == (None, classes)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@pytest.mark.parametrize(
    ("network", "shape", "options"),
    [
        (lenet5, (28, 28, 1), {}),
        (fashion_cnn, (12, 12, 1), {}),
        (googlenet, (65, 65, 3), {"auxiliary_heads": True}),
        (resnet34, (17, 17, 3), {}),
        (se_googlenet, (17, 17, 3), {}),
    ],
)
def test_saved_and_loaded(network, shape, options, policy, tmp_path):
    with dtype_policy(policy):
        model = network(shape, num_classes=4, **options)
        images = random_images(model)
        before = forward(model, images)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    after = forward(loaded, images)
    for one, other in zip(np.atleast_3d(before), np.atleast_3d(after), strict=True):
        assert one.dtype == "float32"
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("network", "shape", "options"),
    [
        (lenet5, (28, 28, 1), {}),
        (alexnet, (64, 64, 3), {"groups": 2}),
        (resnet34, (17, 17, 3), {}),
    ],
)
def test_trains(network, shape, options):
    keras.utils.set_random_seed(0)
    model = network(shape, num_classes=2, **options)
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(1e-4), loss, jit_compile=False)
    labels = np.array([0, 1, 0, 1])
    images = random_images(model, 4)
    first = model.evaluate(images, labels, verbose=0)
    history = model.fit(images, labels, epochs=2, verbose=0).history["loss"]
    assert np.isfinite([first, *history]).all()
    assert len(set(history)) == 2


def test_lenet_learns_where_distances_are_large():
    """Cross-entropy must get through to features that are far from every code."""
    model = lenet5()
    features = model.get_layer("F6")
    features.bias.assign(DIGITS[0])
    images = random_images(model, 1)
    # Sure of a zero, where it is a one.
    assert model(images)[0, 1] < 1e-3
    model.compile("sgd", "sparse_categorical_crossentropy", jit_compile=False)
    before = features.kernel.numpy()
    model.fit(images, np.array([1]), verbose=0)
    assert np.abs(features.kernel.numpy() - before).max() > 1e-6


def test_codes_of_lenet():
    codes = lenet5().get_layer("output").codes
    np.testing.assert_array_equal(codes, DIGITS)
    assert set(np.unique(DIGITS)) == {-1, 1}
    apart = (DIGITS[:, None] != DIGITS).sum(axis=-1)
    assert (apart[~np.eye(10, dtype=bool)] >= 10).all()
    # An 8 is nearer to a 3 than to a 4 or a 7.
    assert apart[8, 3] < min(apart[8, 4], apart[8, 7])
    others = lenet5(num_classes=26).get_layer("output").codes
    assert others.shape == (26, 84)


def test_lenet_pads_small_images_only():
    assert "pad" in shapes(lenet5((28, 28, 1)))
    assert "pad" not in shapes(lenet5((32, 32, 1)))
    assert lenet5((32, 32, 1)).count_params() == lenet5().count_params()


def test_groups_of_alexnet_do_not_see_each_other():
    with weightless():
        model = alexnet(groups=2)
    groups = {
        layer.name: layer.groups
        for layer in model.layers
        if isinstance(layer, keras.layers.Conv2D)
    }
    assert groups == {"conv1": 1, "conv2": 2, "conv3": 1, "conv4": 2, "conv5": 2}


# Bad input


@each_network
@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"num_classes": 0}, ValueError, "num_classes must be a positive int, got 0"),
        ({"num_classes": 10.0}, TypeError, "num_classes must be a positive int"),
        ({"num_classes": "10"}, TypeError, "num_classes must be a positive int"),
        ({"num_classes": True}, TypeError, "num_classes must be a positive int"),
        ({"input_shape": (3, 224, 224)}, ValueError, "looks like channels first"),
        ({"input_shape": (1, 28, 28)}, ValueError, "looks like channels first"),
        ({"input_shape": (4, 4, 3)}, ValueError, "at least .* pixels high and wide"),
        ({"input_shape": (224, 5, 3)}, ValueError, "at least .* pixels high and wide"),
        ({"input_shape": (224, 224)}, ValueError, "input_shape must be"),
        ({"input_shape": (None, None, 3)}, TypeError, "input_shape"),
        ({"input_shape": (224, 224, 0)}, ValueError, "input_shape"),
        ({"input_shape": 224}, TypeError, "input_shape must be"),
    ],
)
def test_bad_input_is_refused(network, options, error, words):
    with weightless(), pytest.raises(error, match=f"{network.__name__}: .*{words}"):
        network(**options)


def test_bad_options_are_refused():
    for groups in (3, 0, True, "2"):
        with pytest.raises(ValueError, match="alexnet: groups must be 1 or 2, got"):
            alexnet(groups=groups)
    with pytest.raises(ValueError, match=r"googlenet: .* at least 65 pixels"):
        googlenet((64, 64, 3), auxiliary_heads=True)


@each_network
def test_channels_first_is_refused(network):
    with (
        image_data_format("channels_first"),
        pytest.raises(ValueError, match='must be "channels_last"'),
    ):
        network()
