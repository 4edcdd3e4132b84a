"""Classifiers trained on ImageNet: one that ships with the book, others by network."""

import importlib

import keras

from helpers.data import DownloadError
from helpers.data._files import require_known
from helpers.pretrained._images import CENTRE, SCALE

OFFLINE = "efficientnet_lite0"

# Module and function of keras.applications, and the image size it was trained with.
BY_NETWORK = {
    "convnext_tiny": ("convnext", "ConvNeXtTiny", 224),
    "densenet121": ("densenet", "DenseNet121", 224),
    "efficientnet_b0": ("efficientnet", "EfficientNetB0", 224),
    "inception_v3": ("inception_v3", "InceptionV3", 299),
    "mobilenet_v2": ("mobilenet_v2", "MobileNetV2", 224),
    "resnet50": ("resnet", "ResNet50", 224),
    "vgg16": ("vgg16", "VGG16", 224),
    "xception": ("xception", "Xception", 299),
}


def classifier_names():
    """Return the names that `load_classifier` knows; the first needs no network.

    Examples
    --------
    >>> from helpers.pretrained import classifier_names
    >>> classifier_names()[0]
    'efficientnet_lite0'
    """
    return (OFFLINE, *BY_NETWORK)


def load_classifier(name=OFFLINE):
    """Return a network that was trained on ImageNet's 1,000 classes.

    Used from Chapter 9, Pretrained models, on.

    Parameters
    ----------
    name : str, optional
        One of `classifier_names`. ``"efficientnet_lite0"`` comes from ``data/``. The
        others are those of `keras.applications`, which fetches their weights the first
        time.

    Returns
    -------
    keras.Model
        From what `preprocess` returns, with ``size=model.input_shape[1]``, to logits
        [batch, 1000], which `decode_predictions` puts into words. It is a new one with
        each call, so that you may change its weights.

    Raises
    ------
    TypeError, ValueError
        If there is no such classifier.
    DataError
        If the weights are missing, damaged or out of reach.

    References
    ----------
    Tan and Le, "EfficientNet: Rethinking model scaling for convolutional neural
    networks", ICML 2019, https://arxiv.org/abs/1905.11946

    Examples
    --------
    >>> from helpers.data import photograph
    >>> from helpers.pretrained import decode_predictions, load_classifier, preprocess
    >>> model = load_classifier()
    >>> logits = model(preprocess(photograph("flower")), training=False)
    >>> decode_predictions(logits)[0][0].label
    'daisy'
    """
    require_known("load_classifier", "classifier", name, classifier_names())
    if name == OFFLINE:
        from helpers.pretrained import _efficientnet

        return _efficientnet.load()
    try:
        return _from_keras(name, weights="imagenet")
    except Exception as error:  # Keras raises a bare Exception without a network
        if type(error) is not Exception and not isinstance(error, OSError):
            raise
        raise DownloadError(
            f"load_classifier: the weights of {name} could not be fetched: {error}\n"
            f"  keras.applications needs a network the first time; without one, take "
            f'load_classifier("{OFFLINE}")'
        ) from error


def _from_keras(name, weights):
    """Return a network of `keras.applications` that takes what `preprocess` gives.

    Each of them wants its images prepared in another way. Here that is its first
    layers' work. The network stays flat, so that its layers are found by name.
    """
    module_name, function, size = BY_NETWORK[name]
    module = importlib.import_module(f"keras.applications.{module_name}")
    images = keras.Input((size, size, 3), name="images")
    rgb = keras.layers.Rescaling(SCALE, offset=CENTRE, name="rgb")(images)
    network = getattr(module, function)(
        weights=weights,
        input_tensor=module.preprocess_input(rgb),
        classifier_activation=None,
    )
    return keras.Model(images, network.output, name=name)
