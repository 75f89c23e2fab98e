"""A search without gradients: CMA-ES (Hansen, “The CMA evolution strategy: a tutorial”, 2016)."""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


class Evolution:
    """Asks for the cost of points around `mean`, in generations, and moves to where it is low.

    The same seed and the same costs give the same points.
    """

    def __init__(self, mean: Vector, sigma: float, size: int, seed: int) -> None:
        """`mean`: where to begin, shape (d,); `sigma`: how far around; `size`: points in a generation, at least 4."""
        d = len(mean)
        self.mean = mean.astype(np.float64)
        self.sigma = sigma
        self._random = np.random.default_rng(seed)
        self._size = size
        weights = np.log(size / 2 + 0.5) - np.log(np.arange(1, size // 2 + 1))
        self._weights = weights / weights.sum()
        self._effective = 1 / float(np.sum(self._weights**2))
        mu = self._effective
        self._for_path = (4 + mu / d) / (d + 4 + 2 * mu / d)
        self._for_sigma = (mu + 2) / (d + mu + 5)
        self._for_one = 2 / ((d + 1.3) ** 2 + mu)
        self._for_many = min(1 - self._for_one, 2 * (mu - 2 + 1 / mu) / ((d + 2) ** 2 + mu))
        self._damping = 1 + 2 * max(0.0, np.sqrt((mu - 1) / (d + 1)) - 1) + self._for_sigma
        self._expected = np.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d))
        self._covariance = np.eye(d)
        self._path = np.zeros(d)
        self._path_sigma = np.zeros(d)
        self._generation = 0
        self._decompose()

    def ask(self) -> Vector:
        """The next generation, shape (size, d)."""
        steps = self._random.standard_normal((self._size, len(self.mean))) * self._scales
        points: Vector = self.mean + self.sigma * steps @ self._axes.T
        return points

    def tell(self, points: Vector, costs: Vector) -> None:
        """What the points of a generation cost, shape (size,)."""
        self._generation += 1
        best = points[np.argsort(costs, kind="stable")[: len(self._weights)]]
        steps = (best - self.mean) / self.sigma
        step = self._weights @ steps
        self.mean = self.mean + self.sigma * step
        white = self._axes @ ((step @ self._axes) / self._scales)
        rate = self._for_sigma
        self._path_sigma = (1 - rate) * self._path_sigma + np.sqrt(rate * (2 - rate) * self._effective) * white
        length = float(np.linalg.norm(self._path_sigma))
        grown = length / np.sqrt(1 - (1 - rate) ** (2 * self._generation))
        moving = grown < (1.4 + 2 / (len(step) + 1)) * self._expected
        rate = self._for_path
        self._path = (1 - rate) * self._path + moving * np.sqrt(rate * (2 - rate) * self._effective) * step
        lost = (1 - moving) * self._for_one * rate * (2 - rate)
        self._covariance *= 1 - self._for_one - self._for_many + lost
        self._covariance += self._for_one * np.outer(self._path, self._path)
        self._covariance += self._for_many * (steps * self._weights[:, None]).T @ steps
        self.sigma *= float(np.exp((length / self._expected - 1) * self._for_sigma / self._damping))
        self._decompose()

    def _decompose(self) -> None:
        values, self._axes = np.linalg.eigh((self._covariance + self._covariance.T) / 2)
        self._scales = np.sqrt(np.maximum(values, 1e-20))
