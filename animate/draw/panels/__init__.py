"""The panels a scene is made of: a `Plot` of any marks, `Custom` matplotlib, and the usual compositions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from animate._lazy import lazily

if TYPE_CHECKING:
    from animate.draw.panels.bars import StemRow as StemRow
    from animate.draw.panels.bars import Stems as Stems
    from animate.draw.panels.bars import Total as Total
    from animate.draw.panels.bars import Totals as Totals
    from animate.draw.panels.bars import pull_stems as pull_stems
    from animate.draw.panels.bars import pull_summary as pull_summary
    from animate.draw.panels.base import Panel as Panel
    from animate.draw.panels.clouds import Cloud as Cloud
    from animate.draw.panels.clouds import cloud_grid as cloud_grid
    from animate.draw.panels.curves import Curves as Curves
    from animate.draw.panels.curves import FittedCurve as FittedCurve
    from animate.draw.panels.decision_regions import DecisionMap as DecisionMap
    from animate.draw.panels.decision_regions import Regions as Regions
    from animate.draw.panels.decision_regions import SoftmaxRegions as SoftmaxRegions
    from animate.draw.panels.folds import FoldErrors as FoldErrors
    from animate.draw.panels.folds import FoldFit as FoldFit
    from animate.draw.panels.folds import FoldGrid as FoldGrid
    from animate.draw.panels.formula import Formula as Formula
    from animate.draw.panels.formula import Term as Term
    from animate.draw.panels.formula import shrinkage_rules as shrinkage_rules
    from animate.draw.panels.history import LossCurve as LossCurve
    from animate.draw.panels.history import Traces as Traces
    from animate.draw.panels.logistic_loss import LogitPulls as LogitPulls
    from animate.draw.panels.logistic_loss import LogLoss as LogLoss
    from animate.draw.panels.logistic_loss import LogOdds as LogOdds
    from animate.draw.panels.logistic_loss import Probability as Probability
    from animate.draw.panels.logistic_loss import Squeeze as Squeeze
    from animate.draw.panels.loss_shapes import LossShape as LossShape
    from animate.draw.panels.loss_shapes import LossShapes as LossShapes
    from animate.draw.panels.loss_surface import LossSurface as LossSurface
    from animate.draw.panels.loss_surface import around as around
    from animate.draw.panels.loss_surface import window as window
    from animate.draw.panels.loss_surface3d import LossSurface3D as LossSurface3D
    from animate.draw.panels.penalties import PenalizedRun as PenalizedRun
    from animate.draw.panels.penalties import PenaltyCurve as PenaltyCurve
    from animate.draw.panels.penalties import PenaltyGeometry as PenaltyGeometry
    from animate.draw.panels.plot import Custom as Custom
    from animate.draw.panels.plot import Plot as Plot
    from animate.draw.panels.predictions import ClassBars as ClassBars
    from animate.draw.panels.predictions import HiddenUnits as HiddenUnits
    from animate.draw.panels.regression import LineFit as LineFit
    from animate.draw.panels.regression import Residuals as Residuals
    from animate.draw.panels.run_comparison import ConvergenceCurve as ConvergenceCurve
    from animate.draw.panels.run_comparison import Leaderboard as Leaderboard
    from animate.draw.panels.run_comparison import RateScale as RateScale
    from animate.draw.panels.run_comparison import UpdatesNeeded as UpdatesNeeded
    from animate.draw.panels.run_comparison import arrival_summary as arrival_summary
    from animate.draw.panels.run_comparison import convergence_grid as convergence_grid
    from animate.draw.panels.run_comparison import convergence_summary as convergence_summary
    from animate.draw.panels.sigmoids import Sigmoid as Sigmoid
    from animate.draw.panels.sigmoids import Sigmoids as Sigmoids
    from animate.draw.readout import Readout as Readout
    from animate.draw.run import RUN_ROLES as RUN_ROLES
    from animate.draw.run import Run as Run
    from animate.draw.run import loss_settles_at as loss_settles_at
    from animate.draw.run import settles_at as settles_at

# public name: the module that holds it, loaded when the name is first used: a scene needs a few of them
_NAMES = {
    "ClassBars": "animate.draw.panels.predictions",
    "Cloud": "animate.draw.panels.clouds",
    "ConvergenceCurve": "animate.draw.panels.run_comparison",
    "Curves": "animate.draw.panels.curves",
    "Custom": "animate.draw.panels.plot",
    "DecisionMap": "animate.draw.panels.decision_regions",
    "FittedCurve": "animate.draw.panels.curves",
    "FoldErrors": "animate.draw.panels.folds",
    "FoldFit": "animate.draw.panels.folds",
    "FoldGrid": "animate.draw.panels.folds",
    "Formula": "animate.draw.panels.formula",
    "HiddenUnits": "animate.draw.panels.predictions",
    "Leaderboard": "animate.draw.panels.run_comparison",
    "LineFit": "animate.draw.panels.regression",
    "LogLoss": "animate.draw.panels.logistic_loss",
    "LogOdds": "animate.draw.panels.logistic_loss",
    "LogitPulls": "animate.draw.panels.logistic_loss",
    "LossCurve": "animate.draw.panels.history",
    "LossShape": "animate.draw.panels.loss_shapes",
    "LossShapes": "animate.draw.panels.loss_shapes",
    "LossSurface": "animate.draw.panels.loss_surface",
    "LossSurface3D": "animate.draw.panels.loss_surface3d",
    "Panel": "animate.draw.panels.base",
    "PenalizedRun": "animate.draw.panels.penalties",
    "PenaltyCurve": "animate.draw.panels.penalties",
    "PenaltyGeometry": "animate.draw.panels.penalties",
    "Plot": "animate.draw.panels.plot",
    "Probability": "animate.draw.panels.logistic_loss",
    "RUN_ROLES": "animate.draw.run",
    "RateScale": "animate.draw.panels.run_comparison",
    "Readout": "animate.draw.readout",
    "Regions": "animate.draw.panels.decision_regions",
    "Residuals": "animate.draw.panels.regression",
    "Run": "animate.draw.run",
    "Sigmoid": "animate.draw.panels.sigmoids",
    "Sigmoids": "animate.draw.panels.sigmoids",
    "SoftmaxRegions": "animate.draw.panels.decision_regions",
    "Squeeze": "animate.draw.panels.logistic_loss",
    "StemRow": "animate.draw.panels.bars",
    "Stems": "animate.draw.panels.bars",
    "Term": "animate.draw.panels.formula",
    "Total": "animate.draw.panels.bars",
    "Totals": "animate.draw.panels.bars",
    "Traces": "animate.draw.panels.history",
    "UpdatesNeeded": "animate.draw.panels.run_comparison",
    "around": "animate.draw.panels.loss_surface",
    "arrival_summary": "animate.draw.panels.run_comparison",
    "cloud_grid": "animate.draw.panels.clouds",
    "convergence_grid": "animate.draw.panels.run_comparison",
    "convergence_summary": "animate.draw.panels.run_comparison",
    "loss_settles_at": "animate.draw.run",
    "pull_stems": "animate.draw.panels.bars",
    "pull_summary": "animate.draw.panels.bars",
    "settles_at": "animate.draw.run",
    "shrinkage_rules": "animate.draw.panels.formula",
    "window": "animate.draw.panels.loss_surface",
}
__all__ = [*_NAMES]  # noqa: PLE0604
__getattr__, __dir__ = lazily(__name__, _NAMES)
