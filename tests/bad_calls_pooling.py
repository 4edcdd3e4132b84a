"""Bad calls of poolings and upsamplings: (call, kind of error, words of it)."""

import numpy as np

from helpers.pooling import (
    avg_pool2d,
    depthwise_max_pool,
    global_avg_pool2d,
    global_max_pool2d,
    max_pool2d,
)
from helpers.upsampling import bilinear_filters, upsample_bilinear, upsample_nearest

IMAGES = np.zeros((2, 6, 7, 4), np.float32)
MASKED = np.ma.masked_array(IMAGES, IMAGES == 0)


def call(function, *arguments, **rest):
    return function, arguments, rest


def pool(images=IMAGES, pool_size=2, **rest):
    return max_pool2d, (images, pool_size), rest


def padded(*padding, pool_size=2, **rest):
    return pool(pool_size=pool_size, padding=padding, **rest)


BAD_CALLS = [
    # images
    (pool(IMAGES.astype(complex)), TypeError, "max_pool2d: images must hold", "comple"),
    (pool(IMAGES.astype(np.float16)), TypeError, "max_pool2d: images", "float16"),
    (pool(IMAGES.astype(object)), TypeError, "max_pool2d: images", "object"),
    (pool(IMAGES.astype("m8[s]")), TypeError, "max_pool2d: images", "timedelta64"),
    (pool(MASKED), TypeError, "max_pool2d: images", "masked array"),
    (pool(None), TypeError, "max_pool2d: images", "object"),
    (pool("photo.png"), TypeError, "max_pool2d: images", "<U9"),
    (pool([[[1.0], [2.0, 3.0]]]), ValueError, "max_pool2d: images", "equal lengths"),
    (pool(IMAGES[0, 0]), ValueError, "max_pool2d: images", "2 axes, shape (7, 4)"),
    (pool(IMAGES[None]), ValueError, "max_pool2d: images", "5 axes"),
    (pool(IMAGES[:0]), ValueError, "max_pool2d: images", "empty", "(0, 6, 7, 4)"),
    (pool(IMAGES[..., :0]), ValueError, "max_pool2d: images", "empty"),
    # windows
    (pool(pool_size=0), ValueError, "max_pool2d: pool_size", "got 0"),
    (pool(pool_size=-2), ValueError, "max_pool2d: pool_size", "got -2"),
    (pool(pool_size=2.0), TypeError, "max_pool2d: pool_size", "got 2.0"),
    (pool(pool_size=True), TypeError, "max_pool2d: pool_size", "got True"),
    (pool(pool_size=None), TypeError, "max_pool2d: pool_size", "got None"),
    (pool(pool_size="2"), TypeError, "max_pool2d: pool_size", "got '2'"),
    (pool(pool_size=(2, 2, 1)), ValueError, "max_pool2d: pool_size", "(vertical, hori"),
    (pool(pool_size=(1, 2, 2, 1)), ValueError, "max_pool2d: pool_size", "(1, 2, 2, 1)"),
    (pool(pool_size=(2, 0)), ValueError, "max_pool2d: pool_size", "got 0"),
    (pool(pool_size=()), ValueError, "max_pool2d: pool_size", "got ()"),
    (pool(pool_size=7), ValueError, "max_pool2d: pool_size is 7 high", "input has 6"),
    (pool(pool_size=(1, 8)), ValueError, "max_pool2d: pool_size is 8 wide", "has 7"),
    (padded((1, 0), (0, 0), pool_size=8), ValueError, "pool_size is 8 high", "has 7"),
    (pool(pool_size=10**9), ValueError, "max_pool2d: pool_size is 1000000000 high"),
    # strides
    (pool(strides=0), ValueError, "max_pool2d: strides", "got 0"),
    (pool(strides=(2, -1)), ValueError, "max_pool2d: strides", "got -1"),
    (pool(strides=1.5), TypeError, "max_pool2d: strides", "got 1.5"),
    (pool(strides=False), TypeError, "max_pool2d: strides", "got False"),
    (pool(strides=(2, None)), TypeError, "max_pool2d: strides", "got None"),
    (pool(strides=(1, 2, 3)), ValueError, "max_pool2d: strides", "got (1, 2, 3)"),
    # padding
    (pool(padding="FULL"), ValueError, 'max_pool2d: padding must be "SAME"', "'FULL'"),
    (pool(padding=1), TypeError, "max_pool2d: padding", "((top, bottom), (left, rig"),
    (pool(padding=None), TypeError, "max_pool2d: padding", "got None"),
    (padded(1, 1), TypeError, "max_pool2d: padding", "got (1, 1)"),
    (padded((1, 1)), ValueError, "max_pool2d: padding", "got ((1, 1),)"),
    (padded((1, -1), (0, 0)), ValueError, "max_pool2d: padding", "none negative"),
    (padded((1, 0.5), (0, 0)), TypeError, "max_pool2d: padding", "0.5"),
    # windows of padding only
    (
        padded((2, 0), (0, 0)),
        ValueError,
        "max_pool2d: padding",
        "got 2 at the top with",
    ),
    (padded((0, 2), (0, 0)), ValueError, "2 at the bottom with pool_size 2"),
    (padded((0, 0), (5, 0)), ValueError, "got 5 at the left", "padding only"),
    (padded((0, 0), (1, 2)), ValueError, "got 2 at the right", "padding only"),
    (padded((0, 1), (0, 0), pool_size=1), ValueError, "1 at the bottom with pool_size"),
    (
        call(avg_pool2d, IMAGES, 2, 2, ((0, 0), (2, 0))),
        ValueError,
        "avg_pool2d: padding must leave each window a pixel of the images, "
        "got 2 at the left",
    ),
    # the same checks under the other name
    (call(avg_pool2d, IMAGES.astype("c8")), TypeError, "avg_pool2d: images", "complex"),
    (call(avg_pool2d, IMAGES, 7), ValueError, "avg_pool2d: pool_size is 7 high"),
    (call(avg_pool2d, IMAGES, 2.5), TypeError, "avg_pool2d: pool_size", "got 2.5"),
    (call(avg_pool2d, IMAGES, 2, 0), ValueError, "avg_pool2d: strides", "got 0"),
    (call(avg_pool2d, IMAGES, 2, 1, "S"), ValueError, "avg_pool2d: padding", "'S'"),
    # channels and whole images
    (call(depthwise_max_pool, IMAGES, 3), ValueError, "divide the 4 channels", "got 3"),
    (call(depthwise_max_pool, IMAGES, 8), ValueError, "depthwise_max_pool: pool_size"),
    (call(depthwise_max_pool, IMAGES, 0), ValueError, "pool_size", "got 0"),
    (call(depthwise_max_pool, IMAGES, 2.0), TypeError, "pool_size", "got 2.0"),
    (call(depthwise_max_pool, IMAGES, (2, 2)), TypeError, "pool_size", "got (2, 2)"),
    (call(depthwise_max_pool, IMAGES[0, 0], 2), ValueError, "images", "2 axes"),
    (call(depthwise_max_pool, MASKED, 2), TypeError, "depthwise_max_pool: images"),
    (call(global_avg_pool2d, IMAGES[0, 0]), ValueError, "global_avg_pool2d: images"),
    (call(global_avg_pool2d, IMAGES.astype(str)), TypeError, "global_avg_pool2d: im"),
    (call(global_avg_pool2d, IMAGES[:, :0]), ValueError, "images", "empty"),
    (call(global_max_pool2d, None), TypeError, "global_max_pool2d: images", "object"),
    (call(global_max_pool2d, IMAGES[None]), ValueError, "images", "5 axes"),
    (call(global_max_pool2d, IMAGES[:, :, :0]), ValueError, "images", "empty"),
    # upsampling
    (call(upsample_nearest, IMAGES, 0), ValueError, "upsample_nearest: factor", "0"),
    (call(upsample_nearest, IMAGES, 0.5), TypeError, "factor", "got 0.5"),
    (call(upsample_nearest, IMAGES, (2, 2, 2)), ValueError, "factor", "(vertical, hor"),
    (call(upsample_nearest, IMAGES, True), TypeError, "factor", "got True"),
    (call(upsample_nearest, IMAGES, 10**6), ValueError, "factor", "at most 10000"),
    (call(upsample_nearest, IMAGES[0, 0], 2), ValueError, "images", "2 axes"),
    (
        call(upsample_bilinear, IMAGES, -1),
        ValueError,
        "upsample_bilinear: factor",
        "-1",
    ),
    (call(upsample_bilinear, IMAGES, 2.0), TypeError, "factor", "got 2.0"),
    (call(upsample_bilinear, IMAGES, None), TypeError, "factor", "got None"),
    (call(upsample_bilinear, IMAGES, "2"), TypeError, "factor", "got '2'"),
    (call(upsample_bilinear, IMAGES, (2, 0)), ValueError, "factor", "got 0"),
    (call(upsample_bilinear, IMAGES.astype("f2"), 2), TypeError, "images", "float16"),
    (call(upsample_bilinear, IMAGES[:0], 2), ValueError, "images", "empty"),
    (call(bilinear_filters, 0, 3), ValueError, "bilinear_filters: factor", "got 0"),
    (call(bilinear_filters, 2.0, 3), TypeError, "bilinear_filters: factor", "got 2.0"),
    (call(bilinear_filters, (2, 2, 2), 3), ValueError, "factor", "got (2, 2, 2)"),
    (call(bilinear_filters, 2, 0), ValueError, "bilinear_filters: channels", "got 0"),
    (call(bilinear_filters, 2, (3, 3)), TypeError, "channels", "got (3, 3)"),
    (call(bilinear_filters, 2, 10**6), ValueError, "channels", "at most 10000"),
]

# Calls in which any one argument may be exchanged for something odd.
GOOD_CALLS = [
    (max_pool2d, (IMAGES, 2, 2, "SAME")),
    (avg_pool2d, (IMAGES, 3, (1, 2), ((1, 1), (0, 2)))),
    (depthwise_max_pool, (IMAGES, 2)),
    (global_avg_pool2d, (IMAGES,)),
    (global_max_pool2d, (IMAGES,)),
    (upsample_nearest, (IMAGES, 2)),
    (upsample_bilinear, (IMAGES, 2)),
    (bilinear_filters, (2, 3)),
]
