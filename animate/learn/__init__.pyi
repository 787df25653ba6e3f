"""The problems and data that ``animate.learn`` offers beside its modules. ``__init__.py`` reads this file."""

from animate.learn.data import FeatureData as FeatureData
from animate.learn.data import anscombe as anscombe
from animate.learn.data import subsample_per_class as subsample_per_class
from animate.learn.descent import affordable_updates as affordable_updates
from animate.learn.descent import damped_newton_path as damped_newton_path
from animate.learn.descent import gradients_along as gradients_along
from animate.learn.descent import newton_path as newton_path
from animate.learn.grouping import grouped as grouped
from animate.learn.network import network_problem as network_problem
from animate.learn.problems import polynomial_problem as polynomial_problem
from animate.learn.problems import scaled_problem as scaled_problem
from animate.learn.problems import starting_polynomial as starting_polynomial
from animate.learn.sinusoid import sinusoid_problem as sinusoid_problem
from animate.learn.softmax import softmax_problem as softmax_problem
