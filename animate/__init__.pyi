"""The names that ``import animate`` offers. They are written here only; ``__init__.py`` reads this file."""

from animate.draw import claims as claims
from animate.draw import formatting as formatting
from animate.draw import marks as marks
from animate.draw import panels as panels
from animate.draw.run import compare as compare
from animate.draw.story import Beat as Beat
from animate.draw.story import to_end as to_end
from animate.draw.story import up_to as up_to
from animate.draw.text_template import say as say
from animate.draw.text_template import sentences as sentences
from animate.draw.timeline import Timeline as Timeline
from animate.film.writer import writer as writer
from animate.learn import datasets as datasets
from animate.learn import losses as losses
from animate.learn import objectives as objectives
from animate.learn import optimizers as optimizers
from animate.learn import sampling as sampling
from animate.learn import schedules as schedules
from animate.learn import surfaces as surfaces
from animate.learn.data import ClassificationData as ClassificationData
from animate.learn.data import RegressionData as RegressionData
from animate.learn.data import penguins as penguins
from animate.learn.datasets import line as line
from animate.learn.descent import Trajectory as Trajectory
from animate.learn.descent import descend as descend
from animate.learn.problems import linear_problem as linear_problem
from animate.learn.problems import logistic_problem as logistic_problem
from animate.learn.problems import starting_params as starting_params
from animate.learn.tables import Table as Table
from animate.learn.tables import read_csv as read_csv
from animate.library.class_points import ClassPoints as ClassPoints
from animate.library.line_points import LinePoints as LinePoints
from animate.library.outlier_points import OutlierPoints as OutlierPoints
from animate.library.own_data import load_table as load_table
from animate.library.parameter_types import LearningRate as LearningRate
from animate.library.parameter_types import Momentum as Momentum
from animate.library.parameter_types import Noise as Noise
from animate.library.parameter_types import Orbit as Orbit
from animate.library.parameter_types import OwnData as OwnData
from animate.library.parameter_types import SampleSize as SampleSize
from animate.library.parameter_types import Seed as Seed
from animate.library.parameter_types import StartLine as StartLine
from animate.library.parameter_types import Updates as Updates
from animate.library.parameters import Range as Range
from animate.library.script import load as load
from animate.scene import Scene as Scene

def in_notebook(max_frames: int = ..., *, drawings: bool = ...) -> None:
    """Let matplotlib animations play where they end a cell of a notebook."""

__version__: str
__all__: list[str]
