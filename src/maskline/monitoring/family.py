"""From what the platform counts to families of Prometheus metrics."""

from collections.abc import Iterable, Mapping
from itertools import accumulate

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)

from maskline.services.measure import Durations


def counter(name: str, text: str, value: float) -> CounterMetricFamily:
    """One count."""
    return CounterMetricFamily(name, text, value=value)


def counters(
    name: str, text: str, labels: tuple[str, ...], values: Mapping[tuple[str, ...], float]
) -> CounterMetricFamily:
    """Counts by the values of their labels."""
    family = CounterMetricFamily(name, text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    """One value that goes up and down."""
    return GaugeMetricFamily(name, text, value=value)


def gauges(
    name: str, text: str, label: str, values: Iterable[tuple[str, float]]
) -> GaugeMetricFamily:
    """Values by one label."""
    family = GaugeMetricFamily(name, text, labels=(label,))
    for key, value in values:
        family.add_metric((key,), value)
    return family


def histogram(name: str, text: str, durations: Durations) -> HistogramMetricFamily:
    """Durations without a label."""
    return HistogramMetricFamily(
        name, text, buckets=_buckets(durations), sum_value=durations.total_s
    )


def histograms(
    name: str, text: str, label: str, durations: Mapping[str, Durations]
) -> HistogramMetricFamily:
    """Durations by one label."""
    family = HistogramMetricFamily(name, text, labels=(label,))
    for key, value in durations.items():
        family.add_metric((key,), buckets=_buckets(value), sum_value=value.total_s)
    return family


def _buckets(durations: Durations) -> list[tuple[str, float]]:
    """Each bound with how many took no longer, as the exposition format wants it."""
    bounds = [*(str(bound) for bound in durations.bounds), "+Inf"]
    return list(zip(bounds, map(float, accumulate(durations.counts)), strict=True))
