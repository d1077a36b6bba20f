import pytest


def test_values_are_yaml_and_lists_take_indexes(probe, load):
    spec = load(
        probe,
        "train.epochs=9",
        "train.optimizer.lr=5e-4",
        "network.blocks.0.repeat=4",
        "network.head.layers=[5, 1]",
        "network.head.layers.0=6",
        "network.readout={use: sum}",
        "reference.note=a=b",
        "name=on",
    )
    train, network = spec.train["regression"], spec.network
    assert (train.epochs, train.optimizer.options.lr) == (9, 5e-4)
    assert (network.blocks[0].repeat, network.head.options.layers) == (4, (6, 1))
    assert (network.readout.name, spec.reference.note, spec.name) == (
        "sum",
        "a=b",
        "on",
    )


def test_a_key_of_a_component_that_was_given_by_its_name(probe, load):
    spec = load(probe, "train.schedule=cosine", "train.schedule.stop=0.5")
    assert spec.train["binary"].schedule.options.stop == 0.5


def test_a_section_that_was_not_there_is_made(changed, load):
    file = changed("  readout: mean\n", "  readout: mean\n  init: null\n")
    assert load(file, "network.init.use=keras").network.init.name == "keras"


def test_nested_blocks_can_be_given(probe, load):
    block = "{on: messages, use: cogn_line, gate: gru}"
    spec = load(probe, "graph.nest=[{use: receiver}]", f"network.blocks.0.nest={block}")
    assert spec.network.blocks[0].on == "messages"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("train.epoch=5", "train.epoch: found the unknown key 'epoch'; expected one"),
        ("trian.epochs=5", "trian: found the unknown key 'trian'; expected one of"),
        ("train.epochs=x", "train.epochs: found 'x'; expected a whole number greater"),
        ("train.epochs=", "train.epochs: found nothing; expected a whole number"),
        (
            "train.epochs.x=5",
            "train.epochs.x: found train.epochs, which is 3 and has no",
        ),
        ("network.blocks.1.use=cogn", "network.blocks.1: found '1'; expected an index"),
        (
            "network.blocks.-1.use=cogn",
            "network.blocks.-1: found '-1'; expected an ind",
        ),
        ("network.blocks.²=cogn", "network.blocks.²: found '²'; expected an index"),
        ("network.blocks.0.use=CGCNN", "network.blocks.0.use: found 'CGCNN'; expected"),
        (
            "extends=cogn",
            "extends: found 'cogn'; expected `extends:` in a spec file al",
        ),
        ("epochs", "(flag): found 'epochs'; expected key=value, train.epochs=100 say"),
        ("=5", "(flag): found '=5'; expected key=value"),
        ("name=[", "name: found broken YAML: "),
        ("name=*x", "name: found the alias *x"),
        ("name=!!python/name:os.system x", "name: found the tag tag:yaml.org,2002:py"),
    ],
)
def test_a_flag_that_is_wrong_is_the_place_of_the_problem(
    probe, problems, setting, message
):
    (line,) = problems(probe, settings=[setting])
    assert line.startswith(f"--set {setting}: {message}")


def test_wrong_flags_do_not_hide_each_other_nor_the_file(changed, problems):
    changed("epochs: 3", "epochs: 0")
    settings = ["a", "network.blocks.9=cogn", "train.batch_size=0"]
    lines = problems("probe.yaml", settings=settings)
    assert [line.partition(" ")[0] for line in lines] == [
        "probe.yaml:13:",
        *3 * ["--set"],
    ]


def test_a_flag_that_is_wrong_for_all_is_told_once(probe, changed, problems):
    other = changed("name: probe", "name: other", "other.yaml")
    lines = problems(probe, other, settings=["train.epochs=0"])
    assert lines == [
        "--set train.epochs=0: train.epochs: found 0; expected a whole number greater "
        "than 0"
    ]


def test_a_flag_that_is_wrong_for_one_names_it(probe, changed, problems):
    other = changed("{use: cgcnn}", "{use: cogn}", "other.yaml")
    setting = "network.blocks.0.node_layers=2"
    (line,) = problems(probe, other, settings=[setting, "name=x"])[:1]
    assert line.startswith(
        f"--set {setting} (probe.yaml): network.blocks.0.node_layers:"
    )
