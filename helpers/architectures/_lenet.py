"""LeNet-5."""

from keras import Model
from keras.layers import Activation, Conv2D, Dense, Flatten, ZeroPadding2D

from helpers._validation import as_count
from helpers.architectures._common import answer_dtype, image_input
from helpers.architectures._digits import DIGITS
from helpers.layers import (
    EuclideanOutput,
    FanInUniform,
    PartialConv2D,
    TrainedSubsampling,
    scaled_tanh,
    softmin,
)

# The paper's table I: the maps of S2 that each map of C3 looks at.
C3_CONNECTIONS = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5)),
    *((0, 1, 2, 5), (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)


def lenet5(input_shape=(28, 28, 1), num_classes=10):
    """Return LeNet-5 as it was in 1998.

    Derived in Chapter 6, LeNet-5 to GoogLeNet. Exactly 60,000 trainable parameters with
    the default arguments: 156 in C1, 12 in S2, 1,516 in C3, 32 in S4, 48,120 in C5 and
    10,164 in F6; beside them the output's 840 fixed ones. S2 and S4 sum four inputs,
    times a coefficient, plus a bias; C3 looks at some of the maps only; the output
    measures squared distances to a fixed code for each class. The last layer, ours,
    makes probabilities of the distances.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width and channels; at least 28 pixels high and wide. Less than 32 is
        padded with two zeros on every side, as the paper does with 28.
    num_classes : int
        Number of classes. Ten get codes that show the digits, as in the paper; any
        other number gets codes of random signs, which the paper allows too.

    Returns
    -------
    keras.Model
        From images to probabilities. Its layer ``output`` gives the distances.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of the kind above.

    Notes
    -----
    The coefficients of S2 and S4 start at 1/4 and their biases at zero; all other
    weights start as in the paper, uniform within ±2.4 / fan-in. The digits of the codes
    are drawn anew, in the paper's 12 rows and 7 columns.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
    recognition", 1998, http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf, section II.B
    and appendix A.

    Examples
    --------
    >>> model = lenet5()
    >>> sum(weight.shape.num_elements() for weight in model.trainable_weights)
    60000
    """
    images = image_input("lenet5", input_shape, minimum=28)
    as_count("lenet5", "num_classes", num_classes)
    weights = {"activation": scaled_tanh, "kernel_initializer": FanInUniform()}
    smaller = min(images.shape[1:3]) < 32
    maps = ZeroPadding2D(2, name="pad")(images) if smaller else images
    maps = Conv2D(6, 5, name="C1", **weights)(maps)
    maps = TrainedSubsampling(2, name="S2")(maps)
    maps = PartialConv2D(C3_CONNECTIONS, 5, name="C3", **weights)(maps)
    maps = TrainedSubsampling(2, name="S4")(maps)
    maps = Conv2D(120, 5, name="C5", **weights)(maps)
    features = Dense(84, name="F6", **weights)(Flatten(name="flatten")(maps))
    codes = DIGITS if num_classes == 10 else None
    distances = EuclideanOutput(num_classes, codes, name="output")(features)
    answer = Activation(softmin, dtype=answer_dtype(), name="probabilities")(distances)
    return Model(images, answer, name="lenet5")
