import importlib.util

import pytest

from ngn_core.cli.arguments_log import log_of
from ngn_core.cli.compare import parser
from ngn_core.errors import NGNError


def test_what_is_not_installed_is_said_before_anything_runs(monkeypatch):
    asked = parser().parse_args(["cgcnn", "--log", "tensorboard"])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NGNError, match=r"--log tensorboard .*ngn\[tensorboard\]"):
        log_of(asked)
    assert log_of(parser().parse_args(["cgcnn"])) is None
