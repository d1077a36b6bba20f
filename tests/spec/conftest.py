import pytest

from ngn_core.errors import SpecError
from ngn_core.spec.load import load_specs

SPEC = """\
name: probe
graph:
  edges: {use: radius, cutoff: 5.0}
network:
  embed:
    node: {use: element, width: 8}
    edge: {use: gaussian, of: length, bins: 4, stop: 5.0}
  blocks:
    - {use: cgcnn}
  readout: mean
  head: {use: mlp, layers: [1]}
train:
  epochs: 3
  batch_size: 2
  optimizer: {use: adam, lr: 1.0e-3}
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """A function that writes a file into the working folder, and returns its name."""
    monkeypatch.chdir(tmp_path)

    def made(text, name="probe.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return made


@pytest.fixture
def changed(write):
    """A function that writes the probe with a text replaced."""

    def made(old, new, name="probe.yaml"):
        assert old in SPEC
        return write(SPEC.replace(old, new), name)

    return made


@pytest.fixture
def problems(registry):
    """A function that returns the problems of spec files, as they are printed."""

    def found(*names, settings=()):
        with pytest.raises(SpecError) as caught:
            load_specs(names, registry, settings)
        return str(caught.value).splitlines()

    return found


@pytest.fixture
def load(registry):
    """A function that loads one spec."""

    def loaded(name, *settings):
        return load_specs([name], registry, settings)[0]

    return loaded


@pytest.fixture
def probe(write):
    return write(SPEC)
