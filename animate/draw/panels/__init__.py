"""The panels a scene is made of: one description each, one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from animate._lazy import lazily

if TYPE_CHECKING:
    from animate.draw.panels.base import Panel as Panel
    from animate.draw.panels.class_bars import ClassBars as ClassBars
    from animate.draw.panels.cloud import Cloud as Cloud
    from animate.draw.panels.cloud import cloud_grid as cloud_grid
    from animate.draw.panels.convergence_curve import ConvergenceCurve as ConvergenceCurve
    from animate.draw.panels.convergence_curve import convergence_grid as convergence_grid
    from animate.draw.panels.convergence_curve import convergence_summary as convergence_summary
    from animate.draw.panels.curves import Curves as Curves
    from animate.draw.panels.curves import FittedCurve as FittedCurve
    from animate.draw.panels.decision_map import DecisionMap as DecisionMap
    from animate.draw.panels.fold_errors import FoldErrors as FoldErrors
    from animate.draw.panels.fold_fit import FoldFit as FoldFit
    from animate.draw.panels.fold_grid import FoldGrid as FoldGrid
    from animate.draw.panels.formula import Formula as Formula
    from animate.draw.panels.formula import Term as Term
    from animate.draw.panels.hidden_units import HiddenUnits as HiddenUnits
    from animate.draw.panels.leaderboard import Leaderboard as Leaderboard
    from animate.draw.panels.leaderboard import arrival_summary as arrival_summary
    from animate.draw.panels.line_fit import LineFit as LineFit
    from animate.draw.panels.log_loss import LogLoss as LogLoss
    from animate.draw.panels.log_odds import LogOdds as LogOdds
    from animate.draw.panels.log_odds import Probability as Probability
    from animate.draw.panels.log_odds import Squeeze as Squeeze
    from animate.draw.panels.logit_pulls import LogitPulls as LogitPulls
    from animate.draw.panels.loss_curve import LossCurve as LossCurve
    from animate.draw.panels.loss_shapes import LossShape as LossShape
    from animate.draw.panels.loss_shapes import LossShapes as LossShapes
    from animate.draw.panels.loss_surface import LossSurface as LossSurface
    from animate.draw.panels.loss_surface import around as around
    from animate.draw.panels.loss_surface import window as window
    from animate.draw.panels.loss_surface3d import LossSurface3D as LossSurface3D
    from animate.draw.panels.penalty_curve import PenaltyCurve as PenaltyCurve
    from animate.draw.panels.penalty_geometry import PenalizedRun as PenalizedRun
    from animate.draw.panels.penalty_geometry import PenaltyGeometry as PenaltyGeometry
    from animate.draw.panels.pulls import pull_stems as pull_stems
    from animate.draw.panels.pulls import pull_summary as pull_summary
    from animate.draw.panels.rate_scale import RateScale as RateScale
    from animate.draw.panels.regions import Regions as Regions
    from animate.draw.panels.residuals import Residuals as Residuals
    from animate.draw.panels.shrinkage import shrinkage_rules as shrinkage_rules
    from animate.draw.panels.sigmoid import Sigmoid as Sigmoid
    from animate.draw.panels.sigmoids import Sigmoids as Sigmoids
    from animate.draw.panels.softmax_regions import SoftmaxRegions as SoftmaxRegions
    from animate.draw.panels.stems import StemRow as StemRow
    from animate.draw.panels.stems import Stems as Stems
    from animate.draw.panels.totals import Total as Total
    from animate.draw.panels.totals import Totals as Totals
    from animate.draw.panels.traces import Traces as Traces
    from animate.draw.panels.updates_needed import UpdatesNeeded as UpdatesNeeded
    from animate.draw.readout import Readout as Readout
    from animate.draw.run import RUN_ROLES as RUN_ROLES
    from animate.draw.run import Run as Run
    from animate.draw.run import loss_settles_at as loss_settles_at
    from animate.draw.run import settles_at as settles_at

# public name: the module that holds it, loaded when the name is first used: a scene needs a few of them
_NAMES = {
    "ClassBars": "animate.draw.panels.class_bars",
    "Cloud": "animate.draw.panels.cloud",
    "Curves": "animate.draw.panels.curves",
    "DecisionMap": "animate.draw.panels.decision_map",
    "LineFit": "animate.draw.panels.line_fit",
    "FittedCurve": "animate.draw.panels.curves",
    "FoldErrors": "animate.draw.panels.fold_errors",
    "FoldFit": "animate.draw.panels.fold_fit",
    "FoldGrid": "animate.draw.panels.fold_grid",
    "Formula": "animate.draw.panels.formula",
    "HiddenUnits": "animate.draw.panels.hidden_units",
    "LogLoss": "animate.draw.panels.log_loss",
    "LogOdds": "animate.draw.panels.log_odds",
    "LogitPulls": "animate.draw.panels.logit_pulls",
    "LossCurve": "animate.draw.panels.loss_curve",
    "LossShape": "animate.draw.panels.loss_shapes",
    "LossShapes": "animate.draw.panels.loss_shapes",
    "Panel": "animate.draw.panels.base",
    "PenalizedRun": "animate.draw.panels.penalty_geometry",
    "PenaltyCurve": "animate.draw.panels.penalty_curve",
    "PenaltyGeometry": "animate.draw.panels.penalty_geometry",
    "Probability": "animate.draw.panels.log_odds",
    "RUN_ROLES": "animate.draw.run",
    "RateScale": "animate.draw.panels.rate_scale",
    "Readout": "animate.draw.readout",
    "Regions": "animate.draw.panels.regions",
    "Residuals": "animate.draw.panels.residuals",
    "Run": "animate.draw.run",
    "Sigmoid": "animate.draw.panels.sigmoid",
    "Sigmoids": "animate.draw.panels.sigmoids",
    "SoftmaxRegions": "animate.draw.panels.softmax_regions",
    "Squeeze": "animate.draw.panels.log_odds",
    "Leaderboard": "animate.draw.panels.leaderboard",
    "StemRow": "animate.draw.panels.stems",
    "Stems": "animate.draw.panels.stems",
    "LossSurface": "animate.draw.panels.loss_surface",
    "LossSurface3D": "animate.draw.panels.loss_surface3d",
    "Term": "animate.draw.panels.formula",
    "Total": "animate.draw.panels.totals",
    "Totals": "animate.draw.panels.totals",
    "Traces": "animate.draw.panels.traces",
    "UpdatesNeeded": "animate.draw.panels.updates_needed",
    "ConvergenceCurve": "animate.draw.panels.convergence_curve",
    "around": "animate.draw.panels.loss_surface",
    "arrival_summary": "animate.draw.panels.leaderboard",
    "cloud_grid": "animate.draw.panels.cloud",
    "loss_settles_at": "animate.draw.run",
    "pull_stems": "animate.draw.panels.pulls",
    "pull_summary": "animate.draw.panels.pulls",
    "settles_at": "animate.draw.run",
    "shrinkage_rules": "animate.draw.panels.shrinkage",
    "convergence_grid": "animate.draw.panels.convergence_curve",
    "convergence_summary": "animate.draw.panels.convergence_curve",
    "window": "animate.draw.panels.loss_surface",
}
__all__ = [*_NAMES]  # noqa: PLE0604
__getattr__, __dir__ = lazily(__name__, _NAMES)
