"""ResNet-34, 50 and 152, and ResNet-50 with squeeze and excitation."""

from keras import Model
from keras.layers import GlobalAveragePooling2D, MaxPooling2D

from helpers.architectures._common import classify, conv_norm_relu, image_input
from helpers.layers import BottleneckUnit, ResidualUnit


def resnet34(input_shape=(224, 224, 3), num_classes=1000):
    """Return ResNet-34.

    Derived in Chapter 7, ResNet, Xception, SENet, and rebuilt in Chapter 8, ResNet-34
    from scratch. 21,797,672 trainable parameters with the default arguments.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width and channels; at least 17 pixels high and wide, so that each
        stride of 2 has two pixels to choose from.
    num_classes : int
        Number of classes.

    Returns
    -------
    keras.Model
        From images to probabilities.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Notes
    -----
    Where the size changes, the shortcut is a 1×1 convolution: the paper's option B.

    References
    ----------
    He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016,
    https://arxiv.org/abs/1512.03385

    Examples
    --------
    >>> resnet34((32, 32, 3), num_classes=10).output_shape
    (None, 10)
    """
    return _resnet("resnet34", ResidualUnit, (3, 4, 6, 3), input_shape, num_classes)


def resnet50(input_shape=(224, 224, 3), num_classes=1000):
    """Return ResNet-50, of bottlenecks with the stride on their 3×3 convolution.

    Derived in Chapter 7, ResNet, Xception, SENet. 25,557,032 trainable parameters with
    the default arguments. Parameters, answer, errors and reference are those of
    `resnet34`. The paper puts the stride on the first 1×1 convolution; parameters and
    shapes are the same.

    Examples
    --------
    >>> resnet50((32, 32, 3), num_classes=10).output_shape
    (None, 10)
    """
    return _resnet("resnet50", BottleneckUnit, (3, 4, 6, 3), input_shape, num_classes)


def resnet152(input_shape=(224, 224, 3), num_classes=1000):
    """Return ResNet-152, the best single network of the winner of ILSVRC 2015.

    Derived in Chapter 7, ResNet, Xception, SENet. 60,192,808 trainable parameters with
    the default arguments. Parameters, answer, errors and reference are those of
    `resnet34`. The stride is on the 3×3 convolution of a bottleneck, in the paper on
    the first 1×1 one; parameters and shapes are the same.

    Examples
    --------
    >>> resnet152((32, 32, 3), num_classes=10).output_shape
    (None, 10)
    """
    return _resnet("resnet152", BottleneckUnit, (3, 8, 36, 3), input_shape, num_classes)


def se_resnet50(input_shape=(224, 224, 3), num_classes=1000):
    """Return `resnet50` with each unit's branch recalibrated before the sum.

    Derived in Chapter 7, ResNet, Xception, SENet. 28,088,024 trainable parameters with
    the default arguments, the biases of the squeeze-and-excitation layers included.
    Parameters, answer and errors are those of `resnet34`.

    References
    ----------
    Hu, Shen, Albanie, Sun and Wu, "Squeeze-and-excitation networks", 2018,
    https://arxiv.org/abs/1709.01507

    Examples
    --------
    >>> se_resnet50((32, 32, 3), num_classes=10).output_shape
    (None, 10)
    """
    return _resnet(
        "se_resnet50",
        BottleneckUnit,
        (3, 4, 6, 3),
        input_shape,
        num_classes,
        squeeze_ratio=16,
    )


def _resnet(name, unit, repeats, input_shape, num_classes, **unit_options):
    """Return a network with so many units in each of four stages."""
    images = image_input(name, input_shape, minimum=17)
    maps = conv_norm_relu(images, 64, 7, "conv1", strides=2, padding="same")
    maps = MaxPooling2D(3, strides=2, padding="same", name="pool1")(maps)
    for stage, units in enumerate(repeats, start=2):
        for number in range(1, units + 1):
            shrinks = stage > 2 and number == 1
            maps = unit(
                filters=64 * 2 ** (stage - 2),
                strides=2 if shrinks else 1,
                name=f"conv{stage}_{number}",
                **unit_options,
            )(maps)
    features = GlobalAveragePooling2D(name="mean")(maps)
    return Model(images, classify(name, features, num_classes), name=name)
