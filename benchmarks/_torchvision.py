"""`helpers.boxes` beside torchvision: ``python -m benchmarks._torchvision``.

The project does not need torchvision, and it is not among its requirements: install it
first. It gets a process of its own, since it does not share one with TensorFlow.
"""

from benchmarks import _ratio  # before NumPy: it sets the number of threads

import torch  # isort: skip
from torchvision.ops import nms

from benchmarks.boxes import CASES, IOU_THRESHOLD, detections
from helpers.boxes import non_max_suppression


def main():
    torch.set_num_threads(_ratio.THREADS)
    for count, in_heaps, budget in CASES:
        boxes, scores = detections(count, in_heaps)
        tensors = torch.tensor(boxes), torch.tensor(scores)
        ratio = _ratio.compare(
            f"{count} boxes{' in heaps' * in_heaps}",
            lambda b=boxes, s=scores: non_max_suppression(b, s, IOU_THRESHOLD),
            lambda t=tensors: nms(*t, IOU_THRESHOLD).numpy(),
            budget,
        )
        times = f"{ratio.ours * 1e3:8.3f} ms, torchvision {ratio.theirs * 1e3:8.3f} ms"
        print(f"{ratio.name:24}{times}, ratio {ratio.value:.2f}")


if __name__ == "__main__":
    main()
