"""GoogLeNet, and GoogLeNet with squeeze and excitation."""

from keras import Model
from keras.layers import (
    AveragePooling2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
)

from helpers.architectures._common import classify, image_input
from helpers.layers import InceptionModule, LocalResponseNormalization, SqueezeExcite

# Columns as in the paper's table 1: #1×1, #3×3 reduce, #3×3, #5×5 reduce, #5×5, pool.
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
POOLED_AFTER = {"3b": "pool3", "4e": "pool4"}
AUXILIARY_AFTER = ("4a", "4d")


def googlenet(input_shape=(224, 224, 3), num_classes=1000, auxiliary_heads=False):
    """Return GoogLeNet, the winner of ILSVRC 2014.

    Derived in Chapter 6, LeNet-5 to GoogLeNet. 6,998,552 parameters with the default
    arguments, 13,378,280 with the auxiliary heads.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width and channels; at least 17 pixels high and wide, so that each
        pooling has two pixels to choose from, and 65 with auxiliary heads.
    num_classes : int
        Number of classes.
    auxiliary_heads : bool
        Whether the model gives three answers: its own, and those of two small
        classifiers after modules 4a and 4d, which carried the gradient to the lower
        layers in training (with a weight of 0.3 each) and were then thrown away.

    Returns
    -------
    keras.Model
        From images to probabilities: one array, or a list of three.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Notes
    -----
    The paper does not give the constants of local response normalization; here they are
    AlexNet's. The mean over 7×7 is taken over the whole map, whatever its size.

    References
    ----------
    Szegedy et al., "Going deeper with convolutions", 2015,
    https://arxiv.org/abs/1409.4842, table 1 and figure 3.

    Examples
    --------
    >>> googlenet((32, 32, 3), num_classes=10).output_shape
    (None, 10)
    """
    images = image_input("googlenet", input_shape, 65 if auxiliary_heads else 17)
    maps, answers = _stem(images), []
    for module, filters in MODULES.items():
        maps = InceptionModule(filters, name=f"inception_{module}")(maps)
        if auxiliary_heads and module in AUXILIARY_AFTER:
            answers.append(_auxiliary_head(maps, num_classes, f"auxiliary_{module}"))
        maps = _pool(maps, POOLED_AFTER.get(module))
    answer = _head("googlenet", maps, num_classes)
    return Model(images, [answer, *answers] if answers else answer, name="googlenet")


def se_googlenet(input_shape=(224, 224, 3), num_classes=1000):
    """Return `googlenet` with the answer of each inception module recalibrated.

    Derived in Chapter 7, ResNet, Xception, SENet. Parameters, answer and errors are
    those of `googlenet`.

    Notes
    -----
    The paper takes the later Inception with batch normalization; the place of the
    recalibration, after each module, and its ratio of 16 are the paper's.

    References
    ----------
    Hu, Shen, Albanie, Sun and Wu, "Squeeze-and-excitation networks", 2018,
    https://arxiv.org/abs/1709.01507, figure 2.

    Examples
    --------
    >>> se_googlenet((32, 32, 3), num_classes=10).output_shape
    (None, 10)
    """
    images = image_input("se_googlenet", input_shape, minimum=17)
    maps = _stem(images)
    for module, filters in MODULES.items():
        maps = InceptionModule(filters, name=f"inception_{module}")(maps)
        maps = SqueezeExcite(ratio=16, name=f"squeeze_{module}")(maps)
        maps = _pool(maps, POOLED_AFTER.get(module))
    answer = _head("se_googlenet", maps, num_classes)
    return Model(images, answer, name="se_googlenet")


def _stem(images):
    """Return maps an eighth as high and wide: 224 pixels become 28."""
    maps = _conv(images, 64, 7, "conv1", strides=2)
    maps = _normalize(_pool(maps, "pool1"), "norm1")
    maps = _conv(maps, 64, 1, "conv2_reduce")
    maps = _conv(maps, 192, 3, "conv2")
    return _pool(_normalize(maps, "norm2"), "pool2")


def _head(function, maps, num_classes):
    features = GlobalAveragePooling2D(name="mean")(maps)
    features = Dropout(0.4, name="dropout")(features)
    return classify(function, features, num_classes)


def _auxiliary_head(maps, num_classes, name):
    maps = AveragePooling2D(5, strides=3, name=f"{name}_pool")(maps)
    maps = _conv(maps, 128, 1, f"{name}_conv")
    features = Flatten(name=f"{name}_flatten")(maps)
    features = Dense(1024, activation="relu", name=f"{name}_dense")(features)
    features = Dropout(0.7, name=f"{name}_dropout")(features)
    return classify("googlenet", features, num_classes, name=name)


def _conv(maps, filters, kernel_size, name, strides=1):
    return Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding="same",
        activation="relu",
        name=name,
    )(maps)


def _pool(maps, name):
    if name is None:
        return maps
    return MaxPooling2D(3, strides=2, padding="same", name=name)(maps)


def _normalize(maps, name):
    return LocalResponseNormalization(
        depth_radius=2, bias=2.0, alpha=1e-4, beta=0.75, name=name
    )(maps)
