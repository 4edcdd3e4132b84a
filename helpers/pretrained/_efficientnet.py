"""EfficientNet-Lite0: the network as its table, and its trained weights."""

import keras
import numpy as np
from keras import layers

from helpers.data import data_path
from helpers.layers._base import require_channels_last

WEIGHTS = "pretrained/efficientnet_lite0.npz"
SIZE = 224
CLASSES = 1000
STEM, HEAD = 32, 1280
EPSILON = 1e-3
DROPOUT = 0.2

# One row for each stage: filter size, blocks, maps, expansion, stride of its first
# block. It is EfficientNet-B0's table; "Lite" takes the squeeze and excitation out and
# bounds each ReLU at 6.
STAGES = (
    (3, 1, 16, 1, 1),
    (3, 2, 24, 6, 2),
    (5, 2, 40, 6, 2),
    (3, 3, 80, 6, 2),
    (5, 3, 112, 6, 1),
    (5, 4, 192, 6, 2),
    (3, 1, 320, 6, 1),
)

# What PyTorch calls the layers that ours are named after.
TORCH_NAMES = {
    "stem_conv": "_conv_stem",
    "stem_norm": "_bn0",
    "expand_conv": "_expand_conv",
    "expand_norm": "_bn0",
    "depthwise_conv": "_depthwise_conv",
    "depthwise_norm": "_bn1",
    "project_conv": "_project_conv",
    "project_norm": "_bn2",
    "head_conv": "_conv_head",
    "head_norm": "_bn1",
    "logits": "_fc",
}


def build():
    """Return EfficientNet-Lite0 with first weights, from images to logits.

    The last layer of the stem, of each block and of the head are called ``"stem"``,
    ``"block_1"`` to ``"block_16"`` and ``"head"``.
    """
    require_channels_last("load_classifier")
    images = keras.Input((SIZE, SIZE, 3), name="images")
    maps = _conv(images, STEM, 3, "stem", strides=2)
    block = 0
    for size, blocks, filters, expansion, first_stride in STAGES:
        for index in range(blocks):
            block += 1
            strides = first_stride if index == 0 else 1
            maps = _block(maps, f"block_{block}", size, filters, expansion, strides)
    maps = _conv(maps, HEAD, 1, "head")
    features = layers.GlobalAveragePooling2D(name="features")(maps)
    features = layers.Dropout(DROPOUT, name="dropout")(features)
    logits = layers.Dense(CLASSES, name="logits")(features)
    return keras.Model(images, logits, name="efficientnet_lite0")


def _block(maps, name, size, filters, expansion, strides):
    """Widen, filter each map by itself, narrow; add the input where it fits."""
    channels = maps.shape[-1]
    inner = maps
    if expansion > 1:
        inner = _conv(inner, expansion * channels, 1, f"{name}_expand")
    inner = _conv(inner, None, size, f"{name}_depthwise", strides=strides)
    has_skip = strides == 1 and channels == filters
    inner = _convolve(inner, filters, 1, f"{name}_project")
    norm_name = f"{name}_project_norm" if has_skip else name
    inner = layers.BatchNormalization(epsilon=EPSILON, name=norm_name)(inner)
    return layers.Add(name=name)([inner, maps]) if has_skip else inner


def _conv(maps, filters, size, name, strides=1):
    """Return maps behind a convolution, batch normalization and ReLU up to 6."""
    maps = _convolve(maps, filters, size, name, strides)
    maps = layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_norm")(maps)
    return layers.ReLU(max_value=6, name=name)(maps)


def _convolve(maps, filters, size, name, strides=1):
    """Convolve without bias; each map by itself where `filters` is None."""
    options = {"strides": strides, "padding": "same", "use_bias": False}
    if filters is None:
        layer = layers.DepthwiseConv2D(size, name=f"{name}_conv", **options)
    else:
        layer = layers.Conv2D(filters, size, name=f"{name}_conv", **options)
    return layer(maps)


def load():
    """Return the network with the weights that ship with the book."""
    path = data_path(WEIGHTS)
    model = build()
    # No array of the file may be a pickled object, which could run code when read.
    with np.load(path, allow_pickle=False) as archive:
        for layer in model.layers:
            if layer.weights:
                layer.set_weights(_arrays(archive, layer))
    return model


def _arrays(archive, layer):
    """Return a layer's weights from the archive, as Keras lays them out."""
    prefix = _torch_name(layer)
    if isinstance(layer, layers.BatchNormalization):
        parts = ("weight", "bias", "running_mean", "running_var")
        return [_array(archive, f"{prefix}.{part}") for part in parts]
    weight = _array(archive, f"{prefix}.weight")
    if isinstance(layer, layers.Dense):
        return [weight.T, _array(archive, f"{prefix}.bias")]
    if isinstance(layer, layers.DepthwiseConv2D):
        return [weight.transpose(2, 3, 0, 1)]  # [channels, 1, h, w]
    return [weight.transpose(2, 3, 1, 0)]  # [out, in, h, w]


def _array(archive, name):
    return archive[name].astype(np.float32)


def _torch_name(layer):
    """Return what PyTorch calls a layer; it counts blocks from 0."""
    words = layer.name.split("_")
    if words[0] != "block":
        return TORCH_NAMES[layer.name]
    part = "_".join(words[2:]) or "project_norm"  # it ends a block without a skip
    return f"_blocks.{int(words[1]) - 1}.{TORCH_NAMES[part]}"
