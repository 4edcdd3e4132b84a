"""A first convolutional network, of the usual pattern."""

from keras import Model
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D

from helpers.architectures._common import classify, image_input


def fashion_cnn(input_shape=(28, 28, 1), num_classes=10):
    """Return the network that Chapter 5, A first CNN, begins with.

    Convolutions and poolings in turn; the maps become smaller and more; dense layers
    with dropout at the end. 1,413,834 parameters with the default arguments.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width and channels; at least 8 pixels high and wide.
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

    References
    ----------
    Géron, "Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow", 2nd
    edition, 2019, chapter 14. All convolutions are SAME: with VALID ones the maps would
    be 1×1 before the fifth.

    Examples
    --------
    >>> fashion_cnn().count_params()
    1413834
    """
    images = image_input("fashion_cnn", input_shape, minimum=8)
    maps = Conv2D(64, 7, padding="same", activation="relu", name="conv1")(images)
    maps = MaxPooling2D(2, name="pool1")(maps)
    for block, filters in ((2, 128), (3, 256)):
        for layer in ("a", "b"):
            maps = Conv2D(
                filters,
                3,
                padding="same",
                activation="relu",
                name=f"conv{block}{layer}",
            )(maps)
        maps = MaxPooling2D(2, name=f"pool{block}")(maps)
    features = Flatten(name="flatten")(maps)
    for number, units in ((1, 128), (2, 64)):
        features = Dense(units, activation="relu", name=f"dense{number}")(features)
        features = Dropout(0.5, name=f"dropout{number}")(features)
    answer = classify("fashion_cnn", features, num_classes)
    return Model(images, answer, name="fashion_cnn")
