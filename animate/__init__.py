"""Short, exact, good-looking animations of how learning algorithms move.

Names load when they are first used, so that ``import animate`` needs neither numpy nor matplotlib; yet
``writer="animate"`` is known to matplotlib as soon as ``matplotlib.animation`` is imported, before or after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from animate import _hook
from animate._lazy import lazily

if TYPE_CHECKING:
    from animate.draw import formatting as formatting
    from animate.draw import panels as panels
    from animate.draw.timeline import Timeline as Timeline
    from animate.learn import cross_validation as cross_validation
    from animate.learn import data as data
    from animate.learn import datasets as datasets
    from animate.learn import losses as losses
    from animate.learn import objectives as objectives
    from animate.learn import optimizers as optimizers
    from animate.learn import problems as problems
    from animate.learn import proximal as proximal
    from animate.learn import robust as robust
    from animate.learn import sampling as sampling
    from animate.learn import schedules as schedules
    from animate.learn import splitting as splitting
    from animate.learn import surfaces as surfaces
    from animate.learn.data import ClassificationData as ClassificationData
    from animate.learn.data import RegressionData as RegressionData
    from animate.learn.data import Scaling as Scaling
    from animate.learn.data import line as line
    from animate.learn.data import penguins as penguins
    from animate.learn.descent import Trajectory as Trajectory
    from animate.learn.descent import descend as descend
    from animate.learn.features import FeatureData as FeatureData
    from animate.learn.features import correlated_features as correlated_features
    from animate.learn.landscape import own_landscape as own_landscape
    from animate.learn.neural import network_problem as network_problem
    from animate.learn.newton import newton_path as newton_path
    from animate.learn.planes import Plane as Plane
    from animate.learn.planes import Slice as Slice
    from animate.learn.planes import principal_plane as principal_plane
    from animate.learn.problems import LinearProblem as LinearProblem
    from animate.learn.problems import LogisticProblem as LogisticProblem
    from animate.learn.problems import linear_problem as linear_problem
    from animate.learn.problems import logistic_problem as logistic_problem
    from animate.learn.problems import polynomial_problem as polynomial_problem
    from animate.learn.problems import softmax_problem as softmax_problem
    from animate.learn.profile import Profile as Profile
    from animate.learn.quartet import anscombe as anscombe
    from animate.learn.scalings import scaled_problem as scaled_problem
    from animate.learn.scalings import unit_deviation as unit_deviation
    from animate.learn.shares import binned_shares as binned_shares
    from animate.learn.sines import wave_problem as wave_problem
    from animate.learn.starts import starting_params as starting_params
    from animate.learn.starts import updates_to_settle as updates_to_settle
    from animate.learn.subsets import few_of_each as few_of_each
    from animate.learn.tables import Table as Table
    from animate.learn.tables import load_table as load_table
    from animate.learn.tables import read_csv as read_csv
    from animate.learn.truths import true_curves as true_curves
    from animate.learn.tuning import Goal as Goal
    from animate.learn.tuning import arrival as arrival
    from animate.learn.tuning import tuned_learning_rate as tuned_learning_rate
    from animate.library.parameters import Range as Range
    from animate.library.scripts import SceneScript as SceneScript
    from animate.library.scripts import load as load
    from animate.scene import Scene as Scene

__version__ = "0.1.0"

# public name: the module that holds it, or is it
_NAMES = {
    "own_landscape": "animate.learn.landscape",
    "ClassificationData": "animate.learn.data",
    "FeatureData": "animate.learn.features",
    "Goal": "animate.learn.tuning",
    "LinearProblem": "animate.learn.problems",
    "LogisticProblem": "animate.learn.problems",
    "Plane": "animate.learn.planes",
    "Profile": "animate.learn.profile",
    "Range": "animate.library.parameters",
    "RegressionData": "animate.learn.data",
    "Scaling": "animate.learn.data",
    "Scene": "animate.scene",
    "SceneScript": "animate.library.scripts",
    "Slice": "animate.learn.planes",
    "Table": "animate.learn.tables",
    "Timeline": "animate.draw.timeline",
    "Trajectory": "animate.learn.descent",
    "anscombe": "animate.learn.quartet",
    "arrival": "animate.learn.tuning",
    "binned_shares": "animate.learn.shares",
    "correlated_features": "animate.learn.features",
    "cross_validation": "animate.learn.cross_validation",
    "data": "animate.learn.data",
    "datasets": "animate.learn.datasets",
    "descend": "animate.learn.descent",
    "few_of_each": "animate.learn.subsets",
    "line": "animate.learn.data",
    "linear_problem": "animate.learn.problems",
    "load": "animate.library.scripts",
    "load_table": "animate.learn.tables",
    "logistic_problem": "animate.learn.problems",
    "losses": "animate.learn.losses",
    "network_problem": "animate.learn.neural",
    "newton_path": "animate.learn.newton",
    "objectives": "animate.learn.objectives",
    "optimizers": "animate.learn.optimizers",
    "panels": "animate.draw.panels",
    "penguins": "animate.learn.data",
    "polynomial_problem": "animate.learn.problems",
    "principal_plane": "animate.learn.planes",
    "problems": "animate.learn.problems",
    "proximal": "animate.learn.proximal",
    "read_csv": "animate.learn.tables",
    "robust": "animate.learn.robust",
    "sampling": "animate.learn.sampling",
    "scaled_problem": "animate.learn.scalings",
    "schedules": "animate.learn.schedules",
    "softmax_problem": "animate.learn.problems",
    "splitting": "animate.learn.splitting",
    "starting_params": "animate.learn.starts",
    "surfaces": "animate.learn.surfaces",
    "true_curves": "animate.learn.truths",
    "tuned_learning_rate": "animate.learn.tuning",
    "unit_deviation": "animate.learn.scalings",
    "updates_to_settle": "animate.learn.starts",
    "wave_problem": "animate.learn.sines",
    "formatting": "animate.draw.formatting",
}
__all__ = ["__version__", *_NAMES]  # noqa: PLE0604
__getattr__, __dir__ = lazily(__name__, _NAMES)

_hook.install()
