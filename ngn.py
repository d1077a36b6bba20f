"""Compare graph neural networks for crystals: everything that Python calls.

`ngn.compare`, `ngn.open_dataset`, `ngn.Estimator`; and what plugins derive from.
"""

from ngn_core import __version__ as __version__
from ngn_core.api import *  # noqa: F403  # the same names, listed there
