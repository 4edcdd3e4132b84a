"""Fully convolutional networks that name each pixel: FCN-32s, FCN-16s and FCN-8s."""

import keras
import tensorflow as tf
from keras import layers

from helpers._validation import as_count
from helpers.data.labelled_images import FASHION_CLASSES
from helpers.detection._backbone import backbone, copy_backbone, normalized
from helpers.layers import BilinearUpsampling2D
from helpers.segmentation._segmenter import Segmenter, losses
from helpers.upsampling import bilinear_filters

STRIDE = 32
WIDEST = 128  # maps at stride 32
SCENE_CLASSES = ("photograph", *FASHION_CLASSES)


# Over maps of full size they take a third of a step; compiled, half of that.
_compiled_losses = tf.function(losses, jit_compile=True)


class FcnFamily(Segmenter):
    """FCN-32s, FCN-16s and FCN-8s over one backbone, trained together.

    The three share their scores, as in the paper, where each is trained from the one
    before. Their losses, each times its share, are added. As a segmenter it answers
    with its FCN-8s.

    Attributes
    ----------
    members : dict of str to Segmenter
        ``fcn32``, ``fcn16`` and ``fcn8``, which share their weights.
    shares : sequence of float
        How much each of their losses counts, in this order.
    """

    def __init__(self, network, class_names, shares):
        super().__init__(network, class_names, STRIDE)
        self.shares = tuple(shares)
        names = ("fcn32", "fcn16", "fcn8")
        self.members = {
            name: Segmenter(
                keras.Model(network.input, output, name=name), class_names, STRIDE
            )
            for name, output in zip(names, network.outputs, strict=True)
        }

    def loss(self, images, labels):
        """Return the losses of all three, each times its share, added."""
        each = [
            _compiled_losses(labels, maps)
            for maps in self.network(images, training=True)
        ]
        return {
            name: sum(
                share * parts[name]
                for share, parts in zip(self.shares, each, strict=True)
            )
            for name in each[0]
        }

    def _classes(self, images, flip):
        return self.members["fcn8"]._classes(images, flip)

    @tf.function(reduce_retracing=True, autograph=False)
    def _all_classes(self, images):
        """Return the answers of all three, and FCN-8s' with mirror images.

        The backbone, which they share, runs once for each way round.
        """
        maps = self.network(images, training=False)
        mirrored = self.network(images[:, :, ::-1], training=False)[-1][:, :, ::-1]
        both = tf.nn.softmax(maps[-1]) + tf.nn.softmax(mirrored)
        return tf.stack([tf.argmax(each, axis=-1) for each in (*maps, both)], axis=1)

    def evaluate(self, scenes):
        """Return the mean intersection over union of each of the three.

        Returns
        -------
        dict
            ``fcn32_mean_iou``, ``fcn16_mean_iou``, ``fcn8_mean_iou``, and
            ``fcn8_mean_iou_flip``, whose answers are averaged with those to mirror
            images.
        """
        truth = self._known_truth("evaluate", scenes)
        found = self._in_parts(self._all_classes, scenes.images)
        names = [f"{name}_mean_iou" for name in self.members] + ["fcn8_mean_iou_flip"]
        return {
            name: self._figures(truth, each)["mean_iou"]
            for name, each in zip(names, found.swapaxes(0, 1), strict=True)
        }


def fcn_family(
    class_names=SCENE_CLASSES, trained=None, looking=0, shares=(1.0, 1.0, 1.0)
):
    """Build FCN-32s, FCN-16s and FCN-8s over one backbone; used in Chapter 14.

    Parameters
    ----------
    class_names : sequence of str, optional
        The classes, the background first.
    trained : helpers.detection.Detector or Segmenter, optional
        One whose lower layers are taken over, as in Chapter 10.
    looking : int, optional
        Maps of a 3×3 convolution before each layer of scores, which so look around.
        0, as in the paper, has none: scores are read from a single cell each.
    shares : sequence of float, optional
        How much the losses of FCN-32s, FCN-16s and FCN-8s count in training.

    Returns
    -------
    FcnFamily

    Raises
    ------
    TypeError, ValueError
        If `looking` is no whole number from 0.

    References
    ----------
    Long, Shelhamer, Darrell: "Fully convolutional networks for semantic segmentation",
    CVPR 2015, section 4. As there, the last upsampling is bilinear and stays so, the
    ones before begin bilinear and learn.

    Examples
    --------
    >>> from helpers.segmentation import fcn_family
    >>> family = fcn_family()
    >>> sorted(family.members), family.network.output_shape[0]
    (['fcn16', 'fcn32', 'fcn8'], (None, None, None, 11))
    """
    body = backbone()
    if trained is not None:
        copy_backbone(trained.network, body)
    looking = as_count("fcn_family", "looking", looking, minimum=0)
    outputs = _outputs(body, len(class_names), looking)
    network = keras.Model(body.input, outputs, name="fcn_family")
    return FcnFamily(network, class_names, shares)


def fcn32(class_names=SCENE_CLASSES):
    """Build an FCN-32s: scores at stride 32, enlarged 32 times; see `fcn_family`."""
    return fcn_family(class_names).members["fcn32"]


def fcn16(class_names=SCENE_CLASSES):
    """Build an FCN-16s: scores of strides 32 and 16, added; see `fcn_family`.

    The coarse ones are enlarged twice, the sum 16 times.
    """
    return fcn_family(class_names).members["fcn16"]


def fcn8(class_names=SCENE_CLASSES):
    """Build an FCN-8s: scores of strides 32, 16 and 8, added; see `fcn_family`.

    Twice the sum so far is enlarged twice, at last 8 times.
    """
    return fcn_family(class_names).members["fcn8"]


def _outputs(body, num_classes, looking):
    """Return the logits of the three, coarsest first."""
    *_, eighth, sixteenth = body.outputs
    coarse = normalized(sixteenth, WIDEST, strides=2)
    scores = _scores(coarse, num_classes, looking)
    outputs = [BilinearUpsampling2D(32)(scores)]
    for maps, factor in ((sixteenth, 16), (eighth, 8)):
        scores = layers.Add()([_twice(scores), _scores(maps, num_classes, looking)])
        outputs.append(BilinearUpsampling2D(factor)(scores))
    return outputs


def _scores(maps, num_classes, looking):
    if looking:
        maps = normalized(maps, looking)
    return layers.Conv2D(num_classes, 1)(maps)


def _twice(scores):
    """Return scores enlarged twice: bilinear at first, then as is learned."""
    channels = scores.shape[-1]
    filters = bilinear_filters(2, channels).astype("float32")
    return layers.Conv2DTranspose(
        channels,
        filters.shape[:2],
        strides=2,
        padding="same",
        use_bias=False,
        kernel_initializer=keras.initializers.Constant(filters),
    )(scores)
