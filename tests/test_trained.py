"""Recipes, the weights that ship, and the command that trains anew."""

import json

import keras
import numpy as np
import pytest
from checkout import ROOT

from helpers import data
from helpers.accounting import account
from helpers.data import _files
from helpers.remedies import REMEDIES, Remedy
from helpers.training import (
    evaluate,
    load_record,
    load_trained,
    load_weights_float16,
    recipe,
    recipes,
    record_names,
    save_weights_float16,
    scene_recipes,
    trained_names,
)
from helpers.training._weights import network_of
from tools import train as command

DATA = ROOT / "data"
# Mean average precision at an IoU of 0.5 that each must reach on 500 held-out scenes.
DETECTORS = {"yolo": 0.70, "ssd": 0.60, "two_stage": 0.60}
MASKS = 0.55  # the same of masks
PIXELS = 0.60  # mean IoU of FCN-8s there, asked once


def tiny(units=3):
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(units)])


# Recipes


@pytest.mark.parametrize("name", recipes())
def test_every_recipe_builds_its_network(name):
    model = recipe(name).build(seed=1)
    assert model.output_shape == (None, 10)
    assert recipe(name).seeds
    assert recipe(name).training["epochs"] > 0


def test_a_seed_gives_the_same_first_weights_each_time():
    one, same, other = (recipe("compact").build(seed) for seed in (1, 1, 2))
    for a, b in zip(one.weights, same.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert (np.asarray(one.weights[0]) != np.asarray(other.weights[0])).any()


def test_unknown_recipes_are_refused_with_those_that_are_near():
    with pytest.raises(ValueError, match="recipe: there is no recipe 'compcat'; did"):
        recipe("compcat")
    with pytest.raises(ValueError, match="load_trained: there is no trained network"):
        load_trained("fashion_cnn")
    with pytest.raises(ValueError, match="load_record: there is no record 'x'"):
        load_record("x")


def test_validation_images_are_none_of_the_training_images():
    (images, _), (held_out, _), (test, _) = recipe("plain_20").load()
    assert len(images) == 10_800
    assert len(held_out) == 1_200
    assert len(test) == 10_000
    learned = {image.tobytes() for image in images}
    # Fashion-MNIST holds a few images twice.
    assert sum(image.tobytes() in learned for image in held_out) <= 2


def test_a_recipe_that_asks_for_too_many_images_is_refused():
    from dataclasses import replace

    with pytest.raises(ValueError, match=r"11000 . 2000 images are asked for"):
        replace(recipe("plain_20"), images=11_000, validation=2_000).load()


# Weights


def test_weights_come_back_as_they_were_rounded(tmp_path):
    model = tiny()
    save_weights_float16(model, tmp_path / "a.npz")
    save_weights_float16(model, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    again = load_weights_float16(tiny(), tmp_path / "a.npz")
    for ours, theirs in zip(model.weights, again.weights, strict=True):
        exact = np.asarray(ours)
        np.testing.assert_array_equal(theirs, exact.astype(np.float16))


@pytest.mark.parametrize("bad", [70_000, np.nan, np.inf])
def test_weights_that_no_16_bit_float_holds_are_refused(bad, tmp_path):
    model = tiny()
    model.weights[1].assign([0, bad, 0])
    with pytest.raises(ValueError, match=r"bias holds .*, which no 16-bit float holds"):
        save_weights_float16(model, tmp_path / "a.npz")
    assert not (tmp_path / "a.npz").exists()


def test_weights_of_another_model_are_refused(tmp_path):
    save_weights_float16(tiny(), tmp_path / "a.npz")
    with pytest.raises(ValueError, match=r"does not fit .* \[\(4, 3\), \(3,\)\]"):
        load_weights_float16(tiny(4), tmp_path / "a.npz")


def test_shipped_weights_are_small():
    sizes = [path.stat().st_size for path in (DATA / "weights").glob("*.npz")]
    assert max(sizes) < 2e6
    assert sum(sizes) < 16e6


@pytest.mark.parametrize("name", trained_names())
def test_shipped_weights_reach_what_their_record_says(name):
    record, trained = load_record(name), load_trained(name)
    if name in scene_recipes():
        reached = recipe(name).test(trained)
    else:
        _, _, (images, labels) = recipe(name).load()
        accuracy = evaluate(trained, images[:1000], labels[:1000])["accuracy"]
        reached = {"test_accuracy": accuracy}
    for figure, value in reached.items():
        assert abs(value - record["float16"][figure]) < 0.03
    facts = _files.expected(record["float16"]["file"])
    assert facts == (record["float16"]["bytes"], record["float16"]["sha256"])


RACE, MEMORY = "compact_beside_fashion_cnn", "memory_remedies"
TRANSFER = "tree_crowns_transfer"


@pytest.mark.parametrize("name", sorted(set(record_names()) - {RACE, MEMORY, TRANSFER}))
def test_records_hold_what_the_recipe_asks_for(name):
    record, wanted = load_record(name), recipe(name)
    builder = "learner" if name in scene_recipes() else "network"
    assert record["recipe"][builder] == getattr(wanted, builder)
    assert record["recipe"]["training"] == wanted.training
    assert [run["seed"] for run in record["runs"]] == list(wanted.seeds)
    for run in record["runs"]:
        assert len(run["history"]) == wanted.training["epochs"]
        tested = {name for name in run if name.startswith("test_")} - {"test_loss"}
        assert tested
        assert min(run[name] for name in tested) > 0.1
    assert record["parameters"] == network_of(wanted.build()).count_params()


def test_the_book_reaches_the_accuracies_that_it_speaks_of():
    compact = [run["test_accuracy"] for run in load_record("compact")["runs"]]
    assert len(compact) == 3
    assert np.mean(compact) >= 0.92
    (accurate,) = load_record("accurate")["runs"]
    assert accurate["test_accuracy_flip"] >= 0.945
    (reader,) = load_record("lenet5_mnist_full")["runs"]
    assert reader["test_accuracy"] >= 0.99


@pytest.mark.parametrize("name", sorted(set(DETECTORS) & set(trained_names())))
def test_the_detectors_find_what_the_book_says_they_find(name):
    assert load_record(name)["float16"]["test_map_50"] >= DETECTORS[name]


def test_masks_are_as_good_as_the_book_says():
    assert load_record("mask_rcnn")["float16"]["test_mask_map_50"] >= MASKS


@pytest.mark.parametrize("name", ["fcn_paper", "fcn_family"])
def test_each_finer_member_names_more_pixels(name):
    reached = load_record(name)["float16"]
    coarse, middle, fine = (reached[f"test_fcn{n}_mean_iou"] for n in (32, 16, 8))
    assert coarse + 0.05 < middle < fine - 0.01


def test_the_finest_member_is_as_good_as_the_book_says():
    assert load_record("fcn_family")["float16"]["test_fcn8_mean_iou"] >= PIXELS


def test_the_compact_network_is_trained_in_half_of_the_usual_ones_first_epoch():
    race = load_record(RACE)
    seconds = [run["seconds"] for run in race["compact"]]
    assert np.mean([run["test_accuracy"] for run in race["compact"]]) >= 0.92
    assert np.mean(seconds) <= 0.5 * race["fashion_cnn_one_epoch"]["seconds"]


def test_each_remedy_was_measured_and_saves_memory():
    rows = load_record(MEMORY)["rows"]
    assert {name: Remedy(**settings(row)) for name, row in rows.items()} == REMEDIES
    peaks = {name: row["peak_bytes"] for name, row in rows.items()}
    assert max(peaks, key=peaks.get) == "as it is"
    for name, remedy in REMEDIES.items():
        outputs = account(remedy.build(), remedy.share, remedy.bytes_per_value).totals
        ratio = peaks[name] / outputs.activation_bytes_training
        assert 1 < ratio < 2.5, name


def settings(row):
    return {key: row[key] for key in row if key not in ("peak_bytes", "seconds")}


# The command


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A copy of what the command writes to, and a recipe that takes a second."""
    (tmp_path / "data").mkdir()
    (tmp_path / "helpers/data").mkdir(parents=True)
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    (tmp_path / "data/README.md").write_text(readme, encoding="utf-8")
    (tmp_path / "helpers/data/registry.json").write_text("{}")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "DATA", tmp_path / "data")
    monkeypatch.setattr(command, "use_two_threads", lambda: None)  # too late here
    quick = recipe("dense_baseline")
    quick = type(quick)(
        name="quick",
        network=quick.network,
        arguments={"input_shape": (8, 8, 1)},
        data="digits",
        training={"epochs": 2},
        seeds=(0, 1),
    )
    for module in ("helpers.training", "helpers.training._recipes"):
        monkeypatch.setattr(f"{module}.recipes", lambda: {"quick": quick})
    return tmp_path


def test_one_command_trains_and_ships(book, capsys):
    command.main(["quick", "--ship", "--work", str(book / "work")])
    assert "quick: {'seed': 0" in capsys.readouterr().out
    record = json.loads((book / "data/trainings/quick.json").read_text())
    assert [run["seed"] for run in record["runs"]] == [0, 1]
    registry = json.loads((book / "helpers/data/registry.json").read_text())
    assert set(registry) == {"trainings/quick.json", "weights/quick.npz"}
    readme = (book / "data/README.md").read_text()
    for name, facts in registry.items():
        path = book / "data" / name
        assert _files.measure(path) == (facts["bytes"], facts["sha256"])
        assert readme.count(f"| `{name}` |") == 1
        assert facts["sha256"] in readme
    before = (book / "data/weights/quick.npz").read_bytes()
    command.main(["quick", "--ship", "--work", str(book / "again")])
    assert (book / "data/weights/quick.npz").read_bytes() == before


def test_the_command_lists_recipes_and_refuses_others(book, capsys):
    command.main([])
    assert capsys.readouterr().out.startswith("quick ")
    with pytest.raises(SystemExit):
        command.main(["slow"])
    assert "there is no recipe 'slow'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        command.main(["quick", "--ship", "--seed", "1"])
    assert "--ship needs every seed" in capsys.readouterr().err


def test_every_shipped_file_is_read_through_its_register():
    names = {f"weights/{name}.npz" for name in trained_names()}
    names |= {f"trainings/{name}.json" for name in record_names()}
    for name in names:
        assert data.data_path(name).is_file()
