"""Who the simulated users are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from segmentry.errors import MathsError
from segmentry.seeds import stream
from segmentry.simulate.population import NOISE, Link, Parameter, PlantedSegment, Population
from simulated import two_segments


@pytest.mark.parametrize(("link", "value"), [("identity", -2.0), ("exp", 3.5), ("share", 0.2)])
def test_a_natural_value_comes_back_from_its_latent_number(link: Link, value: float) -> None:
    parameter = Parameter("p", link, 1.0)
    assert parameter.natural(np.array([parameter.latent(value)]))[0] == pytest.approx(value)


def test_a_count_never_falls_below_its_floor() -> None:
    parameter = Parameter("lines", "exp", 1.0, above=1.0)
    assert (parameter.natural(np.array([-50.0, 0.0, 3.0])) >= 1.0).all()


@pytest.mark.parametrize(("link", "value"), [("exp", 0.0), ("share", 1.0), ("share", 0.0)])
def test_a_value_out_of_range_is_refused(link: Link, value: float) -> None:
    with pytest.raises(MathsError, match=f"p cannot be {value}"):
        Parameter("p", link, 1.0).latent(value)


def test_posteriors_are_the_exact_densities_of_the_segments() -> None:
    population = Population(
        (Parameter("a", "identity", 0.5), Parameter("b", "identity", 2.0)),
        (
            PlantedSegment("one", 0.2, {"a": 0.0, "b": 1.0}),
            PlantedSegment("two", 0.6, {"a": 1.0, "b": -1.0}),
        ),
        spread=1.5,
    )
    at = np.array([[0.3, 0.4], [2.0, -3.0]])
    exact = np.stack(
        [
            stats.multivariate_normal(centre, np.diag([0.75, 3.0]) ** 2).logpdf(at) + np.log(share)
            for centre, share in zip(population.centres, (0.25, 0.75), strict=True)
        ],
        axis=1,
    )
    ours = population.log_posteriors(at)
    np.testing.assert_allclose(ours[:, 0] - ours[:, 1], exact[:, 0] - exact[:, 1])


def test_users_come_in_the_planted_shares_with_some_noise_among_them() -> None:
    population = two_segments(5.0, share=0.3)
    labels, _ = population.draw_users(50_000, stream(0, "test"))
    counts = np.array([(labels == g).mean() for g in (NOISE, 0, 1)])
    np.testing.assert_allclose(counts, [0.03, 0.3 * 0.97, 0.7 * 0.97], atol=0.008)


def test_members_scatter_around_their_own_centre_and_noise_is_broader() -> None:
    population = two_segments(20.0)
    labels, latent = population.draw_users(50_000, stream(0, "test"))
    spreads = [latent[labels == g].std() for g in (NOISE, 0, 1)]
    middles = [latent[labels == g].mean() for g in (0, 1)]
    np.testing.assert_allclose(spreads[1:], 1.0, atol=0.02)
    np.testing.assert_allclose(middles, [0.0, 20.0], atol=0.05)
    assert spreads[0] > 10.0


def test_noise_has_a_name_of_its_own() -> None:
    population = two_segments(1.0)
    assert [population.name_of(g) for g in (NOISE, 0, 1)] == ["noise", "low", "high"]


def correlated() -> Population:
    return Population(
        (Parameter("a", "identity", 0.5), Parameter("b", "exp", 2.0)),
        (
            PlantedSegment("one", 0.25, {"a": 0.0, "b": 1.0}),
            PlantedSegment("two", 0.75, {"a": 1.0, "b": 3.0}),
        ),
        spread=1.5,
        correlations={("b", "a"): -0.6},
    )


def test_posteriors_know_the_correlations_within_segments() -> None:
    population = correlated()
    spreads = np.array([0.75, 3.0])
    covariance = np.array([[1.0, -0.6], [-0.6, 1.0]]) * np.outer(spreads, spreads)
    at = np.array([[0.3, 0.4], [2.0, -3.0]])
    exact = [
        stats.multivariate_normal(centre, covariance).logpdf(at) + np.log(share)
        for centre, share in zip(population.centres, (0.25, 0.75), strict=True)
    ]
    ours = population.log_posteriors(at)
    np.testing.assert_allclose(ours[:, 0] - ours[:, 1], exact[0] - exact[1])


def test_users_are_correlated_as_was_said() -> None:
    population = correlated()
    labels, scatter = population.draw_scatter(40_000, stream(0, "test"))
    latent = population.placed(labels, scatter)
    for label in (0, 1):
        assert np.corrcoef(latent[labels == label].T)[0, 1] == pytest.approx(-0.6, abs=0.02)


def test_merged_segments_are_one_cloud_of_the_same_middle_and_covariance() -> None:
    population = correlated()
    merged = population.merged("everyone")
    clouds = []
    for drawn in (population, merged):
        labels, scatter = drawn.draw_scatter(60_000, stream(1, "test"))
        clouds.append(drawn.placed(labels, scatter))
    assert merged.n_segments == 1
    assert merged.noise_share == 0.0
    np.testing.assert_allclose(clouds[1].mean(axis=0), clouds[0].mean(axis=0), atol=0.06)
    np.testing.assert_allclose(np.cov(clouds[1].T), np.cov(clouds[0].T), rtol=0.05)
