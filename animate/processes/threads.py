"""How many threads numpy's products of matrices use: one."""

import os

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""The number of threads decides the order of sums in a product of matrices: with one, the bytes stay the same."""


def use_one_thread() -> None:
    """Let numpy, which must not be imported yet, use one thread, unless the environment says how many.

    The products of a lesson are small: several threads wait for each other longer than they compute, many times longer
    on a busy computer.
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
