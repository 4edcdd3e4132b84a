"""An account as objects, as a dict, as text and as a table."""

from dataclasses import asdict, dataclass
from html import escape

COLUMNS = ("output", "parameters", "multiply-adds", "memory", "sees", "stride")
FIELDS = (
    *("name", "output_shape", "parameters", "multiply_adds", "activation_bytes"),
    *("receptive_field", "stride"),
)


@dataclass(frozen=True)
class Row:
    """One call of a layer, or a block of them.

    Attributes
    ----------
    name : str
        Path of the layer: ``unit/layer`` inside a layer.
    block : str
        Name of the model's own layer that it belongs to.
    kind : str
        Name of its class.
    output_shape : tuple of int
        The batch first.
    parameters : int
        Weights and biases, trainable or not, that no row before has counted.
    multiply_adds : int or None
        Products with weights, for the whole batch; None if unknown.
    activation_bytes : int
        Memory of the output; 0 for a view.
    receptive_field, stride : int, tuple or None
        In pixels of the input; a tuple where the axes differ; None where there is none,
        or where it is unknown.
    """

    name: str
    block: str
    kind: str
    output_shape: tuple
    parameters: int
    multiply_adds: int | None
    activation_bytes: int
    receptive_field: int | tuple | None
    stride: int | float | tuple | None


@dataclass(frozen=True)
class Totals:
    """Sums over a model, and the two memories.

    Attributes
    ----------
    parameters, trainable_parameters : int
        Each weight counted once.
    multiply_adds : int
        Of the layers that are known.
    activation_bytes_inference : int
        Peak of what is in use at a time.
    activation_bytes_training : int
        All outputs and the images.
    """

    parameters: int
    trainable_parameters: int
    multiply_adds: int
    activation_bytes_inference: int
    activation_bytes_training: int


class Account:
    """What a model costs.

    Attributes
    ----------
    model_name : str
        Name of the model.
    rows : list of Row
        One for each call of a layer, in the order in which Keras runs them.
    totals : Totals
        Sums and memory.
    batch_size : int
        Images at a time.
    """

    def __init__(self, model_name, rows, totals, batch_size):
        self.model_name = model_name
        self.rows, self.totals, self.batch_size = rows, totals, batch_size

    @property
    def blocks(self):
        """One `Row` for each layer of the model itself: its rows, summed.

        Shape, receptive field and stride are those of its last row.
        """
        members = {}
        for row in self.rows:
            members.setdefault(row.block, []).append(row)
        return [_block(name, rows) for name, rows in members.items()]

    @property
    def unknown(self):
        """Names of the layers whose multiply-adds are unknown, with their class."""
        return [
            f"{row.name} ({row.kind})" for row in self.rows if row.multiply_adds is None
        ]

    def row(self, name):
        """Return the row of a layer, or the sum of the rows inside it."""
        for row in (*self.rows, *self.blocks):
            if row.name == name:
                return row
        raise ValueError(f"row: name must be that of a layer, got {name!r}")

    def to_dict(self):
        """Return ``rows``, ``totals`` and ``unknown`` as plain Python objects."""
        return {
            "rows": [
                {name: getattr(row, name) for name in FIELDS} for row in self.rows
            ],
            "totals": asdict(self.totals),
            "unknown": self.unknown,
        }

    def __repr__(self):
        lines = [("layer", *COLUMNS), *map(_cells, self.blocks), self._total_cells()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(
                cell.ljust(width) if place < 2 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join([f"{self.model_name}, {self._batch()}", *text, *self._notes()])

    def _repr_html_(self):
        head = "".join(f"<th>{escape(one)}</th>" for one in ("layer", *COLUMNS))
        body = [_html_line(_cells(block)) for block in self.blocks]
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return (
            f"<table><caption>{escape(self.model_name)}, {self._batch()}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
            f"<tfoot>{_html_line(self._total_cells())}</tfoot></table>{notes}"
        )

    def _batch(self):
        return "1 image" if self.batch_size == 1 else f"{self.batch_size} images"

    def _total_cells(self):
        totals = self.totals
        memory = show_bytes(totals.activation_bytes_training)
        sums = (f"{totals.parameters:,}", f"{totals.multiply_adds:,}", memory)
        return ("total", "", *sums, "", "")

    def _notes(self):
        totals = self.totals
        notes = [
            f"Trainable parameters: {totals.trainable_parameters:,}. Activations: "
            f"{show_bytes(totals.activation_bytes_inference)} at the peak of "
            f"inference, {show_bytes(totals.activation_bytes_training)} in training."
        ]
        if self.unknown:
            notes.append(f"Not counted, for it is unknown: {', '.join(self.unknown)}.")
        return notes


def _block(name, rows):
    known = [row.multiply_adds for row in rows if row.multiply_adds is not None]
    last = rows[-1]
    return Row(
        name=name,
        block=name,
        kind=last.kind if len(rows) == 1 else "block",
        output_shape=last.output_shape,
        parameters=sum(row.parameters for row in rows),
        multiply_adds=sum(known) if len(known) == len(rows) else None,
        activation_bytes=sum(row.activation_bytes for row in rows),
        receptive_field=last.receptive_field,
        stride=last.stride,
    )


def _cells(row):
    return (
        row.name,
        "×".join(map(str, row.output_shape[1:])),
        f"{row.parameters:,}",
        "unknown" if row.multiply_adds is None else f"{row.multiply_adds:,}",
        show_bytes(row.activation_bytes),
        _show_pixels(row.receptive_field),
        _show_pixels(row.stride),
    )


def _show_pixels(number):
    if number is None:
        return "–"
    if isinstance(number, tuple):
        return "×".join(map(_show_pixels, number))
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def _html_line(cells):
    first, *others = (escape(cell) for cell in cells)
    aligned = "".join(f'<td style="text-align: right">{cell}</td>' for cell in others)
    return f'<tr><th style="text-align: left">{first}</th>{aligned}</tr>'


def show_bytes(number):
    """Return bytes as text: 1 MB is a million bytes.

    >>> show_bytes(12_845_056), show_bytes(384)
    ('12.8 MB', '384 B')
    """
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if number >= unit:
            return f"{number / unit:.1f} {name}"
    return f"{number} B"
