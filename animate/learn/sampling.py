"""Samplers: which rows each update uses - all of them, one at a time, or a minibatch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from animate.learn.validation import Rng, generator, whole

Rows = npt.NDArray[np.int32]
RowIndex = npt.NDArray[np.integer[Any]]


class Sampler(Protocol):
    """The interface of a sampler, which gives `descend` the rows of each update."""

    def rows(self, n_samples: int, n_updates: int) -> Rows | None:
        """Return rows, shape (n_updates, batch_size), padded with -1; None means all rows in every update."""
        ...


@dataclass(frozen=True)
class FullBatch:
    """Every row in every update."""

    def rows(self, n_samples: int, n_updates: int) -> Rows | None:  # noqa: ARG002
        """Return None: every update uses all rows."""
        return None


FULL_BATCH = FullBatch()


@dataclass(frozen=True)
class Minibatch:
    """Passes over the data in batches; each epoch visits every row once.

    Attributes
    ----------
    batch_size : int
        Rows of an update. The last batch of an epoch has the remaining rows, and `descend` weights it accordingly.
    rng : Generator or int
        Where the order comes from. A seed gives the same rows each time; a Generator moves on.
    """

    batch_size: int
    shuffle: bool = True
    rng: Rng = 0

    def rows(self, n_samples: int, n_updates: int) -> Rows:
        """Return rows of each update, shape (n_updates, min(batch_size, n_samples)), padded with -1.

        A longer run with the same seed begins with the rows of a shorter one.
        """
        batch_size = min(self.batch_size, n_samples)
        batches = -(-n_samples // batch_size)
        n_epochs = -(-n_updates // batches)
        padded = np.full((n_epochs, batches * batch_size), -1, dtype=np.int32)
        padded[:, :n_samples] = np.arange(n_samples, dtype=np.int32)
        if self.shuffle:
            rng = generator(self.rng)
            for epoch in padded:
                rng.shuffle(epoch[:n_samples])
        return padded.reshape(-1, batch_size)[:n_updates]


def batch() -> FullBatch:
    """Return the sampler of batch descent: every row in every update.

    >>> batch().rows(n_samples=3, n_updates=2) is None
    True
    """
    return FULL_BATCH


def online(*, shuffle: bool = True, rng: Rng = 0) -> Minibatch:
    """Return the sampler of online descent: one row in each update, each row once per epoch.

    >>> online(shuffle=False).rows(n_samples=3, n_updates=4).ravel().tolist()
    [0, 1, 2, 0]
    """
    return minibatch(1, shuffle=shuffle, rng=rng)


def minibatch(batch_size: int, *, shuffle: bool = True, rng: Rng = 0) -> Minibatch:
    """Return the sampler of minibatch descent: `batch_size` rows in each update, each row once per epoch.

    Parameters
    ----------
    batch_size : int
        Rows of an update, at least 1; the last batch of an epoch has the rows that are left.

    Examples
    --------
    >>> minibatch(2, shuffle=False).rows(n_samples=3, n_updates=3).tolist()
    [[0, 1], [2, -1], [0, 1]]
    """
    generator(rng)
    return Minibatch(whole("batch_size", batch_size, 1), shuffle, rng)
