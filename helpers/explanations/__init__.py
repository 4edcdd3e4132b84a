"""Where a classifier looks: Grad-CAM, occlusion, and a way to check such maps.

Derived in Chapter 9, Pretrained models. Needs TensorFlow as the backend of Keras.
"""

from helpers.explanations._grad_cam import grad_cam
from helpers.explanations._occlusion import occluded, occlusion_map
from helpers.explanations._sanity import randomized, rank_correlation

__all__ = ["grad_cam", "occluded", "occlusion_map", "randomized", "rank_correlation"]
