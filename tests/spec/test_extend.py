import pytest

from ngn_core.spec.library import shipped_specs


def test_a_spec_takes_from_another_what_it_does_not_say(probe, write, load):
    child = write("extends: probe.yaml\nname: child\ntrain: {epochs: 7}\n", "c.yaml")
    found, parent = load(child), load(probe)
    assert found.name == "child"
    assert found.file == "c.yaml"
    assert found.train["regression"].epochs == 7
    assert found.train["regression"].batch_size == 2
    assert (found.graph, found.network) == (parent.graph, parent.network)


def test_paths_start_at_the_file_that_names_them(probe, tmp_path, load):
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    (folder / "c.yaml").write_text("extends: ../b.yaml\nname: c")
    (folder.parent / "b.yaml").write_text("extends: ../probe.yaml\nname: b")
    assert load("deep/er/c.yaml").network == load(probe).network


def test_a_shipped_spec_is_extended_by_its_name(write, load):
    child = write("extends: cogn\nname: wide\n")
    assert load(child).network == load("cogn").network


def test_the_same_component_is_merged_and_another_one_replaces(probe, write, load):
    text = "extends: probe.yaml\nname: child\ntrain: {optimizer: {use: %s%s}}\n"
    write(text % ("adam", ", eps: 0.5"), "same.yaml")
    same = load("same.yaml").train["regression"].optimizer.options
    assert (same.lr, same.eps) == (1e-3, 0.5)
    write(text % ("adamw", ", lr: 0.1, eps: 0.5"), "other.yaml")
    assert load("other.yaml").train["regression"].optimizer.options.lr == 0.1


def test_a_replaced_component_forgets_the_options_of_the_other(probe, write, problems):
    write("extends: probe.yaml\nname: c\ntrain:\n  optimizer: {use: adamw}\n", "c.yaml")
    assert problems("c.yaml") == [
        "c.yaml:4: train.optimizer.lr: found nothing; expected a number greater than 0"
    ]


def test_a_name_alone_is_short_for_its_use(probe, write, load):
    write("extends: probe.yaml\nname: b\ntrain: {schedule: cosine}\n", "b.yaml")
    text = "extends: b.yaml\nname: c\ntrain: {optimizer: adam, schedule: {stop: 0.5}}\n"
    train = load(write(text, "c.yaml")).train["regression"]
    assert train.optimizer.options.lr == 1e-3
    assert (train.schedule.name, train.schedule.options.stop) == ("cosine", 0.5)


def test_lists_are_replaced_and_null_takes_away(probe, write, load):
    text = "extends: probe.yaml\nname: c\nnetwork: {head: null, blocks: [cogn, cogn]}\n"
    network = load(write(text, "c.yaml")).network
    assert [block.use.name for block in network.blocks] == ["cogn", "cogn"]
    assert network.head is None


def test_a_problem_is_placed_in_the_file_where_the_key_was_written(
    write, changed, problems
):
    changed("cutoff: 5.0", "cutoff: -1")
    write("extends: probe.yaml\n\nname: b\ntrain: {epochs: 0}\n", "b.yaml")
    write(
        "extends: b.yaml\nname: c\n"
        "train: {batch_size: x, by_task: {binary: {optimizer: {lr: 0}}}}\n",
        "c.yaml",
    )
    assert [line.partition(": found")[0] for line in problems("c.yaml")] == [
        "b.yaml:4: train.epochs",
        "c.yaml:3: train.batch_size",
        "c.yaml:3: train.by_task.binary.optimizer.lr",
        "probe.yaml:3: graph.edges.cutoff",
    ]


@pytest.mark.parametrize(
    ("parent", "found"),
    [
        ("nowhere.yaml", "'nowhere.yaml'"),
        ("[a, b]", "[a, b]"),
        ("null", "nothing"),
        ("5", "5"),
        ("x" * 300, "'" + "x" * 56 + "..."),
    ],
)
def test_a_parent_that_is_not_there_is_reported_at_its_line(
    write, problems, parent, found
):
    write(f"name: c\nextends: {parent}\n")
    (line,) = problems("probe.yaml")
    assert line == (
        f"probe.yaml:2: extends: found {found}; expected the path of a spec, from this "
        "file on, or a shipped spec's name"
    )


def test_circles_are_reported_where_they_close(write, problems):
    write("extends: b.yaml", "a.yaml")
    write("name: b\nextends: a.yaml", "b.yaml")
    assert problems("a.yaml") == [
        "b.yaml:2: extends: found a circle: a.yaml -> b.yaml -> a.yaml; expected "
        "a spec that does not extend itself"
    ]


def test_a_broken_parent_is_reported_under_its_own_name(write, problems):
    write("name: [", "a.yaml")
    write("extends: a.yaml", "b.yaml")
    assert problems("b.yaml")[0].startswith("a.yaml:1: (file): found broken YAML")


def test_shipped_specs_have_the_names_of_their_paths():
    assert {"cgcnn", "schnet", "megnet", "cogn", "congn"} <= shipped_specs().keys()
