"""The panels a scene is made of: one description each, one file each."""

from animate.draw.panels.base import Panel
from animate.draw.panels.class_bars import ClassBars
from animate.draw.panels.cloud import Cloud, cloud_grid
from animate.draw.panels.curves import Curves, FittedCurve
from animate.draw.panels.decision_map import DecisionMap
from animate.draw.panels.fit import Fit
from animate.draw.panels.fold_errors import FoldErrors
from animate.draw.panels.fold_fit import FoldFit
from animate.draw.panels.fold_grid import FoldGrid
from animate.draw.panels.formula import Formula, Term
from animate.draw.panels.hidden_units import HiddenUnits
from animate.draw.panels.log_loss import LogLoss
from animate.draw.panels.log_odds import LogOdds, Probability, Squeeze
from animate.draw.panels.logit_pulls import LogitPulls
from animate.draw.panels.loss_curve import LossCurve
from animate.draw.panels.loss_shapes import LossShape, LossShapes
from animate.draw.panels.penalty_curve import PenaltyCurve
from animate.draw.panels.penalty_geometry import PenalizedRun, PenaltyGeometry
from animate.draw.panels.pulls import pull_stems, pull_words
from animate.draw.panels.rate_scale import RateScale
from animate.draw.panels.regions import Regions
from animate.draw.panels.residuals import Residuals
from animate.draw.panels.shrinking import shrinking_rules
from animate.draw.panels.sigmoid import Sigmoid
from animate.draw.panels.sigmoids import Sigmoids
from animate.draw.panels.softmax_regions import SoftmaxRegions
from animate.draw.panels.standings import Standings, arrivals_in_words
from animate.draw.panels.stems import StemRow, Stems
from animate.draw.panels.surface import Surface, around, window
from animate.draw.panels.surface3d import Surface3D
from animate.draw.panels.totals import Total, Totals
from animate.draw.panels.traces import Traces
from animate.draw.panels.updates_needed import UpdatesNeeded
from animate.draw.panels.verdict_curve import VerdictCurve, verdict_grid, verdict_words
from animate.draw.readout import Readout
from animate.draw.run import RUN_ROLES, Run, loss_settles_at, settles_at

__all__ = [
    "RUN_ROLES",
    "ClassBars",
    "Cloud",
    "Curves",
    "DecisionMap",
    "Fit",
    "FittedCurve",
    "FoldErrors",
    "FoldFit",
    "FoldGrid",
    "Formula",
    "HiddenUnits",
    "LogLoss",
    "LogOdds",
    "LogitPulls",
    "LossCurve",
    "LossShape",
    "LossShapes",
    "Panel",
    "PenalizedRun",
    "PenaltyCurve",
    "PenaltyGeometry",
    "Probability",
    "RateScale",
    "Readout",
    "Regions",
    "Residuals",
    "Run",
    "Sigmoid",
    "Sigmoids",
    "SoftmaxRegions",
    "Squeeze",
    "Standings",
    "StemRow",
    "Stems",
    "Surface",
    "Surface3D",
    "Term",
    "Total",
    "Totals",
    "Traces",
    "UpdatesNeeded",
    "VerdictCurve",
    "around",
    "arrivals_in_words",
    "cloud_grid",
    "loss_settles_at",
    "pull_stems",
    "pull_words",
    "settles_at",
    "shrinking_rules",
    "verdict_grid",
    "verdict_words",
    "window",
]
