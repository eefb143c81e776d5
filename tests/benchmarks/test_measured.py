"""What a sample says, and how sure that is."""

from __future__ import annotations

from tests.benchmarks.measured import Interval, difference, ratio, spread


def test_a_sample_beside_itself_is_one() -> None:
    sample = [1.0, 2.0, 3.0, 4.0, 5.0]

    assert ratio(sample, sample) == Interval(1.0, 1.0, 1.0)
    assert difference(sample, sample) == Interval(0.0, 0.0, 0.0)


def test_one_that_is_slower_is_seen_through_the_noise() -> None:
    noise = [10.0 + number % 7 for number in range(70)]
    slower = [value * 1.2 for value in noise]

    found = ratio(slower, noise)

    assert found.low > 1.0
    assert round(found.value, 3) == 1.2


def test_an_odd_one_out_changes_nothing() -> None:
    sample = [10.0 + number % 7 for number in range(70)]

    assert ratio([*sample[1:], 5000.0], sample).value < 1.05


def test_a_spread_is_told_as_text() -> None:
    assert spread([float(number) for number in range(1, 102)]) == ("51.0", "96.0", "101.0")
    assert str(Interval(1.0, 0.95, 1.061)) == "1.00 (0.95 to 1.06)"
