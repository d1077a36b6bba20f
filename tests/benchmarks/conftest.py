"""Scripts of `benchmarks/`, as modules."""

import importlib.util
import sys

import pytest


@pytest.fixture(scope="module")
def script(request):
    """The script that a test file calls SCRIPT, beside the modules that it imports."""
    path = request.module.SCRIPT
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(path.parent), *sys.path])
        patch.setitem(sys.modules, path.stem, module)
        spec.loader.exec_module(module)
    return module
