"""What training is made of: initial weights, losses, metrics, optimizers, schedules."""

import ngn_core.api as ngn
from ngn_plugins.training.amsgrad import AMSGrad
from ngn_plugins.training.decays import Exponential, HeldLinear, Steps
from ngn_plugins.training.initialization import GlorotOrthogonal, Keras
from ngn_plugins.training.losses import (
    BinaryCrossEntropy,
    MeanAbsoluteError,
    MeanSquaredError,
)
from ngn_plugins.training.metrics import (
    F1,
    MAE,
    RMSE,
    AveragePrecision,
    BalancedAccuracy,
    Brier,
    Prevalence,
    RocAuc,
)
from ngn_plugins.training.optimizers import Adam, AdamW
from ngn_plugins.training.plateau import Plateau
from ngn_plugins.training.schedules import Cosine, Linear, OneCycle
from ngn_plugins.training.sgd import SGD
from ngn_plugins.training.smooth import Huber


@ngn.hookimpl
def ngn_register_initializations() -> list[type]:
    """Return the initializations of this folder."""
    return [GlorotOrthogonal, Keras]


@ngn.hookimpl
def ngn_register_losses() -> list[type]:
    """Return the losses of this folder."""
    return [BinaryCrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError]


@ngn.hookimpl
def ngn_register_metrics() -> list[type]:
    """Return the metrics of this folder, the ones that decide first."""
    return [
        MAE,
        RMSE,
        RocAuc,
        AveragePrecision,
        BalancedAccuracy,
        F1,
        Brier,
        Prevalence,
    ]


@ngn.hookimpl
def ngn_register_optimizers() -> list[type]:
    """Return the optimizers of this folder."""
    return [Adam, AdamW, AMSGrad, SGD]


@ngn.hookimpl
def ngn_register_schedules() -> list[type]:
    """Return the schedules of this folder."""
    return [Cosine, Exponential, HeldLinear, Linear, OneCycle, Plateau, Steps]
