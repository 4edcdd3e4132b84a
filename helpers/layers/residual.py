"""Residual units: what is learned is the difference from the input."""

import keras
from keras import ops

from helpers._validation import as_count, as_counts
from helpers.layers._base import register
from helpers.layers._composite import (
    CompositeLayer,
    build_chain,
    chain_shape,
    fresh,
    run_chain,
)
from helpers.layers.squeeze import SqueezeExcite


class _Residual(CompositeLayer):
    """Two ways from the input to a sum: a branch of convolutions, and a shortcut."""

    def __init__(
        self,
        filters,
        strides=1,
        activation="relu",
        squeeze_ratio=None,
        use_shortcut=True,
        kernel_initializer="he_normal",
        last_gamma_initializer="ones",
        **kwargs,
    ):
        super().__init__(**kwargs)
        name = type(self).__name__
        self.filters = as_count(name, "filters", filters)
        self.strides = as_counts(name, "strides", strides, axes=2)
        self.squeeze_ratio = squeeze_ratio
        self.activation = keras.activations.get(activation)
        self.use_shortcut = use_shortcut
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.last_gamma_initializer = keras.initializers.get(last_gamma_initializer)
        self.branch = self._branch()
        if squeeze_ratio is not None:
            as_count(name, "squeeze_ratio", squeeze_ratio)
            self.branch.append(self.make(SqueezeExcite, squeeze_ratio, name="squeeze"))
        self.projection = []
        self.output_activation = self._activate("activation")

    def _branch(self):
        """Return the layers of the branch; for the subclass to say."""
        raise NotImplementedError

    def _conv(self, name, filters, kernel_size, **options):
        return self.convolution(
            name,
            filters,
            kernel_size,
            kernel_initializer=fresh(self.kernel_initializer),
            **options,
        )

    def _activate(self, name):
        return self.make(keras.layers.Activation, self.activation, name=name)

    def build(self, input_shape):
        """Build the branch, and a projection where the two ways would not fit."""
        super().build(input_shape)
        build_chain(self.branch, input_shape)
        *_, channels = self.compute_output_shape(input_shape)
        changed = self.strides != (1, 1) or channels != input_shape[-1]
        if self.use_shortcut and changed:
            self.projection = self._conv("shortcut", channels, 1, strides=self.strides)
            build_chain(self.projection, input_shape)

    def call(self, inputs):
        """Return the activation of branch plus shortcut."""
        outputs = run_chain(self.branch, inputs)
        if self.use_shortcut:
            outputs = ops.add(outputs, run_chain(self.projection, inputs))
        return self.output_activation(outputs)

    def compute_output_shape(self, input_shape):
        """Return the shape behind the branch."""
        return chain_shape(type(self).__name__, self.branch, input_shape)

    def get_config(self):
        """Return what the layer is made from."""
        serialize = keras.initializers.serialize
        return {
            **super().get_config(),
            "filters": self.filters,
            "strides": self.strides,
            "activation": keras.activations.serialize(self.activation),
            "squeeze_ratio": self.squeeze_ratio,
            "use_shortcut": self.use_shortcut,
            "kernel_initializer": serialize(self.kernel_initializer),
            "last_gamma_initializer": serialize(self.last_gamma_initializer),
        }


@register
class ResidualUnit(_Residual):
    """Two 3×3 convolutions that learn f(x) = h(x) − x, and a shortcut that adds x.

    Derived in Chapter 7, ResNet, Xception, SENet, and rebuilt in Chapter 8, ResNet-34
    from scratch. Each convolution is batch-normalized and has no bias; the activation
    comes after the first and after the sum. Where the size or the number of maps
    changes, the shortcut is a 1×1 convolution with the same strides (the paper's
    option B).

    Parameters
    ----------
    filters : int
        Filters of both convolutions.
    strides : int or (int, int)
        Of the first convolution, in pixels.
    activation : str or callable
        After the first convolution and after the sum.
    squeeze_ratio : int, optional
        Recalibrate the branch by `SqueezeExcite` with this ratio before the sum.
    use_shortcut : bool
        False makes the plain unit that residual learning is compared with.
    kernel_initializer : str or initializer
        Of every convolution.
    last_gamma_initializer : str or initializer
        Scale of the branch's last batch normalization; ``"zeros"`` starts the unit as
        its shortcut.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If a number is not a positive int; when the layer is built, if the input is not
        feature maps.

    References
    ----------
    He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016,
    https://arxiv.org/abs/1512.03385

    Examples
    --------
    >>> unit = ResidualUnit(filters=128, strides=2)
    >>> unit.compute_output_shape((None, 56, 56, 64))
    (None, 28, 28, 128)
    """

    def _branch(self):
        return [
            *self._conv("conv1", self.filters, 3, strides=self.strides),
            self._activate("activation1"),
            *self._conv(
                "conv2",
                self.filters,
                3,
                gamma_initializer=fresh(self.last_gamma_initializer),
            ),
        ]


@register
class BottleneckUnit(_Residual):
    """A residual unit of 1×1, 3×3 and 1×1 convolutions, narrow in the middle.

    Derived in Chapter 7, ResNet, Xception, SENet. The last convolution has four times
    as many filters as the others. The stride is on the 3×3 convolution, as in most
    implementations today; the paper has it on the first 1×1 one, which then never
    looks at three quarters of its input. Shapes and parameters are the same.

    Parameters
    ----------
    filters : int
        Filters of the first two convolutions; the unit gives ``4 * filters`` maps.
    strides : int or (int, int)
        Of the 3×3 convolution, in pixels.
    activation, squeeze_ratio, use_shortcut, kernel_initializer, last_gamma_initializer
        As for `ResidualUnit`.
    **kwargs
        As for every Keras layer: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    TypeError, ValueError
        If a number is not a positive int; when the layer is built, if the input is not
        feature maps.

    References
    ----------
    He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016,
    https://arxiv.org/abs/1512.03385

    Examples
    --------
    >>> unit = BottleneckUnit(filters=64)
    >>> unit.compute_output_shape((None, 56, 56, 64))
    (None, 56, 56, 256)
    """

    EXPANSION = 4

    def _branch(self):
        return [
            *self._conv("conv1", self.filters, 1),
            self._activate("activation1"),
            *self._conv("conv2", self.filters, 3, strides=self.strides),
            self._activate("activation2"),
            *self._conv(
                "conv3",
                self.EXPANSION * self.filters,
                1,
                gamma_initializer=fresh(self.last_gamma_initializer),
            ),
        ]
